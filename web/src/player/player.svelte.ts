// The one owner of what is played in this page.

import { inWords, post } from '../api/client';
import { playlists } from '../api/playlists.svelte';
import type { Queue, Track } from '../api/types';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { ElementEngine } from './element';
import type { Engine, EngineListener, Hearing, Metered, Programme, Sleeping, SleepWish } from './engine';
import { Heard, type Outcome } from './heard';
import { Keeper, PLAYER_NAME } from './keeper';
import { LiveEngine } from './live';
import { entriesOf, MAX_QUEUE, moved, placeAfterRemoval, shuffled, shuffledBehind, unrolled, without } from './order';
import type { Entry, Repeat } from './order';
import type { EndReason, EnhanceSetting, PlanTold } from './protocol';
import { Settings } from './settings.svelte';
import { findTier } from './tier';

export type { Entry, Repeat } from './order';
export type Side = 'enhanced' | 'original';

/** Further in than this, "previous" is the beginning of the same track. */
const RESTART_S = 3;
const KEEP_EVERY_S = 15;

class Player extends Settings implements EngineListener {
  entries = $state.raw<readonly Entry[]>([]);
  place = $state(-1);
  isPlaying = $state(false);
  /** Nothing of what was asked for is there yet. */
  isWaiting = $state(false);
  isConnected = $state(true);
  /** Seconds of the track, to a quarter; `now()` knows it to the frame. */
  position = $state(0);
  /** What is done to the track that is heard, as the server told it. */
  plan = $state.raw<PlanTold | null>(null);
  canUndo = $state(false);
  sleeping = $state.raw<{ until: number | null; atEnd: boolean } | null>(null);
  compare = $state(false);
  /** Whether the original is there beside what is heard, so that one can go over to it. */
  isPaired = $state(false);
  side = $state<Side>('enhanced');
  /** Which of the two is heard is told to nobody. */
  isBlind = $state(false);
  readonly tier = findTier();

  readonly queue: readonly Track[] = $derived(this.entries.map((entry) => entry.track));
  readonly current: Track | null = $derived(this.entries[this.place]?.track ?? null);
  readonly duration: number = $derived((this.current?.duration_ms ?? 0) / 1_000);

  readonly #keeper: Keeper;
  readonly #heard = new Heard((entry, outcome, since) => this.#count(entry, outcome, since));
  #engine: Engine | null = null;
  #places = new Map<number, number>();
  /** Whether the engine has what is in the queue, so that it can go on with it. */
  #isLoaded = false;
  #hasEnded = false;
  #list: { entries: readonly Entry[]; repeat: Repeat; key: number; list: readonly Entry[] } | null = null;
  #isRolling = false;
  #lastKept = 0;
  #exact = { seconds: 0, at: 0, runs: false };
  #isRestored = false;

  constructor() {
    super();
    const kept = () => ({ entries: this.entries, place: this.place, seconds: this.position });
    // Browsers open a sound only after a click, which may be any.
    for (const event of ['pointerdown', 'keydown'] as const) {
      document.addEventListener(event, () => this.#sound().prepare(), { once: true });
    }
    this.#keeper = new Keeper(kept, (cause) => toasts.failed(words.player.notKept, inWords(cause)));
  }

  /** Takes up the queue the server has kept; once, when it is known who listens. */
  async restore(): Promise<void> {
    if (this.#isRestored) return;
    this.#isRestored = true;
    try {
      const queue = await this.#keeper.read();
      if (this.entries.length > 0) return;
      this.#setQueue(entriesOf(queue.entries), queue.current);
      this.#jump(queue.position_ms / 1_000);
      this.canUndo = await this.#keeper.canUndo();
      await this.adoptTaste();
    } catch (cause) {
      toasts.failed(words.player.notRestored, inWords(cause));
    }
  }

  playTracks(tracks: readonly Track[], at = 0, isShuffled = false): void {
    const some = tracks.slice(0, MAX_QUEUE);
    if (some.length === 0) return;
    const first = isShuffled ? Math.floor(Math.random() * some.length) : at;
    const order = isShuffled ? shuffled(some, at > 0 ? at : first) : some;
    this.#change(entriesOf(order), isShuffled ? 0 : at);
    this.#begin(this.place, 0);
  }

  playNext(tracks: readonly Track[]): void {
    this.#insert(tracks, this.place + 1);
  }

  enqueue(tracks: readonly Track[]): void {
    this.#insert(tracks, this.entries.length);
  }

  /** Goes to a place of the queue. */
  playAt(place: number): void {
    if (this.entries[place]) this.#begin(place, 0);
  }

  toggle(): void {
    if (!this.current) return;
    if (this.isPlaying) this.pause();
    else if (this.#isLoaded && !this.#hasEnded) this.#resume();
    else if (this.position < this.duration - 1) this.#begin(this.place, this.position);
    else this.#begin((this.place + 1) % this.entries.length, 0);
  }

  play(): void {
    if (!this.isPlaying) this.toggle();
  }

  pause(): void {
    this.isPlaying = false;
    this.#exact = { ...this.#exact, seconds: this.now(), runs: false };
    this.#engine?.pause(true);
    this.#keeper.soon();
  }

  next(): void {
    const last = this.place >= this.entries.length - 1;
    if (!last) this.#begin(this.place + 1, 0);
    else if (this.repeat !== 'off' && this.entries.length > 0) this.#begin(0, 0);
  }

  previous(): void {
    if (this.now() > RESTART_S || this.place <= 0) this.seek(0);
    else this.#begin(this.place - 1, 0);
  }

  seek(seconds: number): void {
    if (!this.current) return;
    const to = Math.min(Math.max(0, seconds), Math.max(0, this.duration - 0.25));
    if (this.#isLoaded && !this.#hasEnded) this.#load(this.place, to);
    else this.#jump(to);
  }

  seekBy(seconds: number): void {
    this.seek(this.now() + seconds);
  }

  /** Seconds of the track at this very moment: for what is drawn sixty times a second. */
  now(): number {
    const { seconds, at, runs } = this.#exact;
    return runs ? Math.min(this.duration, seconds + (performance.now() - at) / 1_000) : seconds;
  }

  move(from: number, to: number): void {
    const current = this.entries[this.place];
    const entries = moved(this.entries, from, to);
    this.#change(entries, current ? entries.indexOf(current) : this.place);
    this.goOn();
  }

  remove(places: readonly number[]): void {
    if (places.length >= this.entries.length) return this.clear();
    const wasCurrent = places.includes(this.place);
    const place = placeAfterRemoval(this.place, places, this.entries.length);
    this.#change(without(this.entries, places), place);
    if (!wasCurrent) this.goOn();
    else if (this.#isLoaded) this.#load(place, 0);
    else this.#jump(0);
  }

  clear(): void {
    this.#engine?.stop();
    this.isPlaying = false;
    this.#isLoaded = false;
    this.#heard.leave();
    this.#change([], -1);
    this.#jump(0);
  }

  /** What follows comes in another order, nothing of it twice. */
  shuffleRest(): void {
    this.#change(shuffledBehind(this.entries, this.place), this.place);
    this.goOn();
  }

  /** Brings the queue before this one back. What is heard goes on where it is in that one too. */
  async undo(): Promise<void> {
    try {
      this.#takeBack(await this.#keeper.undo());
      this.canUndo = await this.#keeper.canUndo();
    } catch (cause) {
      toasts.failed(words.player.notUndone, inWords(cause));
    }
  }

  async saveAsPlaylist(name: string): Promise<boolean> {
    const tracks = this.entries.map((entry) => entry.track.id);
    return await toasts.trying(words.player.notSaved, async () => {
      await playlists.make({ name, tracks });
      toasts.say(words.player.saved(name));
    });
  }

  override setEnhance(enhance: EnhanceSetting | null): void {
    if (enhance === null) this.setCompare(false);
    super.setEnhance(enhance);
  }

  /** What the server remembers of a sound has changed: what is heard is made again. */
  remake(): void {
    this.goOn();
  }

  /** Has the original sent along, so that the two can be heard in turn at once. */
  setCompare(on: boolean): void {
    this.compare = on && this.tier.tier === 'exact';
    if (!on) this.setSide('enhanced');
    this.#engine?.compare(this.compare);
  }

  setSide(side: Side): void {
    this.side = side;
    this.#engine?.hear(side === 'original');
  }

  /** For blind tests: what is heard changes, and nothing that can be seen does. */
  hearBlind(original: boolean): void {
    this.#engine?.hear(original);
  }

  sleep(wish: SleepWish): void {
    this.#engine?.sleep(wish);
  }

  metered(): Metered | null {
    return this.#engine?.metered() ?? null;
  }

  hears(hearing: Hearing): void {
    const place = this.#places.get(hearing.entry.key);
    if (place === undefined) return;
    const runs = hearing.flow === 'playing';
    this.isWaiting = hearing.flow === 'waiting';
    this.plan = hearing.plan;
    this.isPaired = hearing.paired;
    this.#exact = { seconds: hearing.seconds, at: performance.now(), runs };
    this.position = Math.floor(hearing.seconds * 4) / 4;
    if (this.place !== place) this.#arrive(place);
    // Where sound comes over a socket, the server itself knows what was heard, and counts it.
    if (runs && this.tier.tier === 'stream') this.#heard.at(hearing.entry, hearing.seconds, Date.now());
    if (Math.abs(this.position - this.#lastKept) >= KEEP_EVERY_S) this.#keepSoon();
    this.#roll(hearing.place);
  }

  waits(): void {
    this.isWaiting = this.isPlaying;
  }

  ended(reason: EndReason): void {
    this.#heard.leave();
    if (reason === 'end' && this.repeat !== 'off') return this.#begin(0, 0);
    this.#hasEnded = reason === 'end' || reason === 'sleep';
    this.pause();
    this.sleeping = null;
    if (reason === 'replaced') toasts.say(words.player.replaced);
  }

  sleeps(sleeping: Sleeping): void {
    const isSet = sleeping.seconds !== null || sleeping.atEnd;
    const until = sleeping.seconds === null ? null : Date.now() + sleeping.seconds * 1_000;
    this.sleeping = isSet ? { until, atEnd: sleeping.atEnd } : null;
  }

  trouble(message: string, entry?: Entry): void {
    toasts.failed(entry ? words.player.troubleWith(entry.track.title) : words.player.trouble, message);
  }

  failed(message: string): void {
    this.isPlaying = false;
    this.isWaiting = false;
    this.#engine?.pause(true);
    this.#isLoaded = false;
    toasts.failed(words.player.failed, message);
  }

  connected(isConnected: boolean): void {
    this.isConnected = isConnected;
  }

  #begin(place: number, seconds: number): void {
    this.isPlaying = true;
    this.#sound().pause(false);
    this.#load(place, seconds);
  }

  #resume(): void {
    this.isPlaying = true;
    this.#sound().pause(false);
  }

  #load(place: number, seconds: number): void {
    this.#isLoaded = true;
    this.#hasEnded = false;
    this.#isRolling = false;
    if (this.place !== place) this.#arrive(place);
    this.#jump(seconds);
    this.isWaiting = this.isPlaying;
    this.#sound().begin(this.#programme(), this.repeat === 'one' ? 0 : place, seconds);
  }

  /** Tells the engine that what follows, or how it sounds, has changed. */
  protected goOn(): void {
    if (this.#isLoaded && !this.#hasEnded) this.#sound().change(this.#programme());
  }

  protected tellLoudness(): void {
    this.#engine?.volume(this.loudness);
  }

  #sound(): Engine {
    if (this.#engine === null) {
      this.#engine = this.tier.tier === 'exact' ? new LiveEngine(this) : new ElementEngine(this);
      this.#engine.volume(this.loudness);
      this.#engine.compare(this.compare);
    }
    return this.#engine;
  }

  #programme(): Programme {
    const key = this.repeat === 'one' ? (this.entries[this.place]?.key ?? 0) : 0;
    const known = this.#list;
    const isSame = known?.entries === this.entries && known.repeat === this.repeat && known.key === key;
    const list = isSame ? known.list : unrolled(this.entries, this.place, this.repeat);
    this.#list = { entries: this.entries, repeat: this.repeat, key, list };
    return { entries: list, crossfade: this.crossfade, level: this.level, enhance: this.enhance };
  }

  /** Near the end of a list that was unrolled, it begins again from its first turn. */
  #roll(place: number): void {
    if (this.repeat === 'off') return;
    const list = this.#list?.list ?? [];
    const turn = this.repeat === 'one' ? 1 : this.entries.length;
    const isLastTurn = list.length > turn && place >= list.length - turn;
    if (isLastTurn && !this.#isRolling) this.goOn();
    this.#isRolling = isLastTurn;
  }

  #insert(tracks: readonly Track[], at: number): void {
    const some = entriesOf(tracks.slice(0, MAX_QUEUE - this.entries.length));
    if (some.length < tracks.length) toasts.failed(words.player.full, words.player.fullHint(MAX_QUEUE));
    if (some.length === 0) return;
    const wasEmpty = this.entries.length === 0;
    this.#change([...this.entries.slice(0, at), ...some, ...this.entries.slice(at)], Math.max(0, this.place));
    if (wasEmpty) this.#begin(0, 0);
    else this.goOn();
  }

  #takeBack(queue: Queue): void {
    const heard = this.entries[this.place];
    const entries = entriesOf(queue.entries);
    const at = (place: number): boolean => heard !== undefined && entries[place]?.track.id === heard.track.id;
    const place = at(queue.current) ? queue.current : entries.findIndex((_, one) => at(one));
    if (place >= 0 && heard) {
      entries[place] = heard;
      this.#setQueue(entries, place);
      this.goOn();
    } else {
      this.#setQueue(entries, queue.current);
      if (this.isPlaying) this.#load(queue.current, queue.position_ms / 1_000);
      else this.#jump(queue.position_ms / 1_000);
    }
  }

  /** A queue the server is to keep. */
  #change(entries: readonly Entry[], place: number): void {
    this.canUndo = this.canUndo || this.entries.length > 0;
    this.#setQueue(entries, place);
    this.#lastKept = this.position;
    void this.#keeper.now();
  }

  #setQueue(entries: readonly Entry[], place: number): void {
    this.entries = entries;
    this.#places = new Map(entries.map((entry, index) => [entry.key, index]));
    this.place = entries.length === 0 ? -1 : Math.min(Math.max(0, place), entries.length - 1);
  }

  #arrive(place: number): void {
    this.place = place;
    this.#keepSoon();
  }

  #jump(seconds: number): void {
    this.#exact = { seconds, at: 0, runs: false };
    this.position = seconds;
  }

  #keepSoon(): void {
    this.#lastKept = this.position;
    this.#keeper.soon();
  }

  #count(entry: Entry, outcome: Outcome, since: number): void {
    const play = { track: entry.track.id, outcome, at: since, client: PLAYER_NAME };
    // A play that is not counted is no reason to disturb who listens.
    void post('plays', play).catch(() => undefined);
  }
}

export const player = new Player();
