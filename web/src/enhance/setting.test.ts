import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Track } from '../api/types';
import type { EnhanceSetting } from '../player/protocol';
import { planOf } from './plan';
import { references } from './references.svelte';
import { inWords, isSame, mannerKey, mannerOf, mannerTitle, withManner } from './setting';

const warm: EnhanceSetting = { preset: 'warm', intensity: 0.8, loudness: -14 };
const like = (reference: string): EnhanceSetting => ({ reference, intensity: 1, loudness: -9.5 });

afterEach(() => vi.unstubAllGlobals());

/** A server with one song and plans of it. */
function served(): string[] {
  const asked: string[] = [];
  vi.stubGlobal('document', { baseURI: 'http://music.test/' });
  vi.stubGlobal('fetch', (address: string) => {
    const path = address.replace('http://music.test/api/v1/', '');
    asked.push(path);
    const isThere = path === 'tracks/tr-1' || path.includes('/plan');
    const body = { id: 'tr-1', title: 'Low Water', state: 'measured' };
    return Promise.resolve(new Response(JSON.stringify(isThere ? body : {}), { status: isThere ? 200 : 404 }));
  });
  return asked;
}

describe('a way of mastering', () => {
  it('has a preset or a song, whichever it had before', () => {
    const likened = withManner(warm, { reference: 'tr-7' });
    expect(JSON.parse(JSON.stringify(likened))).toEqual({ reference: 'tr-7', intensity: 0.8, loudness: -14 });
    expect('preset' in likened).toBe(false);
    expect(withManner(likened, { preset: 'warm' })).toEqual(warm);
    expect([mannerOf(warm), mannerOf(likened)]).toEqual([{ preset: 'warm' }, { reference: 'tr-7' }]);
    expect([mannerKey(warm), mannerKey(likened)]).toEqual(['warm', 'tr-7']);
  });

  it('is said in words', () => {
    expect(inWords(null)).toBe('as it came');
    expect(inWords(warm)).toBe('Warm, 80 percent, −14.0 LUFS');
    references.know({ id: 'tr-7', title: 'Lanterns' } as Track);
    expect(inWords(like('tr-7'))).toBe('Like “Lanterns”, 100 percent, −9.5 LUFS');
  });

  it('names the song once the server has said what it is, and asks once', async () => {
    const asked = served();
    expect(mannerTitle(like('tr-1'))).toBe('Like another song');
    expect(mannerTitle(like('tr-1'))).toBe('Like another song');
    await vi.waitFor(() => expect(mannerTitle(like('tr-1'))).toBe('Like “Low Water”'));
    expect(asked).toEqual(['tracks/tr-1']);
  });

  it('has no name where the song is gone, and does not ask on', async () => {
    const asked = served();
    expect(mannerTitle(like('tr-99'))).toBe('Like another song');
    await new Promise((done) => setTimeout(done));
    expect(mannerTitle(like('tr-99'))).toBe('Like another song');
    expect(asked).toEqual(['tracks/tr-99']);
  });

  it('is another where the song is, though neither has a name', () => {
    served();
    expect(isSame(like('tr-97'), like('tr-98'))).toBe(false);
    expect(isSame(like('tr-97'), { ...like('tr-97'), intensity: 0.999 })).toBe(true);
    expect(isSame(warm, { ...warm, loudness: -13.9 })).toBe(false);
    expect(isSame(warm, null)).toBe(false);
    expect(isSame(null, null)).toBe(true);
  });
});

describe('a plan', () => {
  const { signal } = new AbortController();

  it('is asked for by a preset or by a song', async () => {
    const asked = served();
    await planOf('tr-1', warm, false, signal);
    await planOf('tr-1', like('tr-7'), false, signal);
    expect(asked).toEqual([
      'tracks/tr-1/plan?preset=warm&intensity=0.8&loudness=-14',
      'tracks/tr-1/plan?reference=tr-7&intensity=1&loudness=-9.5',
    ]);
  });

  it('says whether it is that of the album', async () => {
    const asked = served();
    expect(await planOf('tr-1', warm, true, signal)).toMatchObject({ state: 'measured', album: true });
    expect(asked[0]).toMatch(/&album=true$/);
    expect(await planOf('tr-1', warm, false, signal)).toMatchObject({ album: false });
  });
});
