// Pictures of the component gallery in both languages, both themes and three widths: node scripts/gallery.mjs FOLDER [specimen…]
import { build } from 'esbuild';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const outfile = join(root, 'node_modules', '.cache', 'gallery-shots.mjs');
await build({
  absWorkingDir: root,
  entryPoints: ['tests/support/gallery-shots.ts'],
  outfile,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  packages: 'external',
  jsx: 'automatic',
  jsxImportSource: 'hono/jsx',
});
await import(pathToFileURL(outfile).href);
