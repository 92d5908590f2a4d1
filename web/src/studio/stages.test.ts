import { describe, expect, it } from 'vitest';
import type { Job } from '../api/types';
import { parted, shareOf, stagesOf, stepsOf } from './stages';

const job = (state: Job['state'], track: string | null = null, id = 1): Job => ({
  id, sentence: track ? null : 'a song', track, state, title: null, attempts: 0, created: 0, started: null, ended: null,
});

describe('stepsOf', () => {
  it('has everything before the stage at work done and everything after it waiting', () => {
    const steps = stepsOf(job({ is: 'making', stage: 'Mixing', share: 0 }));
    expect(steps.map((step) => step.state)).toEqual([
      'done', 'done', 'done', 'now', 'waiting', 'waiting', 'waiting', 'waiting',
    ]);
  });

  it('goes another way for a master', () => {
    expect(stagesOf({ track: 'tr-1' })).toContain('Rendering');
    expect(stepsOf(job({ is: 'making', stage: 'Reading', share: 0 }, 'tr-1'))[0]).toEqual({ stage: 'Reading', state: 'now' });
  });

  it('tells a stage it does not know rather than hiding it', () => {
    expect(stepsOf(job({ is: 'making', stage: 'Polishing', share: 0 })).at(-1)).toEqual({ stage: 'Polishing', state: 'now' });
  });

  it('claims nothing for a job that waits, failed or was only just begun', () => {
    const states: Job['state'][] = [
      { is: 'queued' }, { is: 'cancelled' }, { is: 'failed', reason: 'no' }, { is: 'making', stage: '', share: 0 },
    ];
    for (const state of states) expect(stepsOf(job(state)).every((step) => step.state === 'waiting')).toBe(true);
  });

  it('has all done at the end', () => {
    const steps = stepsOf(job({ is: 'finished', song: 1, version: 1, passed: true }));
    expect(steps.every((step) => step.state === 'done')).toBe(true);
  });
});

describe('shareOf', () => {
  it('is told only where the server told one', () => {
    expect(shareOf(job({ is: 'making', stage: 'Playing', share: 0.4 }))).toBe(0.4);
    expect(shareOf(job({ is: 'making', stage: 'Mixing', share: 0 }))).toBeNull();
    expect(shareOf(job({ is: 'making', stage: 'Mixing', share: Number.NaN }))).toBeNull();
    expect(shareOf(job({ is: 'making', stage: 'Mixing', share: 7 }))).toBe(1);
    expect(shareOf(job({ is: 'queued' }))).toBeNull();
  });
});

describe('parted', () => {
  it('puts the next in turn first and keeps the ended as they come', () => {
    const jobs = [job({ is: 'queued' }, null, 9), job({ is: 'cancelled' }, null, 8), job({ is: 'queued' }, null, 7)];
    const { open, ended } = parted(jobs);
    expect(open.map((one) => one.id)).toEqual([7, 9]);
    expect(ended.map((one) => one.id)).toEqual([8]);
  });
});
