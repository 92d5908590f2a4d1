import { words } from '../words';
import { toasts } from '../shell/toasts.svelte';
import { get, patch, post } from './client';
import type { Playlist, Track } from './types';

type ToMake = Pick<Playlist, 'name'> & { comment?: string; public?: boolean; tracks?: string[]; rules?: Rules };

/** Rules as a `.nsp` file has them. */
export type Rules = Record<string, unknown>;

/** The playlists of who listens, known all over the page. */
class Playlists {
  all = $state.raw<readonly Playlist[]>([]);
  isLoaded = $state(false);

  /** Those made by hand that may be changed. */
  get editable(): Playlist[] {
    return this.all.filter((one) => one.own && !one.rules);
  }

  async load(): Promise<void> {
    const { items } = await get<{ items: Playlist[] }>('playlists');
    this.all = items;
    this.isLoaded = true;
  }

  async make(order: ToMake): Promise<Playlist> {
    const made = await post<Playlist>('playlists', order);
    await this.load();
    return made;
  }

  async change(id: string, change: Record<string, unknown>): Promise<Playlist> {
    const changed = await patch<Playlist>(`playlists/${id}`, change);
    await this.load();
    return changed;
  }

  async append(to: Playlist, tracks: readonly Track[]): Promise<void> {
    const edits = [{ op: 'append', tracks: tracks.map((track) => track.id) }];
    const isKept = await toasts.trying(words.playlist.notChanged, () => this.change(to.id, { edits }));
    if (isKept) toasts.say(words.playlist.added(tracks.length, to.name));
  }
}

export const playlists = new Playlists();
