// What a bad network does: sound that comes late by chance, and a connection that is cut off for a while.

import assert from 'node:assert/strict';
import test from 'node:test';
import { openAlbum, player, pressSong } from './controls.mjs';
import { assertFollows, runsOf, told, trimmed, untilHeard } from './heard.mjs';
import { FRAMES, RATE } from './music.mjs';
import { suite } from './suite.mjs';

const its = suite({ settings: { AURALIS_LIBRARY_ANALYSIS: 'off' } });
const JITTER_MS = 200;
const CUT_MS = 3_000;

async function opened(proxy, expected = []) {
  const page = await its.open({ url: proxy.url, expected });
  await openAlbum(page, 'Frames');
  return page;
}

test(`no gap in 20 s with ${JITTER_MS} ms of jitter`, { timeout: 90_000 }, async () => {
  const proxy = await its.proxy();
  proxy.jitter(JITTER_MS);
  const page = await opened(proxy);
  await pressSong(page, 'Frame 1');
  const rest = 20 * RATE - FRAMES[0].frames - FRAMES[1].frames;
  await untilHeard(page, { track: 3, frame: rest, timeout: 60_000 });
  const runs = trimmed(await runsOf(page));
  assert.deepEqual([runs[0].track, runs[0].first], [1, 0], told(runs));
  assertFollows(runs);
  assert.ok(runs.every((run) => run.kind === 'frames'), `not every frame came as it is: ${told(runs)}`);
  await player.tier(page).click();
  await page.getByText('No gap so far.').waitFor();
  await its.close(page);
});

test(`no gap just after a beginning with ${JITTER_MS} ms of jitter`, { timeout: 90_000 }, async () => {
  const proxy = await its.proxy();
  proxy.jitter(JITTER_MS);
  const page = await opened(proxy);
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8];
  for (const number of numbers) {
    await pressSong(page, `Frame ${number}`);
    await untilHeard(page, { track: number, frame: RATE / 2 });
  }
  const runs = await runsOf(page);
  for (const number of numbers) {
    const isOfIt = (run) => run.track === number;
    const between = runs.slice(runs.findIndex(isOfIt), runs.findLastIndex(isOfIt) + 1);
    assert.ok(between.every(isOfIt), `a gap after track ${number} began: ${told(between)}`);
  }
  await its.close(page);
});

test(`cut off for ${CUT_MS / 1_000} s, music goes on with the frame that follows`, { timeout: 90_000 }, async () => {
  const proxy = await its.proxy();
  const page = await opened(proxy, [/net::ERR_|WebSocket connection/]);
  await pressSong(page, 'Frame 6');
  await untilHeard(page, { track: 6, frame: 4 * RATE });
  proxy.cut();
  await player.offline(page).waitFor();
  await new Promise((done) => setTimeout(done, CUT_MS));
  proxy.mend();
  await player.tier(page).waitFor();
  await untilHeard(page, { track: 7, frame: 4 * RATE, timeout: 40_000 });
  assertFollows(await runsOf(page), { dry: true });
  await its.close(page);
});

test('the server is started anew, and music goes on where it was', { timeout: 90_000 }, async () => {
  const page = await opened(await its.proxy(), [/net::ERR_|WebSocket connection|404 \(Not Found\)/]);
  await pressSong(page, 'Frame 8');
  await untilHeard(page, { track: 8, frame: 2 * RATE });
  await its.server.restart();
  await untilHeard(page, { track: 9, frame: RATE, timeout: 40_000 });
  const runs = trimmed(await runsOf(page)).filter((run) => run.kind === 'frames');
  let next = 0;
  for (const run of runs.filter(({ track }) => track === 8)) {
    assert.ok(Math.abs(run.first - next) < RATE / 2, `a jump in: ${told(runs)}`);
    next = run.first + run.count;
  }
  assert.deepEqual(next, FRAMES[7].frames, `the end of the track was not heard: ${told(runs)}`);
  await its.close(page);
});
