// A composed song as the library has it: by the job in the name of its file.
import { get } from '../api/client';
import type { SongVersion, Track } from '../api/types';

const MOST = 50;

export function isFileOf(path: string, job: number): boolean {
  return path.endsWith(` [${job}].flac`);
}

/** The track of a version; nothing before the library has seen it. */
export async function trackOf(version: Pick<SongVersion, 'title' | 'job'>, signal?: AbortSignal): Promise<Track | null> {
  const query = { q: version.title.slice(0, 200), limit: MOST };
  const { tracks } = await get<{ tracks: Track[] }>('search', query, signal);
  return tracks.find((track) => isFileOf(track.path, version.job)) ?? null;
}
