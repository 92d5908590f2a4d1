// Comparing: mastered and original come aligned to the sample, are heard at the same frames, and going over from one to
// the other makes no click.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import test from 'node:test';
import { apiGet, openAlbum, player, pressSong } from './controls.mjs';
import { RATE } from './music.mjs';
import { piecesOf } from './pieces.mjs';
import { MUSIC } from './server.mjs';
import { suite } from './suite.mjs';

const its = suite({ music: join(MUSIC, 'songs') });
const LAGS = 64;
/** How long the page takes from one side to the other, in frames, and a block more. */
const OVER = 480 + 128;

/** Correlation of two channels from -1 to 1, the second shifted by some frames. */
function correlation(first, second, lag) {
  let product = 0;
  let ones = 0;
  let others = 0;
  for (let at = LAGS; at < first.length - LAGS; at += 1) {
    const one = first[at];
    const other = second[at + lag];
    product += one * other;
    ones += one * one;
    others += other * other;
  }
  return product / Math.sqrt(ones * others);
}

function peakLag(first, second) {
  const lags = Array.from({ length: 2 * LAGS + 1 }, (_, at) => at - LAGS);
  return lags.reduce((best, lag) => (correlation(first, second, lag) > correlation(first, second, best) ? lag : best), 0);
}

/** Without the bass, whose phase is another in the mastered sound: what tells one frame from the next is left. */
function whitened(channel) {
  const white = new Float32Array(channel.length);
  for (let at = 2; at < channel.length; at += 1) white[at] = channel[at] - 2 * channel[at - 1] + channel[at - 2];
  return white;
}

const rms = (channel) => Math.sqrt(channel.reduce((sum, sample) => sum + sample * sample, 0) / channel.length);
const decibels = (ratio) => 20 * Math.log10(ratio);

function largestStep(channel, from, to) {
  let largest = 0;
  for (let at = Math.max(1, from); at < to; at += 1) largest = Math.max(largest, Math.abs(channel[at] - channel[at - 1]));
  return largest;
}

/** Where a stretch of heard sound lies in a channel: the frame of its first sample; -1 for nowhere. */
function find(stretch, channel) {
  const same = (from) => stretch.every((sample, at) => sample === channel[from + at]);
  for (let from = 0; from + stretch.length <= channel.length; from += 1) if (channel[from] === stretch[0] && same(from)) return from;
  return -1;
}

async function comparing(intensity) {
  const enhance = { preset: 'adaptive', intensity, loudness: -14 };
  const page = await its.open({ prefs: { volume: 1, level: 'off', enhance, lastEnhance: enhance, crossfade: 0, repeat: 'off' } });
  const pieces = piecesOf(page);
  const { items } = await apiGet(page, 'tracks?limit=10');
  const song = items.find((track) => track.title === 'First Light');
  // As good as it gets: measured on the whole song.
  const ask = `tracks/${song.id}/plan?preset=adaptive&intensity=${intensity}&loudness=-14`;
  for (let state = ''; state !== 'measured' && state !== 'solved'; ) {
    ({ state } = await apiGet(page, ask));
    assert.notEqual(state, 'failed');
    await page.waitForTimeout(200);
  }
  await openAlbum(page, 'Harbour');
  await pressSong(page, 'First Light');
  await player.pause(page).waitFor();
  await page.evaluate(() => (location.hash = '#/enhance'));
  await page.getByRole('button', { name: 'Have the original sent along' }).click();
  await page.waitForFunction(() => [...document.querySelectorAll('button')].some((button) => button.textContent.trim() === 'Original' && !button.disabled));
  return { page, pieces };
}

for (const [intensity, least] of [[1, 0.9], [0.01, 0.9999]]) {
  test(`pairs are aligned to the sample, intensity ${intensity}`, { timeout: 90_000 }, async () => {
    const { page, pieces } = await comparing(intensity);
    for (let tries = 0; pieces.pairFrames() < 2 * RATE; tries += 1) {
      assert.ok(tries < 100, 'no pairs come');
      await page.waitForTimeout(100);
    }
    const { mastered, original } = pieces.pairs();
    const length = Math.min(mastered[0].length, 2 * RATE);
    assert.ok(length > RATE, `only ${length} frames of pairs came`);
    for (const side of [0, 1]) {
      const one = mastered[side].subarray(0, length);
      const other = original[side].subarray(0, length);
      const whites = [whitened(one), whitened(other)];
      assert.equal(peakLag(...whites), 0);
      const alike = correlation(...whites, 0);
      assert.ok(alike > least, `correlation ${alike}`);
      const apart = Math.abs(decibels(rms(one) / rms(other)));
      assert.ok(apart < 3, `the two are ${apart} dB apart`);
    }
    await its.close(page);
  });
}

test('going over from one to the other is at the same frames and without a click', { timeout: 90_000 }, async () => {
  const { page, pieces } = await comparing(1);
  await page.evaluate(() => window.e2eRecord(true));
  let blocksHeard = 0;
  const wait = () => page.waitForFunction((least) => window.e2eHeard.samples.length > least, (blocksHeard += 180));
  await wait();
  await page.getByRole('button', { name: 'Original', exact: true }).click();
  await wait();
  await page.getByRole('button', { name: 'Enhanced', exact: true }).click();
  await wait();
  const blocks = await page.evaluate(() => window.e2eHeard.samples.map(({ at, left }) => ({ at, left: [...left] })));
  blocks.forEach(({ at }, index) => index > 0 && assert.equal(at, blocks[index - 1].at + 128, 'a block was not recorded'));
  const heard = Float32Array.from(blocks.flatMap(({ left }) => left));
  const { mastered, original } = pieces.pairs();
  const start = find(heard.subarray(0, 256), mastered[0]);
  assert.ok(start >= 0, 'what is heard first is not the mastered sound that came');

  const isAt = (channel, at) => heard[at] === channel[start + at];
  const turns = [];
  for (let at = 1; at < heard.length; at += 1) {
    const now = isAt(mastered[0], at) && isAt(original[0], at) ? turns.at(-1)?.is : isAt(mastered[0], at) ? 'mastered' : isAt(original[0], at) ? 'original' : 'between';
    if (now && turns.at(-1)?.is !== now) turns.push({ is: now, at });
  }
  const settled = turns.filter(({ at }, index) => (turns[index + 1]?.at ?? heard.length) - at > OVER).map(({ is }) => is);
  assert.deepEqual(settled, ['mastered', 'original', 'mastered'], JSON.stringify(turns.slice(0, 40)));
  const over = turns.filter(({ is }) => is === 'between').map(({ at }) => at);
  for (const at of over) {
    const step = largestStep(heard, at - OVER, at + 2 * OVER);
    const usual = Math.max(...[mastered[0], original[0]].map((one) => largestStep(one, start + at - OVER, start + at + 2 * OVER)));
    assert.ok(step <= usual * 1.02 + 1e-3, `a step of ${step} where the sounds themselves have ${usual}`);
  }
  await its.close(page);
});
