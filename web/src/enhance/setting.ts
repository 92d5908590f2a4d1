// A way of mastering: by a preset or like another song, how much of it, and how loud.

import { figure } from '../parts/measures';
import type { EnhanceSetting } from '../player/protocol';
import { words } from '../words';
import { presetTitle } from './presets.svelte';
import { references } from './references.svelte';
import type { Taste } from './tastes.svelte';

/** What a song is made like: as a preset has it, or like another song. */
export type Manner = { preset: string } | { reference: string };

/** What tells one manner from another: the name of a preset, or the id of a song. */
export const mannerKey = (setting: EnhanceSetting): string =>
  setting.reference === undefined ? setting.preset : setting.reference;

export const mannerOf = (setting: EnhanceSetting): Manner =>
  setting.reference === undefined ? { preset: setting.preset } : { reference: setting.reference };

/** The same amount of another manner. */
export const withManner = ({ intensity, loudness }: EnhanceSetting, manner: Manner): EnhanceSetting => ({
  ...manner,
  intensity,
  loudness,
});

/** A manner in words: "Warm", or like which song. */
export const mannerTitle = (setting: EnhanceSetting): string =>
  setting.reference === undefined ? presetTitle(setting.preset) : words.player.like(references.of(setting.reference)?.title);

const percent = (setting: EnhanceSetting): number => Math.round(setting.intensity * 100);

/** A setting in words. */
export function inWords(taste: Taste): string {
  if (taste === null) return words.player.asItCame;
  return words.player.as(mannerTitle(taste), percent(taste), figure(taste.loudness));
}

/** Whether two are the same as far as anybody can see. */
export function isSame(one: Taste, other: Taste): boolean {
  if (one === null || other === null) return one === other;
  const key = (taste: EnhanceSetting): string => [mannerKey(taste), percent(taste), figure(taste.loudness)].join(' ');
  return key(one) === key(other);
}
