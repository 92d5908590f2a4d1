// What this browser remembers of how it plays.

import type { Level } from '../api/types';
import type { Repeat } from './order';
import type { EnhanceSetting } from './protocol';

export interface Prefs {
  volume: number;
  muted: boolean;
  repeat: Repeat;
  crossfade: number;
  level: Level;
  /** Nothing where it was never chosen. */
  enhance?: EnhanceSetting | null;
  lastEnhance: EnhanceSetting | null;
}

const KEY = 'auralis.player';

const FIRST: Prefs = {
  volume: 1,
  muted: false,
  repeat: 'off',
  crossfade: 0,
  level: 'auto',
  lastEnhance: null,
};

export function readPrefs(): Prefs {
  try {
    return { ...FIRST, ...(JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Prefs>) };
  } catch {
    return FIRST;
  }
}

export function keepPrefs(prefs: Prefs): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(prefs));
  } catch {
    // A browser that keeps nothing still plays.
  }
}
