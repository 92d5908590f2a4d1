import type { Track } from '../api/types';

class Player {
  current = $state.raw<Track | null>(null);
  place = $state(0);
  queue = $state.raw<readonly Track[]>([]);
  isPlaying = $state(false);

  playTracks(_tracks: readonly Track[], _at = 0, _shuffled = false): void {}
  playNext(_tracks: readonly Track[]): void {}
  enqueue(_tracks: readonly Track[]): void {}
  toggle(): void {}
  next(): void {}
  previous(): void {}
  seekBy(_seconds: number): void {}
  changeVolume(_by: number): void {}
  toggleMute(): void {}
}

export const player = new Player();
