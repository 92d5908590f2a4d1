import { ApiError, get, onShutOut, post } from './client';
import { library } from './library.svelte';
import type { Me } from './types';

type State = 'asking' | 'setup' | 'login' | 'in' | 'unreachable';

/** Who uses the page. */
class Session {
  state = $state<State>('asking');
  me = $state.raw<Me | null>(null);
  /** Why the server cannot be asked. */
  trouble = $state.raw<unknown>(null);
  #before: number | null = null;

  get isAdmin(): boolean {
    return this.me?.role === 'admin';
  }

  /** Finds out whether somebody is let in already. */
  async begin(): Promise<void> {
    onShutOut(() => {
      if (this.state === 'in') this.#leave();
    });
    try {
      this.#enter(await get<Me>('session'));
    } catch (cause) {
      await this.#whichDoor(cause);
    }
  }

  async login(name: string, password: string): Promise<void> {
    this.#enter(await post<Me>('login', { name, password }));
  }

  async setUp(token: string, name: string, password: string): Promise<void> {
    this.#enter(await post<Me>('setup', { token, name, password }));
  }

  async logout(): Promise<void> {
    await post('logout');
    this.#leave();
  }

  async #whichDoor(cause: unknown): Promise<void> {
    if (!(cause instanceof ApiError) || cause.status !== 401) {
      this.trouble = cause;
      this.state = 'unreachable';
      return;
    }
    try {
      const { needed } = await get<{ needed: boolean }>('setup');
      this.state = needed ? 'setup' : 'login';
    } catch {
      this.state = 'login';
    }
  }

  #enter(me: Me): void {
    // What the page keeps of somebody is not for somebody else: it begins anew.
    if (this.#before !== null && this.#before !== me.id) {
      window.location.reload();
      return;
    }
    this.#before = me.id;
    this.me = me;
    this.state = 'in';
    library.start();
  }

  #leave(): void {
    library.stop();
    this.me = null;
    this.state = 'login';
  }
}

export const session = new Session();
