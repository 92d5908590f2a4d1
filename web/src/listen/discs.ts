import type { Album, Track } from '../api/types';

export interface DiscTracks {
  number: number;
  /** What it is called; empty for nothing. */
  title: string;
  /** The place of its first track on the album. */
  from: number;
  tracks: Track[];
}

/** The tracks of an album, which come in order, disc by disc. */
export function discsOf(tracks: readonly Track[], titled: Album['discs']): DiscTracks[] {
  const discs: DiscTracks[] = [];
  tracks.forEach((track, at) => {
    const number = track.disc ?? 1;
    const last = discs.at(-1);
    if (last?.number === number) {
      last.tracks.push(track);
      return;
    }
    const title = titled.find((disc) => disc.number === number)?.title ?? track.disc_title ?? '';
    discs.push({ number, title, from: at, tracks: [track] });
  });
  return discs;
}
