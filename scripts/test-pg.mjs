// Runs what reaches a database against a PostgreSQL server instead of the node's own: that of PG_BIN, or the newest that
// Debian installed. Arguments go to vitest: node scripts/test-pg.mjs src/platform/db
import { spawn, spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function findServer() {
  if (process.env.PG_BIN) return process.env.PG_BIN;
  const base = '/usr/lib/postgresql';
  const versions = existsSync(base)
    ? readdirSync(base)
        .filter((name) => /^\d+$/.test(name))
        .sort((a, b) => b - a)
    : [];
  return versions.map((version) => join(base, version, 'bin')).find((bin) => existsSync(join(bin, 'postgres')));
}

const bin = findServer();
if (!bin || !existsSync(join(bin, 'initdb'))) {
  console.error(
    'No PostgreSQL server is installed here. Install the Debian package postgresql, or name the folder of its programs in PG_BIN.',
  );
  process.exit(4);
}

function unprivileged() {
  if (process.getuid() !== 0) return {};
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith('nobody:'));
  if (!line) {
    console.error('PostgreSQL does not run as root, and there is no account "nobody". Run this as an ordinary user.');
    process.exit(4);
  }
  const [, , uid, gid] = line.split(':');
  return { uid: Number(uid), gid: Number(gid) };
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

// Left out: tests/faults bring the node's own PostgreSQL with them, tests/journeys drive a browser over services that
// the others call directly, and rules and pages alone ask nothing of a server.
const reachesDatabase = /support\/(database|node|network|mounted|client|sample-people|office-people)\.ts/;
function withDatabase(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .map((name) => join(folder, name))
    .filter((name) => /\.test\.tsx?$/.test(name) && !/^tests\/(faults|journeys|lanes)\//.test(name))
    .filter((name) => reachesDatabase.test(readFileSync(join(root, name), 'utf8')));
}
const wanted = process.argv.length > 2 ? process.argv.slice(2) : [...withDatabase('src'), ...withDatabase('tests')];

const runAs = unprivileged();
const folder = mkdtempSync(join(tmpdir(), 'comity-test-pg-'));
const password = randomBytes(18).toString('base64url');
const port = await freePort();
let server;

async function stop() {
  if (server && server.exitCode === null && server.signalCode === null) {
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGINT');
    await ended;
  }
  rmSync(folder, { recursive: true, force: true });
}

async function run() {
  writeFileSync(join(folder, 'secret'), password);
  if (runAs.uid !== undefined)
    for (const path of [folder, join(folder, 'secret')]) chownSync(path, runAs.uid, runAs.gid);
  const options = { ...runAs, cwd: folder, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' } };
  const made = spawnSync(
    join(bin, 'initdb'),
    [
      '-D',
      join(folder, 'data'),
      '-U',
      'tests',
      '--auth=scram-sha-256',
      `--pwfile=${join(folder, 'secret')}`,
      '--encoding=UTF8',
      '--locale=C.UTF-8',
      '--data-checksums',
    ],
    options,
  );
  if (made.status !== 0) throw new Error(`initdb: ${made.stderr || made.error}`);
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'full_page_writes=off',
    'synchronous_commit=off',
    'max_connections=200',
    'timezone=Asia/Tokyo',
  ];
  server = spawn(join(bin, 'postgres'), ['-D', join(folder, 'data'), ...settings.flatMap((one) => ['-c', one])], {
    ...runAs,
    cwd: folder,
    stdio: 'ignore',
    env: options.env,
    detached: true,
  });
  const { default: pg } = await import('pg');
  const url = `postgres://tests:${password}@127.0.0.1:${port}/postgres`;
  for (let tries = 0; ; tries += 1) {
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      const { rows } = await client.query('SHOW server_version');
      console.log(`test:pg: PostgreSQL ${rows[0].server_version} of ${bin}`);
      await client.end();
      break;
    } catch (error) {
      if (tries > 200 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  const tests = spawn(process.execPath, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...wanted], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TEST_DATABASE_URL: url },
  });
  return new Promise((resolve) => tests.once('exit', (code, signal) => resolve(signal ? 5 : (code ?? 5))));
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void stop().then(() => process.exit(130)));
let code = 5;
try {
  code = await run();
} catch (error) {
  console.error(`test:pg: ${error instanceof Error ? error.message : error}`);
} finally {
  await stop();
}
process.exit(code);
