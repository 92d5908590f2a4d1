// The listening protocol in types, and how a piece of sound is read. docs/protocol.md says what each means.

import { crc32 } from './crc32';

export const SUBPROTOCOL = 'triad.stream.v1';
export const REPLACED_CODE = 4001;

const HEADER_BYTES = 32;
const MAX_FRAMES = 4_800;
const KIND_S16 = 1;
const KIND_F32 = 2;
const LAST = 2;
const PAIRS = 4;
const S16_FULL_SCALE = 32_768;

export type StreamRate = 44_100 | 48_000;
export type SampleFormat = 'pcm_s16' | 'pcm_f32';

interface Amount {
  /** How much of it, 0 to 1. */
  intensity: number;
  /** What is aimed at, in LUFS. */
  loudness: number;
}

interface ByPreset extends Amount {
  preset: string;
  reference?: undefined;
}

interface ByReference extends Amount {
  preset?: undefined;
  /** The track it is to sound like. */
  reference: string;
}

/** A way of mastering: by a preset, or like another track. */
export type EnhanceSetting = ByPreset | ByReference;

export interface Hello {
  op: 'hello';
  rate: StreamRate;
  format: SampleFormat;
  resume?: string;
}

export interface Play {
  op: 'play';
  epoch: number;
  place: number;
  frame: number;
  pairs: boolean;
}

export interface GoOn {
  op: 'go_on';
  epoch: number;
  from: number;
  pairs: boolean;
  place?: number;
  enhance?: EnhanceSetting | null;
}

export interface Credit {
  op: 'credit';
  epoch: number;
  played: number;
  until: number;
  underruns?: number;
}

export interface Pause {
  op: 'pause';
  paused: boolean;
}

export interface Sleep {
  op: 'sleep';
  after_s?: number;
  end_of_track?: true;
}

export interface Ping {
  op: 'ping';
}

export type Op = Hello | Play | GoOn | Credit | Pause | Sleep | Ping;

export interface Welcome {
  event: 'welcome';
  stream: number;
  rate: StreamRate;
  format: SampleFormat;
  resume: string;
  resumed: boolean;
  epoch: number;
  frame: number;
  place: number;
  at: number;
  max_ahead_s: number;
}

export interface Started {
  event: 'started';
  epoch: number;
  frame: number;
  place: number;
  track: string;
  at: number;
}

export interface Boundary {
  event: 'boundary';
  epoch: number;
  frame: number;
  place: number;
  track: string;
  at: number;
}

export type PlanState = 'none' | 'waiting' | 'estimated' | 'solved' | 'measured' | 'failed';

export interface PlanTold {
  event: 'plan';
  epoch: number;
  place: number;
  frame: number;
  state: PlanState;
  /** Whether it is done to the whole album alike; older servers do not say. */
  album?: boolean;
  enhance?: EnhanceSetting;
}

export interface StateTold {
  event: 'state';
  paused: boolean;
  sleep_s?: number;
  sleep_at_end: boolean;
}

export interface Trouble {
  event: 'error';
  code: string;
  place?: number;
  epoch?: number;
  retry: boolean;
  message: string;
}

export interface Refused {
  event: 'refused';
  re?: string;
  code: string;
  message: string;
}

export type EndReason = 'end' | 'sleep' | 'replaced' | 'forgotten' | 'closing';

export interface Ended {
  event: 'ended';
  epoch: number;
  frame: number;
  reason: EndReason;
}

export interface Pong {
  event: 'pong';
}

export type Told = (Welcome | Started | Boundary | PlanTold | StateTold | Trouble | Refused | Ended | Pong) & {
  re?: string;
};

const EVENTS: ReadonlySet<string> = new Set<Told['event']>([
  'welcome',
  'started',
  'boundary',
  'plan',
  'state',
  'error',
  'refused',
  'ended',
  'pong',
]);

/** Reads a text message; null where it is of no kind known here, which newer servers may send. */
export function readTold(text: string): Told | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    return null;
  }
  if (said === null || typeof said !== 'object' || !('event' in said)) return null;
  return typeof said.event === 'string' && EVENTS.has(said.event) ? (said as Told) : null;
}

/** One binary message: some frames of the timeline, each channel for itself. */
export interface Piece {
  epoch: number;
  number: number;
  /** The first frame, on the timeline. */
  first: number;
  frames: number;
  last: boolean;
  /** Left and right as they are heard; with pairs left and right as they came behind them. */
  channels: Float32Array[];
}

/** What a piece is refused for. */
export type PieceFault = 'short' | 'kind' | 'header' | 'frames' | 'length' | 'crc';

function samplesOf(kind: number, body: ArrayBuffer): (index: number) => number {
  const view = new DataView(body);
  return kind === KIND_F32
    ? (index) => view.getFloat32(index * 4, true)
    : (index) => view.getInt16(index * 2, true) / S16_FULL_SCALE;
}

function apart(kind: number, body: ArrayBuffer, frames: number, width: number): Float32Array[] {
  const channels = Array.from({ length: width }, () => new Float32Array(frames));
  const sample = samplesOf(kind, body);
  channels.forEach((channel, lane) => {
    for (let frame = 0; frame < frames; frame += 1) channel[frame] = sample(frame * width + lane);
  });
  return channels;
}

/** Reads a binary message, or says what is wrong with it. */
export function readPiece(message: ArrayBuffer): Piece | PieceFault {
  if (message.byteLength < HEADER_BYTES) return 'short';
  const header = new DataView(message);
  const kind = header.getUint8(0);
  if (kind !== KIND_S16 && kind !== KIND_F32) return 'kind';
  const flags = header.getUint8(1);
  const headerBytes = header.getUint16(2, true);
  if (headerBytes < HEADER_BYTES || headerBytes > message.byteLength) return 'header';
  const frames = header.getUint32(12, true);
  if (frames > MAX_FRAMES) return 'frames';
  const first = Number(header.getBigUint64(16, true));
  if (!Number.isSafeInteger(first)) return 'frames';
  const width = (flags & PAIRS) === 0 ? 2 : 4;
  const body = message.slice(headerBytes);
  if (body.byteLength !== frames * width * (kind === KIND_F32 ? 4 : 2)) return 'length';
  if (crc32(new Uint8Array(body)) !== header.getUint32(28, true)) return 'crc';
  return {
    epoch: header.getUint32(4, true),
    number: header.getUint32(8, true),
    first,
    frames,
    last: (flags & LAST) !== 0,
    channels: apart(kind, body, frames, width),
  };
}
