// What is done to a song and what comes of it, as the server tells it.

import { get } from '../api/client';
import type { EnhanceSetting } from '../player/protocol';

export interface Levels {
  integrated_lufs: number | null;
  true_peak_dbtp: number | null;
  range_lu: number | null;
}

export interface StageLine {
  stage: string;
  measured: string;
  aimed: string;
  done: string;
  why: string;
}

export interface Band {
  hz: number;
  before_db: number | null;
  after_db: number | null;
}

export interface Plan {
  state: 'waiting' | 'estimated' | 'solved' | 'measured' | 'failed';
  reason: string | null;
  source: { codec: string; rate_hz: number | null; channels: number | null; bits: number | null };
  before: Levels | null;
  after: Levels | null;
  gain_db: number | null;
  limiting: { deepest_db: number; mean_db: number; held_back: string | null } | null;
  stages: StageLine[];
  bands: Band[];
  matched: { original_db: number; enhanced_db: number } | null;
}

export function planOf(track: string, setting: EnhanceSetting, signal: AbortSignal): Promise<Plan> {
  return get<Plan>(`tracks/${track}/plan`, { ...setting }, signal);
}

/** Whether the server will know more when it is asked again. */
export function isOpen(plan: Plan): boolean {
  return plan.state !== 'measured' && plan.state !== 'failed';
}
