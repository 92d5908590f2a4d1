// Who is let in, and what is for admins alone.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { goTo, logIn } from './controls.mjs';
import { ADMIN, LISTENER, MUSIC } from './server.mjs';
import { suite } from './suite.mjs';

const its = suite({ music: join(MUSIC, 'tones'), settings: { AURALIS_LIBRARY_ANALYSIS: 'off' } });
const NO = [/401 \(Unauthorized\)/, /403 \(Forbidden\)/, /404 \(Not Found\)/];
const parts = (page) => page.getByRole('navigation', { name: 'Parts of the house' });

test('a wrong password is refused in words, the right one lets in, and out again', { timeout: 60_000 }, async () => {
  const page = await its.open({ user: null, expected: NO });
  await page.getByLabel('Name').fill(ADMIN.name);
  await page.getByLabel('Password').fill('not the password');
  await page.getByRole('button', { name: 'Log in' }).click();
  const told = await page.getByRole('alert').textContent();
  assert.ok(told.trim().length > 10, `what is wrong is told as "${told}"`);
  await logIn(page, ADMIN);
  await page.getByRole('button', { name: `Account of ${ADMIN.name}` }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByLabel('Password').waitFor();
  await page.reload();
  await page.getByLabel('Password').waitFor();
  await its.close(page);
});

test('a listener sees nothing of what only admins may do', { timeout: 60_000 }, async () => {
  const admin = await its.open();
  await goTo(admin, '#/house/music');
  await parts(admin).getByRole('link', { name: 'People' }).waitFor();
  await admin.getByRole('button', { name: 'Scan now' }).waitFor();
  await parts(admin).getByRole('link', { name: 'Log' }).click();
  await admin.getByRole('heading', { name: 'Log', level: 2 }).waitFor();
  await its.close(admin);

  const page = await its.open({ user: LISTENER, expected: NO });
  await goTo(page, '#/house/music');
  await parts(page).getByRole('link', { name: 'Music folders' }).waitFor();
  await page.getByText('Where the server looks for music').waitFor();
  for (const name of ['People', 'Uploads', 'Audit', 'Log']) assert.equal(await parts(page).getByRole('link', { name }).count(), 0, name);
  for (const name of ['Scan now', 'Read everything again', 'Remove', 'Add']) {
    assert.equal(await page.getByRole('main').getByRole('button', { name, exact: true }).count(), 0, name);
  }
  for (const section of ['users', 'audit', 'log', 'uploads']) {
    await goTo(page, `#/house/${section}`);
    await page.getByRole('heading', { name: 'The collection' }).waitFor();
    await goTo(page, '#/house/music');
    await page.getByText('Where the server looks for music').waitFor();
  }
  await its.close(page);
});

test('asking all the same is refused', { timeout: 60_000 }, async () => {
  const page = await its.open({ user: LISTENER, expected: NO });
  const asked = [
    ['GET', 'users'],
    ['POST', 'users', { name: 'eve', password: 'a long enough password', role: 'admin' }],
    ['POST', 'scan', { full: true }],
    ['POST', 'roots', { path: '/tmp' }],
    ['GET', 'audit'],
    ['GET', 'warnings'],
    ['GET', 'unreadable'],
  ];
  for (const [method, path, body] of asked) {
    const status = await page.evaluate(async ([how, where, what]) => {
      const init = what ? { body: JSON.stringify(what), headers: { 'content-type': 'application/json' } } : {};
      return (await fetch(new URL(`api/v1/${where}`, document.baseURI), { method: how, ...init })).status;
    }, [method, path, body]);
    assert.ok([403, 404].includes(status), `${method} ${path} as a listener: ${status}`);
  }
  await its.close(page);
});
