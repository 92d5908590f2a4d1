// What a first visit costs: every script and style of the build, as gzip sends it.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const bounds = { js: 80 * 1024, css: 20 * 1024 };
const totals = { js: 0, css: 0 };

for (const name of readdirSync(dist).sort()) {
  const kind = name.slice(name.lastIndexOf('.') + 1);
  if (!(kind in totals)) continue;
  const bytes = gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
  totals[kind] += bytes;
  process.stdout.write(`${name.padEnd(24)} ${bytes}\n`);
}

for (const [kind, bound] of Object.entries(bounds)) {
  const within = totals[kind] <= bound;
  process.stdout.write(`${kind} in all: ${totals[kind]} of ${bound}${within ? '' : ', too much'}\n`);
  if (!within) process.exitCode = 1;
}
