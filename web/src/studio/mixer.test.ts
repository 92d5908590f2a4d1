import { beforeEach, describe, expect, it, vi } from 'vitest';

vi.mock('../api/client', () => ({ send: () => Promise.resolve(new Response(new ArrayBuffer(8))) }));

const { gainsOf, Mixer } = await import('./mixer.svelte');

/** A clock and sources that only write down what they are told. */
class Source {
  buffer: { duration: number } | null = null;
  onended: (() => void) | null = null;
  begun: { at: number; from: number } | null = null;
  isStopped = false;
  connect(): void {}
  disconnect(): void {}
  start(at: number, from: number): void {
    this.begun = { at, from };
  }
  stop(): void {
    this.isStopped = true;
  }
}

class Context {
  static last: Context;
  currentTime = 100;
  destination = {};
  sources: Source[] = [];
  durations = [60, 62];
  isClosed = false;
  constructor() {
    Context.last = this;
  }
  decodeAudioData = () => Promise.resolve({ duration: this.durations.shift() ?? 1 });
  createGain = () => ({ connect: () => undefined, gain: { value: 1, setTargetAtTime: vi.fn() } });
  createBufferSource(): Source {
    const source = new Source();
    this.sources.push(source);
    return source;
  }
  resume = () => Promise.resolve();
  close = () => {
    this.isClosed = true;
    return Promise.resolve();
  };
}

const files = [
  { id: 1, name: 'Bass', bytes: 8, path: 'a' },
  { id: 2, name: 'Drums', bytes: 8, path: 'b' },
];
const channel = (gainDb = 0, isMuted = false, isSolo = false) => ({ gainDb, isMuted, isSolo });

describe('Mixer', () => {
  beforeEach(() => vi.stubGlobal('AudioContext', Context));

  async function ready() {
    const mixer = new Mixer();
    await mixer.load(files);
    return { mixer, context: Context.last };
  }

  it('begins all stems at one moment, from one place', async () => {
    const { mixer, context } = await ready();
    expect(mixer).toMatchObject({ state: 'ready', seconds: 62, loadedBytes: 16 });
    mixer.seek(10);
    await mixer.play();
    const begun = context.sources.map((source) => source.begun);
    expect(begun).toEqual([begun[0], begun[0]]);
    expect(begun[0]?.from).toBe(10);
    expect(begun[0]?.at).toBeGreaterThan(100);
  });

  it('knows where it is, and stays there while it pauses', async () => {
    const { mixer, context } = await ready();
    await mixer.play();
    expect(mixer.position()).toBe(0);
    context.currentTime += 5.06;
    expect(mixer.position()).toBeCloseTo(5, 6);
    mixer.pause();
    context.currentTime += 50;
    expect(mixer.position()).toBeCloseTo(5, 6);
    expect(context.sources.every((source) => source.isStopped)).toBe(true);
  });

  it('goes on from where it is sought to, and never beyond the end', async () => {
    const { mixer, context } = await ready();
    await mixer.play();
    mixer.seek(30);
    expect(mixer.isPlaying).toBe(true);
    expect(context.sources.slice(2).map((source) => source.begun?.from)).toEqual([30, 30]);
    mixer.seek(1e9);
    expect(mixer).toMatchObject({ isPlaying: false });
    expect(mixer.position()).toBe(62);
  });

  it('begins anew after the end, which only the longest stem tells', async () => {
    const { mixer, context } = await ready();
    await mixer.play();
    expect(context.sources[0]?.onended).toBeNull();
    context.sources[1]?.onended?.();
    expect(mixer.isPlaying).toBe(false);
    expect(mixer.position()).toBe(0);
  });

  it('lets go of everything', async () => {
    const { mixer, context } = await ready();
    await mixer.play();
    mixer.close();
    expect(mixer).toMatchObject({ state: 'empty', isPlaying: false, channels: [] });
    expect(context.isClosed).toBe(true);
  });
});

describe('gainsOf', () => {
  it('plays everything as it came', () => {
    expect(gainsOf([channel(), channel()])).toEqual([1, 1]);
  });

  it('hears one alone, and a muted one never', () => {
    expect(gainsOf([channel(0, false, true), channel(), channel(0, true, true)])).toEqual([1, 0, 0]);
  });

  it('takes decibels as they are meant', () => {
    expect(gainsOf([channel(-20), channel(-60)])).toEqual([0.1, 0]);
    expect(gainsOf([channel(6)])[0]).toBeCloseTo(1.995, 3);
  });
});
