// The way from an order to a finished thing, stage by stage, as the server goes it.
import type { Job } from '../api/types';

const SONG = ['Reading', 'Composing', 'Playing', 'Mixing', 'Mastering', 'Writing', 'Checking', 'Keeping'] as const;
const MASTER = ['Reading', 'Listening', 'Planning', 'Rendering', 'Checking', 'Keeping'] as const;

export type Stage = (typeof SONG)[number] | (typeof MASTER)[number];

export interface Step {
  /** As the server calls it. */
  stage: string;
  state: 'done' | 'now' | 'waiting';
}

export function stagesOf(job: Pick<Job, 'track'>): readonly string[] {
  return job.track ? MASTER : SONG;
}

/** All steps of a job with where it is. A stage nobody knows comes last, as the one at work. */
export function stepsOf(job: Pick<Job, 'track' | 'state'>): Step[] {
  const stages = stagesOf(job);
  const { state } = job;
  if (state.is === 'finished' || state.is === 'mastered') return stages.map((stage) => ({ stage, state: 'done' }));
  if (state.is !== 'making' || state.stage === '') return stages.map((stage) => ({ stage, state: 'waiting' }));
  const at = stages.indexOf(state.stage);
  if (at < 0) {
    const waiting = stages.map((stage): Step => ({ stage, state: 'waiting' }));
    return [...waiting, { stage: state.stage, state: 'now' }];
  }
  return stages.map((stage, i) => ({ stage, state: i < at ? 'done' : i === at ? 'now' : 'waiting' }));
}

/** The share of the stage at work, where the server told one. */
export function shareOf(job: Pick<Job, 'state'>): number | null {
  const { state } = job;
  if (state.is !== 'making' || !(state.share > 0)) return null;
  return Math.min(1, state.share);
}

export function isOpen(job: Pick<Job, 'state'>): boolean {
  return job.state.is === 'queued' || job.state.is === 'making';
}

/** Open jobs in the order in which their turn comes, and those that ended. */
export function parted(jobs: readonly Job[]): { open: Job[]; ended: Job[] } {
  const open = jobs.filter(isOpen).sort((a, b) => a.id - b.id);
  return { open, ended: jobs.filter((job) => !isOpen(job)) };
}
