// Format, lint, types, imports: everything a change must pass beside the tests. Runs all and names what failed.
import { spawnSync } from 'node:child_process';

const steps = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['types', 'tsc', ['--noEmit', '-p', '.']],
  ['lint', 'eslint', ['--max-warnings', '0', 'src', 'tests']],
  ['imports', 'depcruise', ['--config', '.dependency-cruiser.cjs', '--output-type', 'err', 'src']],
];
const failed = [];
for (const [name, tool, args] of steps) {
  console.log(`check: ${name}`);
  const done = spawnSync(`node_modules/.bin/${tool}`, args, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) failed.push(name);
}
if (failed.length > 0) {
  console.error(`check: not passed: ${failed.join(', ')}`);
  process.exit(1);
}
console.log('check: all passed');
