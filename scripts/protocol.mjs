// Writes protocol/schemas and protocol/vectors anew from the code: node scripts/protocol.mjs
import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';

const outfile = 'node_modules/.cache/protocol.mjs';
await build({
  entryPoints: ['tests/protocol/write.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  packages: 'external',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
  logLevel: 'error',
});
await import(pathToFileURL(outfile).href);
