// What happens at the server, told while it does. One stream for the whole page: the server gives
// each person few.
import { apiUrl } from './client';
import type { Job, Scan } from './types';

export interface JobNews {
  id: number;
  state: Job['state'];
}

export interface Heard {
  scan?: (scan: Scan) => void;
  job?: (news: JobNews) => void;
  /** Something may have been missed: what is shown is to be read anew. */
  missed?: () => void;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

const listeners = new Set<Heard>();
let source: EventSource | null = null;
let retry: ReturnType<typeof setTimeout> | undefined;
let wait = FIRST_WAIT_MS;
let wasOpen = false;

function told<T>(event: Event): T | null {
  try {
    return JSON.parse((event as MessageEvent<string>).data) as T;
  } catch {
    return null;
  }
}

function opened(): void {
  wait = FIRST_WAIT_MS;
  if (wasOpen) for (const heard of listeners) heard.missed?.();
  wasOpen = true;
}

/** A browser comes back by itself unless the server refused: then we do, later and later. */
function broken(): void {
  if (source?.readyState !== EventSource.CLOSED) return;
  source = null;
  clearTimeout(retry);
  retry = setTimeout(connect, wait);
  wait = Math.min(wait * 2, LONGEST_WAIT_MS);
}

function connect(): void {
  if (source || listeners.size === 0) return;
  source = new EventSource(apiUrl('events'));
  source.addEventListener('open', opened);
  source.addEventListener('error', broken);
  source.addEventListener('scan', (event) => {
    const scan = told<Scan>(event);
    if (scan) for (const heard of listeners) heard.scan?.(scan);
  });
  source.addEventListener('job', (event) => {
    const news = told<JobNews>(event);
    if (news) for (const heard of listeners) heard.job?.(news);
  });
  source.addEventListener('missed', () => {
    for (const heard of listeners) heard.missed?.();
  });
}

function disconnect(): void {
  clearTimeout(retry);
  source?.close();
  source = null;
  wait = FIRST_WAIT_MS;
  wasOpen = false;
}

/** Hears of what happens until the function it gives is called. */
export function listen(heard: Heard): () => void {
  listeners.add(heard);
  connect();
  return () => {
    listeners.delete(heard);
    if (listeners.size === 0) disconnect();
  };
}
