// What the server remembers of how songs, albums and players are to sound.

import { ApiError, del, get, put } from '../api/client';
import { PLAYER_NAME } from '../player/keeper';
import type { EnhanceSetting } from '../player/protocol';

export type Taste = EnhanceSetting | null;

export const PLAYER_SCOPE = `player:${PLAYER_NAME}`;

class Tastes {
  #known = $state.raw<ReadonlyMap<string, Taste>>(new Map());

  /** Undefined where nothing is remembered; null where it is to be heard as it came. */
  of(scope: string): Taste | undefined {
    return this.#known.get(scope);
  }

  async load(): Promise<void> {
    try {
      const { items } = await get<{ items: { scope: string; enhance: Taste }[] }>('enhancements');
      this.#known = new Map(items.map((item) => [item.scope, item.enhance]));
    } catch (cause) {
      // A server that cannot enhance remembers nothing of it.
      if (!(cause instanceof ApiError) || cause.status !== 404) throw cause;
    }
  }

  async keep(scope: string, enhance: Taste): Promise<void> {
    await put(`enhancements/${encodeURIComponent(scope)}`, { enhance });
    this.#known = new Map(this.#known).set(scope, enhance);
  }

  async forget(scope: string): Promise<void> {
    await del(`enhancements/${encodeURIComponent(scope)}`);
    const known = new Map(this.#known);
    known.delete(scope);
    this.#known = known;
  }
}

export const tastes = new Tastes();
