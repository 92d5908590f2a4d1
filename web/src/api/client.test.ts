import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { get, inWords, loggedUnder } from './client';

beforeEach(() => vi.stubGlobal('document', { baseURI: 'http://music.test/' }));
afterEach(() => vi.unstubAllGlobals());

/** What comes of asking a server that answers so. */
async function refused(answer: () => Promise<Response>): Promise<unknown> {
  vi.stubGlobal('fetch', answer);
  return await get('tracks').catch((cause: unknown) => cause);
}

const problem = (status: number) => () =>
  Promise.resolve(new Response(JSON.stringify({ detail: 'It is not well.', correlation_id: 'c-7' }), { status }));

it('tells where the log says more of errors that are the server’s own, and of no others', async () => {
  expect(loggedUnder(await refused(problem(500)))).toBe('c-7');
  expect(loggedUnder(await refused(problem(503)))).toBe('c-7');
  expect(loggedUnder(await refused(problem(422)))).toBeNull();
  expect(loggedUnder(new Error('Something else'))).toBeNull();
});

it('has words for an answer without any, and for none', async () => {
  expect(inWords(await refused(problem(500)))).toBe('It is not well.');
  expect(inWords(await refused(() => Promise.resolve(new Response('<html>', { status: 502 }))))).toContain('502');
  const unreachable = await refused(() => Promise.reject(new TypeError('Failed to fetch')));
  expect(inWords(unreachable)).toContain('cannot be reached');
  expect(loggedUnder(unreachable)).toBeNull();
});
