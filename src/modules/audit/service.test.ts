import fc from 'fast-check';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/db/index.ts';
import { systemRandom } from '../../platform/random.ts';
import { checkLog, recordAudit, recordDenied, type AuditContext } from './index.ts';
import { rootOf, verifyConsistency, verifyInclusion } from './rules/index.ts';
import { exportLog, listLog, proveConsistency, proveEntry, type AuditReader } from './service.ts';
import { getHead, listLeafData } from './store/index.ts';

let database: TestDatabase;
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const writer: AuditContext = { actor: { kind: 'person', id: 'p-1', officeId: 'o-1' }, clock, random: systemRandom };
const inside = <T>(work: (tx: Tx) => Promise<T>) => database.db.transaction().execute(work);
const reader: AuditReader = { ...writer, locale: 'en', zone: 'UTC', transaction: inside, allow: () => {} };

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.close());

async function record(count: number): Promise<void> {
  await inside(async (tx) => {
    for (let n = 0; n < count; n += 1)
      await recordAudit(tx, writer, 'requests.edit', { kind: 'request', id: `r-${n}` }, { n });
  });
}

/** What somebody with the owner's rights can do: past triggers and past the application. */
async function tamper(...statements: string[]): Promise<void> {
  await database.owner.transaction().execute(async (tx) => {
    for (const table of ['audit_entries', 'audit_leaves', 'audit_head'])
      await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
    await sql`alter table audit_leaves drop constraint if exists audit_leaves_entry_id_fkey`.execute(tx);
    for (const statement of statements) await sql.raw(statement).execute(tx);
    for (const table of ['audit_entries', 'audit_leaves', 'audit_head'])
      await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
  });
}

describe('recording', () => {
  test('an entry takes its place when its transaction commits, and none when it fails', async () => {
    await record(1);
    const before = (await inside(getHead)).size;
    await expect(
      inside(async (tx) => {
        await recordAudit(tx, writer, 'requests.edit', { kind: 'request', id: 'lost' });
        throw new Error('the act failed');
      }),
    ).rejects.toThrow('the act failed');
    expect((await inside(getHead)).size).toBe(before);
  });

  test('a refused attempt is an entry of its own', async () => {
    await inside((tx) =>
      recordDenied(tx, writer, 'requests.read', { kind: 'request', id: 'r-9' }, { code: 'identity.why-not-a-member' }),
    );
    const { entries } = await listLog(reader, { outcome: 'denied', limit: 5 });
    expect(entries[0]?.entry).toMatchObject({
      outcome: 'denied',
      action: 'requests.read',
      actor: { id: 'p-1', office: 'o-1' },
    });
  });

  test('the application can neither change nor remove entries, leaves or the head', async () => {
    for (const statement of [
      `update audit_entries set entry = '{}'`,
      'delete from audit_entries',
      'truncate audit_entries cascade',
      'delete from audit_leaves',
      `insert into audit_leaves (index, entry_id, d, chain) select 999, id, salt || salt, salt || salt from audit_entries limit 1`,
      'update audit_head set size = 0',
    ]) {
      await expect(sql.raw(statement).execute(database.db), statement).rejects.toThrow(/permission denied|append-only/);
    }
    await expect(sql`delete from audit_leaves`.execute(database.owner)).rejects.toThrow('audit.append-only');
  });

  test('50 writers at once leave no gap and no fork', async () => {
    const before = (await inside(getHead)).size;
    await Promise.all(Array.from({ length: 50 }, () => record(2)));
    const head = await inside(getHead);
    expect(head.size).toBe(before + 100);
    expect(await inside(checkLog)).toMatchObject({ whole: true, checked: head.size });
  });

  test('the database computes the root of RFC 6962 at every size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (count) => {
        await record(count);
        const head = await inside(getHead);
        const data = await inside((tx) => listLeafData(tx, 0, head.size));
        expect(data).toHaveLength(head.size);
        expect(head.root.equals(rootOf(data))).toBe(true);
      }),
      { numRuns: 12 },
    );
  });
});

describe('proofs from the log', () => {
  test('an entry is shown to be in it, and an earlier size to be its beginning', async () => {
    const { size: earlier, root: earlierRoot } = await inside(getHead);
    await record(3);
    const entry = (await listLog(reader, { limit: 1, subjectId: 'r-1' })).entries[0]!;
    const proof = await proveEntry(reader, entry.entry.id);
    const bytes = (hex: string) => Buffer.from(hex, 'hex');
    expect(proof.index).toBe(entry.index);
    expect(verifyInclusion(bytes(proof.data), proof.index, proof.size, proof.path.map(bytes), bytes(proof.root))).toBe(
      true,
    );
    const grown = await proveConsistency(reader, earlier);
    expect(verifyConsistency(earlier, earlierRoot, grown.size, bytes(grown.root), grown.path.map(bytes))).toBe(true);
    await expect(proveConsistency(reader, 0)).rejects.toThrow('audit.no-such-size');
  });

  test('an export holds every entry, and reading it is an entry too', async () => {
    const lines: string[] = [];
    const { size } = await exportLog(reader, (line) => void lines.push(line));
    expect(lines).toHaveLength(size);
    expect((await listLog(reader, { action: 'audit.export', limit: 1 })).entries).toHaveLength(1);
  });

  test('pages of the log follow each other without loss', async () => {
    const first = await listLog(reader, { limit: 3, action: 'requests.edit' });
    const second = await listLog(reader, { limit: 3, action: 'requests.edit', before: first.next! });
    const places = [...first.entries, ...second.entries].map((one) => one.index);
    expect(new Set(places).size).toBe(6);
    expect(places).toEqual([...places].sort((a, b) => b - a));
  });
});

describe('a log that somebody with the database in hand has changed', () => {
  beforeEach(async () => {
    await database.close();
    database = await testDatabase();
    await record(40);
    expect(await inside(checkLog)).toMatchObject({ whole: true, size: 40 });
  });
  const entryAt = (index: number) => `(select entry_id from audit_leaves where index = ${index})`;

  test('names an entry whose words changed', async () => {
    await tamper(`update audit_entries set entry = replace(entry, '"n":17', '"n":18') where id = ${entryAt(17)}`);
    expect(await inside(checkLog)).toMatchObject({
      whole: false,
      checked: 17,
      firstBreak: { index: 17, what: 'changed' },
    });
  });

  test('names an entry whose words and leaf changed together', async () => {
    await tamper(
      `update audit_entries set entry = replace(entry, '"n":17', '"n":99') where id = ${entryAt(17)}`,
      `update audit_leaves l set d = sha256(e.salt || sha256(convert_to(e.entry, 'UTF8'))) from audit_entries e where e.id = l.entry_id and l.index = 17`,
    );
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 17, what: 'changed' });
  });

  test('names the place of an entry that was removed', async () => {
    await tamper(`delete from audit_entries where id = ${entryAt(23)}`);
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 23, what: 'removed' });
    await tamper('delete from audit_leaves where index = 9');
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 9, what: 'removed' });
  });

  test('names the first of two entries that changed places', async () => {
    await tamper(
      `update audit_leaves set index = 1005 where index = 5`,
      `update audit_leaves set index = 5 where index = 30`,
      `update audit_leaves set index = 30 where index = 1005`,
    );
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 5, what: 'reordered' });
  });

  test('says when two entries were exchanged under their leaves', async () => {
    await tamper(
      `create temp table swap as select index, entry_id from audit_leaves where index in (5, 30)`,
      `update audit_leaves set entry_id = gen_random_uuid() where index = 30`,
      `update audit_leaves set entry_id = (select entry_id from swap where index = 30) where index = 5`,
      `update audit_leaves set entry_id = (select entry_id from swap where index = 5) where index = 30`,
    );
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 5, what: 'reordered' });
  });

  test('says when the last entries were cut off', async () => {
    await tamper('delete from audit_leaves where index >= 36');
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 36, what: 'truncated' });
  });

  test('says when an entry was put in without its place', async () => {
    await tamper(
      `insert into audit_entries (id, entry, salt) select gen_random_uuid(), entry, salt from audit_entries limit 1`,
    );
    expect((await inside(checkLog)).firstBreak).toMatchObject({ what: 'added' });
  });

  test('says when only the head was turned back', async () => {
    await tamper('update audit_head set size = 30');
    expect((await inside(checkLog)).firstBreak).toMatchObject({ index: 30, what: 'added' });
    await tamper(`update audit_head set size = 40, root = sha256('x')`);
    expect((await inside(checkLog)).firstBreak).toMatchObject({ what: 'head-differs' });
  });
});
