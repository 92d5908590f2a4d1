import { describe, expect, it } from 'vitest';
import { link, linkWith, readRoute } from './routes';

describe('routes', () => {
  it('is home without an address', () => {
    for (const hash of ['', '#', '#/', '#//']) expect(readRoute(hash)).toMatchObject({ screen: 'home', rest: [] });
  });

  it('reads a screen, what it is of, and a query', () => {
    const route = readRoute('#/albums/al-12?order=year&genre=Lo-fi%20hip-hop');
    expect(route.screen).toBe('albums');
    expect(route.rest).toEqual(['al-12']);
    expect(route.query.get('genre')).toBe('Lo-fi hip-hop');
  });

  it('reads what it writes, whatever is in it', () => {
    for (const part of ['AC/DC', 'Was? Nichts & #1', '100%', 'Ünïcøde', '..', ' ']) {
      expect(readRoute(link('genres', part)).rest).toEqual([part]);
      expect(readRoute(linkWith(['albums'], { genre: part })).query.get('genre')).toBe(part);
    }
  });

  it('leaves out what is not asked for', () => {
    expect(linkWith(['albums'], { genre: null, root: '' })).toBe('#/albums');
  });

  it('takes a broken address as it is', () => {
    expect(readRoute('#/genres/100%').rest).toEqual(['100%']);
  });
});
