import { existsSync, readdirSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { folderBlobs } from '../platform/blobs/index.ts';
import { exit, type CliAnswer, type CliCall, type Command } from '../platform/cli/index.ts';
import type { Config } from '../platform/config.ts';
import { backupNode, isFolderInUse, openNodeDatabase, restoreNode, withTransaction } from '../platform/db/index.ts';
import { Conflict, Invalid, Unavailable } from '../platform/errors.ts';
import { freeBytes } from '../platform/http/operations.ts';
import { systemClock } from '../platform/clock.ts';
import { systemRandom } from '../platform/random.ts';
import type { BackupReport } from '../platform/db/index.ts';
import { checkLog } from '../modules/audit/index.ts';
import type { Context } from '../modules/identity/index.ts';
import type { Translate } from '../platform/i18n/index.ts';
import { openNode } from './node.ts';
import { readWorkload } from './operations-measures.ts';

/** What stands in the data folder and never in a backup: who has both can read everything. */
const keyFolders = ['keys', 'secrets'] as const;
const backupKey = join('secrets', 'backup.key');

export interface OperationsParts {
  config(): Config;
  words(ctx: Context): Translate;
}

function sizeOf(bytes: number): string {
  return bytes >= 1_048_576 ? `${(bytes / 1_048_576).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;
}

function isInside(folder: string, parent: string): boolean {
  const path = relative(parent, folder);
  return path === '' || (!path.startsWith('..') && !path.startsWith('/'));
}

/** Says how far it is: each table, and files by the hundred. */
function progress(call: CliCall<Context>) {
  let files = 0;
  return (part: { name: string; bytes: number }) => {
    if (part.name.startsWith('tables/')) return call.say(`  ${part.name.slice(7)}: ${sizeOf(part.bytes)}`);
    files += 1;
    if (files % 100 === 0) call.say(`  ${files} files`);
  };
}

const reportOf = (report: BackupReport) => ({
  file: report.file,
  at: report.at,
  tables: report.tables,
  blobs: report.blobs,
  files: report.files,
  bytes: report.bytes,
  parts: report.parts,
});

async function copyKeys(from: string, to: string): Promise<string[]> {
  const copied: string[] = [];
  for (const name of keyFolders) {
    if (!existsSync(join(from, name))) continue;
    await mkdir(to, { recursive: true, mode: 0o700 });
    await cp(join(from, name), join(to, name), { recursive: true, force: true, verbatimSymlinks: true });
    await chmod(join(to, name), 0o700);
    copied.push(name);
  }
  return copied;
}

async function backUp(call: CliCall<Context>, parts: OperationsParts): Promise<CliAnswer> {
  const { ctx, args, options, say } = call;
  const t = parts.words(ctx);
  const config = parts.config();
  if (!args[0]) throw new Invalid('app.backup-usage');
  const target = resolve(args[0]);
  const keys = options.keys === undefined ? undefined : resolve(options.keys);
  if (isInside(target, config.dataFolder)) throw new Conflict('app.backup-inside', { params: { folder: target } });
  if (keys !== undefined && (isInside(keys, target) || isInside(target, keys)))
    throw new Conflict('app.backup-keys-apart', { params: { folder: keys } });
  if (!(config.DATABASE_URL || existsSync(join(config.dataFolder, 'postgres'))))
    throw new Unavailable('app.no-data', { params: { folder: config.dataFolder } });
  await mkdir(target, { recursive: true, mode: 0o700 });
  say(t('app.backup-begins', { folder: target }));
  const database = await openNodeDatabase({
    folder: config.dataFolder,
    databaseUrl: config.DATABASE_URL,
    share: true,
    migrations: 'none',
  });
  let report: BackupReport;
  try {
    const client = await database.ownerClient();
    try {
      report = await backupNode({
        client,
        blobs: folderBlobs(join(config.dataFolder, 'blobs'), systemRandom),
        keyFile: join(config.dataFolder, backupKey),
        target,
        // Sealed parts of messages on their way stand beside the database.
        folders: { packs: config.packsFolder, exchange: join(config.dataFolder, 'exchange') },
        clock: systemClock,
        random: systemRandom,
        onPart: progress(call),
      });
    } finally {
      await client.end();
    }
  } finally {
    await database.close();
  }
  if (keys !== undefined) await copyKeys(config.dataFolder, keys);
  const kept = keys === undefined ? t('app.backup-keys-missing') : t('app.backup-keys-copied', { folder: keys });
  say(kept);
  const { file, tables, blobs, files, bytes } = report;
  return {
    json: { kind: 'backup', version: 1, ...reportOf(report), keys: keys ?? null },
    text: t('app.backup-done', { file, size: sizeOf(bytes), tables, files: blobs + files }),
  };
}

/** The newest backup of a folder, or the file itself. Names carry the moment, so the last by name is the newest. */
async function findBackup(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) return path;
  const names = found?.isDirectory() ? await readdir(path) : [];
  const newest = names
    .filter((name) => name.endsWith('.backup'))
    .sort()
    .at(-1);
  if (newest === undefined) throw new Unavailable('app.no-backup', { params: { folder: path } });
  return join(path, newest);
}

async function restore(call: CliCall<Context>, parts: OperationsParts): Promise<CliAnswer> {
  const { ctx, args, options, say } = call;
  const t = parts.words(ctx);
  const config = parts.config();
  if (!args[0]) throw new Invalid('app.restore-usage');
  const source = await findBackup(resolve(args[0]));
  const into = options.into === undefined ? config.dataFolder : resolve(options.into);
  const keys = options.keys === undefined ? into : resolve(options.keys);
  const keyFile = join(keys, backupKey);
  if (!existsSync(keyFile)) throw new Unavailable('app.restore-no-key', { params: { file: keyFile } });
  const present = existsSync(into) ? readdirSync(into) : [];
  const other = present.filter((name) => !(keyFolders as readonly string[]).includes(name));
  if (other.length > 0 || (keys !== into && present.length > 0))
    throw new Conflict('app.restore-not-empty', { params: { folder: into, found: (other[0] ?? present[0])! } });
  // Another server holds one database only: `--into` names the folder for files and keys then.
  say(t('app.restore-begins', { file: source, folder: into }));
  let report: BackupReport;
  let log: Awaited<ReturnType<typeof checkLog>>;
  try {
    const database = await openNodeDatabase({ folder: into, databaseUrl: config.DATABASE_URL, migrations: 'none' });
    try {
      const client = await database.ownerClient();
      try {
        report = await restoreNode({
          client,
          blobs: folderBlobs(join(into, 'blobs'), systemRandom),
          keyFile,
          source,
          folders: {
            packs: options.into === undefined ? config.packsFolder : join(into, 'packs'),
            exchange: join(into, 'exchange'),
          },
          onPart: progress(call),
        });
      } finally {
        await client.end();
      }
      log = await withTransaction(database.db, 'system:restore', checkLog);
    } finally {
      await database.close();
    }
    if (keys !== into) await copyKeys(keys, into);
  } catch (error) {
    // All or nothing: the folder was empty, so what stands in it now came from this attempt.
    for (const name of existsSync(into) ? readdirSync(into) : [])
      if (!present.includes(name)) await rm(join(into, name), { recursive: true, force: true });
    throw error;
  }
  const { tables, blobs, files } = report;
  const words = log.whole ? t('app.restore-log-whole', { count: log.size }) : t('app.restore-log-broken');
  return {
    json: {
      kind: 'restore',
      version: 1,
      ...reportOf(report),
      into,
      log: { entries: log.size, root: log.root, whole: log.whole },
    },
    text: `${t('app.restore-done', { folder: into, tables, files: blobs + files })} ${words}`,
    ...(log.whole ? {} : { exit: exit.negative }),
  };
}

/** Asks the node itself whether it is ready; null when nothing answers. */
async function readiness(config: Config): Promise<string | null> {
  const host = config.COMITY_HOST === '0.0.0.0' ? '127.0.0.1' : config.COMITY_HOST;
  try {
    const answer = await fetch(`http://${host.includes(':') ? `[${host}]` : host}:${config.COMITY_PORT}/readyz`, {
      signal: AbortSignal.timeout(3000),
    });
    return (await answer.text()).trim();
  } catch {
    return null;
  }
}

/** Free space of the data folder, or of the nearest folder above it that is there. */
async function freeSpace(folder: string): Promise<number> {
  return existsSync(folder) ? freeBytes(folder) : freeSpace(dirname(folder));
}

async function tellStatus({ ctx }: CliCall<Context>, parts: OperationsParts): Promise<CliAnswer> {
  const t = parts.words(ctx);
  const config = parts.config();
  const running = isFolderInUse(config.dataFolder);
  const free = await freeSpace(config.dataFolder);
  const readOnly = free < config.COMITY_DISK_RESERVE_MB * 1_048_576;
  const http = config.COMITY_PORT === 0 ? null : await readiness(config);
  let people: number | null = null;
  let work: Awaited<ReturnType<typeof readWorkload>> | null = null;
  let postgres: string | null = null;
  // A look never starts a server or changes a schema.
  if (running || config.DATABASE_URL !== '') {
    const node = await openNode(config, { share: true });
    try {
      work = await readWorkload(node);
      const { rows } = await node.database.pool.query<{ server_version: string }>('show server_version');
      postgres = rows[0]?.server_version ?? null;
      people = await withTransaction(node.database.db, 'system:operations', async (tx) => {
        const found = await tx.selectFrom('identity_people').select('id').execute();
        return found.length;
      });
    } finally {
      await node.close();
    }
  }
  const ready = http === 'ready' || (http === null && config.COMITY_PORT === 0 && running);
  const json = {
    kind: 'status',
    version: 1,
    state: config.COMITY_STATE,
    authority: config.COMITY_AUTHORITY || null,
    profile: config.COMITY_PROFILE,
    folder: config.dataFolder,
    database: { own: config.DATABASE_URL === '', running: running || config.DATABASE_URL !== '', version: postgres },
    http: { port: config.COMITY_PORT, answer: http },
    disk: { freeBytes: free, reserveBytes: config.COMITY_DISK_RESERVE_MB * 1_048_576, readOnly },
    people,
    ...(work ?? { jobs: null, outbox: null, audit: null }),
    ready: ready && !readOnly,
  };
  const lines = [
    t(ready ? 'app.status-ready' : running ? 'app.status-not-ready' : 'app.status-stopped', {
      folder: config.dataFolder,
    }),
    t(readOnly ? 'app.status-read-only' : 'app.status-space', { free: sizeOf(free) }),
  ];
  if (people === 0) lines.push(t('app.status-no-people'));
  if (work) {
    lines.push(
      t('app.status-work', {
        jobs: work.jobs.waiting,
        messages: work.outbox.waiting,
        aside: work.jobs.putAside + work.outbox.putAside,
      }),
      t('app.status-log', { count: work.audit.entries, root: work.audit.root }),
    );
  }
  return { json, text: lines.join('\n'), exit: json.ready ? exit.done : exit.negative };
}

/** Commands with which an operator keeps a node: back up, restore, look. */
export function operationsCommands(parts: OperationsParts): Command<Context>[] {
  return [
    {
      module: '',
      verb: 'backup',
      summary: 'Writes everything but the keys into one sealed file; the node may go on working',
      usage: 'FOLDER',
      options: {
        keys: { value: 'FOLDER', summary: 'Copies the keys as well, to a folder kept apart from the backups' },
      },
      needs: 'files',
      run: (call) => backUp(call, parts),
    },
    {
      module: '',
      verb: 'restore',
      summary: 'Brings the newest backup of a folder into an empty data folder',
      usage: 'FOLDER|FILE',
      options: {
        into: {
          value: 'DATAFOLDER',
          summary: 'Empty folder to restore into; the data folder of the settings unless told',
        },
        keys: { value: 'FOLDER', summary: 'Where the keys were copied to; unless told, the data folder holds them' },
      },
      needs: 'files',
      run: (call) => restore(call, parts),
    },
    {
      module: '',
      verb: 'status',
      summary: 'Says whether the node is ready, what waits, and how much space is left',
      needs: 'files',
      run: (call) => tellStatus(call, parts),
    },
  ];
}
