import { describe, expect, it } from 'vitest';
import { lineAt, sung } from './lyrics';

const lyrics = {
  synced: true,
  offset_ms: 500,
  lines: [
    { text: 'first', start_ms: 1_500 },
    { text: '', start_ms: 4_000 },
    { text: 'second', start_ms: 6_000 },
  ],
};

describe('lyrics', () => {
  it('follow with their offset', () => {
    const lines = sung(lyrics);
    expect(lines.map((line) => line.at)).toEqual([1, 3.5, 5.5]);
    expect([0.9, 1, 3.4, 3.5, 99].map((at) => lineAt(lines, at))).toEqual([-1, 0, 0, 1, 2]);
  });

  it('do not follow where nobody knows when they are sung', () => {
    const lines = sung({ synced: false, offset_ms: 0, lines: [{ text: 'a' }, { text: 'b' }] });
    expect(lineAt(lines, 10)).toBe(-1);
  });
});
