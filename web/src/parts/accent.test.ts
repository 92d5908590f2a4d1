import { describe, expect, it } from 'vitest';
import { contrast, LEAST_CONTRAST, readableOn, standsOut, toHsl, toRgb, type Rgb } from './accent';

const white = { r: 255, g: 255, b: 255 };
const black = { r: 0, g: 0, b: 0 };
const grounds: Rgb[] = [
  { r: 0x2a, g: 0x2c, b: 0x35 },
  { r: 0xf0, g: 0xf0, b: 0xf2 },
];

/** A picture of so many pixels of each colour. */
const picture = (...parts: [Rgb, number][]): number[] =>
  parts.flatMap(([{ r, g, b }, count]) => Array.from({ length: count }, () => [r, g, b, 255]).flat());

describe('the accent', () => {
  it('measures contrast as WCAG does', () => {
    expect(contrast(black, white)).toBeCloseTo(21, 5);
    expect(contrast(white, white)).toBe(1);
    expect(contrast({ r: 119, g: 119, b: 119 }, white)).toBeCloseTo(4.48, 2);
  });

  it('turns colours there and back', () => {
    for (const colour of [white, black, { r: 12, g: 200, b: 90 }, { r: 250, g: 3, b: 128 }]) {
      const back = toRgb(toHsl(colour));
      expect(Math.abs(back.r - colour.r) + Math.abs(back.g - colour.g) + Math.abs(back.b - colour.b)).toBeLessThan(3);
    }
  });

  it('can be read on either ground, whatever the cover', () => {
    for (const ground of grounds) {
      for (let hue = 0; hue < 360; hue += 15) {
        for (const l of [0.02, 0.2, 0.5, 0.8, 0.98]) {
          const found = readableOn(toRgb({ h: hue, s: 1, l }), ground);
          expect(contrast(found, ground)).toBeGreaterThanOrEqual(LEAST_CONTRAST);
        }
      }
    }
  });

  it('keeps a colour that can be read already', () => {
    const pale = { r: 200, g: 210, b: 240 };
    expect(toHsl(readableOn(pale, grounds[0] ?? black)).h).toBeCloseTo(toHsl(pale).h, 0);
  });

  it('takes what stands out, not what there is most of', () => {
    const grey = { r: 70, g: 72, b: 75 };
    const red = { r: 220, g: 40, b: 50 };
    const found = standsOut(picture([grey, 800], [red, 200]));
    expect(found && toHsl(found).h).toBeCloseTo(toHsl(red).h, 0);
  });

  it('takes nothing from a grey picture', () => {
    expect(standsOut(picture([{ r: 90, g: 90, b: 90 }, 500], [white, 500]))).toBeNull();
    expect(standsOut([])).toBeNull();
  });
});
