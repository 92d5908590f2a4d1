// A song being thought of: what is typed, and the order that comes of it.
import type { SongOrder } from '../api/types';

export const MOST_LETTERS = 2_000;
export const BPM = { min: 20, max: 300 };
export const SECONDS = { min: 15, max: 900 };

/** As typed: an empty text leaves the choice to the band. */
export interface Draft {
  sentence: string;
  genre: string;
  bpm: string;
  key: string;
  seconds: string;
  seed: string;
  title: string;
  artist: string;
  target: string;
  stems: boolean;
}

export const EMPTY: Draft = {
  sentence: '', genre: '', bpm: '', key: '', seconds: '', seed: '', title: '', artist: '', target: '', stems: false,
};

const SEEDS = 2 ** 32;

/** A seed nobody has chosen. */
export function anySeed(): number {
  return Math.floor(Math.random() * SEEDS);
}

export type Wrong = Partial<Record<keyof Draft, 'empty' | 'range' | 'number'>>;

function amount(text: string): number | null {
  return text.trim() === '' ? null : Number(text);
}

function outside(value: number | null, { min, max }: { min: number; max: number }): boolean {
  return value !== null && !(value >= min && value <= max);
}

/** What the server would refuse and can be told at once. */
export function wrongOf(draft: Draft): Wrong {
  const wrong: Wrong = {};
  if (draft.sentence.trim() === '') wrong.sentence = 'empty';
  if (outside(amount(draft.bpm), BPM)) wrong.bpm = 'range';
  if (outside(amount(draft.seconds), SECONDS)) wrong.seconds = 'range';
  const seed = amount(draft.seed);
  if (seed !== null && !(Number.isSafeInteger(seed) && seed >= 0)) wrong.seed = 'number';
  return wrong;
}

export function orderOf(draft: Draft, otherwise: () => number = anySeed): SongOrder {
  const said = (text: string): string | null => text.trim() || null;
  return {
    sentence: draft.sentence.trim(),
    seed: amount(draft.seed) ?? otherwise(),
    genre: said(draft.genre),
    bpm: amount(draft.bpm),
    key: said(draft.key),
    duration_seconds: amount(draft.seconds),
    title: said(draft.title),
    artist: said(draft.artist),
    target: said(draft.target),
    stems: draft.stems,
  };
}

/** An order to be changed and sent again. Its seed and title stay behind: both are to be others. */
export function draftOf(order: SongOrder): Draft {
  const shown = (value: number | null | undefined): string => (value === null || value === undefined ? '' : String(value));
  return {
    sentence: order.sentence,
    genre: order.genre ?? '',
    bpm: shown(order.bpm),
    key: order.key ?? '',
    seconds: shown(order.duration_seconds),
    seed: '',
    title: '',
    artist: order.artist ?? '',
    target: order.target ?? '',
    stems: order.stems ?? false,
  };
}

/** The same song by another chance. */
export function another(order: SongOrder, seed: number = anySeed()): SongOrder {
  return { ...order, seed, title: null };
}
