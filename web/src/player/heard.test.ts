import { describe, expect, it } from 'vitest';
import type { Track } from '../api/types';
import { Heard, isPlay } from './heard';
import { entriesOf, type Entry } from './order';

const track = (seconds: number): Track => ({ id: 'tr-1', duration_ms: seconds * 1_000 }) as Track;
const [first, second] = entriesOf([track(100), track(100)]) as [Entry, Entry];

function listening(): { heard: Heard; told: string[]; listen: (entry: Entry, from: number, to: number) => void } {
  const told: string[] = [];
  const heard = new Heard((entry, outcome, since) => told.push(`${entry.key === first.key ? 1 : 2} ${outcome} ${since}`));
  const listen = (entry: Entry, from: number, to: number): void => {
    for (let at = from; at <= to; at += 0.5) heard.at(entry, at, 7);
  };
  return { heard, told, listen };
}

describe('a play', () => {
  it('is half of a track, or four minutes', () => {
    expect(isPlay(49, track(100))).toBe(false);
    expect(isPlay(50, track(100))).toBe(true);
    expect(isPlay(240, track(3_600))).toBe(true);
  });

  it('is told once, when it is one', () => {
    const { told, listen } = listening();
    listen(first, 0, 100);
    listen(second, 0, 10);
    expect(told).toEqual(['1 played 7']);
  });

  it('is none by seeking', () => {
    const { heard, told, listen } = listening();
    listen(first, 0, 1);
    listen(first, 90, 99);
    heard.leave();
    expect(told).toEqual(['1 skipped 7']);
  });

  it('counts again when it comes again', () => {
    const { told, listen } = listening();
    listen(first, 0, 100);
    listen(first, 0, 100);
    expect(told).toEqual(['1 played 7', '1 played 7']);
  });

  it('is not skipped in a moment', () => {
    const { heard, told, listen } = listening();
    listen(first, 0, 1);
    heard.leave();
    heard.leave();
    expect(told).toEqual([]);
  });
});
