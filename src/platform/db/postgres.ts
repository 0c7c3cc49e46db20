import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { Conflict, Unavailable } from '../errors.ts';
import { secret, systemRandom } from '../random.ts';
import { type Binaries, findBinaries, giveTo } from './binaries.ts';
import { holderOf, isAlive, takeLock } from '../folder-lock.ts';

/** How to reach a running PostgreSQL as each of its roles. */
export interface PostgresServer {
  /** Folder of the Unix socket, short enough for the kernel. */
  host: string;
  /** Makes a `postgres://` address of a role in a database. */
  url(role: ServerRole, database?: string): string;
  /** True when another process runs the server and we only connect. */
  shared: boolean;
  /** Pid of the postmaster; another one after a restart. */
  readonly pid: number;
  /** Ends the server (fast shutdown); does nothing when shared. */
  stop(): Promise<void>;
  /** Resolves, with the reason, when the server ended and could not be started again. A single crash is mended here. */
  died: Promise<unknown>;
}

export const serverRoles = ['comity_super', 'comity_owner', 'comity_app', 'comity_reader'] as const;
export type ServerRole = (typeof serverRoles)[number];
type Secrets = Record<ServerRole, string>;

export interface PostgresOptions {
  /** Data folder of the node; PostgreSQL gets `postgres/` inside it. */
  folder: string;
  /** Connect to the server another process runs on this folder instead of refusing. */
  share?: boolean;
  binaries?: Binaries;
  /** Server settings `name=value`. For tests only: a node has none that make it less durable. */
  settings?: readonly string[];
}

export const nodeDatabase = 'comity';
const socketName = '.s.PGSQL.5432';
const longestSocketPath = 103;

/**
 * Starts the node's own PostgreSQL on a folder, preparing it the first time, and waits until it answers.
 * It stops with the node, and within a second when the node is killed.
 * @throws Conflict `db.folder-in-use` when another live process runs one here and `share` is not set
 * @throws Unavailable `db.not-running` with `share` when none runs and it cannot be started, `db.not-starting` with the last lines of its log
 */
export async function openPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const home = join(resolve(options.folder), 'postgres');
  mkdirSync(resolve(options.folder), { recursive: true, mode: 0o700 });
  // Others may pass through, not look: the unprivileged account reaches its data by relative path only.
  mkdirSync(home, { recursive: true, mode: 0o711 });
  const lock = takeLock(join(home, 'node.lock'));
  if (!lock.taken) {
    if (!options.share)
      throw new Conflict('db.folder-in-use', { params: { folder: resolve(options.folder), pid: lock.pid } });
    return shareServer(home);
  }
  try {
    const binaries = options.binaries ?? findBinaries();
    const data = join(home, 'data');
    await stopOrphan(data);
    const secrets = readSecrets(home);
    if (!existsSync(join(data, 'PG_VERSION'))) initialise(home, binaries, secrets);
    refuseOtherVersion(data, binaries);
    return await start(home, binaries, secrets, options.settings ?? [], lock.release);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Says whether a live process runs a database on this folder. */
export function isFolderInUse(folder: string): boolean {
  return holderOf(join(resolve(folder), 'postgres', 'node.lock')) !== undefined;
}

function readSecrets(home: string): Secrets {
  const file = join(home, 'secrets.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Secrets;
  const [superuser, owner, app, reader] = serverRoles.map(() => secret(systemRandom, 24));
  const secrets = { comity_super: superuser, comity_owner: owner, comity_app: app, comity_reader: reader } as Secrets;
  writeFileSync(`${file}.new`, JSON.stringify(secrets), { mode: 0o600, flush: true });
  renameSync(`${file}.new`, file);
  return secrets;
}

/** As root on Linux the server knows its folder as its own working folder, so that closed parents do not matter. */
function ownName(folder: string, binaries: Binaries): string {
  return binaries.runAs && process.platform === 'linux' ? '/proc/self/cwd' : folder;
}

function initialise(home: string, binaries: Binaries, secrets: Secrets): void {
  const fresh = join(home, 'data.new');
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { mode: 0o700 });
  giveTo(fresh, binaries.runAs);
  const password = join(home, 'initdb.secret');
  rmSync(password, { force: true });
  writeFileSync(password, secrets.comity_super, { mode: 0o600 });
  giveTo(password, binaries.runAs);
  const locale =
    versionOf(binaries) >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C.UTF-8'];
  try {
    const done = spawnSync(
      join(binaries.bin, 'initdb'),
      [
        '-D',
        ownName(fresh, binaries),
        '-U',
        'comity_super',
        '--pwfile=../initdb.secret',
        '--auth=scram-sha-256',
        '--data-checksums',
        '--encoding=UTF8',
        ...locale,
      ],
      { cwd: fresh, ...binaries.runAs, env: serverEnvironment, encoding: 'utf8' },
    );
    if (done.status !== 0) {
      throw new Unavailable('db.not-starting', {
        params: { detail: lastLines(`${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`) },
      });
    }
  } finally {
    rmSync(password, { force: true });
  }
  writeFileSync(join(fresh, 'pg_hba.conf'), 'local all all scram-sha-256\nlocal replication all reject\n', {
    flush: true,
  });
  renameSync(fresh, join(home, 'data'));
}

const serverEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

function versionOf(binaries: Binaries): number {
  const done = spawnSync(join(binaries.bin, 'postgres'), ['--version'], { encoding: 'utf8', env: serverEnvironment });
  const match = /PostgreSQL\) (\d+)/.exec(done.stdout ?? '');
  if (!match)
    throw new Unavailable('db.not-starting', {
      params: { detail: lastLines(`${done.stderr ?? ''}${done.error?.message ?? ''}`) },
    });
  return Number(match[1]);
}

function refuseOtherVersion(data: string, binaries: Binaries): void {
  const stored = Number(readFileSync(join(data, 'PG_VERSION'), 'utf8'));
  const program = versionOf(binaries);
  if (stored !== program) throw new Unavailable('db.other-postgres-version', { params: { stored, program } });
}

function postmasterPid(data: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return pid > 0 && isAlive(pid) ? pid : undefined;
  } catch {
    return undefined;
  }
}

/** The node that ran it was killed: its watcher is ending the server, or was killed too. Nobody else uses the folder, we hold its lock. */
async function stopOrphan(data: string): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    const pid = postmasterPid(data);
    if (pid === undefined || !isPostmasterOf(pid, data)) return;
    process.kill(pid, signal);
    for (let waited = 0; waited < 15_000 && isRunning(pid); waited += 50) await pause(50);
  }
}

function isRunning(pid: number): boolean {
  if (!isAlive(pid)) return false;
  try {
    // A process that ended and was not collected by its parent (a container without an init) is not running.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return process.platform !== 'linux' ? isAlive(pid) : false;
  }
}

/** A pid file left by a power cut may name a process of another program by now; that one is left alone. */
function isPostmasterOf(pid: number, data: string): boolean {
  if (!isRunning(pid)) return false;
  if (process.platform !== 'linux') return true;
  try {
    return (
      readlinkSync(`/proc/${pid}/cwd`) === realpathSync(data) &&
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('postgres')
    );
  } catch {
    return true;
  }
}

/** Folder through which the socket is reached: the data folder itself, or a short link to it. */
function socketFolder(data: string): string {
  if (Buffer.byteLength(join(data, socketName)) <= longestSocketPath) return data;
  const owner = process.getuid?.() ?? 0;
  const folder = join(tmpdir(), `comity-${owner}-${createHash('sha256').update(data).digest('hex').slice(0, 16)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o077) !== 0)
    throw new Unavailable('db.unsafe-socket-folder', { params: { folder } });
  const link = join(folder, 's');
  try {
    symlinkSync(data, link);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || readlinkSync(link) !== data) throw error;
  }
  return link;
}

function urlMaker(host: string, secrets: Secrets): PostgresServer['url'] {
  return (role, database = nodeDatabase) =>
    `postgres://${role}:${secrets[role]}@/${encodeURIComponent(database)}?host=${encodeURIComponent(host)}`;
}

async function shareServer(home: string): Promise<PostgresServer> {
  const host = socketFolder(join(home, 'data'));
  for (let waited = 0; waited < 20_000; waited += 100) {
    const pid = postmasterPid(join(home, 'data'));
    if (pid !== undefined && existsSync(join(home, 'ready'))) {
      const url = urlMaker(host, readSecrets(home));
      const answer = await answers(url('comity_super', 'postgres'));
      if (answer === true) return { host, url, shared: true, pid, stop: async () => {}, died: new Promise(() => {}) };
    }
    await pause(100);
  }
  throw new Unavailable('db.not-running');
}

async function answers(url: string): Promise<true | Error> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch (error) {
    return error as Error;
  } finally {
    await client.end().catch(() => {});
  }
}

const durable = [
  'listen_addresses=',
  'unix_socket_directories=.',
  'unix_socket_permissions=0700',
  'fsync=on',
  'full_page_writes=on',
  'synchronous_commit=on',
  'password_encryption=scram-sha-256',
  'timezone=UTC',
  'log_timezone=UTC',
  'max_connections=100',
  // The log holds codes, never contents: no statements, no key values.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_parameter_max_length_on_error=0',
  'log_checkpoints=off',
  'logging_collector=off',
  'log_destination=stderr',
];

interface Launched {
  child: ChildProcess;
  watcher: ChildProcess;
  exited: Promise<void>;
}

/** Starts the postmaster once and waits until it answers. */
async function launchOnce(
  home: string,
  binaries: Binaries,
  settings: readonly string[],
  url: string,
): Promise<Launched | string> {
  const data = join(home, 'data');
  const logFile = join(home, 'server.log');
  if (existsSync(logFile) && statSync(logFile).size > 10_000_000) truncateSync(logFile);
  const log = openSync(logFile, 'a', 0o600);
  const from = statSync(logFile).size;
  const args = ['-D', ownName(data, binaries), ...[...durable, ...settings].flatMap((one) => ['-c', one])];
  const child = spawn(join(binaries.bin, 'postgres'), args, {
    cwd: data,
    ...binaries.runAs,
    env: serverEnvironment,
    // Its own session: Ctrl-C in the terminal goes to the node, which then ends the server in order.
    detached: true,
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const exited = new Promise<void>((resolveExited) => {
    child.once('exit', () => resolveExited());
    child.once('error', () => resolveExited());
  });
  // From the first moment: a node killed while its server starts must not leave it behind either.
  const watcher = child.pid === undefined ? undefined : watch(child.pid, binaries);
  if (watcher && (await waitUntilReady(child, url))) {
    child.unref();
    return { child, watcher, exited };
  }
  watcher?.kill('SIGKILL');
  if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill('SIGQUIT');
    await exited;
  }
  return readFileSync(logFile, 'utf8').slice(from);
}

/** After a crash the processes of the old server may need a moment to notice: tries again while they hold its memory. */
async function launch(home: string, binaries: Binaries, settings: readonly string[], url: string): Promise<Launched> {
  for (let tries = 1; ; tries += 1) {
    const outcome = await launchOnce(home, binaries, settings, url);
    if (typeof outcome !== 'string') return outcome;
    if (tries >= 60 || !/still in use|lock file .* already exists/.test(outcome)) {
      throw new Unavailable('db.not-starting', { params: { detail: lastLines(outcome) } });
    }
    await pause(250);
  }
}

async function start(
  home: string,
  binaries: Binaries,
  secrets: Secrets,
  settings: readonly string[],
  release: () => void,
): Promise<PostgresServer> {
  const ready = join(home, 'ready');
  rmSync(ready, { force: true });
  const host = socketFolder(join(home, 'data'));
  const url = urlMaker(host, secrets);
  const admin = url('comity_super', 'postgres');
  let current = await launch(home, binaries, settings, admin);
  try {
    await createRoles(admin, secrets);
  } catch (error) {
    await end(current);
    throw error;
  }
  writeFileSync(ready, '', { mode: 0o600 });
  let stopping: Promise<void> | undefined;
  let giveUp: (error: unknown) => void = () => {};
  const died = new Promise<unknown>((resolveDied) => {
    giveUp = resolveDied;
  });

  /** The server ended without being asked: starts it again, at most five times a minute. */
  async function keepRunning(): Promise<void> {
    for (const recent: number[] = []; ;) {
      await current.exited;
      current.watcher.kill('SIGKILL');
      if (stopping) return;
      recent.push(performance.now());
      if (recent.filter((at) => performance.now() - at < 60_000).length > 5)
        return giveUp(new Unavailable('db.not-starting'));
      try {
        const next = await launch(home, binaries, settings, admin);
        current = next;
        if (stopping) return await end(next);
      } catch (error) {
        return giveUp(error);
      }
    }
  }
  const kept = keepRunning();
  async function stop(): Promise<void> {
    rmSync(ready, { force: true });
    await end(current);
    await kept;
    release();
  }
  return {
    host,
    url,
    shared: false,
    get pid() {
      return current.child.pid ?? 0;
    },
    stop: () => (stopping ??= stop()),
    died,
  };
}

async function end({ child, watcher, exited }: Launched): Promise<void> {
  watcher.kill('SIGKILL');
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGINT');
  const ended = await Promise.race([exited, pause(30_000, 'late', { ref: false })]);
  if (ended === 'late') {
    child.kill('SIGQUIT');
    await exited;
  }
}

async function waitUntilReady(child: ChildProcess, url: string): Promise<boolean> {
  for (let tries = 0; tries < 2400; tries += 1) {
    if (child.exitCode !== null || child.signalCode !== null) return false;
    if ((await answers(url)) === true) return true;
    await pause(25);
  }
  return false;
}

/** A shell that waits on a pipe from us: when we are gone, however we went, the pipe closes and it ends the server. */
function watch(pid: number, binaries: Binaries): ChildProcess {
  const watcher = spawn('/bin/sh', ['-c', 'read _; kill -INT "$0"', String(pid)], {
    cwd: '/',
    ...binaries.runAs,
    env: serverEnvironment,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watcher.on('error', () => {});
  watcher.stdin?.on('error', () => {});
  watcher.unref();
  // An open pipe would keep the program from ending on its own.
  const pipe = watcher.stdin as (NodeJS.WritableStream & { unref?(): void }) | null;
  pipe?.unref?.();
  return watcher;
}

async function createRoles(url: string, secrets: Secrets): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const role of ['comity_owner', 'comity_app', 'comity_reader'] as const) {
      const { rowCount } = await client.query('SELECT 1 FROM pg_roles WHERE rolname = $1', [role]);
      if (rowCount) continue;
      const extra = role === 'comity_owner' ? 'BYPASSRLS CREATEDB' : '';
      await client.query(`CREATE ROLE ${role} LOGIN ${extra} PASSWORD ${client.escapeLiteral(secrets[role])}`);
    }
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [nodeDatabase]);
    if (!rowCount) await client.query(`CREATE DATABASE ${nodeDatabase} OWNER comity_owner`);
  } finally {
    await client.end();
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ');
}
