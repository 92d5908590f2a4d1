import { SvelteMap } from 'svelte/reactivity';
import { words } from '../words';
import { toasts } from '../shell/toasts.svelte';
import { del, put } from './client';
import type { Mark } from './types';

/** A track, an album or an artist. */
export interface Marked {
  id: string;
  mark: Mark;
}

type Given = Pick<Mark, 'favourite' | 'stars'>;

/** Favourites and stars as they are now: what was given here wins over what lists were loaded with. */
class Marks {
  readonly #given = new SvelteMap<string, Given>();
  /** What is told of each thing, one after the other: the last word is to be the last one heard. */
  readonly #told = new Map<string, Promise<void>>();

  isFavourite(of: Marked): boolean {
    return this.#of(of).favourite != null;
  }

  stars(of: Marked): number {
    return this.#of(of).stars ?? 0;
  }

  setFavourite(of: Marked, loved: boolean): Promise<void> {
    const path = `favourites/${of.id}`;
    return this.#give(of, { favourite: loved ? Date.now() : null }, () => (loved ? put(path) : del(path)));
  }

  /** 0 takes the stars back. */
  setStars(of: Marked, stars: number): Promise<void> {
    const path = `ratings/${of.id}`;
    return this.#give(of, { stars: stars || null }, () => (stars ? put(path, { stars }) : del(path)));
  }

  #of(of: Marked): Given {
    return this.#given.get(of.id) ?? of.mark;
  }

  /** Shows it at once, and as it was before if the server refuses. */
  #give(of: Marked, change: Partial<Given>, tell: () => Promise<void>): Promise<void> {
    const before = this.#of(of);
    const given = { favourite: before.favourite, stars: before.stars, ...change };
    this.#given.set(of.id, given);
    const told = (this.#told.get(of.id) ?? Promise.resolve()).then(tell).catch((cause: unknown) => {
      if (this.#given.get(of.id) === given) this.#given.set(of.id, before);
      toasts.failed(words.parts.notKept, cause);
    });
    this.#told.set(of.id, told);
    return told;
  }
}

export const marks = new Marks();
