// Tells the system what plays, and takes its keys.

import { coverUrl } from '../api/client';
import type { Track } from '../api/types';

export interface Transport {
  play(): void;
  pause(): void;
  next(): void;
  previous(): void;
  seek(seconds: number): void;
  seekBy(seconds: number): void;
}

const STEP_S = 10;
const ARTWORK = [128, 512];

function act(action: MediaSessionAction, handler: MediaSessionActionHandler): void {
  try {
    navigator.mediaSession.setActionHandler(action, handler);
  } catch {
    // A browser that does not know an action has no key for it.
  }
}

export function takeKeys(transport: Transport): void {
  if (!('mediaSession' in navigator)) return;
  act('play', () => transport.play());
  act('pause', () => transport.pause());
  act('nexttrack', () => transport.next());
  act('previoustrack', () => transport.previous());
  act('seekforward', (asked) => transport.seekBy(asked.seekOffset ?? STEP_S));
  act('seekbackward', (asked) => transport.seekBy(-(asked.seekOffset ?? STEP_S)));
  act('seekto', (asked) => transport.seek(asked.seekTime ?? 0));
}

export function tellTrack(track: Track | null): void {
  if (!('mediaSession' in navigator)) return;
  if (track === null) {
    navigator.mediaSession.metadata = null;
    return;
  }
  const artwork = ARTWORK.map((size) => ({ src: coverUrl(track.id, size), sizes: `${size}x${size}` }));
  navigator.mediaSession.metadata = new MediaMetadata({ title: track.title, artist: track.artist, album: track.album, artwork });
}

export function tellState(isPlaying: boolean, hasTrack: boolean): void {
  if (!('mediaSession' in navigator)) return;
  navigator.mediaSession.playbackState = hasTrack ? (isPlaying ? 'playing' : 'paused') : 'none';
}

export function tellPosition(position: number, duration: number): void {
  if (!('mediaSession' in navigator) || duration <= 0) return;
  navigator.mediaSession.setPositionState({ duration, position: Math.min(duration, Math.max(0, position)), playbackRate: 1 });
}
