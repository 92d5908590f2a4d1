// Plays the stems of a song together: one clock, one start, so that they never drift apart.
import { send } from '../api/client';

export interface StemFile {
  id: number;
  name: string;
  bytes: number;
  /** Where it is, below the API. */
  path: string;
}

/** Decoded stems are kept in memory: more than this no tab should hold. */
export const MOST_BYTES = 1024 * 1024 * 1024;

export const LEAST_DB = -60;
export const MOST_DB = 12;
const LEAD_S = 0.06;
const GLIDE_S = 0.012;

class Channel {
  readonly file: StemFile;
  readonly buffer: AudioBuffer;
  readonly gain: GainNode;
  gainDb = $state(0);
  isMuted = $state(false);
  isSolo = $state(false);

  constructor(file: StemFile, buffer: AudioBuffer, gain: GainNode) {
    this.file = file;
    this.buffer = buffer;
    this.gain = gain;
  }
}

export type { Channel };

export class Mixer {
  state = $state<'empty' | 'loading' | 'ready'>('empty');
  loadedBytes = $state(0);
  channels = $state.raw<readonly Channel[]>([]);
  isPlaying = $state(false);
  seconds = $state(0);

  #context: AudioContext | null = null;
  #sources: AudioBufferSourceNode[] = [];
  #from = 0;
  #begunAt = 0;
  #abort = new AbortController();

  /** Where the sound is, in seconds. */
  position(): number {
    if (!this.#context || !this.isPlaying) return this.#from;
    const since = Math.max(0, this.#context.currentTime - this.#begunAt);
    return Math.min(this.seconds, this.#from + since);
  }

  /** Fetches and decodes all stems, one after the other. */
  async load(files: readonly StemFile[]): Promise<void> {
    this.state = 'loading';
    this.loadedBytes = 0;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const context = new AudioContext();
    this.#context = context;
    try {
      const channels: Channel[] = [];
      for (const file of files) channels.push(await this.#channel(context, file, signal));
      this.channels = channels;
      this.seconds = Math.max(0, ...channels.map((channel) => channel.buffer.duration));
      this.state = 'ready';
    } catch (cause) {
      if (signal.aborted) throw signal.reason;
      this.close();
      throw cause;
    }
  }

  async #channel(context: AudioContext, file: StemFile, signal: AbortSignal): Promise<Channel> {
    const answer = await send(file.path, { signal });
    const data = await answer.arrayBuffer();
    signal.throwIfAborted();
    const buffer = await context.decodeAudioData(data);
    signal.throwIfAborted();
    this.loadedBytes += file.bytes;
    const gain = context.createGain();
    gain.connect(context.destination);
    return new Channel(file, buffer, gain);
  }

  toggle(): void {
    if (this.isPlaying) this.pause();
    else void this.play();
  }

  async play(): Promise<void> {
    const context = this.#context;
    if (!context || this.state !== 'ready' || this.isPlaying) return;
    await context.resume();
    if (this.#from >= this.seconds) this.#from = 0;
    this.#begin(context);
  }

  #begin(context: AudioContext): void {
    this.#begunAt = context.currentTime + LEAD_S;
    this.#sources = this.channels.map((channel) => {
      const source = context.createBufferSource();
      source.buffer = channel.buffer;
      source.connect(channel.gain);
      source.start(this.#begunAt, Math.min(this.#from, channel.buffer.duration));
      return source;
    });
    const longest = this.channels.findIndex((channel) => channel.buffer.duration === this.seconds);
    const last = this.#sources[longest];
    if (last) last.onended = () => this.#ended(last);
    this.isPlaying = true;
  }

  #ended(source: AudioBufferSourceNode): void {
    if (!this.#sources.includes(source)) return;
    this.#stop();
    this.#from = 0;
  }

  pause(): void {
    if (!this.isPlaying) return;
    this.#from = this.position();
    this.#stop();
  }

  seek(seconds: number): void {
    const to = Math.min(this.seconds, Math.max(0, seconds));
    const goesOn = this.isPlaying && to < this.seconds;
    if (this.isPlaying) this.#stop();
    this.#from = to;
    if (goesOn && this.#context) this.#begin(this.#context);
  }

  #stop(): void {
    const sources = this.#sources;
    this.#sources = [];
    this.isPlaying = false;
    for (const source of sources) {
      source.stop();
      source.disconnect();
    }
  }

  setGain(channel: Channel, db: number): void {
    channel.gainDb = db;
    this.#apply();
  }

  toggleMute(channel: Channel): void {
    channel.isMuted = !channel.isMuted;
    this.#apply();
  }

  toggleSolo(channel: Channel): void {
    channel.isSolo = !channel.isSolo;
    this.#apply();
  }

  /** All channels as they came. */
  reset(): void {
    for (const channel of this.channels) {
      channel.gainDb = 0;
      channel.isMuted = false;
      channel.isSolo = false;
    }
    this.#apply();
  }

  #apply(): void {
    const context = this.#context;
    if (!context) return;
    const gains = gainsOf(this.channels);
    for (const [i, channel] of this.channels.entries()) {
      channel.gain.gain.setTargetAtTime(gains[i] ?? 0, context.currentTime, GLIDE_S);
    }
  }

  /** Lets go of all sound. */
  close(): void {
    this.#abort.abort();
    this.#stop();
    this.channels = [];
    this.#from = 0;
    this.seconds = 0;
    this.state = 'empty';
    const context = this.#context;
    this.#context = null;
    if (context) void context.close();
  }
}

interface Setting {
  gainDb: number;
  isMuted: boolean;
  isSolo: boolean;
}

/** How loud each channel is: where any is heard alone, those that are not are silent; mute wins. */
export function gainsOf(channels: readonly Setting[]): number[] {
  const isAnySolo = channels.some((channel) => channel.isSolo);
  return channels.map(({ gainDb, isMuted, isSolo }) => {
    if (isMuted || (isAnySolo && !isSolo) || gainDb <= LEAST_DB) return 0;
    return 10 ** (gainDb / 20);
  });
}
