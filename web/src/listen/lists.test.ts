import { describe, expect, it } from 'vitest';
import type { Artist, Track } from '../api/types';
import { discsOf } from './discs';
import { moved, removed, type Edit } from './edits';
import { byLetter, letterOf } from './letters';
import { loadedAround, rowsOf, tracksAt, type Rows } from './rows';
import { emptied, heldBy, inOrder, isHeld, move, NOTHING, press, selectAll } from './selection';
import { changesOf, commonOf } from './tagChanges';

const mark = { plays: 0 };
const track = (id: string, more: Partial<Track> = {}): Track =>
  ({ id, title: id, artists: [], genres: [], album: 'A', album_artist: 'B', mark, ...more }) as Track;
const tracks = ['a', 'b', 'c', 'd', 'e'].map((id) => track(id));
const plain = { shift: false, toggle: false };

/** What the server does with an edit. */
function apply(list: readonly string[], edit: Edit): string[] {
  const now = [...list];
  if (edit.op === 'move') now.splice(edit.to, 0, ...now.splice(edit.from, 1));
  else if (edit.op === 'insert') now.splice(edit.at, 0, ...edit.tracks);
  else return now.filter((_, at) => !edit.places.includes(at));
  return now;
}

describe('selecting', () => {
  it('takes one, a range, and more', () => {
    const one = press(NOTHING, 3, plain);
    expect(inOrder(one)).toEqual([3]);
    const range = press(one, 1, { shift: true, toggle: false });
    expect(inOrder(range)).toEqual([1, 2, 3]);
    expect(inOrder(press(range, 4, { shift: true, toggle: false }))).toEqual([3, 4]);
    const more = press(range, 9, { shift: false, toggle: true });
    expect(inOrder(more)).toEqual([1, 2, 3, 9]);
    expect(inOrder(press(more, 2, { shift: false, toggle: true }))).toEqual([1, 3, 9]);
  });

  it('moves within the list and no further', () => {
    expect(move(NOTHING, -1, 5, false).cursor).toBe(0);
    expect(move(press(NOTHING, 4, plain), 5, 5, false).cursor).toBe(4);
    expect(inOrder(move(press(NOTHING, 2, plain), 4, 5, true))).toEqual([2, 3, 4]);
    expect(move(NOTHING, 0, 0, false)).toBe(NOTHING);
  });

  it('holds only as long as the same songs stand there', () => {
    const at = (ids: string[]) => (row: number) => ids[row];
    const held = heldBy(press(press(NOTHING, 1, plain), 2, { shift: true, toggle: false }), at(['a', 'b', 'c', 'd']));
    expect(isHeld(held, 5, at(['x', 'b', 'c', 'd', 'e']))).toBe(true);
    expect(isHeld(held, 3, at(['a', 'd', 'e']))).toBe(false);
    expect(isHeld(held, 2, at(['a', 'b']))).toBe(false);
    expect(isHeld(held, 4, at([]))).toBe(true);
    expect(emptied(press(NOTHING, 1, plain))).toEqual({ cursor: 1, anchor: 1, chosen: new Set() });
  });

  it('takes all of 100,000 rows', () => {
    expect(selectAll(NOTHING, 100_000).chosen.size).toBe(100_000);
    expect(selectAll(NOTHING, 0)).toBe(NOTHING);
  });
});

describe('rows', () => {
  it('are asked for in runs', async () => {
    const asked: [number, number][] = [];
    const rows: Rows = {
      ...rowsOf(() => tracks),
      length: tracks.length,
      range: (from, to) => {
        asked.push([from, to]);
        return Promise.resolve(tracks.slice(from, to));
      },
    };
    expect((await tracksAt(rows, [0, 1, 3, 4])).map(({ id }) => id)).toEqual(['a', 'b', 'd', 'e']);
    expect(asked).toEqual([[0, 2], [3, 5]]);
  });

  it('play from what is there without a gap', () => {
    const holed: Rows = { ...rowsOf(() => tracks), length: 5, at: (at) => (at === 1 ? undefined : tracks[at]) };
    const { from, tracks: around } = loadedAround(holed, 3, 100);
    expect([from, around.map(({ id }) => id)]).toEqual([2, ['c', 'd', 'e']]);
  });
});

describe('edits of playlists', () => {
  const list = ['a', 'b', 'c', 'd', 'e'];

  it('are taken back: every move', () => {
    for (let from = 0; from < 5; from += 1) {
      for (let to = 0; to < 5; to += 1) {
        const after = apply(list, { op: 'move', from, to });
        expect(moved(from, to).reduce(apply, after)).toEqual(list);
      }
    }
  });

  it('are taken back: every removal', () => {
    for (let bits = 1; bits < 32; bits += 1) {
      const places = [0, 1, 2, 3, 4].filter((at) => bits & (1 << at));
      const after = apply(list, { op: 'remove', places });
      const back = removed(places.toReversed().map((at) => ({ at, id: list[at] ?? '' })));
      expect(back.reduce(apply, after)).toEqual(list);
    }
  });
});

describe('letters', () => {
  it('are without accents and signs', () => {
    expect(['Élan', '“Weird Al”', 'abba', '2Pac', '***', 'Øre', '日本'].map(letterOf)).toEqual(['E', 'W', 'A', '#', '#', 'Ø', '日']);
  });

  it('stand in order, what begins with none at the end', () => {
    const artists = ['2Pac', 'Zoe', 'Abba', 'Élan', 'eels'].map((name) => ({ name }) as Artist);
    expect(byLetter(artists).map(({ letter }) => letter)).toEqual(['A', 'E', 'Z', '#']);
  });
});

describe('discs', () => {
  it('begin where the one before ends', () => {
    const all = [track('a', { disc: 1 }), track('b', { disc: 1 }), track('c', { disc: 2, disc_title: 'Live' })];
    const discs = discsOf(all, [{ number: 1, title: 'Studio' }]);
    expect(discs.map(({ number, title, from }) => [number, title, from])).toEqual([[1, 'Studio', 0], [2, 'Live', 2]]);
  });
});

describe('tags', () => {
  const two = [track('a', { title: 'One', year: 1999 }), track('b', { title: 'Two', year: 1999 })];

  it('are shown where they are the same, and only then', () => {
    const common = commonOf(two);
    expect(common.values).toMatchObject({ title: '', album: 'A', date: '1999' });
    expect([...common.mixed]).toEqual(['title']);
  });

  it('are changed where they were typed, and nowhere else', () => {
    const before = commonOf(two);
    expect(changesOf(before, before.values)).toEqual({});
    const now = { ...before.values, album: '', genres: 'Jazz; Blues ;', composers: 'Bach' };
    expect(changesOf(before, now)).toEqual({ album: null, genres: ['Jazz', 'Blues'], composers: ['Bach'] });
  });
});
