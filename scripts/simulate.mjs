// Runs seeded schedules of several nodes in one process: npm run simulate -- --seeds 1000 --json
import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';

const outfile = 'node_modules/.cache/simulate.mjs';
await build({
  entryPoints: ['tests/faults/simulator/main.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
