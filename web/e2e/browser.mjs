// Debian's Chromium, without a screen or a sound card: its clock of the sound runs all the same.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromium } from './tools.mjs';

const at = (name) => fileURLToPath(new URL(`sound/${name}`, import.meta.url));
const listen = at('listen.js');

/** The tap and what it reads samples with, as one file. */
async function tapAsText() {
  const [frames, tap] = await Promise.all(['frames.mjs', 'tap.mjs'].map((name) => readFile(at(name), 'utf8')));
  return frames.replaceAll(/^export /gm, '') + tap.replace(/^import .*$/m, '');
}
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--autoplay-policy=no-user-gesture-required',
];

/** A name that is no secure context, as a machine in the house has one. */
export const PLAIN_HOST = 'auralis.test';

export async function startBrowser() {
  return await chromium.launch({ executablePath, args: [...args, `--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`] });
}

/** Answers of "there is none" that belong to the matter: the browser itself writes them down as errors. */
const NONE = /404 \(Not Found\) \(.*\/api\/v1\/(covers\/|tracks\/[^/]+\/(waveform|lyrics|loudness)|tags\/batches|uploads\?)/;

/** The same question more often than this in a second is a loop. */
const OFTEN = 20;

/** Complains of a page that asks the same again and again. */
function countAsked(page, complain) {
  let counts = new Map();
  let since = performance.now();
  page.on('request', (request) => {
    if (performance.now() - since > 1_000) {
      since = performance.now();
      counts = new Map();
    }
    const what = `${request.method()} ${request.url()}`;
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    if (count === OFTEN) complain(`asked ${OFTEN} times within a second: ${what}`);
  });
}

/** What the page says that it should not say is kept in `complaints`; `expected` names what is meant to be said. */
function listenTo(page, complaints, expected) {
  const complain = (text) => {
    const isMeant = [NONE, ...expected].some((one) => one.test(text));
    if (!isMeant && !complaints.includes(text)) complaints.push(text);
  };
  countAsked(page, complain);
  page.on('pageerror', (error) => complain(`error in the page: ${error.stack ?? error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error') complain(`console: ${message.text()} (${message.location().url})`);
  });
  page.on('response', (response) => {
    if (response.status() >= 500) complain(`answer ${response.status()} to ${response.request().method()} ${response.url()}`);
  });
}

/** How a fresh browser plays: sound as it is in the file, nothing done to it. */
export const AS_IT_CAME = { volume: 1, level: 'off', enhance: null, crossfade: 0, repeat: 'off' };

/**
 * A page of a fresh browser at `url`. `user` is logged in; `tap` hears every frame, and where the server is spoken to
 * `direct`, brings itself along; `prefs` are those of the player; `expected` are errors the page may tell.
 */
export async function openPage(browser, url, { user, tap = true, direct = false, prefs = AS_IT_CAME, expected = [], options = {}, hash = '' } = {}) {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
    bypassCSP: direct,
    ...options,
  });
  context.setDefaultTimeout(20_000);
  if (direct) await context.addInitScript((text) => (window.e2eTap = text), await tapAsText());
  if (tap) await context.addInitScript({ path: listen });
  await context.addInitScript((kept) => {
    if (localStorage.getItem('auralis.player') === null) localStorage.setItem('auralis.player', JSON.stringify(kept));
  }, prefs);
  // When the first row, card or link of a library is there.
  await context.addInitScript(() => {
    new MutationObserver((_, watcher) => {
      if (!document.querySelector('main a[href^="#/albums/"]')) return;
      performance.mark('e2e-usable');
      watcher.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  if (user) await context.request.post(new URL('api/v1/login', url).href, { data: user, headers: { origin: new URL(url).origin } });
  const page = await context.newPage();
  page.complaints = [];
  listenTo(page, page.complaints, expected);
  await page.goto(url + hash);
  return page;
}
