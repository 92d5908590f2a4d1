import { describe, expect, it } from 'vitest';
import type { Track } from '../api/types';
import { entriesOf, moved, placeAfterRemoval, shuffled, shuffledBehind, unrolled, without } from './order';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
const tracks = (count: number): Track[] => numbers(count).map((index) => ({ id: `tr-${index}` }) as Track);

describe('shuffling', () => {
  it('has everyone once, at ten thousand too', () => {
    expect(shuffled(numbers(10_000), null).sort((a, b) => a - b)).toEqual(numbers(10_000));
  });

  it('begins with the one that was chosen', () => {
    for (const first of [0, 3, 9]) {
      const order = shuffled(numbers(10), first);
      expect(order[0]).toBe(first);
      expect(new Set(order).size).toBe(10);
    }
  });

  it('is fair: each of six orders of three comes a sixth of the time', () => {
    const seen = new Map<string, number>();
    for (let turn = 0; turn < 6_000; turn += 1) {
      const order = shuffled(numbers(3), null).join();
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const count of seen.values()) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('leaves what was heard, so that nothing comes again before all were heard', () => {
    const order = shuffledBehind(numbers(100), 40);
    expect(order.slice(0, 41)).toEqual(numbers(41));
    expect([...order].sort((a, b) => a - b)).toEqual(numbers(100));
  });

  it('bears nothing and one', () => {
    expect(shuffled([], null)).toEqual([]);
    expect(shuffled([7], 0)).toEqual([7]);
    expect(shuffledBehind([1, 2], 1)).toEqual([1, 2]);
  });
});

describe('changing', () => {
  it('moves to where it is dropped', () => {
    expect(moved(numbers(5), 0, 3)).toEqual([1, 2, 3, 0, 4]);
    expect(moved(numbers(5), 4, 1)).toEqual([0, 4, 1, 2, 3]);
  });

  it('takes out, and knows what is heard then', () => {
    expect(without(numbers(5), [1, 3])).toEqual([0, 2, 4]);
    expect(placeAfterRemoval(2, [0, 1], 5)).toBe(0);
    expect(placeAfterRemoval(2, [2], 5)).toBe(2);
    expect(placeAfterRemoval(4, [4], 5)).toBe(3);
    expect(placeAfterRemoval(0, [0], 1)).toBe(-1);
  });
});

describe('repeating', () => {
  const entries = entriesOf(tracks(3));

  it('joins the end to the beginning', () => {
    expect(unrolled(entries, 1, 'off')).toBe(entries);
    const all = unrolled(entries, 1, 'all');
    expect(all.length).toBe(999);
    expect(all.slice(3, 6)).toEqual(entries);
    const one = unrolled(entries, 1, 'one');
    expect(one.length).toBe(100);
    expect(new Set(one)).toEqual(new Set([entries[1]]));
  });

  it('asks for no list the server does not take', () => {
    const many = entriesOf(tracks(5_001));
    expect(unrolled(many, 0, 'all')).toBe(many);
  });

  it('tells the same track twice apart', () => {
    const [first, second] = entriesOf([...tracks(1), ...tracks(1)]);
    expect(first?.key).not.toBe(second?.key);
  });
});
