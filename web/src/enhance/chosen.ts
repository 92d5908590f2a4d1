import { player } from '../player/player.svelte';
import type { EnhanceSetting } from '../player/protocol';
import { presets, presetTitle } from './presets.svelte';
import { figure } from '../parts/measures';
import { words } from '../words';
import { enhance } from '../words/enhance';
import type { Taste } from './tastes.svelte';

const LOUDNESS = -14;

/** The preset, intensity and loudness that are set, whether enhancing is on or not. */
export function chosen(): EnhanceSetting {
  const first = { preset: presets.items[0]?.name ?? 'adaptive', intensity: 1, loudness: LOUDNESS };
  return player.enhance ?? player.lastEnhance ?? first;
}

/** A setting in words. */
export function inWords(taste: Taste): string {
  if (taste === null) return enhance.choice.asItCame;
  return words.player.as(presetTitle(taste.preset), Math.round(taste.intensity * 100), figure(taste.loudness));
}
