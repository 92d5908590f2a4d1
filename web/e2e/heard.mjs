// What was heard in the page, and whether it is what should have been.

import assert from 'node:assert/strict';
import { FRAMES } from './music.mjs';

const lengthOf = (track) => FRAMES[track - 1]?.frames;

/** The runs the tap has written down, from the `from`th on. */
export const runsOf = (page, from = 0) => page.evaluate((first) => window.e2eHeard.runs.slice(first), from);

/** Waits until the page has heard so much of a track; `from` is a number of runs to pass over. */
export async function untilHeard(page, { track, frame = 1, from = 0, timeout = 20_000 }) {
  await page.waitForFunction(
    ({ track: wanted, frame: least, from: first }) =>
      window.e2eHeard.runs.slice(first).some((run) => run.track === wanted && run.first + run.count > least),
    { track, frame, from },
    { timeout, polling: 50 },
  );
}

export const countRuns = (page) => page.evaluate(() => window.e2eHeard.runs.length);

export function told(runs) {
  return runs.map((run) => (run.kind === 'frames' ? `${run.track}:${run.first}+${run.count}` : `${run.kind}+${run.count}`)).join(' ');
}

/** Without what was heard before the first exact frame and behind the last. */
export function trimmed(runs) {
  const first = runs.findIndex((run) => run.kind === 'frames');
  const last = runs.findLastIndex((run) => run.kind === 'frames');
  return first < 0 ? [] : runs.slice(first, last + 1);
}

/** The frame behind a number of them, over the ends of tracks. */
function after(track, frame) {
  const length = lengthOf(track);
  return frame < length ? { track, frame } : after(track + 1, frame - length);
}

const BLOCK = 128;

/**
 * Checks that every frame follows the one before it. Faded frames count as such. Silence is where a pause was, and has
 * to be allowed. `dry`: so are silences where sound ran out, in the midst of a block.
 */
export function assertFollows(runs, { silence = false, dry = false } = {}) {
  const all = trimmed(runs);
  assert.ok(all.length > 0, 'nothing was heard');
  let next = { track: all[0].track, frame: all[0].first };
  let slack = 0;
  for (const run of all) {
    if (run.kind === 'silence') {
      assert.ok(silence || dry, `silence of ${run.count} frames in: ${told(all)}`);
      slack = dry ? BLOCK - 1 : 0;
    }
    if (run.kind === 'frames') {
      const early = next.track === run.track ? next.frame - run.first : 0;
      const expected = early > 0 && early <= slack ? { track: run.track, frame: run.first } : after(next.track, next.frame);
      assert.deepEqual({ track: run.track, frame: run.first }, expected, `a jump in: ${told(all)}`);
      next = expected;
      slack = 0;
    }
    if (run.kind !== 'silence') next = after(next.track, next.frame + run.count);
  }
  return { frames: all.reduce((sum, run) => sum + (run.kind === 'silence' ? 0 : run.count), 0), end: next };
}

/** Where what is heard from a run on began: with its first exact frame, or by whole blocks before it where it was faded in. */
export function beginning(runs, index) {
  const { track, first, at } = runs[index];
  const before = runs[index - 1];
  if (first === 0 || before?.kind !== 'other') return { track, frame: first };
  const begun = Math.floor(before.at / BLOCK) * BLOCK;
  return { track, frame: first - (at - begun) };
}

/** Where playing landed after a jump: the last run of exact frames that was faded in. */
export function landing(runs) {
  const index = runs.findLastIndex((run, at) => run.kind === 'frames' && runs[at - 1]?.kind === 'other');
  assert.ok(index > 0, `no fade in: ${told(runs)}`);
  return beginning(runs, index);
}
