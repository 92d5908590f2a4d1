import { describe, expect, it } from 'vitest';
import { bars } from './waveforms';

describe('the bars of a waveform', () => {
  it('are the largest of their part', () => {
    expect(bars([0, 255, 51, 102], 2)).toEqual([1, 0.4]);
  });

  it('may be more than there are points, or none', () => {
    expect(bars([255, 0], 4)).toEqual([1, 1, 0, 0]);
    expect(bars([], 2)).toEqual([0, 0]);
  });
});
