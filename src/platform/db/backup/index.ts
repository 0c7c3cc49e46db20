import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline, Readable, type Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';
import type { Blobs } from '../../blobs/index.ts';
import type { Clock } from '../../clock.ts';
import { sealStream, unsealStream } from '../../crypto/index.ts';
import { ComityError, Conflict, Unavailable } from '../../errors.ts';
import type { Random } from '../../random.ts';
import { Instant, Sha256 } from '../../values/index.ts';
import { listMigrations, migrate, type Migration } from '../migrate.ts';
import { readEntries, writeEnd, writeEntry, type Entry } from './frames.ts';

const Table = z.object({ name: z.string(), columns: z.array(z.string()) });
const Header = z.object({
  kind: z.literal('comity-backup'),
  version: z.literal(1),
  at: Instant,
  migrations: z.array(z.object({ name: z.string(), sha256: z.string() })),
  tables: z.array(Table),
  sequences: z.array(z.object({ name: z.string(), last: z.string().nullable() })),
});
type Header = z.infer<typeof Header>;
const Part = z.object({ name: z.string(), bytes: z.int(), sha256: Sha256 });
const Contents = z.object({ kind: z.literal('comity-backup-contents'), version: z.literal(1), parts: z.array(Part) });
type Part = z.infer<typeof Part>;

/** What went into a backup or came out of it. The hash of a table's part is the same before and after. */
export interface BackupReport {
  file: string;
  at: string;
  tables: number;
  blobs: number;
  bytes: number;
  parts: Part[];
}

export interface BackupParts {
  /** A connection as `comity_owner`; used for one read-only transaction. */
  client: pg.Client;
  blobs: Blobs;
  /** 32 bytes, base64url; made when there is none. Kept apart from the backups, and so is the key store. */
  keyFile: string;
  /** A file, or a folder to put one in. */
  target: string;
  clock: Clock;
  random: Random;
}

const place = 'backup/1';

async function readKey(file: string): Promise<Buffer> {
  const key = Buffer.from((await readFile(file, 'utf8').catch(() => '')).trim(), 'base64url');
  if (key.length !== 32) throw new Unavailable('db.backup-unreadable', { params: { file } });
  return key;
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
    await writeEntry(sealing, 'header.json', [Buffer.from(JSON.stringify(header))]);
    for (const table of header.tables)
      await writePart(sealing, `tables/${table.name}`, readTable(client, table), listed);
    let files = 0;
    for await (const { key: blob } of blobs.list()) {
      await writePart(sealing, `blobs/${blob}`, toBuffers(await blobs.get(blob)), listed);
      files += 1;
    }
    const contents = { kind: 'comity-backup-contents', version: 1, parts: listed };
    await writeEntry(sealing, 'contents.json', [Buffer.from(JSON.stringify(contents))]);
    await writeEnd(sealing);
    sealing.end();
    await written;
    await rename(draft, file);
    const bytes = (await stat(file)).size;
    return { file, at, tables: header.tables.length, blobs: files, bytes, parts: listed };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await client.query('ROLLBACK').catch(() => {});
  }
}

async function writePart(target: Writable, name: string, source: AsyncIterable<Buffer>, listed: Part[]): Promise<void> {
  const counted = counting(source);
  await writeEntry(target, name, counted.pieces);
  listed.push({ name, ...counted.result() });
}

function counting(source: AsyncIterable<Buffer>) {
  const hash = createHash('sha256');
  let bytes = 0;
  async function* pieces(): AsyncGenerator<Buffer> {
    for await (const piece of source) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  return { pieces: pieces(), result: () => ({ bytes, sha256: Sha256.parse(hash.digest('hex')) }) };
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

function columnList(table: z.infer<typeof Table>): string {
  return `${pg.escapeIdentifier(table.name)} (${table.columns.map((one) => pg.escapeIdentifier(one)).join(', ')})`;
}

function readTable(client: pg.Client, table: z.infer<typeof Table>): AsyncIterable<Buffer> {
  return toBuffers(client.query(copyTo(`COPY ${columnList(table)} TO STDOUT`)));
}

export interface RestoreParts {
  /** A connection as `comity_owner` to an empty database: `openNodeDatabase({ …, migrations: 'none' })`. */
  client: pg.Client;
  blobs: Blobs;
  keyFile: string;
  source: string;
}

/**
 * Brings a backup into an empty database and blob folder, and then the schema to this build. All rows or none.
 * @throws Conflict `db.restore-not-empty`, `db.newer-than-build`
 * @throws Unavailable `db.backup-unreadable` (key, form, cut off), `db.backup-damaged`
 */
export async function restoreNode({ client, blobs, keyFile, source }: RestoreParts): Promise<BackupReport> {
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
    return await load(client, blobs, opened, source, size);
  } catch (cause) {
    throw cause instanceof ComityError && cause.code !== 'crypto.cannot-open'
      ? cause
      : new Unavailable('db.backup-unreadable', { cause });
  } finally {
    opened.destroy();
  }
}

async function load(
  client: pg.Client,
  blobs: Blobs,
  opened: Readable,
  file: string,
  bytes: number,
): Promise<BackupReport> {
  const entries = readEntries(opened);
  const header = await readJson(await entries.next(), 'header.json', Header);
  await migrate(client, migrationsOf(header));
  await client.query('BEGIN');
  try {
    const putBack = await takeOffConstraints(client, header);
    const found: Part[] = [];
    let contents: z.infer<typeof Contents> | undefined;
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
      else if (folder === 'blobs' && (await blobs.put(Readable.from(counted.pieces))).key === item) files += 1;
      else throw new Unavailable('db.backup-damaged', { params: { part: name } });
      found.push({ name, ...counted.result() });
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
    return { file, at: header.at, tables: header.tables.length, blobs: files, bytes, parts: found };
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

async function writeTable(
  client: pg.Client,
  table: z.infer<typeof Table>,
  pieces: AsyncIterable<Buffer>,
): Promise<void> {
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
