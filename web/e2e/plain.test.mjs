// Over plain HTTP browsers offer no worklet: the page says so, and plays one endless file.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { PLAIN_HOST } from './browser.mjs';
import { logIn, openAlbum, player, pressSong, seekTo } from './controls.mjs';
import { FRAMES, RATE } from './music.mjs';
import { ADMIN, MUSIC } from './server.mjs';
import { suite } from './suite.mjs';

const its = suite({
  music: join(MUSIC, 'frames'),
  settings: { AURALIS_LIBRARY_ANALYSIS: 'off', AURALIS_SERVER_ALLOWED_HOSTS: PLAIN_HOST },
});

async function opened() {
  const url = its.front.url.replace('127.0.0.1', PLAIN_HOST);
  const page = await its.open({ url, user: null, expected: [/401 \(Unauthorized\)/, /Cross-Origin-Opener-Policy/] });
  await logIn(page, ADMIN);
  return page;
}

const seconds = (page) => page.evaluate(() => window.e2eAudios.at(-1)?.currentTime ?? 0);
const untilAt = (page, least) => page.waitForFunction((wanted) => (window.e2eAudios.at(-1)?.currentTime ?? 0) > wanted, least, { timeout: 30_000 });

test('the page says how it plays, and tracks follow one another', { timeout: 90_000 }, async () => {
  const page = await opened();
  assert.equal(await page.evaluate(() => isSecureContext), false);
  await openAlbum(page, 'Frames');
  await pressSong(page, 'Frame 1');
  await player.title(page, 'Frame 1').waitFor();
  await untilAt(page, 1);
  await player.title(page, 'Frame 2').waitFor();
  const at = await seconds(page);
  const end = FRAMES[0].frames / RATE;
  assert.ok(at > end - 0.5 && at < end + 3, `the title changed at ${at} s, the track ends at ${end} s`);
  await untilAt(page, end + 2);
  await player.tier(page).click();
  await page.getByText('this page came over plain HTTP').waitFor();
  await its.close(page);
});

test('a seek is heard where it was asked for', { timeout: 90_000 }, async () => {
  const page = await opened();
  await openAlbum(page, 'Frames');
  await pressSong(page, 'Frame 3');
  await untilAt(page, 0.5);
  await seekTo(page, 5);
  await page.waitForFunction(() => /^0:0[67] of/.test(document.querySelector('section input[type=range][aria-label=Position]').getAttribute('aria-valuetext')));
  assert.ok((await seconds(page)) < 4, 'the element went on in the sound of before');
  await player.pause(page).click();
  const paused = await seconds(page);
  await player.play(page).click();
  await untilAt(page, paused + 0.3);
  await player.title(page, 'Frame 4').waitFor();
  await its.close(page);
});
