import type { Page } from './client';

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
  /** What is looked at, and what else somebody waits for. */
  #seen: Wanted = { from: 0, to: 1 };
  readonly #awaited = new Set<Wanted>();
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
    if (this.#end !== null && index >= this.#end) return undefined;
    const page = Math.floor(index / this.#pageSize);
    const items = this.#pages.get(page) ?? this.#before.get(page);
    return items?.[index - page * this.#pageSize];
  }

  /** Sees to it that these are there. */
  want(from: number, to: number): Promise<void> {
    this.#seen = { from, to };
    return this.#fill();
  }

  /** These items, asked for if need be. */
  async range(from: number, to: number): Promise<T[]> {
    const found: T[] = [];
    for (let at = from; at < to; at += this.#pageSize) {
      found.push(...(await this.#part({ from: at, to: Math.min(at + this.#pageSize, to) })));
    }
    return found;
  }

  async #part(part: Wanted): Promise<T[]> {
    this.#awaited.add(part);
    try {
      // Asked for anew meanwhile, the list begins again from its first page.
      while (this.#missing(this.#pagesOf([part])) !== null) {
        await this.#fill();
        if (this.failure !== null) throw this.failure;
      }
      const places = Array.from({ length: part.to - part.from }, (_, at) => part.from + at);
      return places.map((at) => this.at(at)).filter((item) => item !== undefined);
    } finally {
      this.#awaited.delete(part);
    }
  }

  /** Shows an item in another place before the server has put it there; what is not loaded comes anew. */
  move(from: number, to: number): void {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const first = Math.floor(low / this.#pageSize);
    const last = Math.floor(high / this.#pageSize);
    const pages = Array.from({ length: last - first + 1 }, (_, at) => this.#pages.get(first + at));
    if (pages.some((page) => page === undefined)) return;
    const items = pages.flatMap((page) => page ?? []);
    const start = first * this.#pageSize;
    items.splice(to - start, 0, ...items.splice(from - start, 1));
    pages.forEach((_, at) => {
      this.#pages.set(first + at, items.slice(at * this.#pageSize, (at + 1) * this.#pageSize));
    });
    this.#changes += 1;
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
    if (this.#filling) return this.#filling;
    const filling = this.#fetchMissing(this.#generation).finally(() => {
      if (this.#filling === filling) this.#filling = null;
    });
    this.#filling = filling;
    return filling;
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
        if (generation === this.#generation) this.failure = cause;
        return;
      }
    }
  }

  /** The page to be asked for next on the way to what is wanted; null if all is there. */
  #missing(wanted = this.#wantedPages()): number | null {
    for (const page of wanted) {
      if (this.#pages.has(page)) continue;
      if (page < this.#cursors.length) return page;
      if (this.#end === null) return this.#cursors.length - 1;
    }
    return null;
  }

  #wantedPages(): Set<number> {
    return this.#pagesOf([...this.#awaited, this.#seen]);
  }

  #pagesOf(parts: readonly Wanted[]): Set<number> {
    const pages = new Set<number>();
    for (const { from, to } of parts) {
      const last = Math.floor(Math.max(from, to - 1) / this.#pageSize);
      for (let page = Math.floor(from / this.#pageSize); page <= last; page += 1) pages.add(page);
    }
    return pages;
  }

  #take(page: number, answer: Page<T>): void {
    this.#pages.set(page, answer.items);
    const next = answer.next ?? null;
    if (next === null) this.#end = page * this.#pageSize + answer.items.length;
    else if (page + 1 === this.#cursors.length) this.#cursors.push(next);
    this.#forgetFarPages();
    this.#changes += 1;
  }

  /** Those farthest from what is looked at go first; what is wanted stays. */
  #forgetFarPages(): void {
    const wanted = this.#wantedPages();
    const middle = (this.#seen.from + this.#seen.to) / 2 / this.#pageSize;
    const far = (page: number) => Math.abs(page - middle);
    while (this.#pages.size > this.#kept) {
      const others = [...this.#pages.keys()].filter((page) => !wanted.has(page));
      if (others.length === 0) return;
      this.#pages.delete(others.reduce((one, other) => (far(other) > far(one) ? other : one)));
    }
  }
}
