// What the page and the worklet say to each other.

import type { LanePiece } from './lane';
import type { Expected, Flow } from './ring';

export type ToWorklet =
  | { say: 'expect'; expected: Expected }
  | { say: 'piece'; piece: LanePiece }
  | { say: 'pause'; paused: boolean }
  | { say: 'hear'; original: boolean }
  | { say: 'stop' };

/** Some twenty times a second. */
export interface Report {
  /** The epoch that is heard; 0 for none. */
  epoch: number;
  /** The next frame to be heard. */
  frame: number;
  flow: Flow;
  /** Frames that are there ahead of it. */
  ahead: number;
  underruns: number;
  /** Whether the original is there beside what is heard. */
  paired: boolean;
  /** Largest sample since the last report, left and right, 1 being full scale. */
  peak: readonly [number, number];
  /** Root of the mean square since the last report. */
  rms: readonly [number, number];
}
