// Makes the music the suite plays: an album whose samples say which frame they are, one that sounds like music, and
// two small ones to look at.
//
// Usage: node music.mjs FOLDER

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { samplesOf } from './sound/frames.mjs';

export const RATE = 48_000;

/** Of "Frames". No length is a whole number of blocks, pieces or milliseconds. */
export const FRAMES = Array.from({ length: 10 }, (_, at) => ({ number: at + 1, frames: 8 * RATE + 77 * (at + 1) }));

export const SONGS = ['First Light', 'Low Water', 'The Long Quay', 'Lanterns'].map((title, at) => ({
  title,
  number: at + 1,
  seconds: 24,
  root: 110 * 2 ** (at / 4),
}));

const TONES = [
  { folder: 'tones', album: 'Tones', artist: 'Somebody', genre: 'Tones' },
  { folder: 'others', album: 'Other Tones', artist: 'Nobody Else', genre: 'Drones' },
];

async function encoded(path, samples, tags) {
  await mkdir(dirname(path), { recursive: true });
  const told = Object.entries(tags).flatMap(([name, value]) => ['-metadata', `${name}=${value}`]);
  const input = ['-f', 's16le', '-ar', String(RATE), '-ac', '2', '-i', 'pipe:0'];
  const all = ['-nostdin', '-v', 'error', '-y', ...input, '-sample_fmt', 's16', ...told, path];
  const ffmpeg = spawn('ffmpeg', all, { stdio: ['pipe', 'inherit', 'inherit'] });
  ffmpeg.stdin.end(Buffer.from(samples.buffer));
  const [code] = await once(ffmpeg, 'close');
  if (code !== 0) throw new Error(`ffmpeg made no ${path}`);
}

export function numbered(track, frames) {
  const samples = new Int16Array(2 * frames);
  for (let frame = 0; frame < frames; frame += 1) samples.set(samplesOf(track, frame), 2 * frame);
  return samples;
}

/** A fixed draw, so that the same music is made each time. */
function noise(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
}

const CHORDS = [[1, 1.25, 1.5], [0.9, 1.125, 1.35], [0.75, 1, 1.125], [0.84, 1.05, 1.26]];

/** Plucked chords, a drum and a hat: quiet enough that mastering has something to do. */
export function played({ root, seconds, number }) {
  const frames = seconds * RATE;
  const samples = new Int16Array(2 * frames);
  const hat = noise(number);
  for (let frame = 0; frame < frames; frame += 1) {
    const t = frame / RATE;
    const beat = t % 0.5;
    const chord = CHORDS[Math.floor(t / 2) % CHORDS.length];
    const tones = chord.map((step) => Math.sin(2 * Math.PI * root * step * t) + 0.4 * Math.sin(4 * Math.PI * root * step * t));
    const pluck = 0.5 * Math.exp(-3 * beat);
    const drum = Math.sin(2 * Math.PI * 55 * beat) * Math.exp(-18 * beat);
    const high = hat() * Math.exp(-40 * ((t + 0.25) % 0.5));
    const left = 0.1 * (pluck * (tones[0] + 0.7 * tones[1]) + 0.9 * drum + 0.35 * high);
    const right = 0.1 * (pluck * (tones[2] + 0.7 * tones[1]) + 0.9 * drum - 0.25 * high);
    samples[2 * frame] = Math.round(32_767 * left);
    samples[2 * frame + 1] = Math.round(32_767 * right);
  }
  return samples;
}

function tone(hz, seconds) {
  const samples = new Int16Array(2 * seconds * RATE);
  for (let at = 0; at < samples.length; at += 1) samples[at] = 6_000 * Math.sin((2 * Math.PI * hz * (at >> 1)) / RATE);
  return samples;
}

export async function makeSong(folder, song, album = 'Harbour') {
  const tags = { title: song.title, artist: 'The Measured', album, genre: 'Electronic', date: '2024', track: song.number };
  await encoded(join(folder, `${song.number}.flac`), played(song), tags);
}

async function make(folder) {
  for (const { number, frames } of FRAMES) {
    const tags = { title: `Frame ${number}`, artist: 'Counter', album: 'Frames', genre: 'Numbers', date: '2020', track: number };
    await encoded(join(folder, 'frames', `${number}.flac`), numbered(number, frames), tags);
  }
  for (const song of SONGS) await makeSong(join(folder, 'songs'), song);
  await writeFile(join(folder, 'songs', '1.lrc'), '[00:01.00]The first line\n[00:05.00]the second\n[00:12.00]the last\n');
  for (const [at, { folder: name, ...tags }] of TONES.entries()) {
    for (const number of [1, 2, 3]) {
      const title = `Tone ${3 * at + number}`;
      await encoded(join(folder, name, `${number}.flac`), tone(200 + 40 * number + 150 * at, 3), { ...tags, title, track: number, date: 2010 + at });
    }
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await make(process.argv[2]);
