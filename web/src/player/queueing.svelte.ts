// The queue as it is changed and kept: everything of the player that makes no sound.

import { playlists } from '../api/playlists.svelte';
import type { Queue, Track } from '../api/types';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { Keeper } from './keeper';
import { Lineup } from './lineup.svelte';
import { entriesOf, MAX_QUEUE, moved, placeAfterRemoval, shuffled, shuffledBehind, without, type Entry } from './order';
import { Settings } from './settings.svelte';

export abstract class Queueing extends Settings {
  canUndo = $state(false);
  abstract isPlaying: boolean;
  abstract position: number;
  protected readonly lineup = new Lineup();
  protected readonly keeper: Keeper;
  /** Whether the engine has what is in the queue, so that it can go on with it. */
  protected isLoaded = false;
  #isRestored = false;

  constructor() {
    super();
    const kept = () => ({ entries: this.entries, place: this.place, seconds: this.position });
    this.keeper = new Keeper(kept, (cause) => toasts.failed(words.player.notKept, cause));
  }

  /** Plays from a place on. */
  protected abstract begin(place: number, seconds: number): void;
  /** Goes to a place, playing or not. */
  protected abstract load(place: number, seconds: number): void;
  /** Says where it is, without a sound. */
  protected abstract jump(seconds: number): void;
  abstract clear(): void;

  get entries(): readonly Entry[] {
    return this.lineup.entries;
  }

  get place(): number {
    return this.lineup.place;
  }

  get queue(): readonly Track[] {
    return this.lineup.tracks;
  }

  get current(): Track | null {
    return this.lineup.current?.track ?? null;
  }

  get duration(): number {
    return (this.current?.duration_ms ?? 0) / 1_000;
  }

  /** Takes up the queue the server has kept; once, when it is known who listens. */
  async restore(): Promise<void> {
    if (this.#isRestored) return;
    this.#isRestored = true;
    try {
      const queue = await this.keeper.read();
      if (this.entries.length > 0) return await this.#learnUndo();
      this.lineup.set(entriesOf(queue.entries), queue.current);
      this.jump(queue.position_ms / 1_000);
      this.canUndo = await this.keeper.canUndo();
      await this.adoptTaste();
    } catch (cause) {
      this.#isRestored = false;
      toasts.failed(words.player.notRestored, cause);
    }
  }

  playTracks(tracks: readonly Track[], at = 0, isShuffled = false): void {
    const some = tracks.slice(0, MAX_QUEUE);
    if (some.length === 0) return;
    const first = isShuffled ? Math.floor(Math.random() * some.length) : at;
    const order = isShuffled ? shuffled(some, at > 0 ? at : first) : some;
    this.jump(0);
    this.change(entriesOf(order), isShuffled ? 0 : at);
    this.begin(this.place, 0);
  }

  playNext(tracks: readonly Track[]): void {
    this.#insert(tracks, this.place + 1);
  }

  enqueue(tracks: readonly Track[]): void {
    this.#insert(tracks, this.entries.length);
  }

  move(from: number, to: number): void {
    const { current } = this.lineup;
    const entries = moved(this.entries, from, to);
    this.change(entries, current ? entries.indexOf(current) : this.place);
    this.goOn();
  }

  remove(places: readonly number[]): void {
    if (places.length >= this.entries.length) return this.clear();
    const wasCurrent = places.includes(this.place);
    const place = placeAfterRemoval(this.place, places, this.entries.length);
    this.change(without(this.entries, places), place);
    if (!wasCurrent) this.goOn();
    else if (this.isLoaded) this.load(place, 0);
    else this.jump(0);
  }

  /** What follows comes in another order, nothing of it twice. */
  shuffleRest(): void {
    this.change(shuffledBehind(this.entries, this.place), this.place);
    this.goOn();
  }

  /** Brings the queue before this one back. What is heard goes on where it is in that one too. */
  async undo(): Promise<void> {
    try {
      this.#takeBack(await this.keeper.undo());
      this.canUndo = await this.keeper.canUndo();
    } catch (cause) {
      toasts.failed(words.player.notUndone, cause);
    }
  }

  async saveAsPlaylist(name: string): Promise<boolean> {
    const tracks = this.entries.map((entry) => entry.track.id);
    return await toasts.trying(words.player.notSaved, async () => {
      await playlists.make({ name, tracks });
      toasts.say(words.player.saved(name));
    });
  }

  #insert(tracks: readonly Track[], at: number): void {
    const some = entriesOf(tracks.slice(0, MAX_QUEUE - this.entries.length));
    if (some.length < tracks.length) toasts.failed(words.player.full, words.player.fullHint(MAX_QUEUE));
    if (some.length === 0) return;
    const wasEmpty = this.entries.length === 0;
    this.change([...this.entries.slice(0, at), ...some, ...this.entries.slice(at)], Math.max(0, this.place));
    if (wasEmpty) this.begin(0, 0);
    else this.goOn();
  }

  #takeBack(queue: Queue): void {
    const heard = this.lineup.current;
    const entries = entriesOf(queue.entries);
    const at = (place: number): boolean => heard !== null && entries[place]?.track.id === heard.track.id;
    const place = at(queue.current) ? queue.current : entries.findIndex((_, one) => at(one));
    if (place >= 0 && heard) {
      entries[place] = heard;
      this.lineup.set(entries, place);
      this.goOn();
    } else {
      this.lineup.set(entries, queue.current);
      // What the engine has is another song, playing or not.
      if (this.isLoaded) this.load(queue.current, queue.position_ms / 1_000);
      else this.jump(queue.position_ms / 1_000);
    }
  }

  /** Others may have left queues on the server too. */
  async #learnUndo(): Promise<void> {
    try {
      this.canUndo = await this.keeper.canUndo();
    } catch {
      // What is known of it stays: a queue that could not be kept was told already.
    }
  }

  /** A queue the server is to keep. */
  protected change(entries: readonly Entry[], place: number): void {
    this.canUndo = this.canUndo || this.entries.length > 0;
    this.lineup.set(entries, place);
    // After what is played: that is waited for.
    void Promise.resolve().then(async () => {
      await this.keeper.now();
      await this.#learnUndo();
    });
  }

  /** Forgets the queue here, and not on the server: who listened has left. */
  protected forget(): void {
    this.keeper.drop();
    this.lineup.set([], -1);
    this.canUndo = false;
    this.#isRestored = false;
  }
}
