// The sound's end in the browser: runs on the audio thread and plays what the page hands it.

import { Ring } from './ring';
import type { Report, ToWorklet } from './port';

// The scope of audio worklets is not among TypeScript's own.
declare const sampleRate: number;
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

const REPORTS_PER_SECOND = 20;

class Level {
  #peak = 0;
  #square = 0;
  #count = 0;

  add(samples: Float32Array): void {
    for (const sample of samples) {
      const size = Math.abs(sample);
      if (size > this.#peak) this.#peak = size;
      this.#square += size * size;
    }
    this.#count += samples.length;
  }

  /** The largest sample and the root of the mean square since this was asked last. */
  take(): [number, number] {
    const told: [number, number] = [this.#peak, Math.sqrt(this.#square / Math.max(1, this.#count))];
    this.#peak = 0;
    this.#square = 0;
    this.#count = 0;
    return told;
  }
}

class Processor extends AudioWorkletProcessor {
  readonly #ring = new Ring(sampleRate);
  readonly #left = new Level();
  readonly #right = new Level();
  #unreported = 0;

  constructor() {
    super();
    this.port.onmessage = (message: MessageEvent<ToWorklet>) => this.#take(message.data);
  }

  #take(told: ToWorklet): void {
    if (told.say === 'piece') this.#ring.push(told.piece);
    else if (told.say === 'expect') this.#ring.expect(told.expected);
    else if (told.say === 'pause') this.#ring.pause(told.paused);
    else if (told.say === 'hear') this.#ring.hear(told.original);
    else this.#ring.stop();
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const [left, right] = outputs[0] ?? [];
    if (left === undefined || right === undefined) return true;
    this.#ring.render(left, right);
    this.#left.add(left);
    this.#right.add(right);
    this.#unreported += left.length;
    if (this.#unreported >= sampleRate / REPORTS_PER_SECOND) this.#report();
    return true;
  }

  #report(): void {
    this.#unreported = 0;
    const [leftPeak, leftRms] = this.#left.take();
    const [rightPeak, rightRms] = this.#right.take();
    const report: Report = {
      epoch: this.#ring.epoch,
      frame: this.#ring.position,
      flow: this.#ring.flow,
      ahead: this.#ring.ahead,
      underruns: this.#ring.underruns,
      paired: this.#ring.paired,
      peak: [leftPeak, rightPeak],
      rms: [leftRms, rightRms],
    };
    this.port.postMessage(report);
  }
}

registerProcessor('auralis-player', Processor);
