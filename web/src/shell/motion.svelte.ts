const KEY = 'auralis.motion';
const CALM = 'calm';

/** Whether things move on the page: the system may forbid it, and so may whoever looks. */
class Motion {
  isChosen = $state(localStorage.getItem(KEY) === CALM);
  bySystem = $state(false);
  readonly isCalm = $derived(this.bySystem || this.isChosen);
  readonly #system = window.matchMedia('(prefers-reduced-motion: reduce)');

  constructor() {
    this.bySystem = this.#system.matches;
    this.#system.addEventListener('change', () => (this.bySystem = this.#system.matches));
    this.#apply();
  }

  choose(calm: boolean): void {
    this.isChosen = calm;
    if (calm) localStorage.setItem(KEY, CALM);
    else localStorage.removeItem(KEY);
    this.#apply();
  }

  #apply(): void {
    if (this.isChosen) document.documentElement.dataset.motion = CALM;
    else delete document.documentElement.dataset.motion;
  }
}

export const motion = new Motion();
