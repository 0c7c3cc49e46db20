// Bundles the programs into dist/ and the sheet, islands and fonts into dist/assets/, each with its content hash in the name.
// dist/assets/manifest.json leads from the plain name to the hashed one.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const at = (...parts) => join(root, ...parts);
const assets = at('dist', 'assets');
const only = process.argv.includes('--assets') ? 'assets' : 'all';

const common = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  logLevel: 'warning',
  legalComments: 'none',
  metafile: true,
};

async function buildPrograms() {
  const entries = ['src/main.ts', 'src/cli.ts', 'src/bench.ts', 'src/bench-node.ts'].filter((file) =>
    existsSync(at(file)),
  );
  if (entries.length === 0) return;
  for (const name of existsSync(at('dist')) ? readdirSync(at('dist')) : []) {
    if (name !== 'assets') rmSync(at('dist', name), { recursive: true, force: true });
  }
  await build({
    ...common,
    entryPoints: Object.fromEntries(entries.map((file) => [basename(file, '.ts'), file])),
    outdir: 'dist',
    platform: 'node',
    target: 'node20',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    packages: 'external',
    minify: false,
    sourcemap: 'linked',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
  });
}

async function buildAssets() {
  mkdirSync(assets, { recursive: true });
  const sheet = await build({
    ...common,
    entryPoints: { app: 'src/web/styles/index.css' },
    outdir: 'dist/assets',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    loader: { '.woff2': 'file' },
  });
  const islandsFolder = at('src', 'web', 'islands');
  const islands = readdirSync(islandsFolder).filter((name) => name.endsWith('.ts') && !name.includes('.test.'));
  const scripts = await build({
    ...common,
    entryPoints: Object.fromEntries(islands.map((name) => [basename(name, '.ts'), join(islandsFolder, name)])),
    outdir: 'dist/assets',
    entryNames: '[name]-[hash]',
    chunkNames: 'part-[hash]',
    format: 'esm',
    splitting: true,
    target: 'es2022',
  });
  const manifest = {
    ...named(sheet.metafile),
    ...named(scripts.metafile),
    'icon.svg': copyHashed(at('src', 'web', 'icon.svg')),
  };
  const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(join(assets, 'manifest.json'), `${JSON.stringify(sorted, null, 2)}\n`);
  copyLicences();
  compressAll();
  removeStale(new Set(Object.values(manifest)), [sheet.metafile, scripts.metafile]);
}

// Files of an earlier build stay for ten minutes: a page already loaded may still ask for them.
function removeStale(current, metafiles) {
  for (const { outputs } of metafiles) for (const output of Object.keys(outputs)) current.add(basename(output));
  for (const name of readdirSync(assets)) {
    if (current.has(name.replace(/\.(br|gz)$/, '')) || name === 'manifest.json' || name === 'licences') continue;
    if (Date.now() - statSync(join(assets, name)).mtimeMs > 600_000) rmSync(join(assets, name), { force: true });
  }
}

// Sheets, scripts and pictures stand ready in two compressed forms; fonts are compressed in themselves.
function compressAll() {
  for (const name of readdirSync(assets)) {
    if (!/\.(css|js|svg)$/.test(name)) continue;
    const bytes = readFileSync(join(assets, name));
    if (!existsSync(join(assets, `${name}.gz`)))
      writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes, { level: 9 }));
    if (existsSync(join(assets, `${name}.br`))) continue;
    writeFileSync(
      join(assets, `${name}.br`),
      brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    );
  }
}

// Entry points and font files by their plain names.
function named(metafile) {
  const names = {};
  for (const [output, { entryPoint, inputs }] of Object.entries(metafile.outputs)) {
    const file = basename(output);
    if (entryPoint) names[file.replace(/-[A-Z0-9]{8}(\.\w+)$/, '$1')] = file;
    else if (file.endsWith('.woff2')) names[basename(Object.keys(inputs)[0] ?? file)] = file;
  }
  return names;
}

function copyHashed(source) {
  const bytes = readFileSync(source);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 8).toUpperCase();
  const [name, extension] = basename(source).split('.');
  const target = `${name}-${hash}.${extension}`;
  writeFileSync(join(assets, target), bytes);
  return target;
}

function copyLicences() {
  const target = join(assets, 'licences');
  mkdirSync(target, { recursive: true });
  const used = [
    '@fontsource-variable/ibm-plex-sans',
    '@fontsource-variable/source-serif-4',
    '@fontsource-variable/noto-naskh-arabic',
    '@fontsource/ibm-plex-mono',
    '@fontsource/ibm-plex-sans-arabic',
  ];
  for (const name of used) cpSync(at('node_modules', name, 'LICENSE'), join(target, `OFL-${basename(name)}.txt`));
}

if (only === 'all') await buildPrograms();
await buildAssets();
