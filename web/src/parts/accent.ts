// A colour from a cover that text can be written in.

export interface Rgb {
  r: number;
  g: number;
  b: number;
}

interface Hsl {
  h: number;
  s: number;
  l: number;
}

/** The least contrast of text, WCAG AA; a little more, for what lies between text and ground. */
export const LEAST_CONTRAST = 4.5;
const WANTED_CONTRAST = 5;
const SIDE = 32;
const HUES = 24;

function linear(channel: number): number {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

export function luminance({ r, g, b }: Rgb): number {
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** Contrast as WCAG has it, 1 to 21. */
export function contrast(one: Rgb, other: Rgb): number {
  const [dark, bright] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (bright + 0.05) / (dark + 0.05);
}

export function toHsl({ r, g, b }: Rgb): Hsl {
  const [red, green, blue] = [r / 255, g / 255, b / 255];
  const most = Math.max(red, green, blue);
  const least = Math.min(red, green, blue);
  const l = (most + least) / 2;
  const span = most - least;
  if (span === 0) return { h: 0, s: 0, l };
  const s = span / (1 - Math.abs(2 * l - 1));
  const turn = most === red ? (green - blue) / span : most === green ? (blue - red) / span + 2 : (red - green) / span + 4;
  return { h: (turn * 60 + 360) % 360, s, l };
}

export function toRgb({ h, s, l }: Hsl): Rgb {
  const reach = s * Math.min(l, 1 - l);
  const channel = (n: number) => {
    const k = (n + h / 30) % 12;
    return Math.round(255 * (l - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1))));
  };
  return { r: channel(0), g: channel(8), b: channel(4) };
}

export const toCss = ({ r, g, b }: Rgb): string => `rgb(${r} ${g} ${b})`;

/** The same hue, as dark or bright as it takes to be read on a ground. */
export function readableOn(colour: Rgb, ground: Rgb): Rgb {
  const { h, s, l } = toHsl(colour);
  const step = luminance(ground) < 0.18 ? 0.02 : -0.02;
  const calm = Math.min(s, 0.85);
  let found = toRgb({ h, s: calm, l });
  for (let at = l; at > 0 && at < 1 && contrast(found, ground) < WANTED_CONTRAST; at += step) {
    found = toRgb({ h, s: calm, l: at });
  }
  if (contrast(found, ground) >= WANTED_CONTRAST) return found;
  return step > 0 ? { r: 255, g: 255, b: 255 } : { r: 0, g: 0, b: 0 };
}

/** The colour that stands out most in a picture of four bytes a pixel; null where all is grey. */
export function standsOut(pixels: ArrayLike<number>): Rgb | null {
  const sums = Array.from({ length: HUES }, () => ({ weight: 0, r: 0, g: 0, b: 0 }));
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const [r, g, b] = [pixels[at] ?? 0, pixels[at + 1] ?? 0, pixels[at + 2] ?? 0];
    const { h, s, l } = toHsl({ r, g, b });
    const weight = s * s * (1 - Math.abs(2 * l - 1));
    const sum = sums[Math.floor((h / 360) * HUES) % HUES];
    if (!sum || weight < 0.02) continue;
    sum.weight += weight;
    sum.r += r * weight;
    sum.g += g * weight;
    sum.b += b * weight;
  }
  const best = sums.reduce((one, other) => (other.weight > one.weight ? other : one));
  if (best.weight === 0 || best.weight < pixels.length / 4 / 100) return null;
  const mean = (sum: number) => Math.round(sum / best.weight);
  return { r: mean(best.r), g: mean(best.g), b: mean(best.b) };
}

/** The colour that stands out in the picture at an address; null where there is none. */
export async function colourOf(address: string): Promise<Rgb | null> {
  const picture = new Image();
  picture.src = address;
  try {
    await picture.decode();
  } catch {
    return null;
  }
  const canvas = document.createElement('canvas');
  canvas.width = SIDE;
  canvas.height = SIDE;
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return null;
  pen.drawImage(picture, 0, 0, SIDE, SIDE);
  return standsOut(pen.getImageData(0, 0, SIDE, SIDE).data);
}
