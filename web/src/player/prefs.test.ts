import { afterEach, expect, it, vi } from 'vitest';
import { keepPrefs, readPrefs, type Prefs } from './prefs';

afterEach(() => vi.unstubAllGlobals());

const prefs: Prefs = { volume: 1, muted: false, repeat: 'off', crossfade: 0, level: 'auto', lastEnhance: null };

function store(): Map<string, string> {
  const kept = new Map<string, string>();
  const localStorage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => kept.set(key, value) };
  vi.stubGlobal('localStorage', localStorage);
  return kept;
}

it('brings back a preset and a song to be like as they were', () => {
  store();
  const warm = { preset: 'warm', intensity: 0.8, loudness: -14 };
  const like = { reference: 'tr-12', intensity: 1, loudness: -9.5 };
  for (const enhance of [warm, like]) {
    keepPrefs({ ...prefs, enhance, lastEnhance: enhance });
    expect(readPrefs()).toEqual({ ...prefs, enhance, lastEnhance: enhance });
  }
});

it('knows what was switched off from what was never chosen', () => {
  store();
  expect(readPrefs()).toEqual(prefs);
  keepPrefs({ ...prefs, enhance: null });
  expect(readPrefs().enhance).toBeNull();
});

it('begins anew where what is kept cannot be read', () => {
  store().set('auralis.player', '{');
  expect(readPrefs()).toEqual(prefs);
});
