// A colour for each part of a song, apart from its neighbours and readable on dark and on light.

const STEP = 137.5;
const FIRST = 268;

export function hueOf(index: number): number {
  return (FIRST + index * STEP) % 360;
}

export function colourOf(index: number, isLight: boolean): string {
  return isLight ? `oklch(0.56 0.16 ${hueOf(index)})` : `oklch(0.76 0.13 ${hueOf(index)})`;
}
