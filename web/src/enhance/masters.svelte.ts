// The mastered files of one song: ordered, made, taken along.

import { del, get, post, type Page } from '../api/client';
import { library } from '../api/library.svelte';
import type { components } from '../api/schema';
import type { Job } from '../api/types';

export type SongFile = components['schemas']['SongFile'];
export type MasterOrder = components['schemas']['MasterOrder'];

const LOOKED_THROUGH = 100;

export interface Master {
  job: Job;
  files: readonly SongFile[];
}

export class Masters {
  list = $state.raw<readonly Master[]>([]);
  readonly #track: string;

  constructor(track: string) {
    this.#track = track;
  }

  /** Keeps the list true until told to stop. */
  watch(): () => void {
    void this.#load();
    return library.onJob((event) => {
      if (event === null) void this.#load();
      else if (this.list.some((master) => master.job.id === event.id)) void this.#refresh(event.id);
    });
  }

  async order(order: MasterOrder): Promise<void> {
    const job = await post<Job>(`tracks/${this.#track}/masters`, order);
    this.list = [{ job, files: [] }, ...this.list];
  }

  async cancel(id: number): Promise<void> {
    await del(`jobs/${id}`);
    await this.#refresh(id);
  }

  async #load(): Promise<void> {
    try {
      const { items } = await get<Page<Job>>('jobs', { limit: LOOKED_THROUGH });
      const own = items.filter((job) => job.track === this.#track);
      this.list = await Promise.all(own.map((job) => this.#filed(job)));
    } catch {
      // Earlier masters are a convenience: an order tells what is wrong.
      this.list = [];
    }
  }

  async #refresh(id: number): Promise<void> {
    const master = await this.#filed(await get<Job>(`jobs/${id}`));
    this.list = this.list.map((one) => (one.job.id === id ? master : one));
  }

  async #filed(job: Job): Promise<Master> {
    if (job.state.is !== 'mastered') return { job, files: [] };
    try {
      return { job, files: (await get<{ items: SongFile[] }>(`jobs/${job.id}/files`)).items };
    } catch {
      // Its files were deleted: that it was made is still true.
      return { job, files: [] };
    }
  }
}
