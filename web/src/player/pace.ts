// Keeps what is said within what the server hears: 20 messages a second. Of each kind only the last wish is kept waiting.

import type { Op } from './protocol';

const PER_SECOND = 15;
const BURST = 30;

type Kind = 'timeline' | 'credit' | 'pause' | 'sleep' | 'ping';

/** A timeline comes first: credit and the rest belong to it. */
const ORDER: readonly Kind[] = ['timeline', 'credit', 'pause', 'sleep', 'ping'];

function kindOf(op: Op): Kind {
  return op.op === 'play' || op.op === 'go_on' || op.op === 'hello' ? 'timeline' : op.op;
}

export class Pace {
  #left = BURST;
  #at: number;
  readonly #waiting = new Map<Kind, Op>();

  constructor(nowMs: number) {
    this.#at = nowMs;
  }

  /** Takes a wish; it replaces one of its kind that still waits, and a new timeline the credit of the old one. */
  put(op: Op): void {
    const kind = kindOf(op);
    if (kind === 'timeline') this.#waiting.delete('credit');
    this.#waiting.set(kind, op);
  }

  /** What may be said now, in its order. */
  take(nowMs: number): Op[] {
    this.#left = Math.min(BURST, this.#left + ((nowMs - this.#at) / 1_000) * PER_SECOND);
    this.#at = nowMs;
    const said: Op[] = [];
    for (const kind of ORDER) {
      const op = this.#waiting.get(kind);
      if (op === undefined || this.#left < 1) continue;
      this.#left -= 1;
      this.#waiting.delete(kind);
      said.push(op);
    }
    return said;
  }

  /** Milliseconds until more may be said; null where nothing waits. */
  get waitMs(): number | null {
    if (this.#waiting.size === 0) return null;
    return Math.ceil((Math.max(0, 1 - this.#left) / PER_SECOND) * 1_000);
  }

  /** Forgets what waits: it was meant for a connection that is no more. */
  clear(): void {
    this.#waiting.clear();
  }
}
