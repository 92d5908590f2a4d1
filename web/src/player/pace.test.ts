import { describe, expect, it } from 'vitest';
import { Pace } from './pace';
import type { Op } from './protocol';

const play = (epoch: number): Op => ({ op: 'play', epoch, place: 0, frame: 0, pairs: false });
const credit = (epoch: number): Op => ({ op: 'credit', epoch, played: 0, until: 100 });

describe('pace', () => {
  it('says at once what it may, the timeline before its credit', () => {
    const pace = new Pace(0);
    pace.put(credit(1));
    pace.put({ op: 'pause', paused: false });
    expect(pace.take(0).map((op) => op.op)).toEqual(['credit', 'pause']);
    pace.put(play(2));
    pace.put(credit(2));
    expect(pace.take(0).map((op) => op.op)).toEqual(['play', 'credit']);
    expect(pace.waitMs).toBeNull();
  });

  it('keeps only the last wish of a hundred clicks, and never says too much', () => {
    const pace = new Pace(0);
    let said: Op[] = [];
    for (let epoch = 1; epoch <= 100; epoch += 1) {
      pace.put(play(epoch));
      pace.put(credit(epoch));
      said = said.concat(pace.take(epoch));
    }
    expect(said.length).toBeLessThanOrEqual(32);
    expect(pace.waitMs).toBeGreaterThan(0);
    const rest = pace.take(1_000);
    expect(rest).toEqual([play(100), credit(100)]);
  });

  it('drops the credit of a timeline that is no more', () => {
    const pace = new Pace(0);
    pace.put(credit(1));
    pace.put(play(2));
    expect(pace.take(0)).toEqual([play(2)]);
  });

  it('forgets what waits', () => {
    const pace = new Pace(0);
    pace.put(play(1));
    pace.clear();
    expect(pace.take(0)).toEqual([]);
  });
});
