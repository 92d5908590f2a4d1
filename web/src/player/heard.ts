// Counts what was really heard, so that a play is told when it was one.

import type { Track } from '../api/types';
import type { Entry } from './order';

const ENOUGH_S = 240;
const ENOUGH_SHARE = 0.5;
/** A moment's slip is no skipping. */
const NOTHING_S = 2;
/** More than this between two tellings is a jump and not listening. */
const JUMP_S = 2;

export type Outcome = 'played' | 'skipped';

/** Whether so much of a track is a play: half of it, or four minutes. */
export function isPlay(heardSeconds: number, track: Pick<Track, 'duration_ms'>): boolean {
  return heardSeconds >= Math.min(ENOUGH_S, (track.duration_ms / 1_000) * ENOUGH_SHARE);
}

export class Heard {
  readonly #tell: (entry: Entry, outcome: Outcome, since: number) => void;
  #entry: Entry | null = null;
  #seconds = 0;
  #last = 0;
  #since = 0;
  #isTold = false;

  constructor(tell: (entry: Entry, outcome: Outcome, since: number) => void) {
    this.#tell = tell;
  }

  /** Some moment of a track is heard. */
  at(entry: Entry, seconds: number, now: number): void {
    if (entry.key !== this.#entry?.key) this.#begin(entry, seconds, now);
    const step = seconds - this.#last;
    // The same one from its beginning again is another play.
    if (step < -JUMP_S && seconds < JUMP_S && this.#isTold) this.#begin(entry, seconds, now);
    if (step > 0 && step < JUMP_S) this.#seconds += step;
    this.#last = seconds;
    if (this.#isTold || !isPlay(this.#seconds, entry.track)) return;
    this.#isTold = true;
    this.#tell(entry, 'played', this.#since);
  }

  /** The one heard is left. */
  leave(): void {
    if (this.#entry !== null && !this.#isTold && this.#seconds >= NOTHING_S) this.#tell(this.#entry, 'skipped', this.#since);
    this.#entry = null;
  }

  #begin(entry: Entry, seconds: number, now: number): void {
    this.leave();
    this.#entry = entry;
    this.#seconds = 0;
    this.#last = seconds;
    this.#since = now;
    this.#isTold = false;
  }
}
