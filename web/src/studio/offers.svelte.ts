import { get } from '../api/client';
import type { Band } from '../api/types';

/** What songs may be of and what masters may be made for, as the server says; asked for once. */
class Offers {
  band = $state.raw<Band | null>(null);
  #asked: Promise<void> | null = null;

  load(): Promise<void> {
    const asked = this.#asked ?? this.#ask();
    this.#asked = asked;
    return asked;
  }

  async #ask(): Promise<void> {
    try {
      this.band = await get<Band>('studio');
    } catch {
      // Whoever looks again asks again; a sentence alone is enough meanwhile.
      this.#asked = null;
    }
  }
}

export const offers = new Offers();
