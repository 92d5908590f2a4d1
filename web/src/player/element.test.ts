import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Track } from '../api/types';
import { ElementEngine, markAt, sleepGain } from './element';
import type { EngineListener, Programme } from './engine';
import { unrolled, type Entry } from './order';

describe('marks of a stream that is a file', () => {
  const marks = [
    { place: 3, at_ms: 0, from_ms: 12_000 },
    { place: 4, at_ms: 90_000, from_ms: 0 },
  ];

  it('say what is heard', () => {
    expect(markAt(marks, 0)?.place).toBe(3);
    expect(markAt(marks, 89_999)?.place).toBe(3);
    expect(markAt(marks, 90_000)?.place).toBe(4);
  });

  it('say nothing where there are none', () => {
    expect(markAt([], 5)).toBeNull();
    expect(markAt(marks.slice(1), 5)).toBeNull();
  });
});

it('falls asleep over five seconds', () => {
  expect([60, 5, 2.5, 0, -1].map(sleepGain)).toEqual([1, 1, 0.5, 0, 0]);
});

describe('a timer to the end of a track that repeats', () => {
  let audio: FakeAudio;

  class FakeAudio extends EventTarget {
    currentTime = 0;
    readyState = 4;
    src = '';

    constructor() {
      super();
      audio = this;
    }

    canPlayType = (): string => 'probably';
    hasAttribute = (): boolean => this.src !== '';
    play = (): Promise<void> => Promise.resolve();
    pause = vi.fn();
  }

  const only: Entry = { key: 1, track: { id: 'tr-1', duration_ms: 60_000 } as Track };
  const programme: Programme = { entries: unrolled([only], 0, 'one'), crossfade: 0, level: 'off', enhance: null };
  const told = { id: 17, ended: false, marks: [{ place: 0, at_ms: 0, from_ms: 0 }] };

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('Audio', FakeAudio);
    vi.stubGlobal('HTMLMediaElement', { HAVE_CURRENT_DATA: 2, HAVE_FUTURE_DATA: 3 });
    vi.stubGlobal('window', new EventTarget());
    vi.stubGlobal('document', { baseURI: 'http://music.test/' });
    vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(told))));
    Object.assign(told, { ended: false, marks: [{ place: 0, at_ms: 0, from_ms: 0 }] });
  });

  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  async function heard(): Promise<{ engine: ElementEngine; ended: ReturnType<typeof vi.fn> }> {
    const ended = vi.fn();
    const nothing = (): void => undefined;
    const listener: EngineListener = {
      hears: nothing, waits: nothing, sleeps: nothing, trouble: nothing, failed: nothing, connected: nothing, ended,
    };
    const engine = new ElementEngine(listener);
    engine.pause(false);
    engine.begin(programme, 0, 0);
    await vi.advanceTimersByTimeAsync(2_500);
    engine.sleep('track');
    return { engine, ended };
  }

  it('ends it where its next turn begins', async () => {
    const { ended } = await heard();
    told.marks.push({ place: 1, at_ms: 60_000, from_ms: 0 });
    audio.currentTime = 59;
    await vi.advanceTimersByTimeAsync(2_500);
    expect(ended).not.toHaveBeenCalled();
    audio.currentTime = 60.1;
    await vi.advanceTimersByTimeAsync(250);
    expect(ended).toHaveBeenCalledExactlyOnceWith('sleep');
    expect(audio.pause).toHaveBeenCalled();
  });

  it('ends what is gone to meanwhile, and where nothing follows', async () => {
    const { engine, ended } = await heard();
    audio.currentTime = 40;
    engine.begin(programme, 0, 30);
    await vi.advanceTimersByTimeAsync(250);
    expect(ended).not.toHaveBeenCalled();
    told.ended = true;
    audio.dispatchEvent(new Event('ended'));
    await vi.advanceTimersByTimeAsync(0);
    expect(ended).toHaveBeenCalledExactlyOnceWith('sleep');
  });
});
