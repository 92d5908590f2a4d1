import { afterEach, expect, it, vi } from 'vitest';
import type { Track } from '../api/types';
import type { Programme } from './engine';
import { entriesOf } from './order';
import { RemoteStream } from './stream';

const programme: Programme = { entries: [], crossfade: 0, level: 'off', enhance: null };
const from = { place: 0, seconds: 0 };

afterEach(() => vi.unstubAllGlobals());

/** A server that numbers its streams and can forget them all. */
function served(): { asked: string[]; forgetAll: () => void } {
  const asked: string[] = [];
  const known = new Set<string>();
  let made = 16;
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', { baseURI: 'http://music.test/' });
  vi.stubGlobal('fetch', (address: string, { method }: { method: string }) => {
    const path = address.replace('http://music.test/api/v1/', '');
    asked.push(`${method} ${path}`);
    if (method === 'POST') known.add(`streams/${(made += 1)}`);
    else if (!known.has(path)) return Promise.resolve(new Response('{"detail":"Gone."}', { status: 404 }));
    return Promise.resolve(new Response(JSON.stringify({ id: made })));
  });
  return { asked, forgetAll: () => known.clear() };
}

it('makes another stream where the server has forgotten the one it goes to', async () => {
  const { asked, forgetAll } = served();
  const stream = new RemoteStream();
  expect(await stream.goTo(programme, from)).toBe(17);
  forgetAll();
  expect(await stream.goTo(programme, from)).toBe(18);
  expect(asked).toEqual(['POST streams', 'PATCH streams/17', 'PATCH streams/17', 'POST streams']);
});

it('says that it is gone, and forgets it then', async () => {
  const { forgetAll } = served();
  const stream = new RemoteStream();
  await stream.agree(programme, from);
  expect(await stream.told()).toMatchObject({ id: 17 });
  forgetAll();
  expect(await stream.told()).toBeNull();
  expect(await stream.agree(programme, from)).toBe(18);
});

it('asks for nothing where the same songs are wanted', async () => {
  const { asked } = served();
  const stream = new RemoteStream();
  const list = (...ids: string[]): Programme => ({ ...programme, entries: entriesOf(ids.map((id) => ({ id }) as Track)) });
  const wanted = list('tr-1', 'tr-2');
  expect(stream.agreed(wanted)).toBeNull();
  const agreeing = stream.agree(wanted, from);
  expect(stream.agreed(wanted)).toBeNull();
  await agreeing;
  await Promise.resolve();
  expect(stream.agreed(list('tr-1', 'tr-2'))).toBe(17);
  expect(stream.agreed(list('tr-2', 'tr-1'))).toBeNull();
  expect(await stream.agree(list('tr-1', 'tr-2'), { place: 1, seconds: 0 })).toBe(17);
  expect(asked).toEqual(['POST streams']);
});
