import { isAbort, type Page } from './client';

type AskPage<T> = (after: string | null, limit: number) => Promise<Page<T>>;

interface Options {
  pageSize?: number;
  /** How many pages are kept at most. */
  kept?: number;
  /** How many items there are, where that is known before the end is seen. */
  expected?: () => number | null;
}

interface Wanted {
  from: number;
  to: number;
}

/**
 * A long list of the server of which only what is looked at is kept. Its pages are named by what
 * stands before them, so that a page far down is reached over those before it.
 */
export class PagedList<T> {
  failure = $state.raw<unknown>(null);
  #changes = $state(0);

  readonly #ask: AskPage<T>;
  readonly #pageSize: number;
  readonly #kept: number;
  readonly #expected: () => number | null;
  #pages = new Map<number, T[]>();
  /** What was there before it was asked for anew: shown until the new pages come. */
  #before = new Map<number, T[]>();
  #cursors: (string | null)[] = [null];
  #end: number | null = null;
  #wanted: Wanted = { from: 0, to: 1 };
  #filling: Promise<void> | null = null;
  #generation = 0;

  constructor(ask: AskPage<T>, { pageSize = 200, kept = 50, expected = () => null }: Options = {}) {
    this.#ask = ask;
    this.#pageSize = pageSize;
    this.#kept = kept;
    this.#expected = expected;
  }

  /** Items in all, as far as it is known. */
  get length(): number {
    void this.#changes;
    if (this.#end !== null) return this.#end;
    const known = (this.#cursors.length - 1) * this.#pageSize;
    return Math.max(this.#expected() ?? 0, known + this.#pageSize);
  }

  /** Whether the end was seen, so that the length is the true one. */
  get isCounted(): boolean {
    void this.#changes;
    return this.#end !== null;
  }

  get isEmpty(): boolean {
    return this.isCounted && this.length === 0;
  }

  at(index: number): T | undefined {
    void this.#changes;
    const page = Math.floor(index / this.#pageSize);
    const items = this.#pages.get(page) ?? this.#before.get(page);
    return items?.[index - page * this.#pageSize];
  }

  /** Sees to it that these are there. */
  want(from: number, to: number): Promise<void> {
    this.#wanted = { from, to };
    return this.#fill();
  }

  /** These items, asked for if need be: at most as many as pages are kept. */
  async range(from: number, to: number): Promise<T[]> {
    const before = this.#wanted;
    const found: T[] = [];
    for (let at = from; at < to; at += this.#pageSize) {
      const end = Math.min(at + this.#pageSize, to);
      await this.want(at, end);
      if (this.failure !== null) throw this.failure;
      for (let one = at; one < end; one += 1) {
        const item = this.at(one);
        if (item !== undefined) found.push(item);
      }
    }
    this.#wanted = before;
    return found;
  }

  /** Asks for everything anew; what is shown stays until then. */
  refresh(): Promise<void> {
    this.#generation += 1;
    this.#before = this.#pages;
    this.#pages = new Map();
    this.#cursors = [null];
    this.#end = null;
    this.#filling = null;
    return this.#fill();
  }

  #fill(): Promise<void> {
    if (this.#missing() === null) return Promise.resolve();
    this.#filling ??= this.#fetchMissing(this.#generation).finally(() => (this.#filling = null));
    return this.#filling;
  }

  async #fetchMissing(generation: number): Promise<void> {
    this.failure = null;
    for (;;) {
      const page = this.#missing();
      if (page === null || generation !== this.#generation) return;
      try {
        const answer = await this.#ask(this.#cursors[page] ?? null, this.#pageSize);
        if (generation !== this.#generation) return;
        this.#take(page, answer);
      } catch (cause) {
        if (!isAbort(cause)) this.failure = cause;
        return;
      }
    }
  }

  /** The page to be asked for next on the way to what is wanted; null if all is there. */
  #missing(): number | null {
    const first = Math.floor(this.#wanted.from / this.#pageSize);
    const last = Math.floor(Math.max(this.#wanted.from, this.#wanted.to - 1) / this.#pageSize);
    for (let page = first; page <= last; page += 1) {
      if (this.#pages.has(page)) continue;
      if (page < this.#cursors.length) return page;
      return this.#end === null ? this.#cursors.length - 1 : null;
    }
    return null;
  }

  #take(page: number, answer: Page<T>): void {
    this.#pages.delete(page);
    this.#pages.set(page, answer.items);
    const next = answer.next ?? null;
    if (next === null) this.#end = page * this.#pageSize + answer.items.length;
    else if (page + 1 === this.#cursors.length) this.#cursors.push(next);
    this.#forgetFarPages();
    this.#changes += 1;
  }

  #forgetFarPages(): void {
    const middle = (this.#wanted.from + this.#wanted.to) / 2 / this.#pageSize;
    while (this.#pages.size > this.#kept) {
      const farthest = [...this.#pages.keys()].reduce((one, other) =>
        Math.abs(other - middle) > Math.abs(one - middle) ? other : one,
      );
      this.#pages.delete(farthest);
    }
  }
}
