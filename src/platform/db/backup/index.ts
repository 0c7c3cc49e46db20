import { createWriteStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import type { Blobs } from '../../blobs/index.ts';
import type { Clock } from '../../clock.ts';
import { sealStream } from '../../crypto/index.ts';
import { Unavailable } from '../../errors.ts';
import type { Random } from '../../random.ts';
import {
  columnList,
  counting,
  place,
  readKey,
  type BackupReport,
  type Folders,
  type Header,
  type OnPart,
  type Part,
  type Table,
} from './contents.ts';
import { writeEnd, writeEntry } from './frames.ts';

export type { BackupReport, Folders } from './contents.ts';
export { restoreNode } from './restore.ts';

export interface BackupParts {
  /** A connection as `comity_owner`; used for one read-only transaction. */
  client: pg.Client;
  blobs: Blobs;
  /** 32 bytes, base64url; made when there is none. Kept apart from the backups, and so is the key store. */
  keyFile: string;
  /** A file, or a folder to put one in. */
  target: string;
  /** Files beside the stored ones, such as reference packs. */
  folders?: Folders;
  onPart?: OnPart;
  clock: Clock;
  random: Random;
}

async function readOrMakeKey(file: string, random: Random): Promise<Buffer> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  try {
    const handle = await open(file, 'wx', 0o600);
    await handle.writeFile(`${Buffer.from(random.bytes(32)).toString('base64url')}\n`);
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readKey(file);
}

/** A file that is done with goes away between the listing and now; once open, it stays readable. */
async function openIfThere(path: string) {
  try {
    return await open(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/**
 * Writes everything of a node but its keys into one sealed file: all rows as of one moment, then every stored file.
 * The node may go on working meanwhile.
 * @throws Unavailable `db.owner-cannot-read-all` where the server does not let the owner read past row-level security
 */
export async function backupNode(parts: BackupParts): Promise<BackupReport> {
  const { client, blobs, clock, random } = parts;
  const at = clock.now();
  const isFolder = (await stat(parts.target).catch(() => undefined))?.isDirectory() ?? false;
  const file = isFolder ? join(parts.target, `comity-${at.replace(/[:.]/g, '-')}.backup`) : parts.target;
  const draft = `${file}.part`;
  const key = await readOrMakeKey(parts.keyFile, random);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const header = await describe(client, at);
    const sealing = sealStream(key, place, random);
    const disk = createWriteStream(draft, { mode: 0o600, flush: true });
    const written = finished(pipeline(sealing, disk, () => {}));
    written.catch(() => {});
    const listed: Part[] = [];
    const write = async (name: string, source: AsyncIterable<Buffer>) => {
      const counted = counting(source);
      await writeEntry(sealing, name, counted.pieces);
      const part = { name, ...counted.result() };
      listed.push(part);
      parts.onPart?.(part);
    };
    await writeEntry(sealing, 'header.json', [Buffer.from(JSON.stringify(header))]);
    for (const table of header.tables) await write(`tables/${table.name}`, readTable(client, table));
    let stored = 0;
    for await (const { key: blob } of blobs.list()) {
      await write(`blobs/${blob}`, toBuffers(await blobs.get(blob)));
      stored += 1;
    }
    let files = 0;
    for (const [name, folder] of Object.entries(parts.folders ?? {})) {
      for (const path of await filesIn(folder)) {
        const handle = await openIfThere(join(folder, path));
        if (!handle) continue;
        await write(`folders/${name}/${path}`, toBuffers(handle.createReadStream()));
        files += 1;
      }
    }
    const contents = { kind: 'comity-backup-contents', version: 1, parts: listed };
    await writeEntry(sealing, 'contents.json', [Buffer.from(JSON.stringify(contents))]);
    await writeEnd(sealing);
    sealing.end();
    await written;
    await rename(draft, file);
    // The name too must be on the disk before anybody is told that the backup is there.
    const folder = await open(dirname(file), 'r');
    await folder.sync().finally(() => folder.close());
    const bytes = (await stat(file)).size;
    return { file, at, tables: header.tables.length, blobs: stored, files, bytes, parts: listed };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await client.query('ROLLBACK').catch(() => {});
  }
}

/** Paths of the files of a folder, with `/` between their parts; links and what is still being written stay out. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort();
}

async function* toBuffers(source: Readable): AsyncGenerator<Buffer> {
  for await (const piece of source) yield piece as Buffer;
}

async function describe(client: pg.Client, at: Header['at']): Promise<Header> {
  const { rows: rights } = await client.query<{ all: boolean }>(
    'SELECT rolbypassrls OR rolsuper AS all FROM pg_roles WHERE rolname = current_user',
  );
  if (!rights[0]?.all) throw new Unavailable('db.owner-cannot-read-all');
  const { rows: tables } = await client.query<{ name: string; columns: string[] }>(`
    SELECT c.relname AS name,
           (SELECT array_agg(a.attname::text ORDER BY a.attnum) FROM pg_attribute a
             WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname <> 'migrations'
       AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
     ORDER BY c.relname`);
  const { rows: sequences } = await client.query<{ name: string; last: string | null }>(
    `SELECT sequencename AS name, last_value::text AS last FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1`,
  );
  const { rows: migrations } = await client.query<{ name: string; sha256: string }>(
    'SELECT name, sha256 FROM migrations ORDER BY name',
  );
  return { kind: 'comity-backup', version: 1, at, migrations, tables, sequences };
}

function readTable(client: pg.Client, table: Table): AsyncIterable<Buffer> {
  return toBuffers(client.query(copyTo(`COPY ${columnList(table)} TO STDOUT`)));
}
