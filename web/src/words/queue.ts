import { counted } from './counted';

export const queue = {
  title: 'Queue',
  next: (n: number) => (n === 0 ? 'Nothing follows' : `${counted(n, 'song follows', 'songs follow')}`),
  empty: 'The queue is empty',
  emptyNext: 'Play an album, a playlist or any song, and what follows stands here.',
  undo: 'Bring the queue before this one back',
  clear: 'Clear the queue',
  cleared: 'The queue is empty',
  save: 'Save as a playlist',
  name: 'Name of the playlist',
  nameFirst: 'My queue',
  saveNow: 'Save',
  close: 'Close the queue',
  list: 'Songs of the queue',
  remove: (title: string) => `Take ${title} out of the queue`,
  move: (title: string) => `Move ${title}: drag, or Alt with the arrow keys`,
  moved: (title: string, place: number, of: number) => `${title} is number ${place} of ${of}`,
  removed: (title: string) => `${title} was taken out`,
} as const;
