import type { Artist } from '../api/types';

export interface Letter {
  letter: string;
  artists: Artist[];
}

/** Where what begins with no letter stands. */
export const NO_LETTER = '#';

/** The letter a name stands under: without its accents, and without what is no letter. */
export function letterOf(name: string): string {
  const first = Array.from(name.normalize('NFD').replace(/^[^\p{L}\p{N}]+/u, ''))[0] ?? '';
  return /\p{L}/u.test(first) ? first.toLocaleUpperCase() : NO_LETTER;
}

/** Artists under their letters, in the order they come; what begins with none at the end. */
export function byLetter(artists: readonly Artist[]): Letter[] {
  const groups = new Map<string, Artist[]>();
  for (const artist of artists) {
    const letter = letterOf(artist.name);
    const group = groups.get(letter);
    if (group) group.push(artist);
    else groups.set(letter, [artist]);
  }
  const all = [...groups].map(([letter, named]) => ({ letter, artists: named }));
  const rank = ({ letter }: Letter): string => (letter === NO_LETTER ? '\uffff' : letter);
  return all.sort((one, other) => rank(one).localeCompare(rank(other)));
}
