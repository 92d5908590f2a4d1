// Stands before the loudspeaker and writes down what is heard, as runs: of frames that follow one another, of silence,
// and of other sound (faded or mixed, of which nobody can say which frame it is).

import { frameOf, placeOf, trackOf } from './frames.mjs';

/** In blocks of 128 frames. */
const TELL_EVERY = 8;

class Tap extends AudioWorkletProcessor {
  #runs = [];
  /** Runs before this one were told and are over. */
  #told = 0;
  #blocks = 0;
  #isRecording = false;

  constructor() {
    super();
    this.port.onmessage = ({ data }) => (this.#isRecording = data.record);
  }

  process([input], [output]) {
    const count = output[0].length;
    const left = input[0] ?? new Float32Array(count);
    const right = input[1] ?? left;
    output[0].set(left);
    output[1].set(right);
    const before = this.#runs.length;
    this.#hear(left, right);
    if (this.#isRecording) this.port.postMessage({ at: currentFrame, left: left.slice(), right: right.slice() });
    this.#blocks += 1;
    if (this.#runs.length !== before || this.#blocks >= TELL_EVERY) this.#tell();
    return true;
  }

  #hear(left, right) {
    // Zeros between other samples are a part of those: silence is a whole block of it.
    const isSilent = left.every((sample) => sample === 0) && right.every((sample) => sample === 0);
    if (isSilent) return this.#add('silence', 0, 0, 0, left.length);
    for (let index = 0; index < left.length; index += 1) {
      const known = frameOf(left[index], right[index]);
      if (known < 0) this.#add('other', 0, 0, index, 1);
      else this.#add('frames', trackOf(known), placeOf(known), index, 1);
    }
  }

  #add(kind, track, first, index, count) {
    const last = this.#runs.at(-1);
    const follows = last?.kind === kind && (kind !== 'frames' || (last.track === track && last.first + last.count === first));
    if (follows) last.count += count;
    else this.#runs.push({ kind, track, first, count, at: currentFrame + index, ms: Date.now() });
  }

  #tell() {
    this.#blocks = 0;
    this.port.postMessage({ from: this.#told, runs: this.#runs.slice(this.#told) });
    this.#told = this.#runs.length - 1;
  }
}

registerProcessor('e2e-tap', Tap);
