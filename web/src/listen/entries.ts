import { get, type Page } from '../api/client';
import { PagedList } from '../api/paged.svelte';
import type { Entries, Track } from '../api/types';
import type { Gather } from './playing';

const MOST = 10_000;
const PAGE = 500;

/** A part of a playlist as a page: its places serve as cursors. */
async function page(id: string, after: string | null, limit: number): Promise<Page<Track>> {
  const { from, items, of } = await get<Entries>(`playlists/${id}/entries`, { from: Number(after ?? 0), limit });
  const end = from + items.length;
  return { items, next: end < of && items.length > 0 ? String(end) : null };
}

/** The tracks of a playlist in their places. */
export const entriesOf = (id: string, expected: () => number | null): PagedList<Track> =>
  new PagedList<Track>((after, limit) => page(id, after, limit), { expected });

/** All tracks of a playlist whose files are there. */
export const tracksOfPlaylist =
  (id: string): Gather =>
  async () => {
    const found: Track[] = [];
    let after: string | null = null;
    do {
      const part: Page<Track> = await page(id, after, PAGE);
      found.push(...part.items.filter((track) => track.missing == null));
      after = part.next ?? null;
    } while (after !== null && found.length < MOST);
    return found;
  };
