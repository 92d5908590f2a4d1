// One player's connection to a stream: opened, kept, and opened again with what the server remembers of it.

import { apiUrl } from '../api/client';
import { Pace } from './pace';
import { readPiece, readTold, REPLACED_CODE, SUBPROTOCOL } from './protocol';
import type { Op, Piece, SampleFormat, StreamRate, Told, Welcome } from './protocol';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

export interface SocketListener {
  welcomed(welcome: Welcome): void;
  told(told: Told): void;
  piece(piece: Piece): void;
  /** The connection is gone; another attempt follows unless the answer is false. */
  lost(wasWelcomed: boolean): Promise<boolean>;
}

/** Longer with each attempt, and never the same for many players at once. */
export function waitMs(attempt: number, random: () => number = Math.random): number {
  const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return FIRST_WAIT_MS + random() * (longest - FIRST_WAIT_MS);
}

function socketUrl(stream: number): string {
  return apiUrl(`streams/${stream}/socket`).replace(/^http/, 'ws');
}

export class StreamSocket {
  /** The stream on the server. */
  readonly stream: number;
  readonly #rate: StreamRate;
  readonly #format: SampleFormat;
  readonly #listener: SocketListener;
  readonly #pace = new Pace(performance.now());
  #socket: WebSocket | null = null;
  #resume: string | null = null;
  #welcome = false;
  #attempt = 0;
  #isOver = false;
  #retry: ReturnType<typeof setTimeout> | null = null;
  #flushing: ReturnType<typeof setTimeout> | null = null;
  #said = 0;
  #hello = '';

  constructor(stream: number, rate: StreamRate, format: SampleFormat, listener: SocketListener) {
    this.stream = stream;
    this.#rate = rate;
    this.#format = format;
    this.#listener = listener;
    this.#open();
  }

  get isReady(): boolean {
    return this.#welcome;
  }

  /** Says something now, or as soon as the server hears it. What a newer wish of its kind replaces is not said. */
  say(op: Op): void {
    if (!this.#welcome) return;
    this.#pace.put(op);
    this.#flush();
  }

  /** Drops the connection and opens another one, as when it was lost. */
  restart(): void {
    this.#socket?.close();
  }

  close(): void {
    this.#isOver = true;
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#socket?.close();
  }

  #open(): void {
    const socket = new WebSocket(socketUrl(this.stream), SUBPROTOCOL);
    socket.binaryType = 'arraybuffer';
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = (message: MessageEvent<ArrayBuffer | string>) => this.#hear(message.data);
    socket.onclose = (event) => void this.#closed(event.code);
  }

  #greet(): void {
    const resume = this.#resume === null ? {} : { resume: this.#resume };
    this.#hello = this.#send({ op: 'hello', rate: this.#rate, format: this.#format, ...resume });
  }

  #send(op: Op): string {
    this.#said += 1;
    const id = `${op.op}-${this.#said}`;
    this.#socket?.send(JSON.stringify({ ...op, id }));
    return id;
  }

  #flush(): void {
    for (const op of this.#pace.take(performance.now())) this.#send(op);
    const wait = this.#pace.waitMs;
    if (wait === null || this.#flushing !== null) return;
    this.#flushing = setTimeout(() => {
      this.#flushing = null;
      if (this.#welcome) this.#flush();
    }, wait);
  }

  #hear(data: ArrayBuffer | string): void {
    if (typeof data === 'string') {
      const told = readTold(data);
      if (told !== null) this.#told(told);
      return;
    }
    const piece = readPiece(data);
    if (typeof piece === 'string') this.restart();
    else this.#listener.piece(piece);
  }

  #told(told: Told): void {
    if (told.event === 'welcome' && told.re === this.#hello) {
      this.#resume = told.resume;
      this.#welcome = true;
      this.#attempt = 0;
      this.#listener.welcomed(told);
    } else {
      this.#listener.told(told);
    }
  }

  async #closed(code: number): Promise<void> {
    const wasWelcomed = this.#welcome;
    this.#welcome = false;
    this.#pace.clear();
    if (this.#isOver) return;
    const again = code !== REPLACED_CODE && (await this.#listener.lost(wasWelcomed));
    // It may have been closed while that was asked.
    this.#isOver ||= !again;
    if (this.#isOver) return;
    this.#retry = setTimeout(() => this.#open(), waitMs(this.#attempt));
    this.#attempt += 1;
  }
}
