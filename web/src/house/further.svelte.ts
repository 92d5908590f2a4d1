import { loaded } from '../api/loaded.svelte';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';

/** A part of a list, and what names the part after it. */
interface Part<T, After> {
  items: readonly T[];
  next?: After | null;
}

/** A list that is shown from its beginning, part by part. To be called while a component is made. */
export function further<T, After>(ask: (after: After | null, signal?: AbortSignal) => Promise<Part<T, After>>) {
  let more = $state.raw<readonly T[]>([]);
  let next = $state.raw<After | null>(null);
  let isAsking = $state(false);

  const first = loaded(async (signal) => {
    const part = await ask(null, signal);
    more = [];
    next = part.next ?? null;
    return part.items;
  });

  return {
    get items(): readonly T[] | undefined {
      return first.value && [...first.value, ...more];
    },
    get failure() {
      return first.failure;
    },
    get hasMore() {
      return next !== null;
    },
    get isAsking() {
      return isAsking;
    },
    reload: first.reload,
    more: async (): Promise<void> => {
      isAsking = true;
      await toasts.trying(words.parts.failed, async () => {
        const part = await ask(next);
        more = [...more, ...part.items];
        next = part.next ?? null;
      });
      isAsking = false;
    },
  };
}
