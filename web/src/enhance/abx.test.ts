import { describe, expect, it } from 'vitest';
import { chance, drawn, isProven } from './abx';

describe('the chance of guessing', () => {
  it('is that of the binomial distribution', () => {
    expect(chance(0, 10)).toBe(1);
    expect(chance(10, 10)).toBeCloseTo(1 / 1_024, 12);
    expect(chance(9, 10)).toBeCloseTo(11 / 1_024, 12);
    expect(chance(8, 10)).toBeCloseTo(56 / 1_024, 12);
    expect(chance(12, 16)).toBeCloseTo(0.0384, 4);
    expect(chance(1, 1)).toBe(0.5);
    expect(chance(0, 0)).toBe(1);
  });

  it('adds up, whatever the number of rounds', () => {
    for (const rounds of [1, 5, 16, 50]) {
      const exactly = (hits: number): number => chance(hits, rounds) - chance(hits + 1, rounds);
      const sum = Array.from({ length: rounds + 1 }, (_, hits) => exactly(hits)).reduce((a, b) => a + b, 0);
      expect(sum).toBeCloseTo(1, 9);
    }
  });

  it('proves something at nine of ten and not at eight', () => {
    expect(isProven(9, 10)).toBe(true);
    expect(isProven(8, 10)).toBe(false);
    expect(isProven(0, 0)).toBe(false);
  });
});

it('draws both sides about as often', () => {
  const heads = Array.from({ length: 4_000 }, drawn).filter(Boolean).length;
  expect(Math.abs(heads - 2_000)).toBeLessThan(250);
});
