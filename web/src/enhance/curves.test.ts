import { describe, expect, it } from 'vitest';
import { across, HIGH, path, topOf, WIDE } from './curves';

const band = (hz: number, before_db: number | null, after_db: number | null) => ({ hz, before_db, after_db });

describe('curves', () => {
  it('have octaves of equal width', () => {
    expect(across(25)).toBe(0);
    expect(across(16_000)).toBeCloseTo(WIDE, 6);
    expect(across(200) - across(100)).toBeCloseTo(across(4_000) - across(2_000), 6);
  });

  it('go through what was measured and stay in the field', () => {
    const bands = [band(100, -20, null), band(1_000, -200, -30), band(2_000, -40, -20)];
    const top = topOf(bands);
    expect(top).toBe(-12);
    expect(path(bands, (one) => one.before_db, top).split('L')).toHaveLength(3);
    expect(path(bands, (one) => one.before_db, top)).toContain(` ${HIGH}.0`);
    expect(path(bands.slice(0, 2), (one) => one.after_db, top)).toBe('');
  });

  it('bear silence', () => {
    expect(topOf([])).toBe(-54);
    expect(path([], (one) => one.before_db, 0)).toBe('');
  });
});
