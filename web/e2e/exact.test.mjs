// Every frame that is heard follows the one before it: over the ends of tracks, after a pause, after a seek, and after
// clicks that come faster than sound can.

import assert from 'node:assert/strict';
import test from 'node:test';
import { goTo, openAlbum, player, pressSong, seekTo } from './controls.mjs';
import { assertFollows, beginning, countRuns, landing, runsOf, told, trimmed, untilHeard } from './heard.mjs';
import { FRAMES, RATE } from './music.mjs';
import { suite } from './suite.mjs';

const its = suite({ settings: { AURALIS_LIBRARY_ANALYSIS: 'off' } });

async function begun(title) {
  const page = await its.open();
  await openAlbum(page, 'Frames');
  await pressSong(page, title);
  return page;
}

test('tracks follow one another to the frame', { timeout: 60_000 }, async () => {
  const page = await begun('Frame 1');
  await untilHeard(page, { track: 3, frame: RATE, timeout: 40_000 });
  const runs = await runsOf(page);
  assert.equal(await page.evaluate(() => window.e2eHeard.rate), RATE);
  const [first] = trimmed(runs);
  assert.deepEqual([first.track, first.first], [1, 0], told(runs));
  const { frames } = assertFollows(runs);
  assert.ok(frames > FRAMES[0].frames + FRAMES[1].frames);
  assert.ok(trimmed(runs).every((run) => run.kind === 'frames'), `not every frame came as it is: ${told(runs)}`);
  await its.close(page);
});

test('a seek lands on the frame it asks for and goes on from there', { timeout: 60_000 }, async () => {
  const page = await begun('Frame 2');
  await untilHeard(page, { track: 2, frame: RATE });
  for (const seconds of [5.25, 1.5, 6.875]) {
    const before = await countRuns(page);
    await seekTo(page, seconds);
    const frame = seconds * RATE;
    await untilHeard(page, { track: 2, frame: frame + RATE / 2, from: before });
    const runs = (await runsOf(page)).slice(before - 1);
    assert.deepEqual(landing(runs), { track: 2, frame }, told(runs));
    assertFollows(runs.slice(runs.findLastIndex((run) => run.kind === 'other')));
  }
  await its.close(page);
});

test('the sleep timer ends with the song that is heard, though the next one has come', { timeout: 60_000 }, async () => {
  const page = await begun('Frame 1');
  await goTo(page, '#/playing');
  // Three seconds are asked for ahead, so that the end of this one is there.
  await untilHeard(page, { track: 1, frame: FRAMES[0].frames - 2.4 * RATE });
  await page.getByRole('button', { name: 'Sleep timer' }).click();
  await page.getByText('At the end of this song').click();
  await player.play(page).waitFor();
  await page.waitForFunction(() => window.e2eHeard.runs.at(-1).kind === 'silence');
  const runs = trimmed(await runsOf(page));
  const last = runs.at(-1);
  assert.deepEqual([last.track, last.first + last.count], [1, FRAMES[0].frames], told(runs));
  assertFollows(runs);
  await its.close(page);
});

test('a pause goes on with the next frame', { timeout: 60_000 }, async () => {
  const page = await begun('Frame 4');
  for (const frame of [RATE / 2, RATE, 2 * RATE]) {
    await untilHeard(page, { track: 4, frame });
    await player.pause(page).click();
    await page.waitForFunction(() => window.e2eHeard.runs.at(-1).kind === 'silence');
    await player.play(page).click();
  }
  await untilHeard(page, { track: 5, frame: RATE });
  assertFollows(await runsOf(page), { silence: true });
  await its.close(page);
});

/** Clicks twice on rows of the list, one after the other, so many milliseconds apart. */
async function clickRows(page, numbers, apart) {
  await page.evaluate(async ([titles, ms]) => {
    const names = [...document.querySelectorAll('main [role=row] [role=gridcell] span')];
    for (const title of titles) {
      names.find((one) => one.textContent === title).dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
      if (ms > 0) await new Promise((done) => setTimeout(done, ms));
    }
  }, [numbers.map((number) => `Frame ${number}`), apart]);
}

for (const [apart, order] of [[0, [5, 9, 2, 7, 1, 3, 6, 4, 8]], [30, [8, 4, 6, 3, 1, 7, 2, 9, 5]]]) {
  test(`of ten clicks ${apart} ms apart the last one plays, and nothing of another after it`, { timeout: 60_000 }, async () => {
    const page = await begun('Frame 10');
    await untilHeard(page, { track: 10, frame: 1_000 });
    await clickRows(page, order, apart);
    const wanted = order.at(-1);
    await untilHeard(page, { track: wanted, frame: 3 * RATE });
    const runs = await runsOf(page);
    const settled = runs.findIndex((run) => run.track === wanted);
    assert.deepEqual(beginning(runs, settled), { track: wanted, frame: 0 }, told(runs));
    // A song that was cut short by the next click may run out before the last one comes.
    const silent = trimmed(runs).reduce((sum, run) => sum + (run.kind === 'silence' ? run.count : 0), 0);
    assert.ok(silent < RATE, `silence for too long: ${told(runs)}`);
    assert.ok(runs.slice(settled).every((run) => run.track === wanted), `another track after the last click: ${told(runs)}`);
    await player.title(page, `Frame ${wanted}`).waitFor();
    await its.close(page);
  });
}
