import type { SongOrder } from '../api/types';
import { draftOf, EMPTY, type Draft } from './order';

interface Source {
  song: number;
  version: number;
  title: string;
}

/** What is being written, kept while other screens are looked at. */
class Drafting {
  draft = $state<Draft>({ ...EMPTY });
  /** The version this is to take the place of, where it is no new song. */
  source = $state.raw<Source | null>(null);
  hasOptions = $state(false);

  clear(): void {
    this.draft = { ...EMPTY };
    this.source = null;
    this.hasOptions = false;
  }

  /** Begins with what was asked for once. */
  remake(order: SongOrder, source: Source): void {
    this.draft = draftOf(order);
    this.source = source;
    this.hasOptions = true;
  }
}

export const drafting = new Drafting();
