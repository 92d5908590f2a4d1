// Stands between browser and server as a bad network does: late by chance, in order, and cut off when asked.

import { connect, createServer } from 'node:net';
import { once } from 'node:events';

/** Does one thing after the other, each late by up to `jitter()` milliseconds. */
function lately(jitter) {
  const waiting = [];
  let isWaiting = false;
  const go = () => {
    isWaiting = false;
    while (waiting.length > 0 && waiting[0].at <= performance.now()) waiting.shift().act();
    if (waiting.length === 0) return;
    isWaiting = true;
    setTimeout(go, Math.max(1, waiting[0].at - performance.now()));
  };
  return (act) => {
    waiting.push({ at: performance.now() + Math.random() * jitter(), act });
    if (!isWaiting) go();
  };
}

/** Passes on what one end says to the other. */
function pass(from, to, jitter) {
  const later = lately(jitter);
  from.on('data', (data) => later(() => to.writable && to.write(data)));
  from.on('end', () => later(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', () => later(() => to.destroy()));
}

export async function startProxy(port) {
  const ends = new Set();
  let jitterMs = 0;
  let isCut = false;
  const server = createServer((client) => {
    if (isCut) return client.destroy();
    const upstream = connect(port, '127.0.0.1');
    for (const end of [client, upstream]) {
      end.setNoDelay(true);
      ends.add(end);
      end.on('close', () => ends.delete(end));
    }
    pass(client, upstream, () => jitterMs);
    pass(upstream, client, () => jitterMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/`,
    jitter: (ms) => (jitterMs = ms),
    /** Cuts everything off and lets nobody in. */
    cut() {
      isCut = true;
      for (const end of ends) end.destroy();
    },
    mend: () => (isCut = false),
    async stop() {
      for (const end of ends) end.destroy();
      server.close();
    },
  };
}
