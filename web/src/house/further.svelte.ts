import { loaded, type Loaded } from '../api/loaded.svelte';
import { toasts } from '../shell/toasts.svelte';
import { words } from '../words';
import { restBehind } from './rest';

/** A part of a list, and what names the part after it. */
interface Part<T, After> {
  items: readonly T[];
  next?: After | null;
}

interface Shown<T, After> {
  items: readonly T[];
  next: After | null;
}

/**
 * A list that is shown from its beginning, part by part. Where `mark` tells one item from another, what was shown stays
 * when the beginning is asked for again. To be called while a component is made.
 */
export function further<T, After>(
  ask: (after: After | null, signal?: AbortSignal) => Promise<Part<T, After>>,
  mark?: (item: T) => string,
) {
  /** The beginning together with what was asked for behind it. */
  let grown = $state.raw<{ from: Shown<T, After> | undefined; shown: Shown<T, After> } | null>(null);
  let isAsking = $state(false);

  const first: Loaded<Shown<T, After>> = loaded(async (signal) => {
    const { items, next = null } = await ask(null, signal);
    const before = shown();
    const rest = mark && before && restBehind(items, before.items, mark);
    return rest ? { items: [...items, ...rest], next: before.next } : { items, next };
  });
  const shown = (): Shown<T, After> | undefined => (grown?.from === first.value ? grown?.shown : first.value);

  return {
    get items(): readonly T[] | undefined {
      return shown()?.items;
    },
    get failure() {
      return first.failure;
    },
    get staleFailure() {
      return first.staleFailure;
    },
    get answeredAt() {
      return first.answeredAt;
    },
    get hasMore() {
      return (shown()?.next ?? null) !== null;
    },
    get isAsking() {
      return isAsking;
    },
    reload: first.reload,
    more: async (): Promise<void> => {
      isAsking = true;
      await toasts.trying(words.parts.failed, async () => {
        const next = shown()?.next ?? null;
        const part = await ask(next);
        const before = shown();
        if (before?.next !== next) return;
        grown = { from: first.value, shown: { items: [...before.items, ...part.items], next: part.next ?? null } };
      });
      isAsking = false;
    },
  };
}
