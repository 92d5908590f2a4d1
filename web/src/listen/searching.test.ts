import { expect, it } from 'vitest';
import { linesOf, songsOf, type Finds } from './searching';

const finds = {
  artists: [{ id: 'ar-1' }],
  albums: [{ id: 'al-1' }],
  tracks: [{ id: 'tr-1', album_id: 'al-1' }, { id: 'tr-2', album_id: 'al-1' }],
} as Finds;

it('makes one list of what was found', () => {
  expect(linesOf(finds).map((line) => line.key)).toEqual(['ar-1', 'al-1', 'tr-1', 'tr-2']);
});

it('leaves all but songs out where songs are meant, in their places', () => {
  expect(songsOf(finds)).toMatchObject([
    { is: 'track', key: 'tr-1', place: 0 },
    { is: 'track', key: 'tr-2', place: 1 },
  ]);
});
