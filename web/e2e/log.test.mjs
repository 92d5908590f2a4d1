// The log of what went wrong: page by page, and with what happens while somebody looks.

import assert from 'node:assert/strict';
import { cp, mkdtemp, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { goTo, openAlbum, player, songRow } from './controls.mjs';
import { judged } from './judge.mjs';
import { MUSIC } from './server.mjs';
import { suite } from './suite.mjs';
import { axe } from './tools.mjs';

const music = await mkdtemp(join(tmpdir(), 'auralis-broken-'));
await cp(join(MUSIC, 'songs'), music, { recursive: true });
const its = suite({ music, settings: { AURALIS_LIBRARY_ANALYSIS: 'off' } });
const BEGUN = Date.UTC(2025, 4, 1, 12);

const lineOf = (number) => ({
  number,
  at: BEGUN + number * 1_000,
  error: number % 3 === 0,
  text: `line ${number} of a file at ${'/a/long/path'.repeat(12)}`,
  correlation: number % 2 === 0 ? `0b7c-${number}` : null,
});

/** A server on which so much went wrong as `told` says. */
async function wrong(page, told) {
  await page.route('**/api/v1/warnings*', async (route) => {
    const { searchParams } = new URL(route.request().url());
    const before = Number(searchParams.get('before') ?? told.count + 1);
    const limit = Number(searchParams.get('limit'));
    const items = Array.from({ length: Math.min(limit, before - 1) }, (_, at) => lineOf(before - 1 - at));
    await route.fulfill({ json: { items, next: items.length === limit ? items.at(-1).number : null } });
  });
}

for (const [name, viewport] of Object.entries({ desk: { width: 1440, height: 900 }, phone: { width: 360, height: 740 } })) {
  test(`the log on a ${name}`, { timeout: 60_000 }, async () => {
    const page = await its.open({ options: { viewport } });
    const told = { count: 0 };
    await wrong(page, told);
    const lines = page.getByRole('main').getByRole('listitem').filter({ hasText: /line \d+ of/ });
    const untilLines = (count) => page.waitForFunction((wanted) => document.querySelectorAll('main ol > li').length === wanted, count);
    await page.evaluate(axe);
    const found = [];

    await goTo(page, '#/house/log');
    await page.getByText('Nothing has gone wrong since the server was started').waitFor();
    await judged(page, 'log, empty', found);

    told.count = 150;
    await page.getByRole('button', { name: 'Look again' }).click();
    await untilLines(100);
    await page.getByRole('button', { name: 'Show older' }).click();
    await untilLines(150);
    assert.match(await lines.first().textContent(), /Error.*line 150 of.*0b7c-150/s);
    assert.match(await lines.nth(1).textContent(), /Warning.*line 149 of/s);
    await judged(page, 'log', found);

    // What comes while somebody looks is there by itself, and what was shown stays.
    told.count = 152;
    await untilLines(152);
    assert.match(await lines.first().textContent(), /line 152 of/);
    assert.equal(await page.getByRole('button', { name: 'Show older' }).count(), 0);

    await goTo(page, '#/house/overview');
    await page.getByRole('link', { name: /^33 errors since/ }).click();
    await page.getByRole('heading', { name: 'Log', level: 2 }).waitFor();
    await its.close(page);
    assert.deepEqual(found, []);
  });
}

// The last one: what goes wrong here is in the log of the others too.
test('a file that breaks off while it is played', { timeout: 60_000 }, async () => {
  const page = await its.open();
  await openAlbum(page, 'Harbour');
  const file = join(music, '2.flac');
  await truncate(file, Math.round((await stat(file)).size / 4));
  await songRow(page, 'Low Water').dblclick();
  await page.getByText('The file does not play to its end; the next track follows.').waitFor();
  await player.title(page, 'The Long Quay').waitFor();
  await goTo(page, '#/house/log');
  await page.getByRole('main').getByRole('listitem').filter({ hasText: /Warning.*not played to its end/s }).first().waitFor();
  await its.close(page);
});
