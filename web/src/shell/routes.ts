// What an address after the # means. Addresses live there so that they work under any base path.

export type Segments = readonly string[];

export interface Route {
  /** The first part: which screen. */
  screen: string;
  /** The parts after it. */
  rest: Segments;
  query: URLSearchParams;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Reads `#/albums/al-12?order=year`; nothing means home. */
export function readRoute(hash: string): Route {
  const bare = hash.replace(/^#/, '');
  const mark = bare.indexOf('?');
  const path = mark < 0 ? bare : bare.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? '' : bare.slice(mark + 1));
  const [screen = 'home', ...rest] = path.split('/').filter(Boolean).map(decoded);
  return { screen, rest, query };
}

/** Writes an address: `link('albums', 'al-12')` is `#/albums/al-12`. */
export function link(...parts: string[]): string {
  return `#/${parts.map(encodeURIComponent).join('/')}`;
}

/** Writes an address with a query; what is null is left out. */
export function linkWith(parts: string[], query: Record<string, string | null>): string {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== '') asked.set(name, value);
  }
  const text = asked.toString();
  return text === '' ? link(...parts) : `${link(...parts)}?${text}`;
}
