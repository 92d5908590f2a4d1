// What of an epoch was asked for, granted and received.

import { topUp, type Granted } from './credit';
import type { Report } from './port';
import type { Credit, Piece } from './protocol';

interface Asked {
  epoch: number;
  from: number;
  /** The number of the piece that comes next, and its first frame. */
  number: number;
  end: number;
}

export type Arrival = 'next' | 'outdated' | 'broken';

export class Inflow {
  #asked: Asked | null = null;
  #granted: Granted = { epoch: 0, until: 0 };

  /** The server was told to send an epoch from a frame on. */
  asked(epoch: number, from: number): void {
    this.#asked = { epoch, from, number: 0, end: from };
  }

  /** There is no connection on which anything could come. */
  stop(): void {
    this.#asked = null;
  }

  /** The first frame that has not come; all may have come before where nothing was asked for yet. */
  get end(): number {
    return this.#asked?.end ?? Infinity;
  }

  /** Whether a piece follows on those before it. */
  arrives({ epoch, number, first, frames }: Piece): Arrival {
    const asked = this.#asked;
    if (asked === null || epoch !== asked.epoch) return 'outdated';
    if (number !== asked.number || (number > 0 && first !== asked.end)) return 'broken';
    asked.number += 1;
    asked.end = first + frames;
    return 'next';
  }

  /** What is to be granted now, if anything is. */
  credit(report: Report | null, rate: number, hidden: boolean): Credit | null {
    const asked = this.#asked;
    if (asked === null) return null;
    const isHeard = report?.epoch === asked.epoch;
    const played = isHeard ? report.frame : asked.from;
    const more = topUp(this.#granted, { epoch: asked.epoch, played, isHeard, rate, hidden });
    if (more === null) return null;
    this.#granted = more;
    return { op: 'credit', epoch: more.epoch, played, until: more.until, underruns: report?.underruns ?? 0 };
  }
}
