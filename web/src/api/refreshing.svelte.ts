import { untrack } from 'svelte';
import { library } from './library.svelte';

interface Refreshable {
  refresh(): Promise<void>;
}

/** Asks for a list anew whenever the library is another. To be called while a component is made. */
export function refreshWithLibrary(list: () => Refreshable): void {
  let seen = library.revision;
  $effect(() => {
    if (library.revision === seen) return;
    seen = library.revision;
    untrack(() => void list().refresh());
  });
}
