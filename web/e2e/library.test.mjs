// What people do with their music: find it, keep lists of it, mark it, and come back to where they were.

import assert from 'node:assert/strict';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiGet, goTo, openAlbum, player, pressSong, seekTo, songRow, untilSound } from './controls.mjs';
import { untilHeard } from './heard.mjs';
import { makeSong, RATE, SONGS } from './music.mjs';
import { MUSIC } from './server.mjs';
import { suite } from './suite.mjs';

const music = await mkdtemp(join(tmpdir(), 'auralis-music-'));
await cp(MUSIC, music, { recursive: true });
const its = suite({ music, settings: { AURALIS_LIBRARY_ANALYSIS: 'off' } });

const main = (page) => page.getByRole('main');
const names = (page) => main(page).locator('[role=row][aria-rowindex] .name');
const toast = (page, text) => page.getByRole('status').filter({ hasText: text }).first().waitFor();

/** Waits until what is found has these texts, in this order. */
async function untilTexts(found, wanted) {
  const isSo = (all, names) => JSON.stringify(all.map((one) => one.textContent)) === JSON.stringify(names);
  for (let tries = 0; tries < 300 && !(await found.evaluateAll(isSo, wanted)); tries += 1) await sleep(100);
  assert.deepEqual(await found.allTextContents(), wanted);
}

/** Waits until the rows of a list are these. */
const untilRows = (page, wanted) => untilTexts(names(page), wanted);

async function openMenu(page, title) {
  await songRow(page, title).click({ button: 'right' });
}

const choose = (page, name) => page.getByRole('menuitem', { name, exact: true }).click();

test('files that come are found by a scan, and their album appears by itself', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await goTo(page, '#/albums');
  await main(page).getByRole('link', { name: 'Harbour', exact: true }).first().waitFor();
  await makeSong(join(music, 'late'), { ...SONGS[0], title: 'A Late Song', seconds: 4 }, 'Latecomers');
  const other = await its.open();
  await goTo(other, '#/house/music');
  await other.getByRole('button', { name: 'Scan now' }).click();
  await other.getByText(/The last scan ended on/).waitFor();
  await main(page).getByRole('link', { name: 'Latecomers', exact: true }).first().waitFor();
  await its.close(other);
  await its.close(page);
});

test('searching takes no mouse', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Artists, albums and songs' }).waitFor();
  await page.keyboard.type('frame 7');
  await main(page).getByRole('option').filter({ hasText: 'Frame 7' }).first().waitFor();
  const options = main(page).getByRole('option');
  const place = (await options.allTextContents()).findIndex((text) => text.includes('Frame 7'));
  for (let step = 0; step < place; step += 1) await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await untilHeard(page, { track: 7, frame: 10_000 });
  await player.title(page, 'Frame 7').waitFor();
  await its.close(page);
});

test('a playlist is made, put in order, and stays so', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await openAlbum(page, 'Harbour');
  await main(page).getByRole('grid').focus();
  await page.keyboard.press('Control+a');
  await openMenu(page, 'First Light');
  await choose(page, 'Add to a playlist');
  await choose(page, 'New playlist');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Evening');
  await dialog.getByRole('button', { name: 'Create' }).click();
  await toast(page, '4 songs added to “Evening”');
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Evening' }).click();
  await untilRows(page, ['First Light', 'Low Water', 'The Long Quay', 'Lanterns']);
  await songRow(page, 'Lanterns').getByText('Lanterns', { exact: true }).click();
  await main(page).getByRole('grid').focus();
  await page.keyboard.press('Alt+ArrowUp');
  await untilRows(page, ['First Light', 'Low Water', 'Lanterns', 'The Long Quay']);
  await page.reload();
  await untilRows(page, ['First Light', 'Low Water', 'Lanterns', 'The Long Quay']);
  await its.close(page);
});

test('a smart playlist shows what fits before it is kept', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await goTo(page, '#/rules');
  await main(page).getByLabel('Name').fill('Tones only');
  await main(page).getByLabel('Field', { exact: true }).first().selectOption({ label: 'Genre' });
  await main(page).getByLabel('Comparison').first().selectOption({ label: 'is' });
  await main(page).getByLabel('Value').first().fill('Tones');
  await main(page).getByText('3 songs').first().waitFor();
  await main(page).getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { name: 'Tones only' }).waitFor();
  await names(page).nth(2).waitFor();
  assert.equal(await names(page).count(), 3);
  await its.close(page);
});

test('the queue before comes back', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await openAlbum(page, 'Harbour');
  await pressSong(page, 'Low Water');
  await untilSound(page);
  await player.queue(page).click();
  const list = page.getByRole('list', { name: 'Songs of the queue' });
  const queued = () => list.getByRole('listitem').count();
  await page.waitForFunction(() => document.querySelectorAll('aside [role=listitem]').length === 4);
  await list.getByRole('listitem').filter({ hasText: 'Lanterns' }).hover();
  await page.getByRole('button', { name: 'Take Lanterns out of the queue' }).click();
  await page.waitForFunction(() => document.querySelectorAll('aside [role=listitem]').length === 3);
  await page.getByRole('button', { name: 'Bring the queue before this one back' }).click();
  await page.waitForFunction(() => document.querySelectorAll('aside [role=listitem]').length === 4);
  assert.equal(await queued(), 4);
  await player.title(page, 'Low Water').waitFor();
  await player.pause(page).waitFor();
  await its.close(page);
});

test('on a phone the queue has the page for itself until it is closed', { timeout: 60_000 }, async () => {
  const page = await its.open({ options: { viewport: { width: 360, height: 740 } } });
  await openAlbum(page, 'Harbour');
  await songRow(page, 'Low Water').dblclick();
  await player.pause(page).waitFor();
  await goTo(page, '#/playing');
  const opener = main(page).getByRole('button', { name: 'Queue', exact: true });
  await opener.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('list', { name: 'Songs of the queue' }).waitFor();
  const isInside = () => page.evaluate(() => document.querySelector('aside').contains(document.activeElement));
  assert.ok(await isInside());
  // Around all that can have the focus, with the browser's own in between.
  for (let step = 0; step < 12; step += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => document.activeElement === document.body);
    assert.ok(at || (await isInside()), `the focus left the queue after ${step + 1} steps`);
  }
  assert.ok(await main(page).evaluate((below) => below.inert), 'what lies below is still there for screen readers');
  await page.keyboard.press('Escape');
  await page.locator('aside').waitFor({ state: 'detached' });
  await page.waitForFunction(() => document.activeElement.getAttribute('aria-label') === 'Queue');
  await its.close(page);
});

test('on a phone a song of the queue is drawn to another place by a finger', { timeout: 60_000 }, async () => {
  const page = await its.open({ options: { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true } });
  await openAlbum(page, 'Frames');
  await main(page).getByRole('button', { name: 'Play', exact: true }).tap();
  await player.pause(page).waitFor();
  await goTo(page, '#/playing');
  await main(page).getByRole('button', { name: 'Queue', exact: true }).tap();
  const rows = page.getByRole('list', { name: 'Songs of the queue' }).getByRole('listitem');
  await rows.nth(9).waitFor();
  const before = await rows.locator('.title').allTextContents();
  const [from, to] = await Promise.all([rows.nth(4).getByTitle('Move Frame 5').boundingBox(), rows.nth(1).boundingBox()]);
  const finger = await page.context().newCDPSession(page);
  const touch = (type, y) => finger.send('Input.dispatchTouchEvent', { type, touchPoints: y === null ? [] : [{ x: from.x + from.width / 2, y }] });
  const [start, end] = [from, to].map((box) => box.y + box.height / 2);
  await touch('touchStart', start);
  for (let step = 1; step <= 10; step += 1) await touch('touchMove', start + ((end - start) * step) / 10);
  await touch('touchEnd', null);
  await untilTexts(rows.locator('.title'), [before[0], before[4], ...before.slice(1, 4), ...before.slice(5)]);
  await its.close(page);
});

test('a row drawn to the edge of a long list goes on beyond what is seen', { timeout: 60_000 }, async () => {
  const page = await its.open();
  const { items } = await apiGet(page, 'tracks?limit=100');
  const long = Array.from({ length: 60 }, (_, at) => items[at % items.length].id);
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'A long way', tracks: long }) };
  const { id } = await page.evaluate(async (init) => (await fetch(new URL('api/v1/playlists', document.baseURI), init)).json(), post);
  await goTo(page, `#/playlists/${id}`);
  const [first, second] = items.map((track) => track.title);
  await songRow(page, first).getByRole('button', { name: `Move ${first}` }).hover();
  await page.mouse.down();
  const box = await main(page).boundingBox();
  await page.mouse.move(box.x + 60, box.y + box.height - 10, { steps: 5 });
  await page.waitForFunction(() => document.querySelector('main').scrollTop > 1_200);
  assert.equal(await songRow(page, first).count(), 1, 'the row that is drawn is gone');
  await page.mouse.move(box.x + 60, box.y + box.height / 2);
  await page.mouse.up();
  await toast(page, 'Moved');
  const { items: kept } = await apiGet(page, `playlists/${id}/entries?limit=100`);
  assert.equal(kept[0].title, second);
  const from = kept.findIndex((track, at) => at > 15 && track.id === long[0] && kept[at + 1]?.id !== long[1]);
  assert.ok(from > 15, `it was put to ${from}`);
  await its.close(page);
});

test('a bookmark is set where a song is heard, and gone on from', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await openAlbum(page, 'Frames');
  await pressSong(page, 'Frame 2');
  await untilHeard(page, { track: 2 });
  await player.pause(page).click();
  await seekTo(page, 2);
  await openMenu(page, 'Frame 2');
  await choose(page, 'Bookmark this place');
  await toast(page, 'Bookmarked at 0:02');
  await openAlbum(page, 'Harbour');
  await pressSong(page, 'Low Water');
  await openMenu(page, 'Lanterns');
  assert.equal(await page.getByRole('menuitem', { name: 'Bookmark this place' }).count(), 0);
  await page.keyboard.press('Escape');
  await goTo(page, '#/');
  await main(page).getByRole('button', { name: 'Play Frame 2 from 0:02' }).click();
  await player.title(page, 'Frame 2').waitFor();
  await untilHeard(page, { track: 2, frame: 5 * RATE });
  await main(page).getByRole('button', { name: 'Remove the bookmark in Frame 2' }).click();
  await main(page).getByRole('heading', { name: 'Go on listening' }).waitFor({ state: 'detached' });
  assert.deepEqual((await apiGet(page, 'bookmarks')).items, []);
  await its.close(page);
});

test('a favourite is one everywhere, and after a reload', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await openAlbum(page, 'Tones');
  await songRow(page, 'Tone 2').hover();
  await songRow(page, 'Tone 2').getByRole('button', { name: 'Favourite: Tone 2' }).click();
  await page.waitForFunction(() => document.querySelector('[role=row] [aria-label="Favourite: Tone 2"]').getAttribute('aria-pressed') === 'true');
  await goTo(page, '#/favourites');
  await untilRows(page, ['Tone 2']);
  await page.reload();
  await untilRows(page, ['Tone 2']);
  await its.close(page);
});

test('a link leads where it led before, and back goes back', { timeout: 60_000 }, async () => {
  const page = await its.open({ hash: '#/albums' });
  await main(page).getByRole('link', { name: 'Frames', exact: true }).first().click();
  await page.getByRole('heading', { name: 'Frames' }).waitFor();
  const address = page.url();
  await page.reload();
  await page.getByRole('heading', { name: 'Frames' }).waitFor();
  assert.equal(page.url(), address);
  await main(page).getByRole('link', { name: 'Counter' }).first().click();
  await page.getByRole('heading', { name: 'Counter' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'Frames' }).waitFor();
  await page.goBack();
  await main(page).getByRole('link', { name: 'Harbour', exact: true }).first().waitFor();
  await goTo(page, '#/nowhere/at/all');
  await page.getByText('There is nothing here').last().waitFor();
  assert.ok((await apiGet(page, 'queue')) !== null);
  await its.close(page);
});
