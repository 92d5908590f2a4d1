// Every screen in the dark and in the light, on a desk and on a phone: nothing axe calls serious, nothing wider than
// the phone, and a picture of each to be looked at.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { albumId, analysed, apiGet, goTo, openAlbum, player, pressSong } from './controls.mjs';
import { judged } from './judge.mjs';
import { LISTENER } from './server.mjs';
import { suite } from './suite.mjs';
import { axe } from './tools.mjs';

const its = suite();
const pictures = process.env.TRIAD_PICTURES;

const SIZES = {
  desk: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
};

const HOUSE = ['overview', 'music', 'uploads', 'jobs', 'users', 'audit', 'log', 'account', 'settings'];

/** Names of screens and their addresses, some of which depend on what there is. */
async function screens(page) {
  const album = await albumId(page, 'Harbour');
  const [artist] = (await apiGet(page, 'artists?limit=10')).items;
  const [playlist] = (await apiGet(page, 'playlists')).items;
  const [track] = (await apiGet(page, `albums/${album}/tracks`)).items;
  return {
    home: '#/',
    albums: '#/albums',
    album: `#/albums/${album}`,
    artists: '#/artists',
    artist: `#/artists/${artist.id}`,
    songs: '#/songs',
    genres: '#/genres',
    genre: '#/genres/Electronic',
    folders: '#/folders',
    favourites: '#/favourites',
    recent: '#/recent',
    playlists: '#/playlists',
    playlist: `#/playlists/${playlist.id}`,
    rules: '#/rules',
    search: '#/search?q=tone',
    playing: '#/playing',
    enhance: `#/enhance/${track.id}`,
    studio: '#/studio',
    library: '#/library',
    ...Object.fromEntries(HOUSE.map((part) => [`house-${part}`, `#/house/${part}`])),
  };
}

const QUIET_MS = 150;
const LONGEST_MS = 3_000;

/** Waits until nothing is on its way any more: no skeleton, no picture, no change and no movement. */
async function settled(page) {
  await page.evaluate(async ([quiet, longest]) => {
    const begun = performance.now();
    let changed = begun;
    const watcher = new MutationObserver(() => (changed = performance.now()));
    watcher.observe(document.querySelector('main'), { childList: true, subtree: true, attributes: true });
    const isThere = () =>
      performance.now() - changed > quiet &&
      !document.querySelector('main .skeleton, main .ghost, main .waiting') &&
      [...document.images].every((image) => image.complete || image.loading === 'lazy');
    while (!isThere() && performance.now() - begun < longest) await new Promise((done) => setTimeout(done, 30));
    watcher.disconnect();
  }, [QUIET_MS, LONGEST_MS]);
}

async function begun(theme, size) {
  const page = await its.open({ options: { ...SIZES[size], colorScheme: theme, reducedMotion: 'reduce' } });
  await page.evaluate(axe);
  return page;
}

/** A playlist, a favourite, a bookmark and something playing, so that there is something to see. */
async function furnish(page) {
  const album = await albumId(page, 'Harbour');
  const { items } = await apiGet(page, `albums/${album}/tracks`);
  await page.evaluate(async ([tracks, one]) => {
    const ask = (path, method, body) =>
      fetch(new URL(`api/v1/${path}`, document.baseURI), { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
    const { items: lists } = await (await ask('playlists', 'GET')).json();
    if (lists.length > 0) return;
    await ask('playlists', 'POST', { name: 'Evening', tracks });
    await ask(`favourites/${one}`, 'PUT');
    await ask(`bookmarks/${one}`, 'PUT', { position_ms: 83_000 });
  }, [items.map((track) => track.id), items[0].id]);
}

for (const size of Object.keys(SIZES)) {
  for (const theme of ['dark', 'light']) {
    test(`screens on a ${size}, ${theme}`, { timeout: 150_000 }, async () => {
      const page = await begun(theme, size);
      await furnish(page);
      await analysed(page);
      await openAlbum(page, 'Harbour');
      if (size === 'desk') await pressSong(page, 'First Light');
      else await page.getByRole('row').getByText('First Light', { exact: true }).tap();
      await player.pause(page).waitFor();
      const found = [];
      for (const [name, hash] of Object.entries(await screens(page))) {
        if (name === 'library' && size === 'desk') continue;
        await goTo(page, hash);
        await settled(page);
        await judged(page, `${name}, ${theme}, ${size}`, found);
        await page.screenshot({ path: join(pictures, `${name}-${theme}-${size}.png`), animations: 'disabled' });
      }
      await goTo(page, '#/');
      // So that one of the queue was heard already.
      await page.keyboard.press('n');
      await page.keyboard.press('q');
      await settled(page);
      await judged(page, `queue, ${theme}, ${size}`, found);
      await page.screenshot({ path: join(pictures, `queue-${theme}-${size}.png`), animations: 'disabled' });
      await page.keyboard.press('q');
      await page.keyboard.press('?');
      await page.getByRole('dialog').waitFor();
      await judged(page, `keyboard, ${theme}, ${size}`, found);
      await page.screenshot({ path: join(pictures, `keyboard-${theme}-${size}.png`), animations: 'disabled' });
      await page.context().close();
      assert.deepEqual([...found, ...page.complaints], []);
    });
  }
}

test('the door, dark and light', { timeout: 60_000 }, async () => {
  const found = [];
  for (const theme of ['dark', 'light']) {
    const page = await its.open({ user: null, options: { ...SIZES.phone, colorScheme: theme }, expected: [/401/] });
    await page.getByLabel('Password').waitFor();
    await page.evaluate(axe);
    await judged(page, `door, ${theme}`, found);
    await page.screenshot({ path: join(pictures, `door-${theme}-phone.png`) });
    await its.close(page);
  }
  assert.deepEqual(found, []);
});

test('what a listener sees of the house', { timeout: 60_000 }, async () => {
  const page = await its.open({ user: LISTENER, options: SIZES.desk });
  await page.evaluate(axe);
  const found = [];
  for (const part of ['overview', 'music', 'account']) {
    await goTo(page, `#/house/${part}`);
    await settled(page);
    await judged(page, `house ${part} for a listener`, found);
  }
  await its.close(page);
  assert.deepEqual(found, []);
});
