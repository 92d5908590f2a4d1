// The files of a version of a song that are shown: its report, its recipe, its notes.
import { isAbort, send } from '../api/client';
import type { SongFile, SongVersion } from '../api/types';
import { readMidi, type Midi } from './midi';
import { readRecipe, readReport, type Recipe, type Report } from './release';

export function pathOf(song: number, file: SongFile): string {
  return `songs/${song}/files/${file.id}`;
}

/** Texts beyond this are no report of ours. */
const MOST_BYTES = 8 * 1024 * 1024;

export class Release {
  report = $state.raw<Report | null>(null);
  recipe = $state.raw<Recipe | null>(null);
  midi = $state.raw<Midi | null>(null);
  isLoaded = $state(false);
  cause = $state.raw<unknown>(null);

  async load(song: number, version: SongVersion, signal: AbortSignal): Promise<void> {
    const named = (name: string): SongFile | undefined => version.files?.find((file) => file.name === name);
    try {
      await Promise.all([
        json(song, named('report.json'), signal).then((found) => (this.report = readReport(found))),
        json(song, named('recipe.json'), signal).then((found) => (this.recipe = readRecipe(found))),
        notes(song, named('song.mid'), signal).then((found) => (this.midi = found)),
      ]);
      this.isLoaded = true;
    } catch (cause) {
      if (!isAbort(cause)) this.cause = cause;
    }
  }
}

async function json(song: number, file: SongFile | undefined, signal: AbortSignal): Promise<unknown> {
  if (!file || file.bytes > MOST_BYTES) return null;
  const answer = await send(pathOf(song, file), { signal });
  return answer.json();
}

/** Notes that cannot be read are not drawn; everything else of the song is still there. */
async function notes(song: number, file: SongFile | undefined, signal: AbortSignal): Promise<Midi | null> {
  if (!file || file.bytes > MOST_BYTES) return null;
  const answer = await send(pathOf(song, file), { signal });
  const bytes = new Uint8Array(await answer.arrayBuffer());
  try {
    return readMidi(bytes);
  } catch {
    return null;
  }
}
