/** Keys that belong together, and what each does. */
interface Group {
  title: string;
  keys: readonly (readonly [readonly string[], string])[];
}

export const keys = {
  title: 'Keyboard',
  groups: [
    {
      title: 'Playing',
      keys: [
        [['Space'], 'Play or pause'],
        [['n'], 'Next song'],
        [['p'], 'Previous song'],
        [['←', '→'], 'Ten seconds back or on'],
        [['↑', '↓'], 'Louder or quieter'],
        [['m'], 'Mute'],
        [['l'], 'Favourite what plays'],
        [['q'], 'Show the queue'],
        [['b'], 'Enhanced or original, on the screen Enhance'],
      ],
    },
    {
      title: 'Going',
      keys: [
        [['/'], 'Search'],
        [['g', 'h'], 'Home'],
        [['g', 'a'], 'Albums'],
        [['g', 'r'], 'Artists'],
        [['g', 's'], 'Songs'],
        [['g', 'e'], 'Genres'],
        [['g', 'p'], 'Playlists'],
        [['g', 'f'], 'Favourites'],
        [['g', 'y'], 'Recently played'],
        [['g', 'o'], 'Folders'],
        [['g', 'n'], 'Now playing'],
        [['g', 'c'], 'Studio'],
        [['g', 'u'], 'House'],
      ],
    },
    {
      title: 'Lists',
      keys: [
        [['↑', '↓'], 'Move'],
        [['Shift', '↑', '↓'], 'Select a range'],
        [['Ctrl', 'A'], 'Select all'],
        [['Enter'], 'Play'],
        [['Shift', 'F10'], 'What can be done'],
        [['Alt', '↑', '↓'], 'Move in a playlist'],
        [['Delete'], 'Take out of a playlist'],
        [['Esc'], 'Select nothing, or close'],
      ],
    },
  ] as readonly Group[],
} as const;
