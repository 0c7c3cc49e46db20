import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { finished, pipeline as pipelined } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type z } from 'zod';
import type { Blobs } from '../../blobs/index.ts';
import { unsealStream } from '../../crypto/index.ts';
import { ComityError, Conflict, Unavailable } from '../../errors.ts';
import { listMigrations, migrate, type Migration } from '../migrate.ts';
import {
  columnList,
  Contents,
  counting,
  Header,
  place,
  readKey,
  type BackupReport,
  type Folders,
  type OnPart,
  type Part,
  type Table,
} from './contents.ts';
import { readEntries, type Entry } from './frames.ts';

export interface RestoreParts {
  /** A connection as `comity_owner` to an empty database: `openNodeDatabase({ …, migrations: 'none' })`. */
  client: pg.Client;
  blobs: Blobs;
  keyFile: string;
  source: string;
  /** Where files beside the stored ones go; those of a folder not named here stay in the backup. */
  folders?: Folders;
  onPart?: OnPart;
}

/**
 * Brings a backup into an empty database and blob folder, and then the schema to this build. All rows or none.
 * @throws Conflict `db.restore-not-empty`, `db.newer-than-build`
 * @throws Unavailable `db.backup-unreadable` (key, form, cut off), `db.backup-damaged`
 */
export async function restoreNode(parts: RestoreParts): Promise<BackupReport> {
  const { client, blobs, keyFile, source } = parts;
  const key = await readKey(keyFile);
  const { rows } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('public.migrations') IS NOT NULL AS there",
  );
  if (rows[0]?.there) throw new Conflict('db.restore-not-empty');
  for await (const _ of blobs.list()) throw new Conflict('db.restore-not-empty');
  const size = (await stat(source).catch(() => undefined))?.size;
  if (size === undefined) throw new Unavailable('db.backup-unreadable', { params: { file: source } });
  const opened = pipeline(createReadStream(source), unsealStream(key, place), () => {});
  try {
    return await load(parts, opened, size);
  } catch (cause) {
    throw cause instanceof ComityError && cause.code !== 'crypto.cannot-open'
      ? cause
      : new Unavailable('db.backup-unreadable', { cause });
  } finally {
    opened.destroy();
  }
}

async function load(parts: RestoreParts, opened: Readable, bytes: number): Promise<BackupReport> {
  const { client, blobs, folders = {}, onPart } = parts;
  const entries = readEntries(opened);
  const header = await readJson(await entries.next(), 'header.json', Header);
  await migrate(client, migrationsOf(header));
  await client.query('BEGIN');
  try {
    const putBack = await takeOffConstraints(client, header);
    const found: Part[] = [];
    let contents: Contents | undefined;
    let stored = 0;
    let files = 0;
    for (let next = await entries.next(); !next.done; next = await entries.next()) {
      const { name, pieces } = next.value;
      if (name === 'contents.json') {
        contents = Contents.parse(JSON.parse((await collect(pieces)).toString('utf8')));
        continue;
      }
      const counted = counting(pieces);
      const [folder, item = ''] = name.split('/');
      const table = folder === 'tables' ? header.tables.find((one) => one.name === item) : undefined;
      if (table) await writeTable(client, table, counted.pieces);
      else if (folder === 'blobs' && (await blobs.put(Readable.from(counted.pieces))).key === item) stored += 1;
      else if (folder === 'folders') {
        const target = placeOf(name, folders);
        if (target) await writeFile(target, counted.pieces);
        else for await (const _ of counted.pieces);
        files += 1;
      } else throw new Unavailable('db.backup-damaged', { params: { part: name } });
      const part = { name, ...counted.result() };
      found.push(part);
      onPart?.(part);
    }
    if (!contents) throw new Unavailable('db.backup-unreadable');
    compare(contents.parts, found);
    for (const sequence of header.sequences) {
      if (sequence.last !== null)
        await client.query('SELECT setval($1::regclass, $2::bigint)', [
          `public.${pg.escapeIdentifier(sequence.name)}`,
          sequence.last,
        ]);
    }
    await putBack();
    await client.query('COMMIT');
    await migrate(client);
    return {
      file: parts.source,
      at: header.at,
      tables: header.tables.length,
      blobs: stored,
      files,
      bytes,
      parts: found,
    };
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    throw error;
  }
}

async function collect(pieces: AsyncIterable<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const piece of pieces) parts.push(piece);
  return Buffer.concat(parts);
}

async function readJson<T>(next: IteratorResult<Entry>, name: string, schema: z.ZodType<T>): Promise<T> {
  if (next.done || next.value.name !== name) throw new Unavailable('db.backup-unreadable');
  const parsed = schema.safeParse(JSON.parse((await collect(next.value.pieces)).toString('utf8')));
  if (!parsed.success) throw new Unavailable('db.backup-unreadable');
  return parsed.data;
}

/** The schema as it was at the backup; rows go into that, and later steps then change them as they would have. */
function migrationsOf(header: Header): Migration[] {
  const known = listMigrations();
  const wanted = new Map(header.migrations.map((one) => [one.name, one.sha256]));
  const missing = [...wanted].filter(([name, sha256]) => known.find((one) => one.name === name)?.sha256 !== sha256);
  if (missing.length > 0)
    throw new Conflict('db.newer-than-build', { params: { migrations: missing.map(([name]) => name).join(', ') } });
  return known.filter((one) => wanted.has(one.name));
}

function compare(expected: readonly Part[], found: readonly Part[]): void {
  const have = new Map(found.map((part) => [part.name, part]));
  const wrong = expected.find((part) => have.get(part.name)?.sha256 !== part.sha256);
  if (wrong || expected.length !== found.length)
    throw new Unavailable('db.backup-damaged', { params: { part: wrong?.name ?? 'contents.json' } });
}

/** Rows come table by table, so references and triggers wait until all are there. Answers how to put them back. */
async function takeOffConstraints(client: pg.Client, header: Header): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ on: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS on, conname AS name, pg_get_constraintdef(oid) AS definition
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace ORDER BY conname`,
  );
  const tables = header.tables.map((table) => pg.escapeIdentifier(table.name));
  for (const { on, name } of rows) await client.query(`ALTER TABLE ${on} DROP CONSTRAINT ${pg.escapeIdentifier(name)}`);
  for (const table of tables) await client.query(`ALTER TABLE ${table} DISABLE TRIGGER USER`);
  // Rows that a migration itself put in are in the backup as well.
  if (tables.length > 0) await client.query(`TRUNCATE ${tables.join(', ')}`);
  return async () => {
    for (const table of tables) await client.query(`ALTER TABLE ${table} ENABLE TRIGGER USER`);
    for (const { on, name, definition } of rows)
      await client.query(`ALTER TABLE ${on} ADD CONSTRAINT ${pg.escapeIdentifier(name)} ${definition}`);
  };
}

async function writeTable(client: pg.Client, table: Table, pieces: AsyncIterable<Buffer>): Promise<void> {
  const target = client.query(copyFrom(`COPY ${columnList(table)} FROM STDIN`));
  const done = finished(target);
  done.catch(() => {});
  try {
    for await (const piece of pieces) {
      if (!target.write(piece))
        await Promise.race([new Promise<void>((resolve) => target.once('drain', resolve)), done]);
    }
  } catch (error) {
    target.destroy(error as Error);
    throw error;
  }
  target.end();
  await done;
}

/** Where a file of a folder goes; undefined when its folder is not wanted. A path that leads out of it is refused. */
function placeOf(name: string, folders: Folders): string | undefined {
  const [, which = '', ...path] = name.split('/');
  const folder = folders[which];
  if (folder === undefined) return undefined;
  if (path.length === 0 || path.some((part) => part === '' || part === '.' || part === '..' || part.includes('\\')))
    throw new Unavailable('db.backup-damaged', { params: { part: name } });
  return join(folder, ...path);
}

async function writeFile(path: string, pieces: AsyncIterable<Buffer>): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  // A link that stands there already is never followed.
  const target = createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true });
  await pipelined(Readable.from(pieces), target).catch((cause: unknown) => {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
    throw new Conflict('db.restore-not-empty', { cause });
  });
}
