// The stream on the server: made when it is first needed, changed where it is to be another.

import { ApiError, apiUrl, get, patch, post } from '../api/client';
import type { Programme } from './engine';
import { PLAYER_NAME } from './keeper';
import type { Entry } from './order';

export interface StreamMark {
  place: number;
  /** Milliseconds of the sound of this connection. */
  at_ms: number;
  /** Milliseconds of the track that is heard there. */
  from_ms: number;
}

export interface StreamTold {
  id: number;
  current: number;
  ended: boolean;
  failed: number[];
  marks?: StreamMark[];
}

/** Where in its list a stream is. */
export interface From {
  place: number;
  seconds: number;
}

interface Wanted {
  tracks?: string[];
  current?: number;
  position_ms?: number;
  crossfade_seconds?: number;
  level?: Programme['level'];
  enhance?: Programme['enhance'];
  player?: string;
}

const ids = (programme: Programme): string[] => programme.entries.map((entry) => entry.track.id);
const ms = (seconds: number): number => Math.max(0, Math.round(seconds * 1_000));

function whole(wanted: Programme, from: From): Wanted {
  const { crossfade, level, enhance } = wanted;
  const begin = { current: from.place, position_ms: ms(from.seconds), player: PLAYER_NAME };
  return { tracks: ids(wanted), crossfade_seconds: crossfade, level, enhance, ...begin };
}

/** Whether it is the same music: a song clicked in the list that plays is another list here, and none for the server. */
function isSameList(one: readonly Entry[], other: readonly Entry[]): boolean {
  return one === other || (one.length === other.length && one.every((entry, at) => entry.track.id === other[at]?.track.id));
}

function difference(before: Programme, wanted: Programme, place: number): Wanted {
  return {
    ...(isSameList(before.entries, wanted.entries) ? {} : { tracks: ids(wanted), current: place }),
    ...(before.crossfade === wanted.crossfade ? {} : { crossfade_seconds: wanted.crossfade }),
    ...(before.level === wanted.level ? {} : { level: wanted.level }),
    ...(before.enhance === wanted.enhance ? {} : { enhance: wanted.enhance }),
  };
}

export class RemoteStream {
  #id: number | null = null;
  #programme: Programme | null = null;
  #agreeing: Promise<number> | null = null;

  constructor() {
    window.addEventListener('pagehide', () => this.release());
  }

  /** Makes the server's stream what is wanted, with what is heard at a place of its list; the answer is its number. */
  agree(wanted: Programme, from: From): Promise<number> {
    const now = (): Promise<number> => this.#agree(wanted, from);
    // One after the other, so that the last wish is the last the server hears.
    const agreeing = this.#agreeing === null ? now() : this.#agreeing.then(now, now);
    this.#agreeing = agreeing;
    const done = (): void => {
      if (this.#agreeing === agreeing) this.#agreeing = null;
    };
    agreeing.then(done, done);
    return agreeing;
  }

  /** The number of the stream, where the server has it as it is wanted and nothing else is under way. */
  agreed(wanted: Programme): number | null {
    if (this.#agreeing !== null || this.#programme === null) return null;
    return Object.keys(difference(this.#programme, wanted, 0)).length === 0 ? this.#id : null;
  }

  async #agree(wanted: Programme, from: From): Promise<number> {
    if (this.#id !== null && this.#programme !== null) {
      const changes = difference(this.#programme, wanted, from.place);
      if (Object.keys(changes).length === 0) return this.#id;
      if (await this.#patched(this.#id, changes)) {
        this.#programme = wanted;
        return this.#id;
      }
    }
    const made = await post<StreamTold>('streams', whole(wanted, from));
    this.#id = made.id;
    this.#programme = wanted;
    return made.id;
  }

  /** Makes it what is wanted and goes to a place, for who plays it as a file: that is to be asked for anew then. */
  async goTo(wanted: Programme, from: From): Promise<number> {
    const id = await this.agree(wanted, from);
    if (await this.#patched(id, { current: from.place, position_ms: ms(from.seconds) })) return id;
    this.#gone(id);
    return await this.agree(wanted, from);
  }

  /** What the server tells of it; null where the server has it no more, as one that was started again has not. */
  async told(id = this.#id): Promise<StreamTold | null> {
    if (id === null) return null;
    try {
      return await get<StreamTold>(`streams/${id}`);
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.status !== 404) throw cause;
      this.#gone(id);
      return null;
    }
  }

  /** Has the server forget it: nobody plays it any more. */
  release(): void {
    if (this.#id === null) return;
    const address = apiUrl(`streams/${this.#id}`);
    // Where it is not heard any more, the server forgets it with the oldest.
    void fetch(address, { method: 'DELETE', keepalive: true, credentials: 'same-origin' }).catch(() => undefined);
    this.forget();
  }

  /** The server has that one no more; another may have been made meanwhile. */
  #gone(id: number): void {
    if (this.#id === id) this.forget();
  }

  forget(): void {
    this.#id = null;
    this.#programme = null;
  }

  async #patched(id: number, changes: Wanted): Promise<boolean> {
    try {
      await patch(`streams/${id}`, changes);
      return true;
    } catch (cause) {
      if (cause instanceof ApiError && cause.status === 404) return false;
      throw cause;
    }
  }
}
