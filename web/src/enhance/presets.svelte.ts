// What the server can do to the sound.

import { ApiError, get } from '../api/client';

export interface Preset {
  name: string;
  description: string;
}

interface Offered {
  items: Preset[];
  loudness: number[];
  loudness_min: number;
  loudness_max: number;
}

class Presets {
  items = $state.raw<readonly Preset[]>([]);
  /** Loudness that is often aimed at, in LUFS. */
  usual = $state.raw<readonly number[]>([]);
  least = $state(-30);
  most = $state(-6);
  failure = $state.raw<unknown>(null);
  isAsked = $state(false);
  #asking: Promise<void> | null = null;

  /** Whether the server enhances at all. */
  get areThere(): boolean {
    return this.items.length > 0;
  }

  load(): Promise<void> {
    this.#asking ??= this.#ask();
    return this.#asking;
  }

  again(): void {
    this.#asking = null;
    void this.load();
  }

  async #ask(): Promise<void> {
    try {
      const offered = await get<Offered>('presets');
      this.items = offered.items;
      this.usual = offered.loudness;
      this.least = offered.loudness_min;
      this.most = offered.loudness_max;
      this.failure = null;
    } catch (cause) {
      // A server that cannot enhance has no presets.
      this.failure = cause instanceof ApiError && cause.status === 404 ? null : cause;
      this.#asking = null;
    }
    this.isAsked = true;
  }
}

export const presets = new Presets();

/** A preset's name as it is written: "warm" is "Warm". */
export function presetTitle(name: string): string {
  return name.charAt(0).toLocaleUpperCase() + name.slice(1).replaceAll('-', ' ');
}
