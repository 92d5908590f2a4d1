import { describe, expect, it } from 'vitest';
import { another, anySeed, draftOf, EMPTY, orderOf, wrongOf } from './order';

const draft = { ...EMPTY, sentence: '  a calm song ' };

describe('orderOf', () => {
  it('leaves open what was not said, but takes a seed', () => {
    expect(orderOf(draft, () => 5)).toEqual({
      sentence: 'a calm song', seed: 5, genre: null, bpm: null, key: null, duration_seconds: null,
      title: null, artist: null, target: null, stems: false,
    });
  });

  it('takes what was said, a seed of zero too', () => {
    const order = orderOf({ ...draft, seed: '0', bpm: '90.5', seconds: '60', genre: ' jazz ' }, () => 5);
    expect(order).toMatchObject({ seed: 0, bpm: 90.5, duration_seconds: 60, genre: 'jazz' });
  });
});

describe('wrongOf', () => {
  it('wants a sentence', () => {
    expect(wrongOf(EMPTY)).toEqual({ sentence: 'empty' });
  });

  it('keeps to what the server takes', () => {
    expect(wrongOf({ ...draft, bpm: '19', seconds: '901', seed: '-1' })).toEqual({ bpm: 'range', seconds: 'range', seed: 'number' });
    expect(wrongOf({ ...draft, bpm: 'fast', seed: '1.5' })).toEqual({ bpm: 'range', seed: 'number' });
    expect(wrongOf({ ...draft, bpm: '300', seconds: '15', seed: '0' })).toEqual({});
  });
});

describe('another', () => {
  it('changes the seed and leaves the title open', () => {
    const order = orderOf({ ...draft, title: 'Mine', seed: '7' });
    expect(another(order, 8)).toEqual({ ...order, seed: 8, title: null });
    expect(draftOf(order)).toMatchObject({ sentence: 'a calm song', seed: '', title: '' });
  });

  it('takes seeds that survive JSON', () => {
    for (let i = 0; i < 100; i += 1) expect(Number.isSafeInteger(anySeed())).toBe(true);
  });
});
