import { describe, expect, it } from 'vitest';
import { markAt, sleepGain } from './element';

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
