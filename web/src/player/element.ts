// The way to play where there is no worklet: the stream as one endless file in an audio element.

import { apiUrl } from '../api/client';
import { words } from '../words';
import type { Engine, EngineListener, Metered, Programme, SleepWish } from './engine';
import type { Flow } from './ring';
import { RemoteStream, type From, type StreamMark } from './stream';

const ASK_EVERY_MS = 2_000;
const TELL_EVERY_MS = 250;
/** The server lets go of who takes no sound for long: then it is asked anew. */
const STALE_AFTER_MS = 20_000;
const SLEEP_FADE_S = 5;

/** What is heard at a moment of the sound of this connection. */
export function markAt(marks: readonly StreamMark[], ms: number): StreamMark | null {
  return marks.findLast((mark) => mark.at_ms <= ms) ?? null;
}

/** How loud it is while falling asleep, 0 to 1. */
export function sleepGain(secondsLeft: number): number {
  return Math.min(1, Math.max(0, secondsLeft / SLEEP_FADE_S));
}

export class ElementEngine implements Engine {
  readonly #listener: EngineListener;
  readonly #audio = new Audio();
  readonly #stream = new RemoteStream();
  readonly #file: string;
  #programme: Programme | null = null;
  #wanted: From = { place: 0, seconds: 0 };
  #marks: StreamMark[] = [];
  #turn = 0;
  /** The number of the stream the element was given. */
  #playing = 0;
  /** Whether what the element has is still the sound of a connection before. */
  #isLoading = false;
  #paused = true;
  #pausedAt = 0;
  #hasEnded = false;
  #volume = 1;
  #sleepAt: number | null = null;
  /** Where in the sound of this connection the turn of a track began after which it is to end: one that repeats ends too. */
  #sleepAfter: number | null = null;

  constructor(listener: EngineListener) {
    this.#listener = listener;
    this.#file = this.#audio.canPlayType('audio/flac') === '' ? 'live.mp3' : 'live.flac';
    this.#audio.preservesPitch = false;
    this.#audio.addEventListener('ended', () => void this.#ranOut());
    this.#audio.addEventListener('error', () => void this.#ranOut());
    setInterval(() => this.#tell(), TELL_EVERY_MS);
    setInterval(() => void this.#askMarks(), ASK_EVERY_MS);
  }

  prepare(): void {
    // An element needs no preparing.
  }

  begin(programme: Programme, place: number, seconds: number): void {
    this.#programme = programme;
    this.#wanted = { place, seconds };
    void this.#load();
  }

  /** The server goes over to what has changed with what it sends next: some seconds later it is heard. */
  change(programme: Programme): void {
    const heard = this.#heard();
    const key = this.#programme?.entries[heard.place]?.key;
    const place = Math.max(0, programme.entries.findIndex((entry) => entry.key === key));
    void this.#changed(programme, { place, seconds: heard.seconds });
  }

  pause(paused: boolean): void {
    if (this.#paused === paused) return;
    this.#paused = paused;
    if (paused) {
      this.#pausedAt = performance.now();
      this.#audio.pause();
    } else if (this.#programme !== null && performance.now() - this.#pausedAt > STALE_AFTER_MS) {
      const { place, seconds } = this.#heard();
      this.begin(this.#programme, place, seconds);
    } else {
      void this.#start();
    }
  }

  stop(): void {
    this.#turn += 1;
    this.#programme = null;
    this.#marks = [];
    this.#audio.removeAttribute('src');
    this.#audio.load();
    this.#paused = true;
    this.#stream.release();
  }

  volume(volume: number): void {
    this.#volume = volume;
    this.#audio.volume = volume;
  }

  sleep(wish: SleepWish): void {
    this.#sleepAt = wish !== null && wish !== 'track' ? performance.now() + wish.minutes * 60_000 : null;
    this.#sleepAfter = wish === 'track' ? this.#turnMs() : null;
    this.#audio.volume = this.#volume;
    this.#tellSleep();
  }

  compare(): void {
    // Two sounds at once need the worklet; the interface offers none of it here.
  }

  hear(): void {
    // As for `compare`.
  }

  metered(): Metered | null {
    return null;
  }

  async #load(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const programme = this.#programme;
    if (programme === null) return;
    this.#marks = [];
    this.#isLoading = true;
    if (this.#sleepAfter !== null) this.#sleepAfter = 0;
    this.#hasEnded = false;
    this.#listener.waits();
    try {
      const id = await this.#stream.goTo(programme, this.#wanted);
      this.#playing = id;
      if (turn !== this.#turn) return;
      // Each connection has an address of its own, so that an element does not take it for what it has.
      this.#audio.src = `${apiUrl(`streams/${id}/${this.#file}`)}#${turn}`;
      this.#isLoading = false;
      if (!this.#paused) await this.#start();
    } catch (cause) {
      if (turn === this.#turn) this.#listener.failed(cause);
    }
  }

  async #changed(programme: Programme, from: From): Promise<void> {
    const turn = this.#turn;
    try {
      const id = await this.#stream.agree(programme, from);
      if (turn !== this.#turn) return;
      // The server had forgotten the one that is heard.
      if (id !== this.#playing) return this.begin(programme, from.place, from.seconds);
      const told = await this.#stream.told();
      if (turn !== this.#turn || told === null) return;
      // Places mean those of the new list from now on, in the marks too.
      this.#programme = programme;
      this.#marks = told.marks ?? [];
    } catch (cause) {
      this.#listener.trouble(cause);
    }
  }

  async #start(): Promise<void> {
    try {
      await this.#audio.play();
    } catch (cause) {
      // Another sound has taken its place, or the element itself tells that there is none.
      const isTold = cause instanceof DOMException && (cause.name === 'AbortError' || cause.name === 'NotSupportedError');
      if (!isTold) this.#listener.failed(cause);
    }
  }

  /** Place and seconds of what is heard, as the server's marks tell it, else what was wanted. */
  #heard(): From {
    const ms = this.#ms();
    const mark = markAt(this.#marks, ms);
    if (mark !== null) return { place: mark.place, seconds: (mark.from_ms + ms - mark.at_ms) / 1_000 };
    return { place: this.#wanted.place, seconds: this.#wanted.seconds + ms / 1_000 };
  }

  /** How much of the sound of this connection was heard. */
  #ms(): number {
    return this.#isLoading ? 0 : this.#audio.currentTime * 1_000;
  }

  /** Where in it the turn of what is heard began. */
  #turnMs(): number {
    return markAt(this.#marks, this.#ms())?.at_ms ?? 0;
  }

  #flow(): Flow {
    if (this.#hasEnded) return 'ended';
    if (this.#paused) return 'paused';
    return this.#audio.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA ? 'playing' : 'waiting';
  }

  #tell(): void {
    const heard = this.#heard();
    const entry = this.#programme?.entries[heard.place];
    if (entry === undefined || this.#audio.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
    this.#listener.hears({ place: heard.place, entry, seconds: heard.seconds, plan: null, paired: false, flow: this.#flow() });
    this.#fallAsleep();
  }

  async #askMarks(): Promise<void> {
    if (this.#programme === null || this.#paused || this.#isLoading) return;
    const turn = this.#turn;
    try {
      const told = await this.#stream.told();
      if (turn === this.#turn && told !== null) this.#marks = told.marks ?? [];
    } catch {
      // What is known goes on to be right for a while; the element itself tells when the sound breaks off.
    }
  }

  #fallAsleep(): void {
    if (this.#sleepAt !== null) {
      const left = (this.#sleepAt - performance.now()) / 1_000;
      this.#audio.volume = this.#volume * sleepGain(left);
      if (left <= 0) this.#over('sleep');
      else this.#tellSleep();
    } else if (this.#sleepAfter !== null && this.#turnMs() > this.#sleepAfter) {
      this.#over('sleep');
    }
  }

  #tellSleep(): void {
    const seconds = this.#sleepAt === null ? null : (this.#sleepAt - performance.now()) / 1_000;
    this.#listener.sleeps({ seconds, atEnd: this.#sleepAfter !== null });
  }

  #over(reason: 'end' | 'sleep'): void {
    this.#hasEnded = true;
    this.#paused = true;
    this.#audio.pause();
    this.#sleepAt = null;
    this.#sleepAfter = null;
    this.#audio.volume = this.#volume;
    this.#tellSleep();
    this.#listener.ended(reason);
  }

  /** No more sound comes: all was sent, another player has the stream, the server forgot it, or the way is gone. */
  async #ranOut(): Promise<void> {
    const programme = this.#programme;
    if (programme === null || !this.#audio.hasAttribute('src')) return;
    const turn = this.#turn;
    const { place, seconds } = this.#heard();
    try {
      const told = await this.#stream.told();
      if (turn !== this.#turn) return;
      if (told === null) this.begin(programme, place, seconds);
      else if (told.ended) this.#over(this.#sleepAfter === null ? 'end' : 'sleep');
      else this.#listener.failed(words.player.broken);
    } catch (cause) {
      if (turn === this.#turn) this.#listener.failed(cause);
    }
  }
}
