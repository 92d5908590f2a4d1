// The songs of who asks.
import { del, get, post, type Page } from '../api/client';
import type { Job, Song, SongOrder, SongVersion } from '../api/types';

const PAGE = 24;

class Songs {
  list = $state.raw<readonly Song[]>([]);
  isLoaded = $state(false);
  next = $state<string | null>(null);
  cause = $state.raw<unknown>(null);
  readonly there = $derived(this.list.filter((song) => !isDeleted(song)));
  readonly deleted = $derived(this.list.filter((song) => isDeleted(song) && canRestore(song)));

  async load(): Promise<void> {
    try {
      const page = await get<Page<Song>>('songs', { limit: Math.min(100, Math.max(PAGE, this.list.length)) });
      this.list = page.items;
      this.next = page.next ?? null;
      this.cause = null;
    } catch (cause) {
      this.cause = cause;
    }
    this.isLoaded = true;
  }

  async more(): Promise<void> {
    if (!this.next) return;
    const page = await get<Page<Song>>('songs', { limit: PAGE, after: this.next });
    this.list = [...this.list, ...page.items];
    this.next = page.next ?? null;
  }

  order(order: SongOrder): Promise<Job> {
    return post<Job>('songs', order);
  }

  remake(song: number, of: number, order: SongOrder): Promise<Job> {
    return post<Job>(`songs/${song}/versions`, { of, order });
  }

  async remove(id: number): Promise<void> {
    await del(`songs/${id}`);
    this.#keep(id, 'deleted');
  }

  async restore(id: number): Promise<void> {
    await post<Song>(`songs/${id}/restore`);
    this.#keep(id, 'whole');
  }

  #keep(id: number, kept: 'deleted' | 'whole'): void {
    const turned = (version: SongVersion): SongVersion =>
      version.kept === 'collected' ? version : { ...version, kept };
    this.list = this.list.map((song) => (song.id === id ? { ...song, versions: song.versions.map(turned) } : song));
  }
}

export function isDeleted(song: Song): boolean {
  return song.versions.every((version) => version.kept !== 'whole');
}

export function canRestore(song: Song): boolean {
  return song.versions.some((version) => version.kept === 'deleted');
}

/** The version that is shown unless another is asked for: the last whose files are there. */
export function latest(song: Song): SongVersion | undefined {
  return song.versions.findLast((version) => version.kept === 'whole') ?? song.versions.at(-1);
}

export const songs = new Songs();
