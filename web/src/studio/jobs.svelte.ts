// The jobs of who asks: the list, and what the server tells of each while it is made.
import { del, get, type Page } from '../api/client';
import { library, type JobEvent } from '../api/library.svelte';
import type { Job } from '../api/types';
import { isOpen, parted } from './stages';

const PAGE = 50;

type Ended = (job: Job) => void;

class Jobs {
  list = $state.raw<readonly Job[]>([]);
  isLoaded = $state(false);
  next = $state<string | null>(null);
  cause = $state.raw<unknown>(null);
  /** When the server told the list last, in milliseconds. */
  answeredAt = $state<number | null>(null);
  readonly parted = $derived(parted(this.list));

  readonly #whenEnded = new Set<Ended>();
  #users = 0;
  #leave: (() => void) | null = null;

  /** Keeps the list true for as long as somebody looks; tells of jobs that end meanwhile. */
  watch(ended?: Ended): () => void {
    if (ended) this.#whenEnded.add(ended);
    this.#users += 1;
    if (this.#users === 1) {
      this.#leave = library.onJob((event) => void (event ? this.#heard(event) : this.load()));
      void this.load();
    }
    return () => {
      if (ended) this.#whenEnded.delete(ended);
      this.#users -= 1;
      if (this.#users > 0) return;
      this.#leave?.();
      this.#leave = null;
    };
  }

  async load(): Promise<void> {
    try {
      const page = await get<Page<Job>>('jobs', { limit: PAGE });
      const open = new Set(this.list.filter(isOpen).map((job) => job.id));
      this.list = page.items;
      this.next = page.next ?? null;
      this.cause = null;
      this.answeredAt = Date.now();
      for (const job of page.items) if (open.has(job.id)) this.#told(job);
    } catch (cause) {
      this.cause = cause;
    }
    this.isLoaded = true;
  }

  async more(): Promise<void> {
    if (!this.next) return;
    const page = await get<Page<Job>>('jobs', { limit: PAGE, after: this.next });
    this.list = [...this.list, ...page.items];
    this.next = page.next ?? null;
  }

  add(job: Job): void {
    this.#put(job);
  }

  async cancel(id: number): Promise<void> {
    this.#put(await del<Job>(`jobs/${id}`));
  }

  async #heard({ id, state }: JobEvent): Promise<void> {
    const known = this.list.find((job) => job.id === id);
    if (known && isOpen({ state })) {
      this.#put({ ...known, state });
      return;
    }
    try {
      const job = await get<Job>(`jobs/${id}`);
      this.#put(job);
      this.#told(job);
    } catch {
      await this.load();
    }
  }

  #told(job: Job): void {
    if (!isOpen(job)) for (const ended of this.#whenEnded) ended(job);
  }

  #put(job: Job): void {
    const isKnown = this.list.some((one) => one.id === job.id);
    this.list = isKnown ? this.list.map((one) => (one.id === job.id ? job : one)) : [job, ...this.list];
  }
}

export const jobs = new Jobs();
