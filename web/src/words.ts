// Every text people read, by screen, in one place to be translated.

const number = new Intl.NumberFormat('en');

function counted(count: number, one: string, many: string): string {
  return `${number.format(count)} ${count === 1 ? one : many}`;
}

export const words = {
  app: {
    name: 'Auralis',
  },
  count: {
    songs: (n: number) => counted(n, 'song', 'songs'),
    albums: (n: number) => counted(n, 'album', 'albums'),
    artists: (n: number) => counted(n, 'artist', 'artists'),
    plays: (n: number) => counted(n, 'play', 'plays'),
  },
  parts: {
    close: 'Close',
    cancel: 'Cancel',
    dismiss: 'Dismiss',
    menu: 'Menu',
    more: (name: string) => `More for ${name}`,
    failed: 'That did not work',
    again: 'Try again',
    undo: 'Undo',
    notKept: 'That was not kept',
    favourite: (name: string) => `Favourite: ${name}`,
    rating: (name: string) => `Rating of ${name}`,
    stars: (n: number) => (n === 0 ? 'Not rated' : counted(n, 'star', 'stars')),
  },
} as const;
