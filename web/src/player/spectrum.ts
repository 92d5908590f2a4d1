// What is drawn of the sound: bands of equal width to the ear, and levels on a scale of decibels.

const LOW_HZ = 32;
const HIGH_HZ = 18_000;
const PER_OCTAVE = 6;

/** The bins of an analyser that belong to one bar. */
export interface Band {
  hz: number;
  from: number;
  to: number;
}

/** Bands of a sixth of an octave. Low ones that are narrower than a bin share it. */
export function bandsOf(rate: number, bins: number): Band[] {
  const width = rate / 2 / bins;
  const count = Math.floor(Math.log2(HIGH_HZ / LOW_HZ) * PER_OCTAVE);
  return Array.from({ length: count }, (_, index) => {
    const low = LOW_HZ * 2 ** (index / PER_OCTAVE);
    const high = LOW_HZ * 2 ** ((index + 1) / PER_OCTAVE);
    const from = Math.min(bins - 1, Math.round(low / width));
    return { hz: Math.sqrt(low * high), from, to: Math.min(bins, Math.max(from + 1, Math.round(high / width))) };
  });
}

/** The loudest bin of a band, in decibels. */
export function loudest(decibels: Float32Array, band: Band): number {
  let most = -Infinity;
  for (let bin = band.from; bin < band.to; bin += 1) most = Math.max(most, decibels[bin] ?? -Infinity);
  return most;
}

/** Where a level stands between two others, 0 to 1. */
export function share(decibels: number, least: number, most: number): number {
  if (!Number.isFinite(decibels)) return 0;
  return Math.min(1, Math.max(0, (decibels - least) / (most - least)));
}

export function toDecibels(amplitude: number): number {
  return amplitude > 0 ? 20 * Math.log10(amplitude) : -Infinity;
}

/** A needle: up at once, down by so many decibels a second. */
export function fallen(shown: number, measured: number, seconds: number, perSecond: number): number {
  return Math.max(measured, shown - seconds * perSecond);
}
