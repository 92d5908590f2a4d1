// Spectra as lines in a field: octaves across, decibels down.

import type { Band } from './plan';

export const WIDE = 600;
export const HIGH = 220;
const LOW_HZ = 25;
const HIGH_HZ = 16_000;
const SPAN_DB = 60;

/** Where a frequency stands, equal octaves being equally wide. */
export function across(hz: number): number {
  return (Math.log2(hz / LOW_HZ) / Math.log2(HIGH_HZ / LOW_HZ)) * WIDE;
}

/** The level at the top of the field: the loudest band of both, with a little air. */
export function topOf(bands: readonly Band[]): number {
  const levels = bands.flatMap((band) => [band.before_db, band.after_db]).filter((level) => level !== null);
  return Math.ceil((Math.max(...levels, -SPAN_DB) + 3) / 6) * 6;
}

/** A line through the bands there are levels of. */
export function path(bands: readonly Band[], level: (band: Band) => number | null, top: number): string {
  const points = bands.flatMap((band) => {
    const value = level(band);
    if (value === null || band.hz < LOW_HZ || band.hz > HIGH_HZ * 1.3) return [];
    const down = Math.min(HIGH, ((top - value) / SPAN_DB) * HIGH);
    return [`${across(band.hz).toFixed(1)} ${down.toFixed(1)}`];
  });
  return points.length < 2 ? '' : `M${points.join('L')}`;
}
