// How is played: what this browser remembers, and the player acts upon.

import { PLAYER_SCOPE, tastes } from '../enhance/tastes.svelte';
import type { Level } from '../api/types';
import type { Repeat } from './order';
import { keepPrefs, readPrefs } from './prefs';
import type { EnhanceSetting } from './protocol';

const MAX_CROSSFADE_S = 12;

export abstract class Settings {
  volume = $state(1);
  muted = $state(false);
  repeat = $state<Repeat>('off');
  crossfade = $state(0);
  level = $state<Level>('auto');
  enhance = $state.raw<EnhanceSetting | null>(null);
  /** What is taken when enhancing is switched on again. */
  lastEnhance = $state.raw<EnhanceSetting | null>(null);
  /** Whether somebody has chosen here whether to enhance. */
  #isChosen = false;

  constructor() {
    const prefs = readPrefs();
    this.#isChosen = prefs.enhance !== undefined;
    Object.assign(this, { ...prefs, enhance: prefs.enhance ?? null });
  }

  /** What follows, or how it sounds, has changed. */
  protected abstract goOn(): void;
  protected abstract tellLoudness(): void;

  /** What samples are multiplied by: a slider is felt as even where the sound follows its square. */
  get loudness(): number {
    return this.muted ? 0 : this.volume ** 2;
  }

  changeVolume(by: number): void {
    this.setVolume(this.volume + by);
  }

  setVolume(volume: number): void {
    this.volume = Math.min(1, Math.max(0, volume));
    this.muted = false;
    this.tellLoudness();
    this.#keep();
  }

  toggleMute(): void {
    this.muted = !this.muted;
    this.tellLoudness();
    this.#keep();
  }

  setRepeat(repeat: Repeat): void {
    this.repeat = repeat;
    this.#changed();
  }

  setCrossfade(seconds: number): void {
    this.crossfade = Math.min(MAX_CROSSFADE_S, Math.max(0, seconds));
    this.#changed();
  }

  setLevel(level: Level): void {
    this.level = level;
    this.#changed();
  }

  setEnhance(enhance: EnhanceSetting | null): void {
    this.#isChosen = true;
    this.enhance = enhance;
    if (enhance !== null) this.lastEnhance = enhance;
    this.#changed();
  }

  /** What enhancing is to be, while it is on and for when it is switched on again. */
  chooseEnhance(setting: EnhanceSetting): void {
    if (this.enhance !== null) return this.setEnhance(setting);
    this.lastEnhance = setting;
    this.#keep();
  }

  /** Takes what the server remembers of this player, where nothing was chosen in this browser. */
  async adoptTaste(): Promise<void> {
    if (this.#isChosen) return;
    await tastes.load();
    const taste = tastes.of(PLAYER_SCOPE);
    if (taste) this.enhance = this.lastEnhance = taste;
  }

  #changed(): void {
    this.#keep();
    this.goOn();
  }

  #keep(): void {
    const { volume, muted, repeat, crossfade, level, lastEnhance } = this;
    const enhance = this.#isChosen ? this.enhance : undefined;
    keepPrefs({ volume, muted, repeat, crossfade, level, enhance, lastEnhance });
  }
}
