// The queue as it stands, and the list a stream is given of it.

import type { Track } from '../api/types';
import { unrolled, type Entry, type Repeat } from './order';

interface Unrolled {
  entries: readonly Entry[];
  repeat: Repeat;
  /** Of the one that is repeated alone. */
  key: number;
  list: readonly Entry[];
}

export class Lineup {
  entries = $state.raw<readonly Entry[]>([]);
  place = $state(-1);
  readonly tracks: readonly Track[] = $derived(this.entries.map((entry) => entry.track));
  readonly current: Entry | null = $derived(this.entries[this.place] ?? null);

  #places = new Map<number, number>();
  #unrolled: Unrolled | null = null;

  set(entries: readonly Entry[], place: number): void {
    this.entries = entries;
    this.#places = new Map(entries.map((entry, index) => [entry.key, index]));
    this.place = entries.length === 0 ? -1 : Math.min(Math.max(0, place), entries.length - 1);
  }

  placeOf(entry: Entry): number | undefined {
    return this.#places.get(entry.key);
  }

  /** The list for a stream: the same one as long as nothing of it has changed. */
  list(repeat: Repeat): readonly Entry[] {
    const key = repeat === 'one' ? (this.current?.key ?? 0) : 0;
    const known = this.#unrolled;
    if (known?.entries === this.entries && known.repeat === repeat && known.key === key) return known.list;
    const list = unrolled(this.entries, this.place, repeat);
    this.#unrolled = { entries: this.entries, repeat, key, list };
    return list;
  }

  /** Whether a place of that list is in its last turn, so that it has to begin again from its first. */
  isLastTurn(place: number, repeat: Repeat): boolean {
    const list = this.#unrolled?.list ?? [];
    const turn = repeat === 'one' ? 1 : this.entries.length;
    return repeat !== 'off' && list.length > turn && place >= list.length - turn;
  }
}
