import type { IconName } from '../parts/icons';

export interface Place {
  screen: 'home' | 'albums' | 'artists' | 'songs' | 'genres' | 'playlists' | 'folders' | 'favourites' | 'recent';
  icon: IconName;
}

export interface Workshop {
  screen: 'enhance' | 'studio' | 'house';
  icon: IconName;
}

/** The screens to listen in, as the sidebar has them. */
export const places: readonly Place[] = [
  { screen: 'home', icon: 'home' },
  { screen: 'albums', icon: 'album' },
  { screen: 'artists', icon: 'artist' },
  { screen: 'songs', icon: 'song' },
  { screen: 'genres', icon: 'genre' },
  { screen: 'folders', icon: 'folder' },
];

export const own: readonly Place[] = [
  { screen: 'favourites', icon: 'heart' },
  { screen: 'recent', icon: 'clock' },
  { screen: 'playlists', icon: 'playlist' },
];

export const workshops: readonly Workshop[] = [
  { screen: 'enhance', icon: 'enhance' },
  { screen: 'studio', icon: 'wave' },
  { screen: 'house', icon: 'server' },
];
