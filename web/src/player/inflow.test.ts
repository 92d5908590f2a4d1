import { describe, expect, it } from 'vitest';
import { Inflow } from './inflow';
import type { Report } from './port';
import type { Piece } from './protocol';

const piece = (epoch: number, number: number, first: number): Piece => ({
  epoch,
  number,
  first,
  frames: 100,
  last: false,
  channels: [],
});
const heard = (epoch: number, frame: number): Report => ({
  epoch,
  frame,
  flow: 'playing',
  ahead: 0,
  underruns: 2,
  paired: false,
  peak: [0, 0],
  rms: [0, 0],
});

describe('what comes in', () => {
  it('is taken piece by piece, and what is of an older epoch is not', () => {
    const inflow = new Inflow();
    expect(inflow.arrives(piece(1, 0, 0))).toBe('outdated');
    inflow.asked(2, 500);
    expect(inflow.arrives(piece(1, 7, 700))).toBe('outdated');
    expect(inflow.arrives(piece(2, 0, 500))).toBe('next');
    expect(inflow.arrives(piece(2, 1, 600))).toBe('next');
    expect(inflow.end).toBe(700);
  });

  it('is broken where there is a hole', () => {
    const inflow = new Inflow();
    inflow.asked(2, 500);
    inflow.arrives(piece(2, 0, 500));
    expect(inflow.arrives(piece(2, 2, 700))).toBe('broken');
    expect(inflow.arrives(piece(2, 1, 601))).toBe('broken');
  });

  it('is granted from where the epoch begins until it is heard itself', () => {
    const inflow = new Inflow();
    expect(inflow.credit(null, 48_000, false)).toBeNull();
    inflow.asked(2, 500);
    expect(inflow.credit(heard(1, 90_000), 48_000, false)).toMatchObject({ epoch: 2, played: 500, until: 48_500 });
    expect(inflow.credit(heard(2, 500), 48_000, false)).toMatchObject({ epoch: 2, played: 500, until: 144_500 });
    expect(inflow.credit(heard(2, 600), 48_000, false)).toBeNull();
    expect(inflow.credit(heard(2, 24_500), 48_000, false)).toMatchObject({ played: 24_500, until: 168_500, underruns: 2 });
  });

  it('stops with the connection', () => {
    const inflow = new Inflow();
    inflow.asked(2, 500);
    inflow.stop();
    expect(inflow.arrives(piece(2, 0, 500))).toBe('outdated');
    expect(inflow.end).toBe(Infinity);
  });
});
