import { readRoute, type Route } from './routes';

export { link, linkWith, type Route } from './routes';

class Router {
  current = $state.raw<Route>(readRoute(''));

  constructor() {
    this.#read();
    window.addEventListener('hashchange', () => this.#read());
  }

  /** Goes to an address such as `#/albums`. */
  go(address: string): void {
    window.location.hash = address;
  }

  /** Changes the address without a step in the history. */
  replace(address: string): void {
    window.history.replaceState(window.history.state, '', address);
    this.#read();
  }

  back(): void {
    window.history.back();
  }

  #read(): void {
    this.current = readRoute(window.location.hash);
  }
}

export const router = new Router();
