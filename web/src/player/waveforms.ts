// Pictures of how loud a track is over its length, asked for once each.

import { ApiError, get } from '../api/client';

const KEPT = 60;
const known = new Map<string, Promise<readonly number[] | null>>();

async function asked(track: string): Promise<readonly number[] | null> {
  try {
    return (await get<{ peaks: number[] }>(`tracks/${track}/waveform`)).peaks;
  } catch (cause) {
    // A track that was not listened to yet is asked for again when it is next heard.
    known.delete(track);
    if (cause instanceof ApiError) return null;
    throw cause;
  }
}

export function waveformOf(track: string): Promise<readonly number[] | null> {
  const before = known.get(track);
  if (before !== undefined) return before;
  const asking = asked(track);
  known.set(track, asking);
  const [oldest] = known.keys();
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  return asking;
}

/** So many bars of a picture, each the largest of its part, 0 to 1. */
export function bars(peaks: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.slice(from, to)) / 255;
  });
}
