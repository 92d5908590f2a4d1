// How much sound is asked for ahead of what is heard.

const AHEAD_S = 3;
/** Until any of it is heard: who clicks through songs hears few of them. */
const AHEAD_AT_FIRST_S = 1;
/** A tab nobody looks at may be woken late. */
const AHEAD_HIDDEN_S = 6;
/** Credit is topped up in steps: four messages a second at the most would be of no use. */
const STEP_S = 0.5;

export function secondsAhead(hidden: boolean, isHeard = true): number {
  if (hidden) return AHEAD_HIDDEN_S;
  return isHeard ? AHEAD_S : AHEAD_AT_FIRST_S;
}

export interface Granted {
  epoch: number;
  /** Frames before this one may be sent. */
  until: number;
}

export interface Heard {
  epoch: number;
  /** The next frame to be heard. */
  played: number;
  isHeard: boolean;
  rate: number;
  hidden: boolean;
}

/** What is to be granted now, or null while what was granted is enough. */
export function topUp(granted: Granted, heard: Heard): Granted | null {
  const until = heard.played + secondsAhead(heard.hidden, heard.isHeard) * heard.rate;
  if (granted.epoch === heard.epoch && until < granted.until + STEP_S * heard.rate) return null;
  return { epoch: heard.epoch, until };
}
