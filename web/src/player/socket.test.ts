import { expect, it } from 'vitest';
import { waitMs } from './socket';

it('waits a second at first, then up to fifteen, and not all at once', () => {
  expect(waitMs(0, () => 0.999)).toBeCloseTo(1_000, 0);
  expect(waitMs(1, () => 0)).toBe(1_000);
  expect(waitMs(1, () => 1)).toBe(2_000);
  expect(waitMs(20, () => 1)).toBe(15_000);
  expect(waitMs(20, () => 0.5)).toBe(8_000);
});
