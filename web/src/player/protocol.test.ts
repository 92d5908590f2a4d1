import { describe, expect, it } from 'vitest';
import { crc32 } from './crc32';
import { readPiece, readTold, type Piece } from './protocol';

/** Bit by bit, to be compared with. */
function slowCrc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

interface Made {
  kind?: number;
  flags?: number;
  header?: number;
  frames?: number;
  first?: bigint;
  samples?: Uint8Array;
}

function message(made: Made): ArrayBuffer {
  const samples = made.samples ?? new Uint8Array();
  const header = made.header ?? 32;
  const bytes = new Uint8Array(Math.max(32, header) + samples.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, made.kind ?? 1);
  view.setUint8(1, made.flags ?? 0);
  view.setUint16(2, header, true);
  view.setUint32(4, 7, true);
  view.setUint32(8, 3, true);
  view.setUint32(12, made.frames ?? 0, true);
  view.setBigUint64(16, made.first ?? 9_600n, true);
  view.setUint32(24, 2, true);
  view.setUint32(28, slowCrc32(samples), true);
  bytes.set(samples, Math.max(32, header));
  return bytes.buffer;
}

function s16(...values: number[]): Uint8Array {
  return new Uint8Array(new Int16Array(values).buffer);
}

function f32(...values: number[]): Uint8Array {
  return new Uint8Array(new Float32Array(values).buffer);
}

function read(made: Made): Piece {
  const piece = readPiece(message(made));
  if (typeof piece === 'string') throw new Error(piece);
  return piece;
}

describe('a piece of sound', () => {
  it('has what its header says', () => {
    const samples = s16(16_384, -32_768, 0, 8_192);
    const piece = read({ flags: 3, frames: 2, samples });
    expect(piece).toMatchObject({ epoch: 7, number: 3, first: 9_600, frames: 2, last: true });
  });

  it('comes apart into its channels', () => {
    const piece = read({ frames: 2, samples: s16(16_384, -32_768, 0, 8_192) });
    expect(piece.channels.map((channel) => [...channel])).toEqual([
      [0.5, 0],
      [-1, 0.25],
    ]);
  });

  it('has four channels with pairs, in floats as they were sent', () => {
    const piece = read({ kind: 2, flags: 4, frames: 1, samples: f32(0.5, -0.25, 1.5, 0.125) });
    expect(piece.channels.map((channel) => channel[0])).toEqual([0.5, -0.25, 1.5, 0.125]);
  });

  it('passes over a header that is longer', () => {
    expect(read({ header: 41, frames: 1, samples: s16(16_384, 0) }).channels[0]?.[0]).toBe(0.5);
  });

  it('may be empty where it says that it is the last', () => {
    expect(read({ flags: 2 })).toMatchObject({ frames: 0, last: true });
  });

  it('is refused where it is broken', () => {
    expect(readPiece(new ArrayBuffer(31))).toBe('short');
    expect(readPiece(message({ kind: 9 }))).toBe('kind');
    expect(readPiece(message({ frames: 4_801 }))).toBe('frames');
    expect(readPiece(message({ first: 1n << 60n }))).toBe('frames');
    expect(readPiece(message({ frames: 2, samples: s16(1, 2) }))).toBe('length');
    expect(readPiece(message({ header: 31 }))).toBe('header');
    const cut = message({ frames: 0 });
    new DataView(cut).setUint16(2, 400, true);
    expect(readPiece(cut)).toBe('header');
  });

  it('is refused where a single bit of its sound, or of its checksum, is another', () => {
    for (const at of [28, 32, 39]) {
      const bent = message({ frames: 2, samples: s16(16_384, -32_768, 0, 8_192) });
      const bytes = new Uint8Array(bent);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      expect(readPiece(bent)).toBe('crc');
    }
  });

  it('has the checksum everybody has', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
  });
});

describe('what is told', () => {
  it('is read where it is known', () => {
    expect(readTold('{"event":"pong","re":"a"}')).toEqual({ event: 'pong', re: 'a' });
  });

  it('is passed over where it is not', () => {
    for (const text of ['', 'nil', 'null', '3', '{}', '{"event":5}', '{"event":"weather"}']) {
      expect(readTold(text)).toBeNull();
    }
  });
});
