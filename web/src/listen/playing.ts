// Playing things: albums, artists, lists. What goes wrong is told.

import { ApiError, get, post, type Query } from '../api/client';
import type { Similar, Track } from '../api/types';
import { player } from '../player/player.svelte';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { loadedAround, type Rows } from './rows';

/** So many tracks beyond the one that was chosen come into the queue. */
const BEYOND = 1_000;
const SHUFFLED = 500;

export type Gather = () => Promise<Track[]>;

export async function playGathered(gather: Gather, shuffled = false): Promise<void> {
  await toasts.trying(words.tracks.notLoaded, async () => {
    const tracks = await gather();
    if (tracks.length > 0) player.playTracks(tracks, shuffled ? Math.floor(Math.random() * tracks.length) : 0, shuffled);
  });
}

export async function enqueueGathered(gather: Gather, next: boolean): Promise<void> {
  await toasts.trying(words.tracks.notLoaded, async () => {
    const tracks = await gather();
    if (tracks.length === 0) return;
    if (next) player.playNext(tracks);
    else player.enqueue(tracks);
    toasts.say((next ? words.menu.next : words.menu.queued)(tracks.length));
  });
}

/** Plays a list from one of its rows on: what is there at once, the rest as it comes. */
export async function playFrom(rows: Rows, index: number): Promise<void> {
  const { from, tracks } = loadedAround(rows, index, BEYOND);
  if (tracks.length === 0) return;
  player.playTracks(tracks, index - from);
  const end = Math.min(rows.length, index + BEYOND);
  const known = from + tracks.length;
  if (known >= end) return;
  await toasts.trying(words.tracks.notLoaded, async () => {
    const before = player.queue;
    const rest = await rows.range(known, end);
    const isTheSame = player.queue.length === before.length && player.queue[0]?.id === before[0]?.id;
    if (isTheSame && rest.length > 0) player.enqueue(rest);
  });
}

/** All tracks a question finds, up to a number of them. */
export async function allTracks(query: Query, most = 2_000): Promise<Track[]> {
  const found: Track[] = [];
  let after: string | null = null;
  do {
    const page: { items: Track[]; next?: string | null } = await get('tracks', { ...query, limit: 500, after });
    found.push(...page.items);
    after = page.next ?? null;
  } while (after !== null && found.length < most);
  return found;
}

export const tracksOfAlbum = (id: string): Gather => async () =>
  (await get<{ items: Track[] }>(`albums/${id}/tracks`)).items;

export const tracksOfArtist = (id: string): Gather => () => allTracks({ artist: id, order: 'year' });

export const tracksOfGenre = (name: string): Gather => () => allTracks({ genre: name, order: 'artist' });

/** A way from the first of two tracks to the second, over tracks that sound like what lies between. */
export const pathBetween = (gather: Gather): Gather => async () => {
  const [from, to] = await gather();
  try {
    const { items } = await get<Similar>('sonic-path', { from: from?.id, to: to?.id });
    return items.map((near) => near.track);
  } catch (cause) {
    throw cause instanceof ApiError && cause.status === 404 ? new Error(words.tracks.noPath) : cause;
  }
};

/** Tracks of the whole library by chance: of a larger one some hundreds. */
export const tracksByChance: Gather = async () => {
  const rules = { all: [{ gt: { duration: 0 } }], sort: 'random' };
  const { items } = await post<{ items: Track[] }>('playlists/preview', { rules, limit: SHUFFLED });
  return items;
};
