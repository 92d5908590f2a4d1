import { describe, expect, it } from 'vitest';
import { ago, bytes, clockTime, figure, signed } from './measures';

describe('measures', () => {
  it('tells sizes', () => {
    expect(bytes(0)).toBe('0 bytes');
    expect(bytes(999)).toBe('999 bytes');
    expect(bytes(1_000)).toBe('1 kB');
    expect(bytes(23_846_634)).toBe('23.8 MB');
    expect(bytes(999_950)).toBe('1 MB');
    expect(bytes(1_288_274_060)).toBe('1.3 GB');
  });

  it('tells levels with a true minus and without a negative zero', () => {
    expect(figure(-14.004)).toBe('\u221214.0');
    expect(figure(-0.01)).toBe('0.0');
    expect(signed(3.6)).toBe('+3.6');
    expect(signed(-0.04)).toBe('0.0');
    expect(signed(0.04)).toBe('0.0');
  });

  it('tells lengths', () => {
    expect(clockTime(62.9)).toBe('1:02');
    expect(clockTime(3605)).toBe('1:00:05');
    expect(clockTime(Number.NaN)).toBe('0:00');
    expect(clockTime(-3)).toBe('0:00');
  });

  it('tells moments as seen from now', () => {
    const now = Date.UTC(2026, 10, 30, 12);
    expect(ago(now - 10_000, now)).toBe('now');
    expect(ago(now - 120_000, now)).toBe('2 minutes ago');
    expect(ago(now - 3 * 3_600_000, now)).toBe('3 hours ago');
    expect(ago(now - 24 * 3_600_000, now)).toBe('yesterday');
    expect(ago(now - 30 * 24 * 3_600_000, now)).toContain('2026');
  });
});
