import { isAbort } from './client';
import { library } from './library.svelte';

export interface Loaded<T> {
  readonly value: T | undefined;
  readonly failure: unknown;
  /** Why what is shown is not the newest. */
  readonly staleFailure: unknown;
  /** When the server answered last, in milliseconds; null before it did. */
  readonly answeredAt: number | null;
  reload: () => void;
}

/**
 * Asks the server for something and again whenever what the question reads, or the library, is
 * another. What is shown stays until the new answer is there. To be called while a component is made.
 */
export function loaded<T>(ask: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  let value = $state.raw<T>();
  let failure = $state.raw<unknown>(null);
  let answeredAt = $state<number | null>(null);
  let times = $state(0);

  $effect(() => {
    void times;
    void library.revision;
    const ending = new AbortController();
    ask(ending.signal).then(
      (answer) => {
        if (ending.signal.aborted) return;
        value = answer;
        answeredAt = Date.now();
        failure = null;
      },
      (cause: unknown) => {
        if (!isAbort(cause)) failure = cause;
      },
    );
    return () => ending.abort();
  });

  return {
    get value() {
      return value;
    },
    get failure() {
      return value === undefined ? failure : null;
    },
    get staleFailure() {
      return value === undefined ? null : failure;
    },
    get answeredAt() {
      return answeredAt;
    },
    reload: () => {
      if (value === undefined) failure = null;
      times += 1;
    },
  };
}
