// The long sizes: tests that read COMITY_NIGHTLY, a thousand schedules of the simulator, two hundred crashes of real nodes, every
// figure at full size. Takes hours; each part runs even when one before it failed. Parts may be named: node scripts/nightly.mjs crash
// Two of its hours are load with faults (D15); COMITY_SOAK_MINUTES=10 makes them ten minutes.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const long = (folder) =>
  readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.test\.tsx?$/.test(name))
    .filter((name) => /isNightly|soakMinutes|COMITY_NIGHTLY/.test(readFileSync(join(root, name), 'utf8')));
const vitest = join('node_modules', 'vitest', 'vitest.mjs');
const inLanes = (name) => name.startsWith(join('tests', 'lanes'));
const files = [...long('src'), ...long('tests')];

const parts = {
  tests: [vitest, 'run', '--maxWorkers=1', ...files.filter((name) => !inLanes(name))],
  lanes: [vitest, 'run', '--config', 'vitest.lanes.config.ts', ...files.filter(inLanes)],
  simulate: [join('scripts', 'simulate.mjs'), '--seeds', '1000', '--json'],
  crash: [join('scripts', 'crash.mjs'), '--cycles', '200', '--json'],
  bench: [join('dist', 'bench.js'), '--full'],
};
const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(parts);
const failed = [];
for (const name of wanted) {
  const command = parts[name];
  if (!command) {
    console.error(`nightly: there is no part ${name}; there are ${Object.keys(parts).join(', ')}`);
    process.exit(2);
  }
  if ((name === 'tests' || name === 'lanes') && !command.some((one) => /\.test\.tsx?$/.test(one))) continue;
  const began = process.hrtime.bigint();
  console.log(`nightly: ${name}`);
  const done = spawnSync(process.execPath, command, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, COMITY_NIGHTLY: '1' },
  });
  const seconds = Number((process.hrtime.bigint() - began) / 1_000_000_000n);
  console.log(`nightly: ${name} ${done.status === 0 ? 'passed' : 'did not pass'} in ${seconds} s`);
  if (done.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`nightly: not passed: ${failed.join(', ')}`);
  process.exit(1);
}
