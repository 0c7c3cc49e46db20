import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { type Blobs, folderBlobs } from '../../blobs/index.ts';
import { fakeClock } from '../../clock.ts';
import { addJob } from '../../jobs/index.ts';
import { putInOutbox } from '../../outbox/index.ts';
import { systemRandom, uuidv7 } from '../../random.ts';
import { connect, withTransaction } from '../connect.ts';
import { openNodeDatabase } from '../open.ts';
import { type BackupReport, backupNode, restoreNode } from './index.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-backup-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const keyFile = join(base, 'key', 'backup.key');
const canary = `canary-${Buffer.from(systemRandom.bytes(12)).toString('hex')}`;
let database: TestDatabase;
let blobs: Blobs;
let report: BackupReport;

beforeAll(async () => {
  database = await testDatabase();
  blobs = folderBlobs(join(base, 'blobs'), systemRandom);
  await withTransaction(database.db, 'system:test', async (tx) => {
    for (let n = 0; n < 500; n += 1)
      await addJob(
        tx,
        { clock, random: systemRandom },
        { kind: 'test', payload: { n, text: `tab\t, line\n, back\\slash, ${canary}, ${n % 2 ? 'وقائع' : '\\N'}` } },
      );
    for (let n = 0; n < 5; n += 1)
      await putInOutbox(tx, { clock }, { id: uuidv7(systemRandom, n), stream: 'a', kind: 'request/1', payload: {} });
  });
  // A chain of rows that refer to each other: they must come back in any order of tables.
  await withTransaction(database.db, 'sample', async (tx) => {
    await sql`insert into case_files (id, number, office_id, handling, sealed_title, wrapping_kid, wrapped_key, created_by, created_at)
      values ('0199aaaa-0000-7000-8000-000000000001', 'A 1', 'o', '{}', '\\x00ff', 'k', '\\x01', 'sample', '2026-05-14T12:00:00Z')`.execute(
      tx,
    );
    await sql`insert into case_file_members (case_file_id, person_id, from_at, added_by) values ('0199aaaa-0000-7000-8000-000000000001', 'sample', '2026-05-14T12:00:00Z', 'sample')`.execute(
      tx,
    );
  });
  for (const size of [0, 10, 500_000]) await blobs.put(Readable.from([Buffer.from(systemRandom.bytes(size))]));
  report = await backup(join(base, 'one.backup'));
});
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});

async function backup(target: string): Promise<BackupReport> {
  const { client: open, close } = connect({ url: database.url, role: 'comity_owner' });
  const client = await open();
  try {
    return await backupNode({ client, blobs, keyFile, target, clock, random: systemRandom });
  } finally {
    await client.end();
    await close();
  }
}

async function restoreInto(folder: string, source: string, key = keyFile): Promise<BackupReport> {
  const node = await openNodeDatabase({ folder, migrations: 'none' });
  const client = await node.ownerClient();
  try {
    return await restoreNode({ client, blobs: folderBlobs(join(folder, 'blobs'), systemRandom), keyFile: key, source });
  } finally {
    await client.end();
    await node.close();
  }
}

test('a restore into an empty folder brings back every row and file, and the node works', async () => {
  const folder = join(base, 'restored');
  const restored = await restoreInto(folder, report.file);
  expect(restored.parts).toEqual(report.parts);
  const node = await openNodeDatabase({ folder });
  const client = await node.ownerClient();
  const again = await backupNode({
    client,
    blobs: folderBlobs(join(folder, 'blobs'), systemRandom),
    keyFile,
    target: join(base, 'two.backup'),
    clock,
    random: systemRandom,
  });
  await client.end();
  expect(again.parts).toEqual(report.parts);
  const rows = await node.db.selectFrom('jobs').selectAll().orderBy('id').execute();
  expect(rows).toEqual(await database.db.selectFrom('jobs').selectAll().orderBy('id').execute());
  // References are enforced again, row-level security holds, and counters go on after the last one.
  const stray = sql`insert into case_file_members (case_file_id, person_id, from_at, added_by) values ('0199aaaa-0000-7000-8000-000000000009', 'x', now(), 'x')`;
  await expect(stray.execute((await openOwner(node.ownerUrl)).db)).rejects.toThrow(/foreign key/);
  expect(await node.db.selectFrom('case_files').selectAll().execute()).toEqual([]);
  await withTransaction(node.db, 'system:test', (tx) =>
    putInOutbox(tx, { clock }, { id: uuidv7(systemRandom, 99), stream: 'a', kind: 'request/1', payload: {} }),
  );
  const places = await node.db.selectFrom('outbox').select('place').orderBy('place').execute();
  expect(new Set(places.map((row) => row.place)).size).toBe(6);
  await node.close();
  await expect(restoreInto(folder, report.file)).rejects.toThrow('db.restore-not-empty');
});

const owners: { close(): Promise<void> }[] = [];
afterAll(async () => void (await Promise.all(owners.map((owner) => owner.close()))));
async function openOwner(url: string) {
  const owner = connect({ url, size: 1 });
  owners.push(owner);
  return owner;
}

test('nothing of a backup can be read without its key', () => {
  expect(readFileSync(report.file).includes(canary)).toBe(false);
  expect(statSync(report.file).mode & 0o077).toBe(0);
  expect(statSync(keyFile).mode & 0o077).toBe(0);
});

test('another key, a cut or changed backup restores nothing', async () => {
  const whole = readFileSync(report.file);
  const otherKey = join(base, 'other.key');
  writeFileSync(otherKey, Buffer.alloc(32, 1).toString('base64url'));
  const changed = Buffer.from(whole);
  changed[whole.length >> 1]! ^= 1;
  writeFileSync(join(base, 'cut.backup'), whole.subarray(0, -100));
  writeFileSync(join(base, 'changed.backup'), changed);
  const folder = join(base, 'empty');
  await expect(restoreInto(folder, report.file, otherKey)).rejects.toThrow('db.backup-unreadable');
  await expect(restoreInto(folder, report.file, join(base, 'absent.key'))).rejects.toThrow('db.backup-unreadable');
  await expect(restoreInto(folder, join(base, 'absent.backup'))).rejects.toThrow('db.backup-unreadable');
  for (const name of ['cut', 'changed']) {
    const target = join(base, name);
    await expect(restoreInto(target, join(base, `${name}.backup`))).rejects.toThrow('db.backup-unreadable');
    const node = await openNodeDatabase({ folder: target });
    expect(await node.db.selectFrom('jobs').selectAll().execute()).toEqual([]);
    await node.close();
  }
});

test('a backup is of one moment, though the node goes on writing', async () => {
  let writing = true;
  const writer = (async () => {
    for (let n = 0; writing; n += 1) {
      await withTransaction(database.db, 'system:test', async (tx) => {
        await addJob(tx, { clock, random: systemRandom }, { kind: 'pair', key: `job-${n}` });
        await putInOutbox(
          tx,
          { clock },
          { id: uuidv7(systemRandom, n), stream: `pair-${n}`, kind: 'request/1', payload: {} },
        );
      });
    }
  })();
  const made = await backup(join(base, 'busy.backup'));
  writing = false;
  await writer;
  const folder = join(base, 'busy');
  await restoreInto(folder, made.file);
  const node = await openNodeDatabase({ folder });
  const jobs = await node.db.selectFrom('jobs').select('id').where('kind', '=', 'pair').execute();
  const messages = await node.db.selectFrom('outbox').select('id').where('stream', 'like', 'pair-%').execute();
  await node.close();
  expect(messages.length).toBe(jobs.length);
});
