// The words of a song in time.

import type { components } from '../api/schema';

export type Lyrics = components['schemas']['Lyrics'];

export interface SungLine {
  text: string;
  /** When it is sung, in seconds; nothing where that is not known. */
  at: number | null;
}

/** The lines with the offset of the file taken into account. */
export function sung(lyrics: Lyrics): SungLine[] {
  return lyrics.lines.map((line) => ({
    text: line.text,
    at: lyrics.synced && line.start_ms != null ? Math.max(0, (line.start_ms - lyrics.offset_ms) / 1_000) : null,
  }));
}

/** The line that is sung at a moment; -1 before the first. */
export function lineAt(lines: readonly SungLine[], seconds: number): number {
  return lines.findLastIndex((line) => line.at !== null && line.at <= seconds);
}
