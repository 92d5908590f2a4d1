// The first visit: the token of the console makes the first account, and two clicks later a song plays that was
// composed here.

import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'node:test';
import { player, untilSound } from './controls.mjs';
import { ADMIN } from './server.mjs';
import { suite } from './suite.mjs';

const its = suite({ users: false, music: await mkdtemp(join(tmpdir(), 'auralis-none-')) });

test('from the first visit to a playing song in two clicks', { timeout: 180_000 }, async () => {
  const page = await its.open({ user: null, expected: [/401 \(Unauthorized\)/] });
  await page.getByRole('heading', { name: 'Welcome to Auralis' }).waitFor();
  await page.getByLabel('Setup token').fill('a wrong token');
  await page.getByLabel('Name').fill(ADMIN.name);
  await page.getByLabel('Password').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Setup token').fill(its.server.token);
  await page.getByRole('button', { name: 'Begin' }).click();

  await page.getByRole('button', { name: 'Compose three songs' }).click();
  const made = page.getByRole('main').getByRole('button', { name: 'Play', exact: true }).first();
  await made.waitFor({ timeout: 150_000 });
  await made.click();

  await player.pause(page).waitFor();
  await untilSound(page);
  await its.close(page);
});
