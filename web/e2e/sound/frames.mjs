// Samples that say which frame of which track they are: the two 16-bit samples of a frame are one number, in which
// the track, the frame and a check are scrambled so that they sound like noise and never are silence.
// Read by the maker of the music and, in the browser, by the worklet that hears it.

const FRAME_BITS = 21;
const TRACK_BITS = 4;
const CHECK_BITS = 7;

const check = (word) => (Math.imul(word ^ 0x5bd1e995, 0x9e3779b1) >>> (32 - CHECK_BITS)) & ((1 << CHECK_BITS) - 1);

function scrambled(word) {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

function unscrambled(word) {
  let x = word ^ (word >>> 16);
  x = Math.imul(x, 0x43021123);
  x ^= (x >>> 15) ^ (x >>> 30);
  x = Math.imul(x, 0x1d69e2a5);
  return (x ^ (x >>> 16)) >>> 0;
}

/** The samples of a frame: left and right as signed numbers of 16 bits. Tracks count from 1 to 15. */
export function samplesOf(track, frame) {
  const known = ((track << FRAME_BITS) | frame) & ((1 << (FRAME_BITS + TRACK_BITS)) - 1);
  const word = scrambled(((check(known) << (FRAME_BITS + TRACK_BITS)) | known) >>> 0);
  return [(word >> 16) | 0, (word << 16) >> 16];
}

/** Track * 2^21 + frame of a pair of samples between -1 and 1; -1 where they are none of ours, or not exactly. */
export function frameOf(left, right) {
  const l = left * 32_768;
  const r = right * 32_768;
  if (!Number.isInteger(l) || !Number.isInteger(r)) return -1;
  const word = unscrambled((((l & 0xffff) << 16) | (r & 0xffff)) >>> 0);
  const known = word & ((1 << (FRAME_BITS + TRACK_BITS)) - 1);
  return word >>> (FRAME_BITS + TRACK_BITS) === check(known) ? known : -1;
}

export const trackOf = (known) => known >>> FRAME_BITS;
export const placeOf = (known) => known & ((1 << FRAME_BITS) - 1);
