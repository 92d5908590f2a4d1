// What makes the sound: one of two, by what the browser has. The player tells it what is wanted and hears what is heard.

import type { Entry } from './order';
import type { EndReason, EnhanceSetting, PlanTold, StreamRate } from './protocol';
import type { Flow } from './ring';
import type { Report } from './port';
import type { Level } from '../api/types';

/** What a stream is to be. */
export interface Programme {
  entries: readonly Entry[];
  crossfade: number;
  level: Level;
  enhance: EnhanceSetting | null;
}

/** What is heard now. */
export interface Hearing {
  /** The place in the list of the programme. */
  place: number;
  entry: Entry;
  seconds: number;
  plan: PlanTold | null;
  /** Whether the original is there beside what is heard. */
  paired: boolean;
  flow: Flow;
}

export type SleepWish = { minutes: number } | 'track' | null;

/** What is set of it, as the one that keeps it tells. */
export interface Sleeping {
  seconds: number | null;
  atEnd: boolean;
}

export interface EngineListener {
  hears(hearing: Hearing): void;
  /** Nothing of what was asked for is there yet. */
  waits(): void;
  /** All was heard, or the server will send no more. */
  ended(reason: EndReason): void;
  sleeps(sleeping: Sleeping): void;
  /** Something went wrong, with a track where that is known; music goes on. */
  trouble(cause: unknown, entry?: Entry): void;
  /** Nothing can be heard. */
  failed(cause: unknown): void;
  connected(isConnected: boolean): void;
}

/** For meters that are drawn sixty times a second. */
export interface Metered {
  analyser: AnalyserNode;
  rate: StreamRate;
  report: Report | null;
}

export interface Engine {
  /** Called with the first click on the page, so that the first sound comes sooner. */
  prepare(): void;
  /** Plays a programme from a place on. */
  begin(programme: Programme, place: number, seconds: number): void;
  /** Goes on with what is heard now under a programme that has changed. */
  change(programme: Programme): void;
  pause(paused: boolean): void;
  stop(): void;
  /** 0 to 1, as the ear hears it. */
  volume(volume: number): void;
  sleep(wish: SleepWish): void;
  /** Whether the original is sent along, and which of the two is heard. */
  compare(on: boolean): void;
  hear(original: boolean): void;
  metered(): Metered | null;
}
