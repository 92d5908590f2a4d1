// What the pages cost as gzip sends them: what a first visit loads, and everything there is.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const KB = 1024;
const bounds = { 'first visit, scripts': 80 * KB, 'all scripts': 150 * KB, 'all styles': 20 * KB };

const textOf = (name) => readFileSync(new URL(name, dist), 'utf8');
const sizeOf = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;
const sum = (names) => [...names].reduce((bytes, name) => bytes + sizeOf(name), 0);
const endingIn = (ending) => readdirSync(dist).filter((name) => name.endsWith(ending)).sort();

/** A script and those it cannot begin without. */
function withImports(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const [, other] of textOf(name).matchAll(/(?:from|import)\s*["'`]\.\/([\w.-]+\.js)["'`]/g)) withImports(other, found);
  return found;
}

for (const name of [...endingIn('.js'), ...endingIn('.css')]) {
  process.stdout.write(`${name.padEnd(24)} ${sizeOf(name)}\n`);
}

const totals = {
  'first visit, scripts': sum(withImports('app.js')),
  'all scripts': sum(endingIn('.js')),
  'all styles': sum(endingIn('.css')),
};
for (const [what, bound] of Object.entries(bounds)) {
  const within = totals[what] <= bound;
  process.stdout.write(`${what}: ${totals[what]} of ${bound}${within ? '' : ', too much'}\n`);
  if (!within) process.exitCode = 1;
}
