// Keeps the queue on the server, so that it is there wherever one goes on.

import { apiUrl, get, post, put } from '../api/client';
import type { Queue } from '../api/types';
import type { Entry } from './order';

export const PLAYER_NAME = 'Auralis web';

const SOON_MS = 1_000;
/** The server takes a queue as a whole alone: for what is heard of it meanwhile it is written no more often. */
const EVERY_S = 60;
/** Browsers send no more than 64 KiB for a page that is gone. */
const LAST_BYTES = 60_000;

export interface Kept {
  entries: readonly Entry[];
  place: number;
  seconds: number;
}

function body(kept: Kept): string {
  return JSON.stringify({
    tracks: kept.entries.map((entry) => entry.track.id),
    current: Math.max(0, kept.place),
    position_ms: Math.max(0, Math.round(kept.seconds * 1_000)),
    client: PLAYER_NAME,
  });
}

const isSame = (one: Kept, other: Kept | null): boolean =>
  one.entries === other?.entries && one.place === other.place && one.seconds === other.seconds;

export class Keeper {
  readonly #kept: () => Kept;
  readonly #failed: (cause: unknown) => void;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #next: string | null = null;
  #writing: Promise<void> | null = null;
  /** What was written down last, or is about to be. */
  #written: Kept | null = null;
  /** Whether anything was done here: a page that was only looked at does not overwrite what others did. */
  #isOwn = false;

  constructor(kept: () => Kept, failed: (cause: unknown) => void) {
    this.#kept = kept;
    this.#failed = failed;
    window.addEventListener('pagehide', () => this.#last());
    // A long queue is too much for the last moment: it is written while the page is only hidden.
    document.addEventListener('visibilitychange', () => {
      if (document.hidden && this.#timer !== null) void this.now();
    });
  }

  /** It is heard on: where it is by now is written down every minute. */
  heard(): void {
    if (Math.abs(this.#kept().seconds - (this.#written?.seconds ?? 0)) >= EVERY_S) this.soon();
  }

  /** Writes it down within a second: where it is, which changes often and is not undone. */
  soon(): void {
    this.#isOwn = true;
    const kept = this.#kept();
    if (isSame(kept, this.#written)) return;
    this.#written = kept;
    this.#timer ??= setTimeout(() => void this.now(), SOON_MS);
  }

  /** Writes down what it is now: each change is a step that can be undone by itself. */
  async now(): Promise<void> {
    this.#isOwn = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#written = this.#kept();
    this.#next = body(this.#written);
    this.#writing ??= this.#write();
    await this.#writing;
  }

  /** Writes down nothing that is still to be. */
  drop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#next = null;
    this.#written = null;
    this.#isOwn = false;
  }

  async read(): Promise<Queue> {
    return await get<Queue>('queue');
  }

  async canUndo(): Promise<boolean> {
    return (await get<{ items: unknown[] }>('queue/past')).items.length > 0;
  }

  async undo(): Promise<Queue> {
    await this.#writing;
    return await post<Queue>('queue/undo');
  }

  async #write(): Promise<void> {
    while (this.#next !== null) {
      const next = this.#next;
      this.#next = null;
      try {
        await put('queue', JSON.parse(next));
      } catch (cause) {
        this.#failed(cause);
      }
    }
    this.#writing = null;
  }

  /** The page goes away: the browser sends this after it is gone. */
  #last(): void {
    const kept = this.#kept();
    if (!this.#isOwn || kept.entries.length === 0) return;
    const text = body(kept);
    const keepalive = text.length <= LAST_BYTES;
    const headers = { 'content-type': 'application/json' };
    void fetch(apiUrl('queue'), { method: 'PUT', keepalive, credentials: 'same-origin', headers, body: text }).catch(
      () => undefined,
    );
  }
}
