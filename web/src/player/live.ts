// The exact way to play: sound over a socket, played by frames of the timeline in a worklet.

import type { Engine, EngineListener, Hearing, Metered, Programme, SleepWish } from './engine';
import { Inflow } from './inflow';
import type { Entry } from './order';
import type { Report } from './port';
import type { Piece, SampleFormat, Told, Welcome } from './protocol';
import { keepKeys } from './silence';
import { Sound } from './sound';
import { StreamSocket } from './socket';
import { RemoteStream, type From } from './stream';
import { Timeline, type Moment } from './timeline';

/** How far ahead of what is heard a change begins. */
const LEAD_S = 0.05;
/** Wishes that come faster than the server answers are one: the first is said at once, and the last when that is answered. */
const ANSWERS_WITHIN_MS = 300;

/** What is wanted; the one with the largest epoch is the last. */
interface Wish {
  epoch: number;
  programme: Programme;
  /** Where a timeline begins anew; null to go on with the one heard. */
  fresh: From | null;
}

interface Connection {
  saveData?: boolean;
}

function wantedFormat(): SampleFormat {
  const { connection } = navigator as Navigator & { connection?: Connection };
  return connection?.saveData === true ? 'pcm_s16' : 'pcm_f32';
}

export class LiveEngine implements Engine {
  readonly #listener: EngineListener;
  readonly #stream = new RemoteStream();
  readonly #timeline = new Timeline();
  #sound: Sound | null = null;
  #opening: Promise<Sound> | null = null;
  #socket: StreamSocket | null = null;
  #epoch = 0;
  #wish: Wish | null = null;
  readonly #inflow = new Inflow();
  #freshEpoch = 0;
  #report: Report | null = null;
  #heard: Moment | null = null;
  #end: { epoch: number; reason: 'end' | 'sleep' } | null = null;
  #toldEnd = 0;
  /** The timer that is wished for, and whether this stream was told. */
  #sleep: { wish: SleepWish; until: number; isSaid: boolean } | null = null;
  #isBusy = false;
  /** Whether the server was asked for a timeline and has not answered; who waits for that. */
  #isAsked = false;
  #whenAnswered: (() => void) | null = null;
  #paused = true;
  #pairs = false;
  #original = false;
  #volume = 1;

  constructor(listener: EngineListener) {
    this.#listener = listener;
    document.addEventListener('visibilitychange', () => this.#grant());
  }

  /** Opens the sound before it is needed; to be called from a click. */
  prepare(): void {
    // Where it fails, the first play says so.
    void this.#opened().catch(() => undefined);
  }

  begin(programme: Programme, place: number, seconds: number): void {
    this.#freshEpoch = this.#wishFor(programme, { place, seconds });
    this.#heard = null;
    this.#expectFresh();
    void this.#carry();
  }

  change(programme: Programme): void {
    const wish = this.#wish;
    if (wish === null) return;
    if (this.#heard !== null) {
      this.#wishFor(programme, null);
    } else if (wish.fresh !== null) {
      const entry = wish.programme.entries[wish.fresh.place];
      const place = Math.max(0, programme.entries.findIndex((one) => one.key === entry?.key));
      this.#freshEpoch = this.#wishFor(programme, { place, seconds: wish.fresh.seconds });
      this.#expectFresh();
    }
    void this.#carry();
  }

  pause(paused: boolean): void {
    if (paused !== this.#paused) {
      this.#paused = paused;
      this.#sound?.pause(paused);
      keepKeys(!paused);
      this.#socket?.say({ op: 'pause', paused });
    }
    // Another player had taken the stream over: it is taken back.
    if (!paused && this.#socket === null) void this.#carry();
  }

  stop(): void {
    this.#sound?.say({ say: 'stop' });
    this.#paused = true;
    this.#sound?.pause(true);
    keepKeys(false);
    this.#socket?.close();
    this.#socket = null;
    this.#stream.release();
    this.#wish = null;
    this.#cutOff();
    this.#heard = null;
    this.#sleep = null;
    this.#listener.sleeps({ seconds: null, atEnd: false });
  }

  volume(volume: number): void {
    this.#volume = volume;
    this.#sound?.volume(volume);
  }

  sleep(wish: SleepWish): void {
    const seconds = wish === null || wish === 'track' ? 0 : wish.minutes * 60;
    this.#sleep = { wish, until: performance.now() + seconds * 1_000, isSaid: false };
    // The server ends with the track it is sending, which may be another one than is heard: it goes back to that first.
    if (wish === 'track' && this.#wish !== null && this.#isAheadOfTrack()) this.change(this.#wish.programme);
    else this.#saySleep();
  }

  /** Whether the end of the track that is heard has come already. */
  #isAheadOfTrack(): boolean {
    const report = this.#report;
    if (report === null || this.#heard === null) return false;
    const last = this.#timeline.at(report.epoch, report.frame + report.ahead);
    return last !== null && last.entry.key !== this.#heard.entry.key;
  }

  #saySleep(): void {
    const sleep = this.#sleep;
    if (sleep === null || sleep.isSaid || this.#socket?.isReady !== true) return;
    sleep.isSaid = true;
    const left = Math.max(1, Math.round((sleep.until - performance.now()) / 1_000));
    if (sleep.wish === null) this.#socket.say({ op: 'sleep' });
    else if (sleep.wish === 'track') this.#socket.say({ op: 'sleep', end_of_track: true });
    else this.#socket.say({ op: 'sleep', after_s: left });
  }

  compare(on: boolean): void {
    if (this.#pairs === on) return;
    this.#pairs = on;
    if (this.#wish !== null) this.change(this.#wish.programme);
  }

  hear(original: boolean): void {
    this.#original = original;
    this.#sound?.say({ say: 'hear', original });
  }

  metered(): Metered | null {
    return this.#sound === null ? null : { analyser: this.#sound.analyser, rate: this.#sound.rate, report: this.#report };
  }

  #wishFor(programme: Programme, fresh: Wish['fresh']): number {
    this.#epoch += 1;
    this.#wish = { epoch: this.#epoch, programme, fresh };
    return this.#epoch;
  }

  #expectFresh(): void {
    const smooth = (this.#wish?.fresh?.seconds ?? 0) > 0;
    this.#sound?.say({ say: 'expect', expected: { epoch: this.#epoch, fresh: true, smooth } });
  }

  /** Brings what was wished for to the server; only the last wish, however many came meanwhile. */
  async #carry(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      let done: Wish | null = null;
      while (this.#wish !== null && this.#wish !== done) {
        done = this.#wish;
        await this.#carryOut(done);
      }
    } catch (cause) {
      // What is heard goes on though a change of it did not come through.
      if (this.#heard === null) this.#listener.failed(cause);
      else this.#listener.trouble(cause);
    } finally {
      this.#isBusy = false;
    }
  }

  async #carryOut(wish: Wish): Promise<void> {
    if (this.#isAsked) {
      await this.#untilAnswered();
      if (wish !== this.#wish) return;
    }
    // Said at once where it can be: what is awaited comes after all the page has to draw.
    const socket = this.#socket;
    if (socket?.isReady === true && this.#sound !== null && this.#stream.agreed(wish.programme) === socket.stream) {
      this.#ask(wish, socket, this.#sound);
      return;
    }
    const [sound, id] = await Promise.all([this.#opened(), this.#stream.agree(wish.programme, this.#from(wish))]);
    if (wish !== this.#wish) return;
    if (this.#socket === null || id !== this.#socket.stream) this.#connect(id, sound);
    else if (this.#socket.isReady) this.#ask(wish, this.#socket, sound);
  }

  #untilAnswered(): Promise<void> {
    return new Promise((done) => {
      this.#whenAnswered = done;
      setTimeout(() => this.#answered(), ANSWERS_WITHIN_MS);
    });
  }

  /** What was asked for does not come over this connection any more. */
  #cutOff(): void {
    this.#inflow.stop();
    this.#answered();
  }

  #answered(): void {
    this.#isAsked = false;
    this.#whenAnswered?.();
    this.#whenAnswered = null;
  }

  /** Where in its list a wish begins. */
  #from(wish: Wish): From {
    if (wish.fresh !== null) return wish.fresh;
    const key = this.#heard?.entry.key;
    const place = wish.programme.entries.findIndex((entry) => entry.key === key);
    return { place: Math.max(0, place), seconds: this.#secondsHeard() };
  }

  #opened(): Promise<Sound> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<Sound> {
    try {
      const sound = await Sound.open((report) => this.#reported(report));
      sound.volume(this.#volume);
      sound.pause(this.#paused);
      sound.say({ say: 'hear', original: this.#original });
      this.#sound = sound;
      if (this.#wish !== null) this.#expectFresh();
      return sound;
    } catch (cause) {
      this.#opening = null;
      throw cause;
    }
  }

  #connect(stream: number, sound: Sound): void {
    this.#socket?.close();
    this.#cutOff();
    const socket: StreamSocket = new StreamSocket(stream, sound.rate, wantedFormat(), {
      welcomed: (welcome) => this.#socket === socket && this.#welcomed(welcome),
      told: (told) => this.#socket === socket && this.#told(told),
      piece: (piece) => this.#socket === socket && this.#pieceCame(piece),
      lost: (wasWelcomed) => this.#lost(socket, wasWelcomed),
    });
    this.#socket = socket;
  }

  #ask(wish: Wish, socket: StreamSocket, sound: Sound): void {
    const { epoch } = wish;
    this.#isAsked = true;
    let from = 0;
    if (wish.fresh !== null) {
      const frame = Math.round(wish.fresh.seconds * sound.rate);
      this.#timeline.asked(epoch, wish.programme.entries);
      socket.say({ op: 'play', epoch, place: wish.fresh.place, frame, pairs: this.#pairs });
    } else {
      const turn = this.#turn(wish.programme.entries, sound);
      if (turn === null) return this.#restart(wish);
      from = turn.from;
      this.#timeline.asked(epoch, wish.programme.entries);
      sound.say({ say: 'expect', expected: { epoch, fresh: false, smooth: false } });
      socket.say({ op: 'go_on', epoch, from, place: turn.place, pairs: this.#pairs });
    }
    this.#inflow.asked(epoch, from);
    this.#grant();
    // A timeline that begins or goes on is heard, if nothing else is said.
    if (this.#paused) socket.say({ op: 'pause', paused: true });
    this.#saySleep();
  }

  /** The frame where a change begins, and the place of what is heard there in the changed list. */
  #turn(entries: readonly Entry[], sound: Sound): { from: number; place: number } | null {
    const report = this.#report;
    if (report === null) return null;
    const ahead = Math.min(report.ahead, Math.round(LEAD_S * sound.rate));
    // Of an epoch that has not come yet the server has sent no more than its beginning.
    const sent = this.#inflow.end;
    for (const from of [Math.min(sent, report.frame + ahead), Math.min(sent, report.frame)]) {
      const heard = this.#timeline.at(report.epoch, from);
      const place = entries.findIndex((entry) => entry.key === heard?.entry.key);
      if (place >= 0) return { from, place };
    }
    return null;
  }

  /** Begins anew where what is heard cannot be gone on with. */
  #restart(wish: Wish): void {
    const { place, seconds } = this.#from({ ...wish, fresh: null });
    this.begin(wish.programme, place, seconds);
  }

  #secondsHeard(): number {
    return (this.#heard?.at ?? 0) / (this.#sound?.rate ?? 48_000);
  }

  #welcomed(welcome: Welcome): void {
    this.#listener.connected(true);
    this.#epoch = Math.max(this.#epoch, welcome.epoch);
    // A stream that is new knows of no timer.
    if (!welcome.resumed && this.#sleep !== null) this.#sleep.isSaid = false;
    const wish = this.#wish;
    if (wish === null) return;
    if (this.#heard === null && wish.fresh !== null) this.begin(wish.programme, wish.fresh.place, wish.fresh.seconds);
    else if (welcome.resumed) this.change(wish.programme);
    else this.#restart(wish);
  }

  /** Whether to try again: where the server has forgotten the stream, another one is made. */
  async #lost(socket: StreamSocket, wasWelcomed: boolean): Promise<boolean> {
    if (this.#socket !== socket) return false;
    this.#listener.connected(false);
    this.#cutOff();
    if (wasWelcomed) return true;
    try {
      if ((await this.#stream.told(socket.stream)) !== null) return true;
    } catch {
      return true;
    }
    if (this.#socket !== socket) return false;
    this.#socket = null;
    void this.#carry();
    return false;
  }

  #pieceCame(piece: Piece): void {
    const arrival = this.#inflow.arrives(piece);
    if (arrival === 'broken') this.#socket?.restart();
    if (arrival !== 'next') return;
    const { epoch, first, frames, last, channels } = piece;
    this.#sound?.say({ say: 'piece', piece: { epoch, first, frames, last, channels } });
  }

  #told(told: Told): void {
    if (told.event === 'started' || told.event === 'refused' || told.event === 'ended') this.#answered();
    if (told.event === 'started' || told.event === 'boundary' || told.event === 'plan') this.#timeline.told(told);
    else if (told.event === 'state') this.#listener.sleeps({ seconds: told.sleep_s ?? null, atEnd: told.sleep_at_end });
    else if (told.event === 'error') this.#troubled(told);
    else if (told.event === 'refused') this.#refused(told.code, told.message);
    else if (told.event === 'ended') this.#toldEnded(told);
  }

  #troubled({ epoch, place, message }: Told & { event: 'error' }): void {
    const entry = place === undefined ? undefined : this.#timeline.entryOf(epoch ?? this.#epoch, place);
    this.#listener.trouble(message, entry);
  }

  #refused(code: string, message: string): void {
    if (code === 'stale_epoch') return;
    if (code === 'unknown_frame' && this.#wish !== null) this.#restart(this.#wish);
    else this.#listener.trouble(message);
  }

  #toldEnded(told: Told & { event: 'ended' }): void {
    if (told.reason === 'end' || told.reason === 'sleep') {
      this.#end = { epoch: told.epoch, reason: told.reason };
      if (told.reason === 'sleep') this.#sleep = null;
      if (told.epoch === this.#epoch && this.#heard === null && !this.#timeline.hasBegun(told.epoch)) this.#nothingCame(told.reason);
    } else if (told.reason === 'replaced') {
      this.#socket = null;
      this.#listener.ended('replaced');
    } else if (told.reason === 'forgotten') {
      this.#socket?.close();
      this.#socket = null;
      this.#stream.forget();
      void this.#carry();
    }
  }

  /** Not one song of the list could be sent: no sound is awaited any more. */
  #nothingCame(reason: 'end' | 'sleep'): void {
    this.#sound?.say({ say: 'stop' });
    this.#toldEnd = this.#epoch;
    this.#listener.ended(reason);
  }

  #reported(report: Report): void {
    this.#report = report;
    this.#grant();
    if (report.epoch < this.#freshEpoch) {
      this.#listener.waits();
      return;
    }
    const moment = this.#timeline.at(report.epoch, report.frame);
    if (moment === null) return;
    this.#heard = moment;
    this.#listener.hears(this.#hearing(moment, report));
    if (report.flow === 'ended' && report.epoch === this.#epoch && this.#toldEnd !== report.epoch) {
      this.#toldEnd = report.epoch;
      this.#listener.ended(this.#end?.epoch === report.epoch ? this.#end.reason : 'end');
    }
  }

  #hearing(moment: Moment, report: Report): Hearing {
    const rate = this.#sound?.rate ?? 48_000;
    const delay = report.flow === 'playing' ? (this.#sound?.latency ?? 0) : 0;
    return {
      place: moment.place,
      entry: moment.entry,
      seconds: Math.max(0, moment.at / rate - delay),
      plan: moment.plan,
      paired: report.paired,
      flow: report.flow,
    };
  }

  #grant(): void {
    if (this.#sound === null) return;
    const credit = this.#inflow.credit(this.#report, this.#sound.rate, document.hidden);
    if (credit !== null) this.#socket?.say(credit);
  }
}
