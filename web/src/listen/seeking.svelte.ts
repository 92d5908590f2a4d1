// What is sought while it is typed, and the mark that arrow keys move over what was found.

import { untrack } from 'svelte';
import { get, isAbort } from '../api/client';
import { linesOf, type Finds, type Line } from './searching';

const DEBOUNCE_MS = 150;
const EACH = 30;
const PAGE = 8;

interface Wish {
  /** What of the finds is shown, and in which order. */
  lines?: (finds: Finds) => Line[];
  /** Told before the server is asked for something. */
  begins?: (asked: string) => void;
}

/** To be made while a component is made. */
export class Seeking {
  asked = $state('');
  finds = $state.raw<Finds | null>(null);
  /** What the finds answer. */
  answered = $state('');
  failure = $state.raw<unknown>(null);
  cursor = $state(0);
  readonly id: string;
  readonly #linesOf: (finds: Finds) => Line[] = linesOf;
  readonly lines = $derived(this.finds ? this.#linesOf(this.finds) : []);
  readonly current = $derived(this.lines[this.cursor]);
  readonly keys: Record<string, () => void> = {
    ArrowDown: () => this.#goTo(this.cursor + 1),
    ArrowUp: () => this.#goTo(this.cursor - 1),
    PageDown: () => this.#goTo(this.cursor + PAGE),
    PageUp: () => this.#goTo(this.cursor - PAGE),
  };
  readonly #begins: Wish['begins'];
  #times = $state(0);

  constructor(id: string, asked: string, { lines = linesOf, begins }: Wish = {}) {
    this.id = id;
    this.asked = asked;
    this.#begins = begins;
    this.#linesOf = lines;
    $effect(() => this.#follow());
  }

  lineId(at: number): string {
    return `${this.id}-${at}`;
  }

  again(): void {
    this.#times += 1;
  }

  /** Asks once nothing more is typed for a moment. */
  #follow(): () => void {
    const q = this.asked.trim();
    void this.#times;
    const ending = new AbortController();
    const isKnown = untrack(() => q === this.answered);
    const wait = setTimeout(() => void this.#ask(q, ending.signal), isKnown ? 0 : DEBOUNCE_MS);
    return () => {
      clearTimeout(wait);
      ending.abort();
    };
  }

  async #ask(q: string, signal: AbortSignal): Promise<void> {
    this.#begins?.(q);
    this.failure = null;
    if (q === '') {
      this.finds = null;
      return;
    }
    try {
      this.finds = await get<Finds>('search', { q, limit: EACH }, signal);
      this.answered = q;
      this.cursor = 0;
    } catch (cause) {
      if (!isAbort(cause)) this.failure = cause;
    }
  }

  #goTo(at: number): void {
    this.cursor = Math.min(this.lines.length - 1, Math.max(0, at));
    document.getElementById(this.lineId(this.cursor))?.scrollIntoView({ block: 'nearest' });
  }
}
