import { apiUrl } from './client';
import type { Job, Scan } from './types';

export interface JobEvent {
  id: number;
  state: Job['state'];
}

/** Lists are asked for anew at most so often while a scan goes on. */
const LEAST_BETWEEN_MS = 3_000;
/** Before a stream that broke is opened again. */
const AGAIN_MS = 4_000;

/** What happens on the server while the page is looked at: scans and jobs. */
class Library {
  /** How far a scan is, or how the last one ended. */
  scan = $state.raw<Scan | null>(null);
  /** Larger whenever what is in the library may be otherwise: read it where a list is asked for. */
  revision = $state(0);

  #source: EventSource | null = null;
  #again = 0;
  #lastChange = 0;
  #isOn = false;
  readonly #listeners = new Set<(event: JobEvent | null) => void>();

  /** Listens while the page is seen: a hidden one keeps no connection. */
  start(): void {
    if (this.#isOn) return;
    this.#isOn = true;
    document.addEventListener('visibilitychange', this.#seenOrNot);
    this.#seenOrNot();
  }

  stop(): void {
    this.#isOn = false;
    document.removeEventListener('visibilitychange', this.#seenOrNot);
    this.#close();
  }

  /** Tells of each change of a job; null where all are to be read anew. */
  onJob(listener: (event: JobEvent | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something was changed here: lists are asked for anew. */
  changed(): void {
    this.#lastChange = Date.now();
    this.revision += 1;
  }

  readonly #seenOrNot = (): void => {
    if (document.visibilityState === 'visible') this.#open();
    else this.#close();
  };

  #open(): void {
    this.#close();
    const source = new EventSource(apiUrl('events'));
    this.#source = source;
    source.addEventListener('scan', (event) => this.#scanned(JSON.parse(event.data) as Scan));
    source.addEventListener('job', (event) => this.#worked(JSON.parse(event.data) as JobEvent));
    source.addEventListener('missed', () => this.#worked(null));
    // What happened while nobody listened was told to nobody.
    source.addEventListener('open', () => this.#worked(null));
    source.addEventListener('error', () => {
      if (source.readyState !== EventSource.CLOSED) return;
      this.#again = window.setTimeout(() => this.#open(), AGAIN_MS);
    });
  }

  #close(): void {
    window.clearTimeout(this.#again);
    this.#source?.close();
    this.#source = null;
  }

  #scanned(scan: Scan): void {
    const before = this.scan;
    this.scan = scan;
    if (!before) return;
    const hasEnded = before.ended !== scan.ended && !scan.running;
    const hasGoneOn = scan.running && scan.read !== before.read;
    if (hasEnded || (hasGoneOn && Date.now() - this.#lastChange > LEAST_BETWEEN_MS)) this.changed();
  }

  #worked(event: JobEvent | null): void {
    for (const listener of this.#listeners) listener(event);
    if (event?.state.is === 'finished') this.changed();
  }
}

export const library = new Library();
