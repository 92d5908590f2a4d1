// What an editor of tags begins with, and what of it was changed.

import type { Track } from '../api/types';

/** What would become of a track, as the server says. */
export interface Preview {
  track: string;
  title: string;
  seen: string;
  fields: { field: string; before: string[]; after: string[] }[];
}

export interface Common {
  /** Of each field what all tracks have; nothing where it differs or is not known. */
  values: Record<string, string>;
  /** The fields in which they differ. */
  mixed: ReadonlySet<string>;
}

export type Changes = Record<string, string[] | null>;

/** What the library tells of a track, in the fields files have. Others begin empty. */
const KNOWN: Readonly<Record<string, (track: Track) => string>> = {
  title: (track) => track.title,
  artists: (track) => track.artists.map((artist) => artist.name).join('; '),
  album: (track) => track.album,
  album_artists: (track) => track.album_artist,
  genres: (track) => track.genres.join('; '),
  track: (track) => text(track.number),
  disc: (track) => text(track.disc),
  date: (track) => text(track.year),
  comment: (track) => track.comment ?? '',
  bpm: (track) => text(track.bpm),
};

const SEVERAL = new Set(['artists', 'album_artists', 'genres', 'composers']);

const text = (value: number | null | undefined): string => (value == null ? '' : String(value));

export function commonOf(tracks: readonly Track[]): Common {
  const values: Record<string, string> = {};
  const mixed = new Set<string>();
  for (const [field, of] of Object.entries(KNOWN)) {
    const all = new Set(tracks.map(of));
    if (all.size > 1) mixed.add(field);
    values[field] = all.size === 1 ? ([...all][0] ?? '') : '';
  }
  return { values, mixed };
}

/** The fields that were changed, each with its values, or with nothing to take it away. */
export function changesOf(before: Common, now: Readonly<Record<string, string>>): Changes {
  const changes: Changes = {};
  for (const [field, value] of Object.entries(now)) {
    if (value === (before.values[field] ?? '')) continue;
    const values = SEVERAL.has(field) ? value.split(';') : [value];
    const kept = values.map((one) => one.trim()).filter((one) => one !== '');
    changes[field] = kept.length === 0 ? null : kept;
  }
  return changes;
}
