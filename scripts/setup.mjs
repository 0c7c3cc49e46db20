// Prepares a fresh clone with nothing but Node: installs the locked packages and, with --build, builds dist/.
// Does nothing when nothing changed, so every command of package.json may begin with it.
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Comity needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(4);
}

function stampOf(files) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(root, file)));
  return hash.digest('hex');
}

function isCurrent(stampFile, stamp) {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp;
}

function run(command, args, what) {
  const done = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0) {
    console.error(
      `${what} did not finish${done.error ? `: ${done.error.message}` : ''}. Mend what is named above and run the command again.`,
    );
    process.exit(4);
  }
}

function sleep(milliseconds) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

// Two commands at once must not install into one folder: the second waits. A lock whose owner died is taken over.
function withLock(work) {
  const lock = join(root, '.setup-lock');
  for (let waited = 0; ; waited += 500) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      let alive = waited < 5000;
      try {
        process.kill(Number(readFileSync(join(lock, 'pid'), 'utf8')), 0);
        alive = true;
      } catch (cause) {
        if (cause.code === 'EPERM') alive = true;
      }
      if (!alive) rmSync(lock, { recursive: true, force: true });
      else sleep(500);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

function sourcesUnder(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, String(name)))
    .filter(
      (name) => /\.(ts|tsx|css|mjs)$/.test(name) && !/\.test\.tsx?$/.test(name) && statSync(join(root, name)).isFile(),
    )
    .sort();
}

const installStamp = join(root, 'node_modules', '.comity-install');
const locked = stampOf(['package-lock.json']);
if (!isCurrent(installStamp, locked)) {
  withLock(() => {
    if (isCurrent(installStamp, locked)) return;
    console.error('Installing packages (once for each version of the lock file) …');
    run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], 'npm ci');
    writeFileSync(installStamp, locked);
  });
}

if (process.argv.includes('--build')) {
  const buildStamp = join(root, 'dist', '.comity-build');
  const built = stampOf(['package-lock.json', 'scripts/build.mjs', ...sourcesUnder('src')]);
  if (!isCurrent(buildStamp, built)) {
    withLock(() => {
      if (isCurrent(buildStamp, built)) return;
      run(process.execPath, ['scripts/build.mjs'], 'The build');
      writeFileSync(buildStamp, built);
    });
  }
}
