// Which track, and which moment of it, a frame of the timeline is.

import type { Entry } from './order';
import type { Boundary, PlanTold, Started } from './protocol';

interface Mark {
  frame: number;
  place: number;
  entry: Entry;
  /** The frame of the track that is heard at `frame`. */
  at: number;
}

export interface Moment {
  /** The place in the list of its epoch. */
  place: number;
  entry: Entry;
  /** The frame of the track. */
  at: number;
  plan: PlanTold | null;
}

interface Epoch {
  list: readonly Entry[];
  marks: Mark[];
  plans: PlanTold[];
}

/** More are never under way: older ones are no longer heard. */
const KEPT = 8;

function lastUpTo<T extends { frame: number }>(items: readonly T[], frame: number): T | null {
  return items.findLast((item) => item.frame <= frame) ?? null;
}

export class Timeline {
  readonly #epochs = new Map<number, Epoch>();

  /** An epoch that was asked for, of a list as it was then. */
  asked(epoch: number, list: readonly Entry[]): void {
    this.#epochs.set(epoch, { list, marks: [], plans: [] });
    for (const old of this.#epochs.keys()) if (old <= epoch - KEPT) this.#epochs.delete(old);
  }

  /** Takes what the server says of a frame; an epoch nobody asked for is passed over. */
  told(said: Started | Boundary | PlanTold): void {
    const epoch = this.#epochs.get(said.epoch);
    const entry = epoch?.list[said.place];
    if (epoch === undefined || entry === undefined) return;
    if (said.event === 'plan') epoch.plans.push(said);
    // A list that has just changed may be meant already: then the next epoch tells it too.
    else if (entry.track.id === said.track) epoch.marks.push({ frame: said.frame, place: said.place, entry, at: said.at });
  }

  /** Whether anything of an epoch is to be heard. */
  hasBegun(epoch: number): boolean {
    return (this.#epochs.get(epoch)?.marks.length ?? 0) > 0;
  }

  /** What stands at a place of the list an epoch has. */
  entryOf(epoch: number, place: number): Entry | undefined {
    return this.#epochs.get(epoch)?.list[place];
  }

  at(epoch: number, frame: number): Moment | null {
    const known = this.#epochs.get(epoch);
    const mark = known && lastUpTo(known.marks, frame);
    if (!known || !mark) return null;
    const plan = known.plans.findLast((one) => one.frame <= frame && known.list[one.place]?.key === mark.entry.key);
    return { place: mark.place, entry: mark.entry, at: mark.at + frame - mark.frame, plan: plan ?? null };
  }
}
