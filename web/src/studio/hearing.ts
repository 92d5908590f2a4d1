/** What of a song is heard: its stems here, or its master in the player. */
export interface Hearing {
  isMoving: boolean;
  /** Where it is, in seconds. */
  now: () => number;
  seek: (seconds: number) => void;
}
