import type { Play, Track } from '../api/types';

/** The tracks that were played, the latest first, each once. */
export function withoutRepeats(plays: readonly Play[]): Track[] {
  const seen = new Set<string>();
  return plays.map((play) => play.track).filter(({ id }) => !seen.has(id) && seen.add(id));
}
