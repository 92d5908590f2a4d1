// What went wrong on the server, as it tells admins.

import { get } from '../api/client';

/** A line of the log that somebody should know of. */
export interface Warning {
  /** Counted since the server was started. */
  number: number;
  at: number;
  /** Whether something failed, and not only might. */
  error: boolean;
  text: string;
  /** The request it happened in. */
  correlation: string | null;
}

export interface Warnings {
  items: Warning[];
  next: number | null;
}

const PAGE = 100;

/** Those before one of them; the newest without it. */
export const warnings = (before: number | null, signal?: AbortSignal): Promise<Warnings> =>
  get<Warnings>('warnings', { limit: PAGE, before }, signal);
