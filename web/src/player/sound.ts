// The browser's side of the sound: worklet, meter, volume, loudspeaker.

import type { Report, ToWorklet } from './port';
import type { StreamRate } from './protocol';

/** As worklet.ts registers it; it is a file of its own and shares no code with the page. */
const PROCESSOR = 'auralis-player';
const MODULE = import.meta.env.DEV ? 'src/player/worklet.ts' : 'worklet.js';
const SPECTRUM_SIZE = 4_096;
const VOLUME_GLIDE_S = 0.015;
/** A paused context costs power for nothing; one that is started again costs a moment. */
const SUSPEND_AFTER_MS = 30_000;

function contextOfRate(): AudioContext {
  const own = new AudioContext({ latencyHint: 'interactive' });
  if (own.sampleRate === 44_100 || own.sampleRate === 48_000) return own;
  void own.close();
  return new AudioContext({ latencyHint: 'interactive', sampleRate: 48_000 });
}

export class Sound {
  readonly rate: StreamRate;
  readonly analyser: AnalyserNode;
  readonly #context: AudioContext;
  readonly #gain: GainNode;
  readonly #worklet: AudioWorkletNode;
  #suspending: ReturnType<typeof setTimeout> | null = null;

  private constructor(context: AudioContext, onReport: (report: Report) => void) {
    this.#context = context;
    this.rate = context.sampleRate === 44_100 ? 44_100 : 48_000;
    this.#worklet = new AudioWorkletNode(context, PROCESSOR, {
      numberOfInputs: 0,
      numberOfOutputs: 1,
      outputChannelCount: [2],
    });
    this.#worklet.port.onmessage = (message: MessageEvent<Report>) => onReport(message.data);
    this.analyser = new AnalyserNode(context, { fftSize: SPECTRUM_SIZE, smoothingTimeConstant: 0.75 });
    this.#gain = new GainNode(context);
    this.#worklet.connect(this.analyser);
    this.#worklet.connect(this.#gain).connect(context.destination);
  }

  /** To be called from a click: browsers let nothing else make a sound. */
  static async open(onReport: (report: Report) => void): Promise<Sound> {
    const context = contextOfRate();
    void context.resume();
    await context.audioWorklet.addModule(new URL(MODULE, document.baseURI));
    return new Sound(context, onReport);
  }

  /** Seconds between a sample that is played and the air. */
  get latency(): number {
    return this.#context.outputLatency || this.#context.baseLatency || 0;
  }

  say(told: ToWorklet): void {
    const moved = told.say === 'piece' ? told.piece.channels.map((channel) => channel.buffer) : [];
    this.#worklet.port.postMessage(told, moved as Transferable[]);
  }

  pause(paused: boolean): void {
    this.say({ say: 'pause', paused });
    if (this.#suspending !== null) clearTimeout(this.#suspending);
    this.#suspending = paused ? setTimeout(() => void this.#context.suspend(), SUSPEND_AFTER_MS) : null;
    if (!paused) void this.#context.resume();
  }

  volume(volume: number): void {
    this.#gain.gain.setTargetAtTime(volume, this.#context.currentTime, VOLUME_GLIDE_S);
  }
}
