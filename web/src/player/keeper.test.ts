import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Keeper, type Kept } from './keeper';

let kept: Kept;
let written: number[];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', new EventTarget());
  vi.stubGlobal('document', Object.assign(new EventTarget(), { baseURI: 'http://music.test/', hidden: false }));
  vi.stubGlobal('fetch', (_: string, { body }: { body: string }) => {
    written.push((JSON.parse(body) as { position_ms: number }).position_ms);
    return Promise.resolve(new Response(null, { status: 204 }));
  });
  kept = { entries: [], place: 0, seconds: 0 };
  written = [];
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const keeper = (): Keeper => new Keeper(() => kept, (cause) => expect.unreachable(String(cause)));

it('writes a queue that is only heard once a minute', async () => {
  const keeps = keeper();
  await keeps.now();
  for (let second = 1; second <= 150; second += 1) {
    kept = { ...kept, seconds: second };
    keeps.heard();
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(written).toHaveLength(3);
  for (const [at, ms] of [0, 60_000, 120_000].entries()) expect(Math.abs((written[at] ?? NaN) - ms)).toBeLessThanOrEqual(1_000);
});

it('writes a jump soon, however many come at once, and nothing where nothing is another', async () => {
  const keeps = keeper();
  await keeps.now();
  for (const seconds of [10, 20, 30]) {
    kept = { ...kept, seconds };
    keeps.soon();
  }
  await vi.advanceTimersByTimeAsync(1_000);
  expect(written).toEqual([0, 30_000]);
  keeps.soon();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(written).toEqual([0, 30_000]);
});
