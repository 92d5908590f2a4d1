// Sounding like another song, and as a part of an album: what is chosen is shown, and what comes of it is measured.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { apiGet, goTo, openAlbum, player, pressSong, songRow } from './controls.mjs';
import { judged } from './judge.mjs';
import { MUSIC } from './server.mjs';
import { suite } from './suite.mjs';
import { axe } from './tools.mjs';

const its = suite({ music: join(MUSIC, 'songs') });
const ADAPTIVE = { preset: 'adaptive', intensity: 1, loudness: -14 };
const prefs = { volume: 1, level: 'off', enhance: ADAPTIVE, lastEnhance: ADAPTIVE, crossfade: 0, repeat: 'off' };
const WORKED_ON_MS = 60_000;

const main = (page) => page.getByRole('main');
const like = (page) => main(page).getByRole('radio', { name: /^Like a song/ });
const chooser = (page) => page.getByRole('dialog', { name: 'Sound like a song' });

async function looking(title, options) {
  const page = await its.open({ prefs, options });
  const { items } = await apiGet(page, 'tracks?limit=10');
  await goTo(page, `#/enhance/${items.find((track) => track.title === title).id}`);
  await like(page).waitFor();
  return { page, items };
}

const kept = (page) => page.evaluate(() => JSON.parse(localStorage.getItem('auralis.player')).enhance);

test('a song to be like is chosen with keys, is shown, and its plan is measured', { timeout: 120_000 }, async () => {
  const { page, items } = await looking('First Light', { viewport: { width: 1440, height: 900 } });
  await page.evaluate(axe);
  const found = [];

  // Left again, nothing is another.
  await like(page).focus();
  await page.keyboard.press('Space');
  await chooser(page).waitFor();
  await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'combobox');
  await judged(page, 'the dialog, empty', found);
  await page.keyboard.press('Escape');
  await chooser(page).waitFor({ state: 'detached' });
  assert.ok(await main(page).getByRole('radio', { name: /^Adaptive/ }).isChecked());
  assert.ok(!(await like(page).isChecked()));
  assert.deepEqual(await kept(page), ADAPTIVE);

  await page.keyboard.press('Space');
  await page.waitForFunction(() => document.activeElement.getAttribute('role') === 'combobox');
  await page.keyboard.type('lanterns');
  await chooser(page).getByRole('option').filter({ hasText: 'Lanterns' }).waitFor();
  await judged(page, 'the dialog, with songs', found);
  await page.keyboard.press('Enter');
  await chooser(page).waitFor({ state: 'detached' });
  await main(page).getByRole('button', { name: 'Choose another song' }).waitFor();
  await main(page).getByRole('group', { name: 'Preset' }).getByText('Lanterns', { exact: true }).waitFor();
  assert.ok(await like(page).isChecked());
  const { id } = items.find((track) => track.title === 'Lanterns');
  assert.deepEqual(await kept(page), { reference: id, intensity: 1, loudness: -14 });

  await main(page).getByText('Measured on the outcome.').waitFor({ timeout: WORKED_ON_MS });
  await judged(page, 'enhance, like a song', found);
  await its.close(page);
  assert.deepEqual(found, []);
});

test('the menu of a song has others sound like it, on a phone too', { timeout: 60_000 }, async () => {
  const page = await its.open({ prefs: { ...prefs, enhance: null }, options: { viewport: { width: 360, height: 740 } } });
  await openAlbum(page, 'Harbour');
  await songRow(page, 'Low Water').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Sound like this song' }).click();
  await page.getByRole('status').filter({ hasText: 'sound like “Low Water”' }).first().waitFor();
  assert.ok((await kept(page)).reference.startsWith('tr-'));
  await page.reload();
  const { items } = await apiGet(page, 'tracks?limit=10');
  await goTo(page, `#/enhance/${items[0].id}`);
  await main(page).getByRole('group', { name: 'Preset' }).getByText('Low Water', { exact: true }).waitFor();
  await main(page).getByRole('button', { name: 'Choose another song' }).click();
  await chooser(page).getByRole('combobox').fill('l');
  await chooser(page).getByRole('option').filter({ hasText: 'Lanterns' }).waitFor();
  const wide = await page.evaluate(() => {
    const body = document.querySelector('dialog[open] [role=group]');
    return Math.max(body.scrollWidth - body.clientWidth, document.documentElement.scrollWidth - innerWidth);
  });
  assert.ok(wide <= 0, `${wide} px too wide`);
  await chooser(page).getByRole('option').filter({ hasText: 'Lanterns' }).click();
  await main(page).getByRole('group', { name: 'Preset' }).getByText('Lanterns', { exact: true }).waitFor();
  assert.equal((await kept(page)).reference, items.find((track) => track.title === 'Lanterns').id);
  await its.close(page);
});

test('an album that is heard is mastered as one, and the page says so', { timeout: 120_000 }, async () => {
  const page = await its.open({ prefs });
  await openAlbum(page, 'Harbour');
  await pressSong(page, 'Low Water');
  await player.pause(page).waitFor();
  await goTo(page, '#/enhance');
  await main(page).getByText('The whole album is mastered as one').first().waitFor({ timeout: WORKED_ON_MS });
  assert.equal(await main(page).getByText('The whole album is mastered as one').count(), 2);
  await its.close(page);
});
