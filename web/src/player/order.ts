// The order of a queue: how it is shuffled, changed and repeated. Nothing here is heard.

import type { Track } from '../api/types';

/** A track in a queue. It may be there more than once: its key tells one from the other. */
export interface Entry {
  readonly key: number;
  readonly track: Track;
}

export type Repeat = 'off' | 'all' | 'one';

/** The server keeps no longer queues. */
export const MAX_QUEUE = 10_000;

let keys = 0;

export function entriesOf(tracks: readonly Track[]): Entry[] {
  return tracks.map((track) => ({ key: (keys += 1), track }));
}

/** A new order in which every one comes once; with `first` that one begins it. */
export function shuffled<T>(items: readonly T[], first: number | null, random: () => number = Math.random): T[] {
  const order = [...items];
  if (first !== null) order.unshift(...order.splice(first, 1));
  const fixed = first === null ? 0 : 1;
  for (let last = order.length - 1; last > fixed; last -= 1) {
    const other = fixed + Math.floor(random() * (last - fixed + 1));
    [order[last], order[other]] = [order[other] as T, order[last] as T];
  }
  return order;
}

/** What follows a place in a new order; what was heard stays, so that nothing comes twice before all were heard. */
export function shuffledBehind<T>(items: readonly T[], place: number, random: () => number = Math.random): T[] {
  return [...items.slice(0, place + 1), ...shuffled(items.slice(place + 1), null, random)];
}

export function moved<T>(items: readonly T[], from: number, to: number): T[] {
  const order = [...items];
  order.splice(to, 0, ...order.splice(from, 1));
  return order;
}

export function without<T>(items: readonly T[], places: readonly number[]): T[] {
  const gone = new Set(places);
  return items.filter((_, place) => !gone.has(place));
}

/** Where a queue goes on whose current one was taken out: the next one that stays, else the last. */
export function placeAfterRemoval(place: number, places: readonly number[], length: number): number {
  const before = places.filter((one) => one < place).length;
  return Math.min(place - before, length - places.length - 1);
}

/** A queue that is repeated is handed over many times in a row, up to so many tracks, so that it seldom begins anew. */
const UNROLLED = 1_000;
const ONE_UNROLLED = 100;

/** The list a stream is given, so that the end of the queue joins its beginning without a gap. */
export function unrolled(entries: readonly Entry[], place: number, repeat: Repeat): readonly Entry[] {
  const current = entries[place];
  if (repeat === 'one' && current) return Array.from({ length: ONE_UNROLLED }, () => current);
  const turns = Math.max(2, Math.floor(UNROLLED / Math.max(1, entries.length)));
  if (repeat !== 'all' || entries.length * turns > MAX_QUEUE) return entries;
  return Array.from({ length: turns }, () => entries).flat();
}
