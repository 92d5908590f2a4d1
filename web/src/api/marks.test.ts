import { afterEach, describe, expect, it, vi } from 'vitest';
import { marks } from './marks.svelte';

const album = { id: 'al-1', mark: { plays: 0, favourite: null, stars: null } };

/** A server that answers each request the slower the earlier it came. */
function slowServer(statuses: number[] = []) {
  const heard: string[] = [];
  let wait = 40;
  vi.stubGlobal('document', { baseURI: 'http://localhost/' });
  vi.stubGlobal('fetch', async (url: string, { method }: RequestInit) => {
    wait -= 10;
    await new Promise((done) => setTimeout(done, wait));
    heard.push(`${method} ${new URL(url).pathname}`);
    const status = statuses.shift() ?? 204;
    return status === 204
      ? new Response(null, { status })
      : new Response(JSON.stringify({ detail: 'No more.' }), { status });
  });
  return heard;
}

afterEach(() => vi.unstubAllGlobals());

describe('marks', () => {
  it('show at once, and are told one after the other', async () => {
    const heard = slowServer();
    void marks.setStars(album, 2);
    void marks.setStars(album, 1);
    const last = marks.setStars(album, 0);
    expect(marks.stars(album)).toBe(0);
    await last;
    expect(heard).toEqual(['PUT /api/v1/ratings/al-1', 'PUT /api/v1/ratings/al-1', 'DELETE /api/v1/ratings/al-1']);
  });

  it('are as before where the server refuses', async () => {
    slowServer([500]);
    const given = marks.setFavourite(album, true);
    expect(marks.isFavourite(album)).toBe(true);
    await given;
    expect(marks.isFavourite(album)).toBe(false);
  });
});
