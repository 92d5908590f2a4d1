// The sound as the server sends it, taken from the page's own socket: see docs/protocol.md.

const HEADER = { flags: 1, length: 2, epoch: 4, frames: 12, first: 16 };
const PAIRS = 4;

/** Keeps the pieces that come to a page from now on. */
export function piecesOf(page) {
  const kept = [];
  page.on('websocket', (socket) => {
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') kept.push(payload);
    });
  });
  const latest = () => {
    const pairs = kept.filter((piece) => (piece[HEADER.flags] & PAIRS) !== 0);
    const epoch = Math.max(...pairs.map((piece) => piece.readUInt32LE(HEADER.epoch)));
    return pairs.filter((piece) => piece.readUInt32LE(HEADER.epoch) === epoch);
  };
  return { pairs: () => joined(latest()), pairFrames: () => framesOf(latest()) };
}

const framesOf = (pieces) => pieces.reduce((sum, piece) => sum + piece.readUInt32LE(HEADER.frames), 0);

/** The channels of pieces that follow one another. */
function joined(pieces) {
  const frames = framesOf(pieces);
  const channels = Array.from({ length: 4 }, () => new Float32Array(frames));
  let done = 0;
  for (const piece of pieces) {
    const from = piece.readUInt16LE(HEADER.length);
    const count = piece.readUInt32LE(HEADER.frames);
    for (let at = 0; at < 4 * count; at += 1) channels[at % 4][done + (at >> 2)] = piece.readFloatLE(from + 4 * at);
    done += count;
  }
  return { mastered: channels.slice(0, 2), original: channels.slice(2) };
}
