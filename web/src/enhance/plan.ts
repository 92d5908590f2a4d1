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
  /** Whether it is that of the whole album, whose figures these are then. */
  album: boolean;
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

/** The plan of a track by itself, or of the album it is heard as a part of. */
export async function planOf(track: string, setting: EnhanceSetting, album: boolean, signal: AbortSignal): Promise<Plan> {
  const query = { ...setting, album: album || undefined };
  return { ...(await get<Omit<Plan, 'album'>>(`tracks/${track}/plan`, query, signal)), album };
}

/** Whether the server will know more when it is asked again. */
export function isOpen(plan: Plan): boolean {
  return plan.state !== 'measured' && plan.state !== 'failed';
}
