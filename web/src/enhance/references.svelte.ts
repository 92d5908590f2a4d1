// The songs that others are to sound like, by what they are called.

import { ApiError, get } from '../api/client';
import type { Track } from '../api/types';

class References {
  #known = $state.raw<ReadonlyMap<string, Track>>(new Map());
  readonly #asked = new Set<string>();

  /** Undefined until the server has said what it is, and where it is gone. */
  of(id: string): Track | undefined {
    if (!this.#asked.has(id)) void this.#ask(id);
    return this.#known.get(id);
  }

  know(track: Track): void {
    this.#asked.add(track.id);
    this.#known = new Map(this.#known).set(track.id, track);
  }

  async #ask(id: string): Promise<void> {
    this.#asked.add(id);
    try {
      this.know(await get<Track>(`tracks/${id}`));
    } catch (cause) {
      // What is gone stays so; of everything else the server may be asked again.
      if (!(cause instanceof ApiError) || cause.status !== 404) this.#asked.delete(id);
    }
  }
}

export const references = new References();
