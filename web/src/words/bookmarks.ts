export const bookmarks = {
  title: 'Go on listening',
  play: (title: string, at: string) => `Play ${title} from ${at}`,
  remove: (title: string) => `Remove the bookmark in ${title}`,
  notRemoved: 'The bookmark was not removed',
} as const;
