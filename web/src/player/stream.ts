// The stream on the server: made when it is first needed, changed where it is to be another.

import { ApiError, get, patch, post } from '../api/client';
import type { Programme } from './engine';

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

/** Where a stream is to begin, for who plays it as a file. */
export interface From {
  current: number;
  position_ms: number;
}

interface Wanted extends Partial<From> {
  tracks?: string[];
  crossfade_seconds?: number;
  level?: Programme['level'];
  enhance?: Programme['enhance'];
}

function whole(programme: Programme): Wanted {
  return {
    tracks: programme.entries.map((entry) => entry.track.id),
    crossfade_seconds: programme.crossfade,
    level: programme.level,
    // A server that cannot enhance does not know the word.
    ...(programme.enhance === null ? {} : { enhance: programme.enhance }),
  };
}

function difference(before: Programme, wanted: Programme): Wanted {
  const { tracks } = whole(wanted);
  return {
    ...(before.entries === wanted.entries ? {} : { tracks }),
    ...(before.crossfade === wanted.crossfade ? {} : { crossfade_seconds: wanted.crossfade }),
    ...(before.level === wanted.level ? {} : { level: wanted.level }),
    ...(before.enhance === wanted.enhance ? {} : { enhance: wanted.enhance }),
  };
}

export class RemoteStream {
  #id: number | null = null;
  #programme: Programme | null = null;

  get id(): number | null {
    return this.#id;
  }

  /** Makes the server's stream what is wanted; the answer is its number. */
  async agree(wanted: Programme, from?: From): Promise<number> {
    if (this.#id !== null && this.#programme !== null) {
      const changes = { ...difference(this.#programme, wanted), ...from };
      if (Object.keys(changes).length === 0) return this.#id;
      if (await this.#patched(this.#id, changes)) {
        this.#programme = wanted;
        return this.#id;
      }
    }
    const made = await post<StreamTold>('streams', { ...whole(wanted), ...from });
    this.#id = made.id;
    this.#programme = wanted;
    return made.id;
  }

  async told(): Promise<StreamTold | null> {
    return this.#id === null ? null : await get<StreamTold>(`streams/${this.#id}`);
  }

  /** Whether the server still has it; one that was started again has not. */
  async isThere(): Promise<boolean> {
    try {
      return (await this.told()) !== null;
    } catch (cause) {
      if (!(cause instanceof ApiError) || cause.status !== 404) throw cause;
      this.forget();
      return false;
    }
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
