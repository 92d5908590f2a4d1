import { describe, expect, it } from 'vitest';
import { bandsOf, fallen, loudest, share, toDecibels } from './spectrum';

describe('bands', () => {
  const bands = bandsOf(48_000, 2_048);

  it('go up without a hole, within the bins there are', () => {
    bands.forEach((band, index) => {
      expect(band.to).toBeGreaterThan(band.from);
      expect(band.to).toBeLessThanOrEqual(2_048);
      expect(band.hz).toBeGreaterThan(bands[index - 1]?.hz ?? 0);
    });
  });

  it('find a tone where it is', () => {
    const decibels = new Float32Array(2_048).fill(-120);
    decibels[Math.round(1_000 / (24_000 / 2_048))] = -6;
    const best = bands.reduce((one, other) => (loudest(decibels, other) > loudest(decibels, one) ? other : one));
    expect(Math.abs(Math.log2(best.hz / 1_000))).toBeLessThan(1 / 6);
  });
});

it('has levels on a scale', () => {
  expect(share(-30, -60, 0)).toBe(0.5);
  expect(share(-Infinity, -60, 0)).toBe(0);
  expect(share(3, -60, 0)).toBe(1);
  expect(toDecibels(0.5)).toBeCloseTo(-6.02, 2);
  expect(toDecibels(0)).toBe(-Infinity);
  expect(fallen(-6, -20, 0.5, 20)).toBe(-16);
  expect(fallen(-6, -3, 0.5, 20)).toBe(-3);
});
