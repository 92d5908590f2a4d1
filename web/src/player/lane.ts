// The sound of one epoch that has come and was not heard yet, read by frames of the timeline.

export interface LanePiece {
  epoch: number;
  first: number;
  frames: number;
  last: boolean;
  channels: readonly Float32Array[];
}

/** Reads one sample of a channel that is known to be there. */
function at(channel: Float32Array | undefined, index: number): number {
  return channel?.[index] ?? 0;
}

export class Lane {
  readonly epoch: number;
  /** Where it begins on the timeline; -1 before its first piece. */
  start = -1;
  /** The frame behind the last one that is there. */
  end = -1;
  /** Whether nothing comes behind `end`. */
  last = false;
  /** Whether what was read last was a pair. */
  paired = false;
  #pieces: LanePiece[] = [];
  /** 0 is the sound as mastered, 1 as it came; on the way from one to the other something between. */
  #mix = -1;

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  /** Takes a piece that follows on what is there; another one is none of this lane. */
  push(piece: LanePiece): void {
    if (this.start < 0) {
      this.start = piece.first;
      this.end = piece.first;
    }
    if (piece.first !== this.end) return;
    this.last ||= piece.last;
    if (piece.frames === 0) return;
    this.#pieces.push(piece);
    this.end += piece.frames;
  }

  /** Frames that are there from a frame on. */
  ahead(frame: number): number {
    if (this.start < 0 || frame < (this.#pieces[0]?.first ?? this.end)) return 0;
    return Math.max(0, this.end - frame);
  }

  /** Lets go of what was heard. */
  drop(before: number): void {
    while (this.#pieces[0] !== undefined && this.#pieces[0].first + this.#pieces[0].frames <= before) this.#pieces.shift();
  }

  /** Writes `count` frames from `frame` on; they are there. `side` is 0 or 1, `step` how far the mix goes each frame. */
  read(frame: number, count: number, left: Float32Array, right: Float32Array, side: number, step: number): void {
    let done = 0;
    for (const piece of this.#pieces) {
      const from = frame + done - piece.first;
      const take = Math.min(piece.frames - from, count - done);
      if (from < 0 || take <= 0) continue;
      this.#readPiece(piece, from, take, done, left, right, side, step);
      done += take;
      if (done === count) return;
    }
  }

  #readPiece(
    piece: LanePiece,
    from: number,
    take: number,
    to: number,
    left: Float32Array,
    right: Float32Array,
    side: number,
    step: number,
  ): void {
    const [masteredLeft, masteredRight, cameLeft, cameRight] = piece.channels;
    const paired = cameRight !== undefined;
    this.paired = paired;
    if (!paired) this.#mix = 0;
    else if (this.#mix < 0) this.#mix = side;
    for (let index = 0; index < take; index += 1) {
      if (paired) this.#mix = towards(this.#mix, side, step);
      left[to + index] = blend(at(masteredLeft, from + index), at(cameLeft, from + index), this.#mix);
      right[to + index] = blend(at(masteredRight, from + index), at(cameRight, from + index), this.#mix);
    }
  }
}

function towards(value: number, aim: number, step: number): number {
  return value < aim ? Math.min(aim, value + step) : Math.max(aim, value - step);
}

/** Both ends are exact: no sum is made where only one of the two is heard. */
function blend(first: number, second: number, share: number): number {
  if (share <= 0) return first;
  return share >= 1 ? second : first + (second - first) * share;
}
