import type { Playlist, Track } from '../api/types';

type Open =
  | { is: 'playlist'; tracks: readonly Track[]; of: Playlist | null }
  | { is: 'tags'; tracks: readonly Track[] };

/** Dialogs that many lists open. */
class Dialogs {
  open = $state.raw<Open | null>(null);

  newPlaylist(tracks: readonly Track[] = []): void {
    this.open = { is: 'playlist', tracks, of: null };
  }

  editPlaylist(of: Playlist): void {
    this.open = { is: 'playlist', tracks: [], of };
  }

  editTags(tracks: readonly Track[]): void {
    this.open = { is: 'tags', tracks };
  }

  close(): void {
    this.open = null;
  }
}

export const dialogs = new Dialogs();
