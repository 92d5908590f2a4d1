// Reads a standard MIDI file into notes in seconds. Nothing in a file is believed: lengths, counts
// and times are bounded, and what is wrong is an error, never a hang.

const MAX_BYTES = 8 * 1024 * 1024;
const MAX_TRACKS = 256;
const MAX_EVENTS = 1_000_000;
const MAX_SECONDS = 4 * 3600;
const DEFAULT_TEMPO = 500_000;

export interface Note {
  pitch: number;
  velocity: number;
  start: number;
  end: number;
}

export interface MidiTrack {
  name: string;
  /** Counted from 0; 9 is where drums are. */
  channel: number;
  notes: Note[];
}

/** Where a part of the song begins. */
export interface Marker {
  label: string;
  start: number;
}

export interface Midi {
  tracks: MidiTrack[];
  markers: Marker[];
  seconds: number;
  /** The lowest and the highest pitch beside drums; nothing without notes. */
  range: { low: number; high: number } | null;
}

export class MidiError extends Error {}

interface RawNote {
  channel: number;
  pitch: number;
  velocity: number;
  start: number;
  end: number;
}

interface TempoChange {
  tick: number;
  micros: number;
}

/** Walks over bytes and says when they end too soon. */
class Bytes {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at];
    if (value === undefined) throw new MidiError('The file ends too soon.');
    this.#at += 1;
    return value;
  }

  peek(): number {
    return this.#bytes[this.#at] ?? -1;
  }

  number(bytes: number): number {
    let value = 0;
    for (let i = 0; i < bytes; i += 1) value = value * 256 + this.byte();
    return value;
  }

  take(length: number): Uint8Array {
    if (length > this.left) throw new MidiError('A part is longer than the file.');
    const part = this.#bytes.subarray(this.#at, this.#at + length);
    this.#at += length;
    return part;
  }

  /** A number of seven bits a byte, four bytes at most. */
  varying(): number {
    let value = 0;
    for (let i = 0; i < 4; i += 1) {
      const byte = this.byte();
      value = value * 128 + (byte & 0x7f);
      if (byte < 0x80) return value;
    }
    throw new MidiError('A number is too long.');
  }
}

/** What one track says, in ticks. */
class TrackReader {
  name = '';
  notes: RawNote[] = [];
  tempi: TempoChange[] = [];
  markers: { label: string; tick: number }[] = [];
  events = 0;
  ticks = 0;
  readonly #open = new Map<number, RawNote[]>();
  #running = 0;

  read(bytes: Uint8Array, most: number): void {
    const source = new Bytes(bytes);
    while (source.left > 0) {
      this.ticks += source.varying();
      this.events += 1;
      if (this.events > most) throw new MidiError('The file has too many events.');
      if (this.#event(source)) break;
    }
    for (const notes of this.#open.values()) for (const note of notes) note.end = this.ticks;
  }

  /** Takes one event; tells whether the track ends with it. */
  #event(source: Bytes): boolean {
    const first = source.peek();
    if (first === 0xff) return this.#meta(source);
    if (first === 0xf0 || first === 0xf7) {
      source.byte();
      source.take(source.varying());
      this.#running = 0;
      return false;
    }
    if (first > 0xf0) throw new MidiError('A message has no place in a file.');
    if (first >= 0x80) this.#running = source.byte();
    if (this.#running === 0) throw new MidiError('A message has no status.');
    this.#voice(source);
    return false;
  }

  #meta(source: Bytes): boolean {
    source.byte();
    const kind = source.byte();
    const data = source.take(source.varying());
    this.#running = 0;
    if (kind === 0x03 && this.name === '') this.name = text(data);
    if (kind === 0x06) this.markers.push({ label: text(data), tick: this.ticks });
    if (kind === 0x51 && data.length === 3) {
      const micros = ((data[0] ?? 0) << 16) | ((data[1] ?? 0) << 8) | (data[2] ?? 0);
      if (micros > 0) this.tempi.push({ tick: this.ticks, micros });
    }
    return kind === 0x2f;
  }

  #voice(source: Bytes): void {
    const kind = this.#running >> 4;
    const channel = this.#running & 0x0f;
    const first = source.byte() & 0x7f;
    if (kind === 0xc || kind === 0xd) return;
    const second = source.byte() & 0x7f;
    if (kind === 0x9 && second > 0) this.#begin(channel, first, second);
    else if (kind === 0x8 || kind === 0x9) this.#end(channel, first);
  }

  #begin(channel: number, pitch: number, velocity: number): void {
    const note = { channel, pitch, velocity, start: this.ticks, end: this.ticks };
    this.notes.push(note);
    const key = channel * 128 + pitch;
    const open = this.#open.get(key);
    if (open) open.push(note);
    else this.#open.set(key, [note]);
  }

  #end(channel: number, pitch: number): void {
    const note = this.#open.get(channel * 128 + pitch)?.shift();
    if (note) note.end = this.ticks;
  }
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes.subarray(0, 200)).trim();
}

/** Turns ticks into seconds along the changes of tempo. */
function clock(division: number, changes: readonly TempoChange[]): (tick: number) => number {
  const sorted = [...changes].sort((a, b) => a.tick - b.tick);
  const marks = [{ tick: 0, seconds: 0, micros: DEFAULT_TEMPO }];
  for (const { tick, micros } of sorted) {
    const last = marks[marks.length - 1];
    if (!last) break;
    const seconds = last.seconds + ((tick - last.tick) * last.micros) / division / 1e6;
    if (tick === last.tick) last.micros = micros;
    else marks.push({ tick, seconds, micros });
  }
  return (tick) => {
    let low = 0;
    let high = marks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((marks[middle]?.tick ?? 0) <= tick) low = middle;
      else high = middle - 1;
    }
    const mark = marks[low];
    if (!mark) return 0;
    return mark.seconds + ((tick - mark.tick) * mark.micros) / division / 1e6;
  };
}

function readTracks(source: Bytes, count: number): TrackReader[] {
  const tracks: TrackReader[] = [];
  let events = 0;
  while (tracks.length < count && source.left >= 8) {
    const kind = source.number(4);
    const body = source.take(source.number(4));
    if (kind !== 0x4d54726b) continue;
    const track = new TrackReader();
    track.read(body, MAX_EVENTS - events);
    events += track.events;
    tracks.push(track);
  }
  if (tracks.length < count) throw new MidiError('A track is missing.');
  return tracks;
}

function byChannel(track: TrackReader, seconds: (tick: number) => number): MidiTrack[] {
  const found = new Map<number, MidiTrack>();
  for (const { channel, pitch, velocity, start, end } of track.notes) {
    let there = found.get(channel);
    if (!there) {
      there = { name: track.name, channel, notes: [] };
      found.set(channel, there);
    }
    there.notes.push({ pitch, velocity, start: seconds(start), end: seconds(end) });
  }
  return [...found.values()];
}

function rangeOf(tracks: readonly MidiTrack[]): Midi['range'] {
  let low = 128;
  let high = -1;
  for (const track of tracks) {
    if (track.channel === 9) continue;
    for (const { pitch } of track.notes) {
      low = Math.min(low, pitch);
      high = Math.max(high, pitch);
    }
  }
  return high < 0 ? null : { low, high };
}

/** Reads a file; throws a MidiError where it is none. */
export function readMidi(bytes: Uint8Array): Midi {
  if (bytes.length > MAX_BYTES) throw new MidiError('The file is too large.');
  const source = new Bytes(bytes);
  if (source.left < 14 || source.number(4) !== 0x4d546864) throw new MidiError('This is no MIDI file.');
  const header = new Bytes(source.take(source.number(4)));
  header.number(2);
  const count = header.number(2);
  const division = header.number(2);
  if (division === 0 || division >= 0x8000) throw new MidiError('Its time is not counted in beats.');
  if (count > MAX_TRACKS) throw new MidiError('The file has too many tracks.');
  const raw = readTracks(source, count);
  const seconds = clock(division, raw.flatMap((track) => track.tempi));
  const end = seconds(raw.reduce((most, track) => Math.max(most, track.ticks), 0));
  if (end > MAX_SECONDS) throw new MidiError('The file is longer than any song.');
  const tracks = raw.flatMap((track) => byChannel(track, seconds));
  const markers = raw.flatMap((track) => track.markers);
  return {
    tracks,
    markers: markers.map(({ label, tick }) => ({ label, start: seconds(tick) })).sort((a, b) => a.start - b.start),
    seconds: end,
    range: rangeOf(tracks),
  };
}
