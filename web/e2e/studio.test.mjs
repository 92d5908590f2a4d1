// A song is ordered in a sentence, waited for, and played.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { goTo, player, untilSound } from './controls.mjs';
import { MUSIC } from './server.mjs';
import { suite } from './suite.mjs';

const its = suite({ music: join(MUSIC, 'tones') });

test('from a sentence to a playing song', { timeout: 180_000 }, async () => {
  const page = await its.open();
  await goTo(page, '#/studio');
  await page.getByRole('button', { name: 'Compose', exact: true }).click();
  await page.getByText('Say in a sentence what the song should be.').waitFor();
  await page.getByRole('textbox', { name: 'What the song should be' }).fill('Rainy night lo-fi with a rhodes, warm and slow');
  await page.getByRole('button', { name: 'Options' }).click();
  await page.getByLabel('Length in seconds').fill('15');
  await page.getByRole('textbox', { name: 'Title' }).fill('Rain on the Pane');
  await page.getByRole('button', { name: 'Compose', exact: true }).click();
  await page.getByRole('list', { name: 'Stages' }).waitFor();
  await page.getByText('“Rain on the Pane” is ready').waitFor({ timeout: 150_000 });

  // The library sees it some seconds after it is made, and until then the page says so.
  const title = player.title(page, 'Rain on the Pane');
  for (let tries = 0; (await title.count()) === 0; tries += 1) {
    assert.ok(tries < 30, 'the library does not see the song');
    await page.getByRole('button', { name: 'Play Rain on the Pane' }).click();
    await title.waitFor({ timeout: 1_000 }).catch(() => undefined);
  }
  await untilSound(page, 2);

  await page.getByRole('main').getByRole('link', { name: 'Rain on the Pane' }).click();
  await page.getByRole('heading', { name: 'Report', level: 2 }).waitFor();
  await page.getByRole('heading', { name: 'Form and notes' }).waitFor();
  assert.ok((await page.getByRole('heading', { name: 'Downloads' }).count()) > 0);
  await its.close(page);
});
