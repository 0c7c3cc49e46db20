// Kills real nodes under load and prints what was lost: `npm run crash -- --cycles 200 --seed 7 --json`. With `--minutes 20` it
// ends after so long with the cycles that were done.
import { copyFileSync, cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '20' },
    minutes: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean' },
  },
});
const cycles = Number(values.cycles);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const minutes = Number(values.minutes ?? Infinity);
if (!Number.isInteger(cycles) || cycles < 1 || !Number.isInteger(seed) || !(minutes > 0)) {
  console.error('crash: --cycles, --minutes and --seed are whole numbers');
  process.exit(2);
}

const folder = join(root, 'node_modules', '.cache', 'comity-crash', String(process.pid));
mkdirSync(folder, { recursive: true });
const bundle = async (name) => {
  const outfile = join(folder, `${name}.mjs`);
  await build({
    entryPoints: [join(root, 'tests', 'faults', 'exchange', `${name}.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
    jsx: 'automatic',
    jsxImportSource: 'hono/jsx',
  });
  return outfile;
};
const [laboratory, program] = [await bundle('laboratory'), await bundle('note-node')];

/** The same program as a build with one more change of the database. */
function newerBuild(from) {
  const newer = join(folder, 'newer');
  mkdirSync(newer, { recursive: true });
  copyFileSync(join(root, 'package.json'), join(newer, 'package.json'));
  symlinkSync(join(root, 'data'), join(newer, 'data'));
  // Of the sources a running node reads its changes of the database and its definitions, and no program.
  cpSync(join(root, 'src'), join(newer, 'src'), { recursive: true, filter: (path) => !/\.tsx?$/.test(path) });
  writeFileSync(
    join(newer, 'src', 'platform', 'jobs', 'migrations', '9000-newer-build.sql'),
    'ALTER TABLE jobs ADD COLUMN newer_build boolean NOT NULL DEFAULT true;\n',
  );
  copyFileSync(from, join(newer, 'note-node.mjs'));
  return join(newer, 'note-node.mjs');
}
const newer = newerBuild(program);

const { runLaboratory } = await import(pathToFileURL(laboratory).href);
const result = await runLaboratory({
  cycles,
  minutes,
  seed,
  program,
  newer,
  say: (line) => console.error(`crash: ${line}`),
});
console.log(
  values.json
    ? JSON.stringify(result)
    : Object.entries(result)
        .map(([name, value]) => `${name}: ${value}`)
        .join('\n'),
);
const bad = result.lost + result.duplicated + result.reordered + result.forged_accepted + result.plaintext_found;
process.exit(bad === 0 && result.delivered >= result.sent ? 0 : 1);
