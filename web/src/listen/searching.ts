import type { Album, Artist, Track } from '../api/types';
import { link } from '../shell/routes';

export interface Finds {
  artists: Artist[];
  albums: Album[];
  tracks: Track[];
}

interface Found {
  key: string;
  /** Where it leads. */
  href: string;
}

export type Line = Found &
  (
    | { is: 'artist'; artist: Artist }
    | { is: 'album'; album: Album }
    | { is: 'track'; track: Track; place: number }
  );

const FEW = 5;

/** The songs alone of what was found. */
export const songsOf = ({ tracks }: Finds): Line[] => linesOf({ artists: [], albums: [], tracks });

/** What was found as one list, so that the arrow keys go through all of it. */
export function linesOf({ artists, albums, tracks }: Finds): Line[] {
  return [
    ...artists.slice(0, FEW).map((artist): Line => {
      return { is: 'artist', key: artist.id, href: link('artists', artist.id), artist };
    }),
    ...albums.slice(0, FEW).map((album): Line => {
      return { is: 'album', key: album.id, href: link('albums', album.id), album };
    }),
    ...tracks.map((track, place): Line => {
      return { is: 'track', key: track.id, href: link('albums', track.album_id), track, place };
    }),
  ];
}
