import { describe, expect, it } from 'vitest';
import type { LanePiece } from './lane';
import { Ring } from './ring';

const RATE = 48_000;
const START_S = 0.05;
const BLOCK = 128;
const FADE = 960;

interface Made {
  epoch: number;
  first: number;
  frames: number;
  last?: boolean;
  /** What left is at a frame of the timeline; right is its negative. */
  sound?: (frame: number) => number;
  original?: (frame: number) => number;
}

const counting = (frame: number): number => (frame + 1) / 1_048_576;

function channel(made: Made, sound: (frame: number) => number): Float32Array {
  return Float32Array.from({ length: made.frames }, (_, index) => sound(made.first + index));
}

function piece(made: Made): LanePiece {
  const sound = made.sound ?? counting;
  const { original } = made;
  const channels = [channel(made, sound), channel(made, (frame) => -sound(frame))];
  if (original) channels.push(channel(made, original), channel(made, (frame) => -original(frame)));
  return { epoch: made.epoch, first: made.first, frames: made.frames, last: made.last ?? false, channels };
}

function render(ring: Ring, frames: number): number[] {
  const heard: number[] = [];
  while (heard.length < frames) {
    const left = new Float32Array(BLOCK);
    const right = new Float32Array(BLOCK);
    ring.render(left, right);
    if (!left.every((sample, index) => sample === -(right[index] ?? 0))) throw new Error('right is not what left is');
    heard.push(...left);
  }
  return heard;
}

function playing(frames: number, made: Partial<Made> = {}): Ring {
  const ring = new Ring(RATE, START_S);
  ring.expect({ epoch: 1, fresh: true, smooth: false });
  ring.pause(false);
  ring.push(piece({ epoch: 1, first: 0, frames, ...made }));
  return ring;
}

const expected = (from: number, frames: number): number[] => Array.from({ length: frames }, (_, index) => counting(from + index));

function largestStep(samples: readonly number[]): number {
  return samples.reduce((most, sample, index) => (index === 0 ? 0 : Math.max(most, Math.abs(sample - (samples[index - 1] ?? 0)))), 0);
}

describe('a timeline that begins', () => {
  it('is heard to the sample from its first frame on', () => {
    expect(render(playing(9_600), 4_096)).toEqual(expected(0, 4_096));
  });

  it('waits until there is enough of it', () => {
    const ring = playing(1_000);
    expect(render(ring, BLOCK).every((sample) => sample === 0)).toBe(true);
    expect(ring.flow).toBe('waiting');
    ring.push(piece({ epoch: 1, first: 1_000, frames: 2_000 }));
    expect(render(ring, BLOCK)).toEqual(expected(0, BLOCK));
  });

  it('does not wait where it is shorter than that', () => {
    const ring = playing(100, { last: true });
    expect(render(ring, BLOCK).slice(0, 101)).toEqual([...expected(0, 100), 0]);
    expect(ring.flow).toBe('ended');
    expect(ring.underruns).toBe(0);
  });

  it('fades in where it begins in the midst of a track', () => {
    const ring = new Ring(RATE, START_S);
    ring.expect({ epoch: 1, fresh: true, smooth: true });
    ring.pause(false);
    ring.push(piece({ epoch: 1, first: 0, frames: 9_600, sound: () => 0.5 }));
    const heard = render(ring, 2_048);
    expect(heard[0]).toBe(0);
    expect(heard[FADE + BLOCK]).toBe(0.5);
    expect(largestStep(heard)).toBeLessThan(0.005);
  });

  it('takes the place of another, which fades out from where it was', () => {
    const ring = playing(9_600, { sound: () => 0.5 });
    render(ring, 1_280);
    ring.expect({ epoch: 2, fresh: true, smooth: false });
    expect(render(ring, BLOCK)[0]).toBe(0.5);
    ring.push(piece({ epoch: 2, first: 0, frames: 9_600, sound: () => 0.125 }));
    const heard = render(ring, 1_280);
    expect(heard[0]).toBeCloseTo(0.625, 6);
    expect(heard[FADE]).toBe(0.125);
    expect(ring.position).toBe(1_280);
  });

  it('lets what was heard before fade out where it takes long', () => {
    const ring = playing(48_000, { sound: () => 0.5 });
    render(ring, 1_280);
    ring.expect({ epoch: 2, fresh: true, smooth: false });
    const heard = render(ring, 19_200);
    expect(heard.at(-1)).toBe(0);
    expect(largestStep(heard)).toBeLessThan(0.005);
    expect(ring.flow).toBe('waiting');
  });

  it('is the last one wished for, whatever comes late', () => {
    const ring = playing(9_600);
    ring.expect({ epoch: 2, fresh: true, smooth: false });
    ring.expect({ epoch: 3, fresh: true, smooth: false });
    ring.push(piece({ epoch: 2, first: 0, frames: 9_600, sound: () => 0.9 }));
    ring.push(piece({ epoch: 3, first: 0, frames: 9_600, sound: () => 0.25 }));
    const heard = render(ring, 2_048);
    expect(heard.at(-1)).toBe(0.25);
    expect(Math.max(...heard)).toBeLessThan(0.3);
  });
});

describe('a splice', () => {
  it('of the same sound is not heard at all, at whatever frame', () => {
    for (const from of [0, 1_300, 2_000, 2_431]) {
      const ring = playing(9_600);
      render(ring, 1_280);
      ring.expect({ epoch: 2, fresh: false, smooth: false });
      ring.push(piece({ epoch: 2, first: from, frames: 19_200 }));
      const heard = render(ring, 12_800);
      const apart = heard.map((sample, index) => Math.abs(sample - counting(1_280 + index)));
      expect(Math.max(...apart)).toBeLessThan(1e-7);
      expect(ring.epoch).toBe(2);
      expect(ring.underruns).toBe(0);
    }
  });

  it('goes over linearly at the same frame', () => {
    const ring = playing(9_600, { sound: () => 0.25 });
    render(ring, 1_280);
    ring.expect({ epoch: 2, fresh: false, smooth: false });
    ring.push(piece({ epoch: 2, first: 1_280, frames: 9_600, sound: () => 0.75 }));
    const heard = render(ring, 1_280);
    expect(heard[0]).toBe(0.25);
    expect(heard[480]).toBeCloseTo(0.5, 6);
    expect(heard[FADE]).toBe(0.75);
    expect(largestStep(heard)).toBeLessThan(0.001);
  });

  it('does not wait for a place that the sound before does not reach', () => {
    const ring = playing(3_000);
    render(ring, 2_944);
    ring.expect({ epoch: 2, fresh: false, smooth: false });
    ring.push(piece({ epoch: 2, first: 2_960, frames: 9_600 }));
    render(ring, 1_280);
    expect(ring.epoch).toBe(2);
  });

  it('of a timeline that has not begun begins it', () => {
    const ring = playing(9_600);
    render(ring, 1_280);
    ring.expect({ epoch: 2, fresh: true, smooth: false });
    ring.expect({ epoch: 3, fresh: false, smooth: false });
    ring.push(piece({ epoch: 3, first: 0, frames: 9_600, sound: () => 0.5 }));
    render(ring, BLOCK);
    expect(ring.position).toBe(BLOCK);
  });

  it('takes over after a connection was lost and all was heard', () => {
    const ring = playing(2_560);
    render(ring, 5_120);
    expect(ring.flow).toBe('waiting');
    ring.expect({ epoch: 2, fresh: false, smooth: false });
    ring.push(piece({ epoch: 2, first: 2_560, frames: 9_600 }));
    const heard = render(ring, 2_560);
    expect(heard.at(-1)).toBeCloseTo(counting(5_119), 7);
    expect(ring.flow).toBe('playing');
  });
});

describe('pausing', () => {
  it('is silent within one block and loses no frame', () => {
    const ring = playing(19_200);
    render(ring, 1_280);
    ring.pause(true);
    const last = render(ring, BLOCK);
    expect(last.at(-1)).toBe(0);
    expect(render(ring, 2_560).every((sample) => sample === 0)).toBe(true);
    expect(ring.position).toBe(1_280 + BLOCK);
    ring.pause(false);
    const back = render(ring, 2 * BLOCK);
    expect(back[0]).toBeLessThan(counting(1_280 + BLOCK) / 50);
    expect(back.slice(BLOCK)).toEqual(expected(1_280 + 2 * BLOCK, BLOCK));
  });

  it('lets a seek take place unheard', () => {
    const ring = playing(19_200);
    render(ring, 1_280);
    ring.pause(true);
    render(ring, BLOCK);
    ring.expect({ epoch: 2, fresh: true, smooth: true });
    ring.push(piece({ epoch: 2, first: 0, frames: 9_600, sound: () => 0.5 }));
    expect(render(ring, 1_280).every((sample) => sample === 0)).toBe(true);
    expect([ring.epoch, ring.position, ring.flow]).toEqual([2, 0, 'paused']);
  });
});

describe('running dry', () => {
  it('ends softly, waits for a quarter of a second and passes over nothing', () => {
    const ring = playing(4_800, { sound: () => 0.5 });
    const heard = render(ring, 6_400);
    expect(largestStep(heard.slice(1))).toBeLessThan(0.02);
    expect(ring.underruns).toBe(1);
    expect(ring.position).toBe(4_800);
    ring.push(piece({ epoch: 1, first: 4_800, frames: 4_800 }));
    expect(render(ring, BLOCK).every((sample) => sample === 0)).toBe(true);
    ring.push(piece({ epoch: 1, first: 9_600, frames: 9_600 }));
    const back = render(ring, 256);
    expect(back.slice(BLOCK)).toEqual(expected(4_928, BLOCK));
  });

  it('hears every frame once, however the pieces come', () => {
    let seed = 12_345;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const ring = playing(3_000);
    let sent = 3_000;
    let position = 0;
    for (let turn = 0; turn < 4_000; turn += 1) {
      if (random(40) === 0 && sent - ring.position < 40_000) {
        const frames = 1 + random(4_800);
        ring.push(piece({ epoch: 1, first: sent, frames }));
        sent += frames;
      }
      if (random(50) === 0) ring.pause(random(2) === 0);
      render(ring, BLOCK);
      const step = ring.position - position;
      if (step < 0 || step > BLOCK) throw new Error(`a step of ${step} frames`);
      position = ring.position;
    }
    expect(position).toBeGreaterThan(100_000);
  });
});

describe('the two of a pair', () => {
  const both = { sound: () => 0.25, original: () => 0.75 };

  it('are exact, and go over into one another within ten milliseconds', () => {
    const ring = playing(48_000, both);
    expect(render(ring, BLOCK).every((sample) => sample === 0.25)).toBe(true);
    ring.hear(true);
    const over = render(ring, 1_280);
    expect(largestStep(over)).toBeLessThan(0.002);
    expect(over.slice(481).every((sample) => sample === 0.75)).toBe(true);
    ring.hear(false);
    expect(render(ring, 1_280).at(-1)).toBe(0.25);
  });

  it('leave without a click where pairs end', () => {
    const ring = playing(9_600, both);
    ring.hear(true);
    render(ring, 1_280);
    ring.expect({ epoch: 2, fresh: false, smooth: false });
    ring.push(piece({ epoch: 2, first: 1_280, frames: 9_600, sound: () => 0.25 }));
    const heard = render(ring, 1_280);
    expect(largestStep(heard)).toBeLessThan(0.002);
    expect(heard.at(-1)).toBe(0.25);
  });
});

it('stops softly', () => {
  const ring = playing(48_000, { sound: () => 0.5 });
  render(ring, 1_280);
  ring.stop();
  const heard = render(ring, 1_280);
  expect(largestStep(heard)).toBeLessThan(0.005);
  expect(heard.at(-1)).toBe(0);
  expect(ring.flow).toBe('idle');
});
