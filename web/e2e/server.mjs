// A server of its own for each part of the suite: fresh data, a free port, gone at the end.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const program = process.env.TRIAD_PROGRAM;
const STARTS_WITHIN_MS = 30_000;
const STOPS_WITHIN_MS = 10_000;

export const MUSIC = process.env.TRIAD_MUSIC;
export const ADMIN = { name: 'ann', password: 'a password of the browser suite' };
export const LISTENER = { name: 'bob', password: 'another password of that suite' };

function within(promise, ms, what) {
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what}: not within ${ms} ms`)), ms)));
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function run(env, args, input = '') {
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
  const [code] = await within(once(child, 'close'), 60_000, `auralis ${args.join(' ')}`);
  if (code !== 0) throw new Error(`auralis ${args.join(' ')}: ${said}`);
  return said;
}

/** `music`: folders; `users`: whether there are an admin and a listener already; `settings`: of the environment. */
export async function startServer({ music = MUSIC, users = true, settings = {} } = {}) {
  const data = await mkdtemp(join(tmpdir(), 'auralis-e2e-'));
  const env = {
    ...process.env,
    AURALIS_DATA_FOLDER: data,
    AURALIS_LIBRARY_ROOTS: music,
    AURALIS_SERVER_LISTEN: '127.0.0.1:0',
    ...settings,
  };
  if (users) {
    await run(env, ['user', 'add', ADMIN.name, '--admin'], `${ADMIN.password}\n`);
    await run(env, ['user', 'add', LISTENER.name], `${LISTENER.password}\n`);
    await run(env, ['scan']);
  }
  let running = await serve(env);
  const port = Number(new URL(running.url).port);
  return {
    url: running.url,
    token: running.setup_token,
    port,
    /** Stops it and starts it again at the same address, with what it has kept. */
    async restart() {
      await running.stop();
      running = await serve({ ...env, AURALIS_SERVER_LISTEN: `127.0.0.1:${port}` });
    },
    async stop() {
      await running.stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Runs the server until it is stopped; what it says of itself once it listens. */
async function serve(env) {
  const child = spawn(program, ['serve', '--json'], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  let log = '';
  child.stderr.on('data', (text) => (log += text));
  const gone = ended.then(() => Promise.reject(new Error(`the server has ended: ${log}`)));
  gone.catch(() => undefined);
  const lines = createInterface({ input: child.stdout });
  const [line] = await within(Promise.race([once(lines, 'line'), gone]), STARTS_WITHIN_MS, 'the server');
  return {
    ...JSON.parse(line),
    async stop() {
      child.kill('SIGTERM');
      await within(ended, STOPS_WITHIN_MS, 'stopping the server').catch(() => child.kill('SIGKILL'));
    },
  };
}
