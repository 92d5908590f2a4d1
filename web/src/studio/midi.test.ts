import { describe, expect, it } from 'vitest';
import { MidiError, readMidi } from './midi';

const ascii = (word: string) => [...word].map((letter) => letter.charCodeAt(0));
const long = (value: number) => [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const chunk = (kind: string, body: number[]) => [...ascii(kind), ...long(body.length), ...body];
const header = (tracks: number, division = 480) =>
  chunk('MThd', [0, 1, tracks >> 8, tracks & 255, division >> 8, division & 255]);
const file = (...parts: number[][]) => new Uint8Array(parts.flat());
const END = [0, 0xff, 0x2f, 0];
const tempo = (delta: number[], micros: number) => [
  ...delta, 0xff, 0x51, 3, (micros >> 16) & 255, (micros >> 8) & 255, micros & 255,
];

describe('readMidi', () => {
  it('reads notes with their times, along changes of tempo', () => {
    const conductor = [0, 0xff, 6, 5, ...ascii('Verse'), ...tempo([0], 500_000), ...tempo([0x83, 0x60], 1_000_000), ...END];
    const part = [
      0, 0xff, 3, 4, ...ascii('Bass'),
      0, 0x91, 40, 100,
      0x83, 0x60, 40, 0,
      0, 45, 90,
      0x83, 0x60, 0x81, 45, 64,
      ...END,
    ];
    const midi = readMidi(file(header(2), chunk('MTrk', conductor), chunk('MTrk', part)));
    expect(midi.tracks).toHaveLength(1);
    expect(midi.tracks[0]).toMatchObject({ name: 'Bass', channel: 1 });
    expect(midi.tracks[0]?.notes).toEqual([
      { pitch: 40, velocity: 100, start: 0, end: 0.5 },
      { pitch: 45, velocity: 90, start: 0.5, end: 1.5 },
    ]);
    expect(midi.seconds).toBe(1.5);
    expect(midi.markers).toEqual([{ label: 'Verse', start: 0 }]);
    expect(midi.range).toEqual({ low: 40, high: 45 });
  });

  it('ends notes left open with their track, and passes over parts it does not know', () => {
    const part = [0, 0x99, 36, 100, 0x83, 0x60, 0xff, 0x2f, 0];
    const midi = readMidi(file(header(1), chunk('XYZW', [1, 2]), chunk('MTrk', part)));
    expect(midi.tracks[0]?.notes).toEqual([{ pitch: 36, velocity: 100, start: 0, end: 0.5 }]);
    expect(midi.range).toBeNull();
  });

  it('gives two notes of one pitch their own ends, the first begun ending first', () => {
    const part = [0, 0x90, 60, 1, 96, 60, 2, 96, 60, 0, 96, 60, 0, ...END];
    const notes = readMidi(file(header(1, 96), chunk('MTrk', part))).tracks[0]?.notes;
    expect(notes?.map(({ start, end }) => [start, end])).toEqual([[0, 1], [0.5, 1.5]]);
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['something else', file(ascii('RIFF'), new Array<number>(40).fill(0))],
    ['a part longer than the file', file(header(1), ascii('MTrk'), long(0xffffffff), [0])],
    ['a header longer than the file', file(ascii('MThd'), long(0x7fffffff), new Array<number>(8).fill(0))],
    ['a number without an end', file(header(1), chunk('MTrk', [0xff, 0xff, 0xff, 0xff, 0xff]))],
    ['data without a status', file(header(1), chunk('MTrk', [0, 60, 60]))],
    ['a track that is not there', file(header(9), chunk('MTrk', END))],
    ['frames of film', file(header(1, 0xe728), chunk('MTrk', END))],
    ['no division', file(header(1, 0), chunk('MTrk', END))],
    ['more tracks than there are', file(header(65_535))],
    ['a cut event', file(header(1), chunk('MTrk', [0, 0x90, 60]))],
    ['days of silence', file(header(1, 1), chunk('MTrk', [0xff, 0xff, 0xff, 0x7f, 0xff, 0x2f, 0]))],
    ['a song too large', new Uint8Array(9 * 1024 * 1024)],
  ])('refuses %s', (_what, bytes) => {
    expect(() => readMidi(bytes)).toThrow(MidiError);
  });

  it('refuses a million events quickly', () => {
    const body = new Array<number>(3_000_100).fill(0);
    body[1] = 0x90;
    const begun = performance.now();
    expect(() => readMidi(file(header(1), chunk('MTrk', body.slice(0, 3_000_000))))).toThrow(MidiError);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('survives bytes at random', () => {
    let state = 1;
    const random = () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) >> 8;
    const sound = file(header(1), chunk('MTrk', [0, 0x90, 60, 1, 96, 60, 2, 96, 60, 0, 0, 0xff, 3, 1, 65, ...END]));
    for (let round = 0; round < 5_000; round += 1) {
      const bytes = sound.slice();
      for (let change = 0; change < 3; change += 1) bytes[random() % bytes.length] = random() & 255;
      try {
        const { tracks, seconds } = readMidi(bytes);
        expect(Number.isFinite(seconds)).toBe(true);
        for (const note of tracks.flatMap((track) => track.notes)) expect(note.end).toBeGreaterThanOrEqual(note.start);
      } catch (error) {
        expect(error).toBeInstanceOf(MidiError);
      }
    }
  });
});
