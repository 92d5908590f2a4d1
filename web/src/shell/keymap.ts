// Which key does what, without a field having the focus.

export type Command =
  | 'toggle'
  | 'next'
  | 'previous'
  | 'forward'
  | 'backward'
  | 'louder'
  | 'quieter'
  | 'mute'
  | 'love'
  | 'queue'
  | 'search'
  | 'help'
  | 'close'
  | `go:${string}`;

/** After g: where to. */
export const PLACES: Readonly<Record<string, string>> = {
  h: 'home',
  a: 'albums',
  r: 'artists',
  s: 'songs',
  e: 'genres',
  p: 'playlists',
  f: 'favourites',
  y: 'recent',
  o: 'folders',
  n: 'playing',
  c: 'studio',
  u: 'house',
};

const SINGLE: Readonly<Record<string, Command>> = {
  ' ': 'toggle',
  n: 'next',
  p: 'previous',
  ArrowRight: 'forward',
  ArrowLeft: 'backward',
  ArrowUp: 'louder',
  ArrowDown: 'quieter',
  m: 'mute',
  l: 'love',
  q: 'queue',
  '/': 'search',
  '?': 'help',
  Escape: 'close',
};

export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const SLIDING = /^(Arrow|Home$|End$|Page)/;

/** Whether a field has its own use for a key: sliders and boxes only for those that move or tick them. */
export function isOfField(type: string, key: string): boolean {
  if (type === 'range') return SLIDING.test(key);
  if (type === 'radio') return key === ' ' || key.startsWith('Arrow');
  if (type === 'checkbox') return key === ' ';
  return true;
}

/** How long a g waits for its second key. */
const WAIT_MS = 1_200;

/** Keeps the g of two keys until the second comes. */
export class Keymap {
  #since = -Infinity;

  /** What a press means at a moment; null for nothing. */
  read(press: Press, now: number): Command | null {
    if (press.ctrlKey || press.metaKey || press.altKey) return null;
    const isSecond = now - this.#since < WAIT_MS;
    this.#since = -Infinity;
    if (isSecond) {
      const place = PLACES[press.key];
      return place === undefined ? null : `go:${place}`;
    }
    if (press.key === 'g') {
      this.#since = now;
      return null;
    }
    return SINGLE[press.key] ?? null;
  }
}
