import { describe, expect, it } from 'vitest';
import { gainsOf } from './mixer.svelte';

const channel = (gainDb = 0, isMuted = false, isSolo = false) => ({ gainDb, isMuted, isSolo });

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
