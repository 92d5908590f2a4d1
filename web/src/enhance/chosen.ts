import { player } from '../player/player.svelte';
import type { EnhanceSetting } from '../player/protocol';
import { presets } from './presets.svelte';

const LOUDNESS = -14;

/** The manner, intensity and loudness that are set, whether enhancing is on or not. */
export function chosen(): EnhanceSetting {
  const first = { preset: presets.items[0]?.name ?? 'adaptive', intensity: 1, loudness: LOUDNESS };
  return player.enhance ?? player.lastEnhance ?? first;
}
