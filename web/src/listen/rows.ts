import type { Track } from '../api/types';

/** Tracks in their order, of which perhaps only some are there yet. */
export interface Rows {
  readonly length: number;
  at(index: number): Track | undefined;
  want(from: number, to: number): Promise<void>;
  range(from: number, to: number): Promise<Track[]>;
}

/** Tracks that are all there. */
export function rowsOf(tracks: () => readonly Track[]): Rows {
  return {
    get length() {
      return tracks().length;
    },
    at: (index) => tracks()[index],
    want: () => Promise.resolve(),
    range: (from, to) => Promise.resolve(tracks().slice(from, to)),
  };
}

/** The tracks around one that are there without a gap, and where it stands among them. */
export function loadedAround(rows: Rows, index: number, most: number): { from: number; tracks: Track[] } {
  let from = index;
  while (from > 0 && index - from < most && rows.at(from - 1) !== undefined) from -= 1;
  const tracks: Track[] = [];
  for (let at = from; at < rows.length && at - index < most; at += 1) {
    const track = rows.at(at);
    if (track === undefined) break;
    tracks.push(track);
  }
  return { from, tracks };
}

/** The tracks at places, in their order; asked for if need be. */
export async function tracksAt(rows: Rows, places: readonly number[]): Promise<Track[]> {
  const found: Track[] = [];
  for (let at = 0; at < places.length; ) {
    const first = places[at] ?? 0;
    let length = 1;
    while (places[at + length] === first + length) length += 1;
    found.push(...(await rows.range(first, first + length)));
    at += length;
  }
  return found;
}
