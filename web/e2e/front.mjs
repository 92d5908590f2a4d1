// Stands before the server and adds the worklet that hears every frame at an address of the same origin: worklets are
// not among what the driver of the browser can answer by itself, and so the policy of the pages stays as it is.

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const sounds = fileURLToPath(new URL('sound', import.meta.url));
const types = { '.html': 'text/html', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; connect-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A file of ours that stands at this address; the pages of TRIAD_PAGES are tried in place of the program's. */
function fileAt(path) {
  if (path.startsWith('/e2e/')) return join(sounds, path.slice('/e2e/'.length));
  const pages = process.env.TRIAD_PAGES;
  if (!pages || path.startsWith('/api/')) return null;
  const file = join(pages, path === '/' ? 'index.html' : path);
  return existsSync(file) ? file : null;
}

async function give(file, answer) {
  const type = types[extname(file)] ?? 'text/javascript';
  answer.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY, 'cross-origin-embedder-policy': 'require-corp' });
  answer.end(await readFile(file));
}

function passOn(port, asked, answer) {
  const { method, url: path, headers } = asked;
  // A connection for each: one that is kept may be closed by the other end just when it is taken again.
  const upstream = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (from) => {
    answer.writeHead(from.statusCode, from.rawHeaders);
    answer.flushHeaders();
    from.pipe(answer);
    from.on('error', () => answer.destroy());
  });
  upstream.on('error', () => answer.destroy());
  answer.on('close', () => upstream.destroy());
  asked.pipe(upstream);
}

function upgrade(port, asked, client, head) {
  const upstream = connect(port, '127.0.0.1', () => {
    const headers = asked.rawHeaders.map((word, at) => (at % 2 === 0 ? `${word}: ` : `${word}\r\n`)).join('');
    upstream.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${headers}\r\n`);
    upstream.write(head);
    upstream.pipe(client).pipe(upstream);
  });
  for (const [one, other] of [[client, upstream], [upstream, client]]) {
    one.setNoDelay(true);
    one.on('error', () => other.destroy());
    one.on('close', () => other.destroy());
  }
}

export async function startFront(port) {
  const server = createServer((asked, answer) => {
    const file = fileAt(new URL(asked.url, 'http://x').pathname);
    if (file) void give(file, answer);
    else passOn(port, asked, answer);
  });
  server.on('upgrade', (asked, client, head) => upgrade(port, asked, client, head));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: server.address().port,
    url: `http://127.0.0.1:${server.address().port}/`,
    async stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
