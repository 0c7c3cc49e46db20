import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { folderBlobs } from '../../platform/blobs/index.ts';
import { fakeClock } from '../../platform/clock.ts';
import { openFileKeyStore } from '../../platform/crypto/index.ts';
import { withTransaction } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { Handling, sha256, stateCode } from '../../platform/values/index.ts';
import { createContext, type Actor, type Context, type Role } from '../identity/index.ts';
import { createEvidence, visibleCaseFiles, type CaseFileId, type Evidence } from './index.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-evidence-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const handling = Handling.parse({ tlp: 'AMBER', originator: 'XA' });
let database: TestDatabase;
let evidence: Evidence;

beforeAll(async () => {
  database = await testDatabase();
  amina = person('amina');
  bruno = person('bruno');
  const keys = await openFileKeyStore({
    folder: join(base, 'keys'),
    passphraseFile: join(base, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  evidence = createEvidence({
    keys,
    blobs: folderBlobs(join(base, 'blobs'), systemRandom),
    random: systemRandom,
    maxFileBytes: 1_048_576,
  });
});
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});

function contextOf(actor: Actor): Context {
  return createContext({
    db: database.db,
    actor,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    state: stateCode('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
  });
}
function person(id: string, roles: Role[] = ['prosecutor'], officeId = 'office-1'): Context {
  return contextOf({ kind: 'person', id, name: 'Sample', officeId, authority: null, roles });
}
let amina: Context;
let bruno: Context;

test('whoever opens a case file is its member, and the office gets numbers in order', async () => {
  const first = await evidence.openCaseFile(amina, { title: 'Harbour', handling });
  const second = await evidence.openCaseFile(amina, { title: 'Warehouse', handling });
  expect(first).toMatchObject({
    title: 'Harbour',
    officeId: 'office-1',
    version: 1,
    erased: false,
    members: [{ personId: 'amina', until: null }],
  });
  expect([first.number, second.number]).toEqual(['CF-2026-0001', 'CF-2026-0002']);
  await expect(evidence.openCaseFile(amina, { title: 'Again', number: first.number, handling })).rejects.toThrow(
    'evidence.number-taken',
  );
});

test('thirty files opened at once get thirty numbers', async () => {
  const opened = await Promise.all(
    Array.from({ length: 30 }, () =>
      evidence.openCaseFile(person('carl', ['prosecutor'], 'office-9'), { title: 'Race', handling }),
    ),
  );
  expect(new Set(opened.map((one) => one.number)).size).toBe(30);
});

test('a case file is unknown to everybody else, in every way of asking', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Hidden', handling });
  const file = await evidence.addFile(amina, id, { fileName: 'a.txt', bytes: Buffer.from('a') });
  const strangers = [
    bruno,
    person('dora', ['administrator']),
    person('emil', ['oversight']),
    contextOf({ kind: 'public' }),
  ];
  for (const stranger of strangers) {
    const asks = [
      () => evidence.getCaseFile(stranger, id),
      () => evidence.listFiles(stranger, id),
      () => evidence.readFile(stranger, file.id),
      () => evidence.listCustody(stranger, file.id),
      () => evidence.addMember(stranger, id, 'bruno'),
    ];
    for (const ask of asks)
      await expect(ask()).rejects.toMatchObject({ name: expect.stringMatching(/NotFound|NotAllowed/) });
  }
  await expect(evidence.getCaseFile(bruno, id)).rejects.toMatchObject({ name: 'NotFound' });
  const absent = await evidence
    .getCaseFile(bruno, '0199aaaa-0000-7000-8000-000000000000' as CaseFileId)
    .catch((error: unknown) => error);
  const hidden = await evidence.getCaseFile(bruno, id).catch((error: unknown) => error);
  expect(hidden).toMatchObject({ name: (absent as Error).name, message: (absent as Error).message });
  expect((await evidence.listCaseFiles(bruno)).caseFiles.map((one) => one.id)).not.toContain(id);
});

test('a new member sees the file until the membership ends, and the last member stays', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Shared', handling });
  await evidence.addMember(amina, id, 'bruno');
  expect((await evidence.getCaseFile(bruno, id)).title).toBe('Shared');
  await expect(evidence.addMember(amina, id, 'bruno')).rejects.toThrow('evidence.already-a-member');
  expect((await evidence.listCaseFiles(bruno)).caseFiles.map((one) => one.id)).toContain(id);
  clock.advance(1000);
  await evidence.endMembership(amina, id, 'bruno');
  await expect(evidence.getCaseFile(bruno, id)).rejects.toMatchObject({ name: 'NotFound' });
  await expect(evidence.endMembership(amina, id, 'amina')).rejects.toThrow('evidence.last-member');
  await evidence.addMember(amina, id, 'bruno');
  await evidence.endMembership(bruno, id, 'bruno');
  expect((await evidence.getCaseFile(amina, id)).members.filter((one) => one.until === null)).toHaveLength(1);
});

test('row-level security holds when a query forgets its predicate', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Second wall', handling });
  await evidence.addFile(amina, id, { fileName: 'a.txt', bytes: Buffer.from('a') });
  const count = (
    actor: string | undefined,
    table: 'case_files' | 'case_file_members' | 'evidence_files' | 'custody_entries',
  ) =>
    database.db.transaction().execute(async (tx) => {
      if (actor !== undefined) await sql`select set_config('comity.actor', ${actor}, true)`.execute(tx);
      const column = table === 'case_files' ? 'id' : 'case_file_id';
      const { rows } = await sql<{
        n: string;
      }>`select count(*) as n from ${sql.table(table)} where ${sql.ref(column)} = ${id}`.execute(tx);
      return Number(rows[0]?.n);
    });
  for (const table of ['case_files', 'case_file_members', 'evidence_files', 'custody_entries'] as const) {
    expect(await count('amina', table)).toBeGreaterThan(0);
    expect(await count('system:worker', table)).toBeGreaterThan(0);
    for (const other of ['bruno', 'public', '', undefined, "amina' OR true"]) expect(await count(other, table)).toBe(0);
  }
});

test('the application cannot change or remove custody entries, nor add itself as a member', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Append only', handling });
  await evidence.addFile(amina, id, { fileName: 'a.txt', bytes: Buffer.from('a') });
  const attempt = (statement: ReturnType<typeof sql>, actor = 'amina') =>
    withTransaction(database.db, actor, (tx) => statement.execute(tx));
  for (const table of ['custody_entries', 'case_files', 'case_file_members', 'evidence_files']) {
    await expect(attempt(sql`delete from ${sql.table(table)}`)).rejects.toThrow(/permission denied/);
  }
  await expect(attempt(sql`update custody_entries set seq = 9`)).rejects.toThrow(/permission denied/);
  await expect(attempt(sql`update evidence_files set blob_key = ${'0'.repeat(64)}`)).rejects.toThrow(
    /permission denied/,
  );
  const join = sql`insert into case_file_members (case_file_id, person_id, from_at, added_by) values (${id}, 'bruno', now(), 'bruno')`;
  await expect(attempt(join, 'bruno')).rejects.toThrow(/row-level security/);
});

test('a file comes back as it was, typed by content, and each touch stands in its custody', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Files', handling });
  const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(systemRandom.bytes(200_000))]);
  const file = await evidence.addFile(amina, id, {
    fileName: '../أمر.pdf',
    bytes: Readable.from([bytes.subarray(0, 5), bytes.subarray(5)]),
  });
  expect(file).toMatchObject({
    fileName: 'أمر.pdf',
    givenName: '../أمر.pdf',
    mediaType: 'application/pdf',
    nameAgrees: true,
    size: bytes.length,
    sha256: sha256(bytes),
    scan: 'not-scanned',
  });
  const read = await evidence.readFile(amina, file.id);
  expect((await buffer(read.bytes)).equals(bytes)).toBe(true);
  expect((await evidence.verifyFile(amina, file.id)).whole).toBe(true);
  const custody = await evidence.listCustody(amina, file.id);
  expect(custody.problems).toEqual([]);
  expect(custody.entries.map(({ entry }) => [entry.seq, entry.act, entry.by])).toEqual([
    [1, 'received', 'amina'],
    [2, 'sealed', 'amina'],
    [3, 'read', 'amina'],
    [4, 'verified', 'amina'],
  ]);
  clock.advance(1);
  const disguised = await evidence.addFile(amina, id, { fileName: 'photo.jpg', bytes });
  expect(disguised).toMatchObject({ mediaType: 'application/pdf', nameAgrees: false });
  expect((await evidence.listFiles(amina, id)).map((one) => one.fileName)).toEqual(['أمر.pdf', 'photo.jpg']);
});

test('ten readers at once make a chain without fork or gap', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Busy', handling });
  const file = await evidence.addFile(amina, id, { fileName: 'a.txt', bytes: Buffer.from('a') });
  await Promise.all(Array.from({ length: 10 }, async () => buffer((await evidence.readFile(amina, file.id)).bytes)));
  const custody = await evidence.listCustody(amina, file.id);
  expect(custody.entries).toHaveLength(12);
  expect(custody.problems).toEqual([]);
});

test('empty and over-large files are refused and leave nothing behind', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Limits', handling });
  await expect(evidence.addFile(amina, id, { fileName: 'a', bytes: Buffer.alloc(0) })).rejects.toThrow(
    'evidence.file-empty',
  );
  await expect(evidence.addFile(amina, id, { fileName: 'a', bytes: Buffer.alloc(1_048_577) })).rejects.toMatchObject({
    code: 'evidence.file-too-large',
    params: { limit: 1 },
  });
  expect(readdirSync(join(base, 'blobs', 'incoming'))).toEqual([]);
  expect(await evidence.listFiles(amina, id)).toEqual([]);
});

test('title, names and contents stand nowhere in the clear', async () => {
  const canary = `canary-${Buffer.from(systemRandom.bytes(12)).toString('hex')}`;
  const { id } = await evidence.openCaseFile(amina, { title: canary, handling });
  await evidence.addFile(amina, id, { fileName: `${canary}.txt`, bytes: Buffer.from(canary.repeat(20)) });
  const found: string[] = [];
  for (const folder of readdirSync(join(base, 'blobs'))) {
    for (const name of readdirSync(join(base, 'blobs', folder)))
      if (readFileSync(join(base, 'blobs', folder, name)).includes(canary)) found.push(name);
  }
  for (const table of ['case_files', 'evidence_files', 'custody_entries', 'case_file_members']) {
    const { rows } = await sql<{ text: string }>`select t::text as text from ${sql.table(table)} t`.execute(
      database.owner,
    );
    const hex = Buffer.from(canary).toString('hex');
    if (rows.some(({ text }) => text.includes(canary) || text.includes(hex))) found.push(table);
  }
  expect(found).toEqual([]);
});

test('a destroyed key erases: nothing of the case file can be read again', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Erased', handling });
  const file = await evidence.addFile(amina, id, { fileName: 'a.txt', bytes: Buffer.from('gone') });
  await database.owner.updateTable('case_files').set({ wrapped_key: null }).where('id', '=', id).execute();
  expect(await evidence.getCaseFile(amina, id)).toMatchObject({ title: null, erased: true });
  await expect(evidence.readFile(amina, file.id)).rejects.toThrow('evidence.erased');
});

test('a damaged file is refused, the attempt recorded, and the node check names it', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'Bit rot', handling });
  const file = await evidence.addFile(amina, id, { fileName: 'a.txt', bytes: Buffer.from('evidence') });
  const { blob_key: key } = await database.owner
    .selectFrom('evidence_files')
    .select('blob_key')
    .where('id', '=', file.id)
    .executeTakeFirstOrThrow();
  const path = join(base, 'blobs', key.slice(0, 2), key);
  const bytes = readFileSync(path);
  bytes[20]! ^= 1;
  writeFileSync(path, bytes);
  await expect(evidence.readFile(amina, file.id)).rejects.toThrow('blobs.damaged');
  const custody = await evidence.listCustody(amina, file.id);
  expect(custody.entries.at(-1)?.entry).toMatchObject({ act: 'verified', outcome: 'damaged' });
  const report = await evidence.verifyAll(contextOf({ kind: 'system', id: 'operator' }));
  expect(report.problems).toMatchObject([{ code: 'evidence.file-damaged', path: [file.id] }]);
  expect(report.checked).toBeGreaterThan(5);
});

test('two changes of one version: one stands, the other is told', async () => {
  const { id } = await evidence.openCaseFile(amina, { title: 'One', handling });
  const outcomes = await Promise.allSettled(
    ['Two', 'Three'].map((title) => evidence.changeCaseFile(amina, id, { version: 1, title })),
  );
  expect(outcomes.map((one) => one.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(outcomes.find((one) => one.status === 'rejected')).toMatchObject({
    reason: { code: 'evidence.changed-meanwhile' },
  });
});

test('the predicate for lists agrees with the permission on each file', async () => {
  const shown = await withTransaction(database.db, 'system:test', (tx) =>
    tx.selectFrom('case_files').select('id').where(visibleCaseFiles(bruno)).execute(),
  );
  const listed = (await evidence.listCaseFiles(bruno, { limit: 200 })).caseFiles.map((one) => one.id);
  expect(new Set(shown.map((row) => row.id))).toEqual(new Set(listed));
  for (const id of listed) await evidence.getCaseFile(bruno, id);
});

test('what another module seals opens in its own case file and place only', async () => {
  const one = await evidence.openCaseFile(amina, { title: 'One', handling });
  const two = await evidence.openCaseFile(amina, { title: 'Two', handling });
  const sealed = await amina.transaction((tx) =>
    evidence.sealer.seal(tx, one.id, Buffer.from('facts'), 'requests/1/document'),
  );
  const open = (ctx: Context, id: CaseFileId, about: string) =>
    ctx.transaction((tx) => evidence.sealer.open(tx, id, sealed, about));
  expect((await open(amina, one.id, 'requests/1/document')).toString()).toBe('facts');
  await expect(open(amina, one.id, 'requests/2/document')).rejects.toThrow('crypto.cannot-open');
  await expect(open(amina, two.id, 'requests/1/document')).rejects.toThrow('crypto.cannot-open');
  await expect(open(bruno, one.id, 'requests/1/document')).rejects.toThrow('evidence.not-found');
});
