// The one owner of what is played in this page.

import { post } from '../api/client';
import type { Track } from '../api/types';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { ElementEngine } from './element';
import type { Engine, EngineListener, Hearing, Metered, Programme, Sleeping, SleepWish } from './engine';
import { Heard, type Outcome } from './heard';
import { PLAYER_NAME } from './keeper';
import { LiveEngine } from './live';
import type { Entry } from './order';
import type { EndReason, EnhanceSetting, PlanTold } from './protocol';
import { Queueing } from './queueing.svelte';
import { findTier } from './tier';

export type { Entry, Repeat } from './order';
export type Side = 'enhanced' | 'original';

/** Further in than this, "previous" is the beginning of the same track. */
const RESTART_S = 3;

class Player extends Queueing implements EngineListener {
  isPlaying = $state(false);
  /** Nothing of what was asked for is there yet. */
  isWaiting = $state(false);
  isConnected = $state(true);
  /** Seconds of the track, to a quarter; `now()` knows it to the frame. */
  position = $state(0);
  /** What is done to the track that is heard, as the server told it. */
  plan = $state.raw<PlanTold | null>(null);
  sleeping = $state.raw<{ until: number | null; atEnd: boolean } | null>(null);
  compare = $state(false);
  /** Whether the original is there beside what is heard, so that one can go over to it. */
  isPaired = $state(false);
  side = $state<Side>('enhanced');
  /** Which of the two is heard is told to nobody. */
  isBlind = $state(false);
  readonly tier = findTier();

  #settled: Track | null = null;
  /** The song there is, or the one before while its first sound is awaited: for what need not come before that sound. */
  readonly settled = $derived.by(() => {
    if (!this.isWaiting || this.current === null) this.#settled = this.current;
    return this.#settled;
  });

  readonly #heard = new Heard((entry, outcome, since) => this.#count(entry, outcome, since));
  #engine: Engine | null = null;
  #hasEnded = false;
  #isRolling = false;
  /** Whether any sound came since it was begun. */
  #wasHeard = false;
  #exact = { seconds: 0, at: 0, runs: false };
  /** The entry the plan is of. */
  #planned = 0;

  constructor() {
    super();
    // Browsers open a sound only after a click, which may be any.
    for (const event of ['pointerdown', 'keydown'] as const) {
      document.addEventListener(event, () => this.#sound().prepare(), { once: true });
    }
  }

  /** Whether anything follows what is heard. */
  get hasNext(): boolean {
    const { entries, place } = this;
    return place < entries.length - 1 || (this.repeat !== 'off' && entries.length > 0);
  }

  /** Whether there is a sound now. */
  get isHeard(): boolean {
    return this.isPlaying && !this.isWaiting;
  }

  /** Goes to a place of the queue. */
  playAt(place: number): void {
    if (this.entries[place]) this.begin(place, 0);
  }

  toggle(): void {
    if (!this.current) return;
    if (this.isPlaying) this.pause();
    else if (this.isLoaded && !this.#hasEnded) this.#resume();
    else if (this.position < this.duration - 1) this.begin(this.place, this.position);
    else this.begin((this.place + 1) % this.entries.length, 0);
  }

  play(): void {
    if (!this.isPlaying) this.toggle();
  }

  pause(): void {
    this.isPlaying = false;
    this.#exact = { ...this.#exact, seconds: this.now(), runs: false };
    this.#engine?.pause(true);
    this.keeper.soon();
  }

  next(): void {
    if (this.hasNext) this.begin((this.place + 1) % this.entries.length, 0);
  }

  previous(): void {
    if (this.now() > RESTART_S || this.place <= 0) this.seek(0);
    else this.begin(this.place - 1, 0);
  }

  seek(seconds: number): void {
    if (!this.current) return;
    const to = Math.min(Math.max(0, seconds), Math.max(0, this.duration - 0.25));
    if (this.isLoaded && !this.#hasEnded) return this.load(this.place, to);
    this.jump(to);
    this.keeper.soon();
  }

  seekBy(seconds: number): void {
    this.seek(this.now() + seconds);
  }

  /** Seconds of the track at this very moment: for what is drawn sixty times a second. */
  now(): number {
    const { seconds, at, runs } = this.#exact;
    return runs ? Math.min(this.duration, seconds + (performance.now() - at) / 1_000) : seconds;
  }

  clear(): void {
    this.#engine?.stop();
    this.isPlaying = false;
    this.isLoaded = false;
    this.#heard.leave();
    this.change([], -1);
    this.jump(0);
  }

  /** Who listened has left. */
  leave(): void {
    this.#engine?.stop();
    this.isPlaying = false;
    this.isLoaded = false;
    this.forget();
    this.jump(0);
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
    const place = this.lineup.placeOf(hearing.entry);
    if (place === undefined) return;
    const runs = hearing.flow === 'playing';
    this.#wasHeard ||= runs;
    this.isWaiting = hearing.flow === 'waiting';
    this.plan = hearing.plan;
    this.#planned = hearing.entry.key;
    this.isPaired = hearing.paired;
    this.#exact = { seconds: hearing.seconds, at: performance.now(), runs };
    this.position = Math.floor(hearing.seconds * 4) / 4;
    if (this.place === place) this.keeper.heard();
    else this.#arrive(place);
    // Where sound comes over a socket, the server itself knows what was heard, and counts it.
    if (runs && this.tier.tier === 'stream') this.#heard.at(hearing.entry, hearing.seconds, Date.now());
    this.#roll(hearing.place);
  }

  waits(): void {
    this.isWaiting = this.isPlaying;
  }

  ended(reason: EndReason): void {
    this.#heard.leave();
    if (reason === 'end' && this.repeat !== 'off' && this.#wasHeard) return this.begin(this.repeat === 'one' ? this.place : 0, 0);
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

  trouble(cause: unknown, entry?: Entry): void {
    toasts.failed(entry ? words.player.troubleWith(entry.track.title) : words.player.trouble, cause);
  }

  failed(cause: unknown): void {
    this.isPlaying = false;
    this.isWaiting = false;
    this.#engine?.pause(true);
    this.isLoaded = false;
    toasts.failed(words.player.failed, cause);
  }

  connected(isConnected: boolean): void {
    this.isConnected = isConnected;
  }

  protected begin(place: number, seconds: number): void {
    this.isPlaying = true;
    this.#sound().pause(false);
    this.load(place, seconds);
  }

  #resume(): void {
    this.isPlaying = true;
    this.#sound().pause(false);
    this.keeper.soon();
  }

  protected load(place: number, seconds: number): void {
    this.isLoaded = true;
    this.#hasEnded = false;
    this.#wasHeard = false;
    this.#isRolling = false;
    this.jump(seconds);
    this.#arrive(place);
    if (this.lineup.current?.key !== this.#planned) this.plan = null;
    this.isWaiting = this.isPlaying;
    this.#sound().begin(this.#programme(), this.repeat === 'one' ? 0 : place, seconds);
  }

  /** Tells the engine that what follows, or how it sounds, has changed. */
  protected goOn(): void {
    if (this.isLoaded && !this.#hasEnded) this.#sound().change(this.#programme());
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
    const { crossfade, level, enhance } = this;
    return { entries: this.lineup.list(this.repeat), crossfade, level, enhance };
  }

  /** Near the end of a list that was unrolled, it begins again from its first turn. */
  #roll(place: number): void {
    const isLastTurn = this.lineup.isLastTurn(place, this.repeat);
    if (isLastTurn && !this.#isRolling) this.goOn();
    this.#isRolling = isLastTurn;
  }

  #arrive(place: number): void {
    this.lineup.place = place;
    this.keeper.soon();
  }

  protected jump(seconds: number): void {
    this.#exact = { seconds, at: 0, runs: false };
    this.position = seconds;
  }

  #count(entry: Entry, outcome: Outcome, since: number): void {
    const play = { track: entry.track.id, outcome, at: since, client: PLAYER_NAME };
    // A play that is not counted is no reason to disturb who listens.
    void post('plays', play).catch(() => undefined);
  }
}

export const player = new Player();
