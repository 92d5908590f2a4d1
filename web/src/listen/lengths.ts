import { words } from '../words';

/** How long music lasts, in words: "1 hr 12 min". */
export function lasting(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return words.lengths.seconds(seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return words.lengths.minutes(minutes);
  return words.lengths.hours(Math.floor(minutes / 60), minutes % 60);
}
