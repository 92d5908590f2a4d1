// What is heard: plays lanes by the frames of the timeline, goes over from one to the next, pauses, and waits when
// nothing is there. No frame is ever passed over but where the server itself left a hole.

import { Lane, type LanePiece } from './lane';

/** An epoch whose sound is awaited. */
export interface Expected {
  epoch: number;
  /** A timeline that begins anew, as against the one heard, made again from some frame on. */
  fresh: boolean;
  /** Whether it begins in the midst of a track, where it has to be faded in. */
  smooth: boolean;
}

export type Flow = 'idle' | 'waiting' | 'playing' | 'paused' | 'ended';

const FADE_S = 0.02;
const SIDE_FADE_S = 0.01;
/** What has to be there before a timeline begins, and before it goes on after it ran dry: more than a piece is late. */
const START_S = 0.25;
const REFILL_S = 0.25;
/** How long the sound before is heard on while the next is awaited. */
const PATIENCE_S = 0.3;

interface Leaving {
  lane: Lane;
  position: number;
  done: number;
  total: number;
}

export class Ring {
  /** The next frame to be heard. */
  position = 0;
  underruns = 0;
  readonly #rate: number;
  readonly #start: number;
  readonly #fade: number;
  #lane: Lane | null = null;
  #next: Lane | null = null;
  #expected: Expected | null = null;
  #waited = 0;
  #leaving: Leaving | null = null;
  /** Frames of the fade-in that are done; -1 where none is going on. */
  #fadeIn = -1;
  #fadeInTotal = 1;
  #side = 0;
  #open = false;
  #wantOpen = false;
  #flowing = false;
  #need: number;
  #left = new Float32Array(0);
  #right = new Float32Array(0);

  constructor(rate: number, startS = START_S) {
    this.#rate = rate;
    this.#start = startS * rate;
    this.#fade = Math.round(FADE_S * rate);
    this.#need = this.#start;
  }

  get epoch(): number {
    return this.#lane?.epoch ?? 0;
  }

  get ahead(): number {
    return this.#lane?.ahead(this.position) ?? 0;
  }

  /** Whether the original is there beside what is heard. */
  get paired(): boolean {
    return this.#lane?.paired ?? false;
  }

  get flow(): Flow {
    if (this.#lane === null) return this.#expected === null ? 'idle' : 'waiting';
    if (this.#lane.last && this.position >= this.#lane.end) return 'ended';
    if (!this.#wantOpen) return 'paused';
    return this.#flowing ? 'playing' : 'waiting';
  }

  /** Awaits an epoch. Where the timeline it goes on with has not begun here, it is as new as that one. */
  expect(expected: Expected): void {
    const before = this.#expected;
    this.#expected = before?.fresh && !expected.fresh ? { ...before, epoch: expected.epoch } : expected;
    this.#waited = 0;
    this.#next = new Lane(expected.epoch);
  }

  push(piece: LanePiece): void {
    if (piece.epoch === this.#next?.epoch) this.#next.push(piece);
    else if (piece.epoch === this.#lane?.epoch) this.#lane.push(piece);
  }

  pause(paused: boolean): void {
    this.#wantOpen = !paused;
  }

  /** Which of the two of a pair is heard: as mastered, or as it came. */
  hear(original: boolean): void {
    this.#side = original ? 1 : 0;
  }

  /** Forgets all that is there; what is heard fades out. */
  stop(): void {
    this.#leave();
    this.#lane = null;
    this.#next = null;
    this.#expected = null;
  }

  /** Writes the next block. */
  render(left: Float32Array, right: Float32Array): void {
    const count = left.length;
    left.fill(0);
    right.fill(0);
    if (this.#left.length !== count) {
      this.#left = new Float32Array(count);
      this.#right = new Float32Array(count);
    }
    this.#goOver(count);
    const from = this.#open ? 1 : 0;
    const to = this.#wantOpen ? 1 : 0;
    this.#open = this.#wantOpen;
    if (from + to === 0) {
      this.#leaving = null;
      return;
    }
    this.#heard(left, right, count);
    this.#fadeOut(left, right, count);
    if (from !== to) ramp(left, right, count, from, to);
  }

  /** Sends the lane that is heard on its way out, over a fade it has the sound for. */
  #leave(): void {
    const lane = this.#open && this.#flowing ? this.#lane : null;
    const total = Math.min(this.#fade, lane?.ahead(this.position) ?? 0);
    this.#leaving = lane && total > 0 ? { lane, position: this.position, done: 0, total } : null;
    this.#flowing = false;
  }

  /** Goes over to the awaited lane where it is due. */
  #goOver(count: number): void {
    const expected = this.#expected;
    const next = this.#next;
    if (expected === null || next === null) return;
    if (expected.fresh) this.#beginAnew(expected, next, count);
    else this.#splice(next, count);
  }

  #beginAnew(expected: Expected, next: Lane, count: number): void {
    this.#waited += count;
    if (next.start >= 0 && (next.last || next.ahead(next.start) >= this.#start)) {
      this.#leave();
      this.#take(next, next.start);
      this.#fadeIn = expected.smooth ? 0 : -1;
      this.#fadeInTotal = this.#fade;
      this.#flowing = true;
      // The first frames of a track are not faded: there is nothing to come back to.
      if (!expected.smooth && this.#wantOpen) this.#open = true;
    } else if (this.#lane !== null && this.#waited > PATIENCE_S * this.#rate) {
      this.#leave();
      this.#lane = null;
    }
  }

  #splice(next: Lane, count: number): void {
    if (next.start < 0) return;
    const held = this.#lane?.ahead(this.position) ?? 0;
    const isDry = this.#lane === null || (held === 0 && !this.#flowing);
    if (this.position < next.start && !isDry) return;
    const position = Math.max(this.position, next.start);
    const there = next.ahead(position);
    if (!next.last && there < Math.min(this.#start, Math.max(count, held))) return;
    const wasFlowing = this.#flowing && held > 0;
    this.#leave();
    this.#take(next, position);
    this.#fadeIn = 0;
    this.#fadeInTotal = this.#leaving?.total ?? this.#fade;
    this.#flowing = wasFlowing;
  }

  #take(lane: Lane, position: number): void {
    this.#lane = lane;
    this.#next = null;
    this.#expected = null;
    this.position = position;
    this.#need = this.#start;
  }

  /** The lane that is heard, with its fade-in. */
  #heard(left: Float32Array, right: Float32Array, count: number): void {
    const lane = this.#lane;
    if (lane === null) return;
    const there = lane.ahead(this.position);
    let isBack = false;
    if (!this.#flowing) {
      if (there === 0 || (!lane.last && there < this.#need)) return;
      this.#flowing = true;
      isBack = this.#fadeIn < 0;
    }
    const take = Math.min(there, count);
    lane.read(this.position, take, left, right, this.#side, 1 / (SIDE_FADE_S * this.#rate));
    this.position += take;
    lane.drop(this.position);
    this.#fadedIn(left, right, take);
    if (isBack) ramp(left, right, take, 0, 1);
    if (there <= count && !lane.last) this.#runDry(left, right, take);
  }

  /** Nothing is there for the next block: this one ends softly, and what comes waits until there is enough. */
  #runDry(left: Float32Array, right: Float32Array, take: number): void {
    ramp(left, right, take, 1, 0);
    this.#flowing = false;
    this.#need = REFILL_S * this.#rate;
    this.underruns += 1;
  }

  #fadedIn(left: Float32Array, right: Float32Array, take: number): void {
    if (this.#fadeIn < 0) return;
    for (let index = 0; index < take; index += 1) {
      const gain = Math.min(1, (this.#fadeIn + index) / this.#fadeInTotal);
      scale(left, index, gain);
      scale(right, index, gain);
    }
    this.#fadeIn += take;
    if (this.#fadeIn >= this.#fadeInTotal) this.#fadeIn = -1;
  }

  /** The lane before, on its way out. */
  #fadeOut(left: Float32Array, right: Float32Array, count: number): void {
    const leaving = this.#leaving;
    if (leaving === null) return;
    const take = Math.min(count, leaving.lane.ahead(leaving.position), leaving.total - leaving.done);
    leaving.lane.read(leaving.position, take, this.#left, this.#right, this.#side, 1 / (SIDE_FADE_S * this.#rate));
    for (let index = 0; index < take; index += 1) {
      const gain = 1 - (leaving.done + index) / leaving.total;
      left[index] = (left[index] ?? 0) + (this.#left[index] ?? 0) * gain;
      right[index] = (right[index] ?? 0) + (this.#right[index] ?? 0) * gain;
    }
    leaving.done += take;
    leaving.position += take;
    if (take < count || leaving.done >= leaving.total) this.#leaving = null;
  }
}

function scale(channel: Float32Array, index: number, gain: number): void {
  channel[index] = (channel[index] ?? 0) * gain;
}

function ramp(left: Float32Array, right: Float32Array, count: number, from: number, to: number): void {
  for (let index = 0; index < count; index += 1) {
    const gain = from + ((to - from) * (index + 1)) / count;
    scale(left, index, gain);
    scale(right, index, gain);
  }
}
