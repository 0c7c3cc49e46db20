// Builds, runs the node, and does both again whenever a source changes: npm run dev [-- start]
// Without words it runs the sample world (demo). A build that fails leaves the running node alone.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const words = process.argv.slice(2);
const command = words.length > 0 ? words : ['demo'];
let running;
let stopping = false;
let waiting;
let busy = false;
let again = false;

function build() {
  const began = performance.now();
  const done = spawnSync(process.execPath, ['scripts/setup.mjs', '--build'], { cwd: root, stdio: ['ignore', 2, 2] });
  if (done.status === 0) console.error(`dev: built in ${Math.round(performance.now() - began)} ms`);
  else console.error('dev: the build did not finish; the node goes on as it was');
  return done.status === 0;
}

function start() {
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), ...command], { cwd: root, stdio: 'inherit' });
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  running = { child, ended };
  void ended.then(({ code, signal }) => {
    if (running?.child !== child || stopping) return;
    running = undefined;
    console.error(`dev: the node ended (${signal ?? code}); it starts again with the next change`);
  });
}

async function stop() {
  const old = running;
  running = undefined;
  if (!old || old.child.exitCode !== null || old.child.signalCode !== null) return;
  old.child.kill('SIGTERM');
  await old.ended;
}

async function renew() {
  if (busy) {
    again = true;
    return;
  }
  busy = true;
  do {
    again = false;
    if (build()) {
      await stop();
      if (!stopping) start();
    }
  } while (again && !stopping);
  busy = false;
}

for (const folder of ['src', 'data', 'scripts']) {
  if (!existsSync(join(root, folder))) continue;
  watch(join(root, folder), { recursive: true }, (_event, name) => {
    if (!name || /\.test\.tsx?$|~$|\.swp$|\.md$/.test(name)) return;
    clearTimeout(waiting);
    // Editors write a file in several steps.
    waiting = setTimeout(() => void renew(), 200);
  });
}
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    stopping = true;
    clearTimeout(waiting);
    void stop().then(() => process.exit(0));
  });
await renew();
