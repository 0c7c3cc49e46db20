import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { fakeClock } from '../../platform/clock.ts';
import { openFileKeyStore, readCheckpoint, readNote } from '../../platform/crypto/index.ts';
import { withTransaction, type Tx } from '../../platform/db/index.ts';
import { systemRandom } from '../../platform/random.ts';
import {
  appendLeaves,
  checkLog,
  createLogs,
  knownHeads,
  recordAudit,
  takeWitnessPart,
  witnessPart,
  type LogPeer,
  type Logs,
  type Witness,
} from './index.ts';
import { getHead, listConflicts, listLeaves, listWitnessed, type LeafRow } from './store/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-witness-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
const random = systemRandom;

interface Side {
  name: string;
  database: TestDatabase;
  logs: Logs;
  own: Witness;
  inside<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  append(count: number, words?: string): Promise<void>;
}

async function side(name: string): Promise<Side> {
  const database = await testDatabase();
  const keys = await openFileKeyStore({
    folder: join(folder, name),
    passphraseFile: join(folder, `${name}.pass`),
    clock,
    random,
    cost: 1024,
  });
  const logs = createLogs({ keys, clock, random, name, checkpointFile: join(folder, `${name}.checkpoint`) });
  const inside = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(database.db, 'system:test', work);
  await logs.open(database.db);
  const append = (count: number, words = 'as it was') =>
    inside(async (tx) => {
      await appendLeaves(
        tx,
        'exchange',
        Array.from({ length: count }, (_, n) => `{"n":${n},"words":"${words}"}`),
        random,
      );
      await logs.checkpoint(tx);
    });
  return { name, database, logs, own: { keys, clock, random, logs }, inside, append };
}

async function asPeer({ name, logs }: Side, epoch = 1): Promise<LogPeer> {
  const origin = `comity/${name}/exchange/${epoch}`;
  const { publicKey } = await logs.key();
  return { node: name.toLowerCase(), origin, keys: [{ name: origin, publicKey: publicKey! }] };
}

/** One message from one side to the other, with the part that travels along. */
async function carry(from: Side, to: Side) {
  const part = await from.inside(async (tx) => witnessPart(from.own, tx, await asPeer(to)));
  return to.inside(async (tx) => takeWitnessPart(to.own, tx, await asPeer(from), part));
}

let alba: Side;
let borea: Side;
beforeAll(async () => {
  [alba, borea] = [await side('XA'), await side('XB')];
});
afterAll(async () => {
  await alba.database.close();
  await borea.database.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('two nodes that watch each other', () => {
  test('each cosigns what the other shows, from the size that it cosigned last', async () => {
    await alba.append(5);
    await borea.append(3);
    expect(await carry(alba, borea)).toEqual([{ finding: 'taken', size: 5, first: true }]);
    expect(await carry(borea, alba)).toEqual([
      { finding: 'cosignature-taken', size: 5 },
      { finding: 'taken', size: 3, first: true },
    ]);
    await alba.append(4);
    const part = await alba.inside(async (tx) => witnessPart(alba.own, tx, await asPeer(borea)));
    expect(part.consistency).toMatchObject({ from: 5, to: 9 });
    expect(await carry(alba, borea)).toEqual([
      { finding: 'cosignature-taken', size: 3 },
      { finding: 'taken', size: 9, first: false },
    ]);
    expect(await carry(borea, alba)).toContainEqual({ finding: 'cosignature-taken', size: 9 });
  });

  test('an answer that got lost costs nothing: the next proof begins where the witness stands', async () => {
    await alba.append(2);
    await carry(alba, borea);
    await alba.append(2);
    // Borea's cosignature of 11 never came, so Alba still proves from 9.
    expect(await carry(alba, borea)).toContainEqual({ finding: 'proof-needed', size: 13, cosigned: 11 });
    await carry(borea, alba);
    expect(await carry(alba, borea)).toContainEqual({ finding: 'taken', size: 13, first: false });
  });

  test('bytes sent again later are known and are not cosigned', async () => {
    const old = await alba.inside(async (tx) => witnessPart(alba.own, tx, await asPeer(borea)));
    await carry(borea, alba);
    await alba.append(1);
    await carry(alba, borea);
    expect(await borea.inside(async (tx) => takeWitnessPart(borea.own, tx, await asPeer(alba), old))).toContainEqual({
      finding: 'known',
      size: 13,
    });
    const answer = await borea.inside(async (tx) => witnessPart(borea.own, tx, await asPeer(alba)));
    expect(readCheckpoint(readNote(answer.cosignature!)!.text)!.size).toBe(14);
  });

  test('M14: two roots for one size are kept as proof and recorded, also when the witness was started anew', async () => {
    const forked = await side('XC');
    const restarted: Side = {
      ...borea,
      own: { ...borea.own, logs: createLogs({ keys: borea.own.keys, clock, random, name: 'XB' }) },
    };
    await forked.append(6);
    await carry(forked, borea);
    await rewrite(forked, (rows) => rows.map((row, n) => (n === 2 ? { ...row, entry: '{"other":1}' } : row)));
    expect(await carry(forked, restarted)).toEqual([{ finding: 'split-view', what: 'same-size', isNew: true }]);
    expect(await carry(forked, borea)).toEqual([{ finding: 'split-view', what: 'same-size', isNew: false }]);
    await forked.append(3);
    const part = await forked.inside(async (tx) => witnessPart(forked.own, tx, await asPeer(borea)));
    expect(part.consistency).toBeNull();
    const forged = { ...part, consistency: { from: 6, to: 9, hashes: [] } };
    const found = await borea.inside(async (tx) => takeWitnessPart(borea.own, tx, await asPeer(forked), forged));
    expect(found).toEqual([{ finding: 'split-view', what: 'not-a-continuation', isNew: true }]);
    expect((await borea.inside(listWitnessed)).find((one) => one.node === 'xc')!.size).toBe(6);
    expect((await borea.inside(listConflicts)).map((one) => `${one.node} ${one.what}`).sort()).toEqual([
      'xc not-a-continuation',
      'xc same-size',
    ]);
    const { rows } = await sql<{ count: string }>`
      select count(*) from audit_entries where action = 'audit.split-view'`.execute(borea.database.owner);
    expect(rows[0]!.count).toBe('2');
    await forked.database.close();
  });

  test('a checkpoint under another key, origin or with another byte is not taken', async () => {
    const part = await alba.inside(async (tx) => witnessPart(alba.own, tx, await asPeer(borea)));
    const take = (peer: LogPeer, changed = part) => borea.inside((tx) => takeWitnessPart(borea.own, tx, peer, changed));
    const refused = [{ finding: 'not-its-checkpoint' }, { finding: 'not-its-checkpoint' }];
    const peer = await asPeer(alba);
    expect(await take({ ...peer, keys: (await asPeer(borea)).keys })).toEqual(refused);
    expect((await take({ ...peer, origin: 'comity/XD/exchange/1' }))[1]).toEqual(refused[1]);
    const changed = part.checkpoint!.replace(/\n\d+\n/, '\n99\n');
    expect((await take(peer, { ...part, checkpoint: changed }))[1]).toEqual(refused[1]);
    expect(await take(peer, { checkpoint: 'nonsense', consistency: null, cosignature: 'nonsense' })).toEqual(refused);
  });
});

/** What somebody with the owner's rights and the log key can do: a new log, consistent with itself. */
async function rewrite({ database, logs }: Side, change: (rows: LeafRow[]) => LeafRow[]): Promise<void> {
  const rows = change(await database.owner.transaction().execute((tx) => listLeaves(tx, 0, 100_000, 'exchange')));
  await database.owner.transaction().execute(async (tx) => {
    for (const table of ['log_leaves', 'log_nodes', 'log_heads', 'log_checkpoints', 'log_cosignatures'])
      await sql.raw(`alter table ${table} disable trigger user`).execute(tx);
    await sql`delete from log_leaves`.execute(tx);
    await sql`delete from log_nodes where log = 'exchange'`.execute(tx);
    await sql`delete from log_checkpoints`.execute(tx);
    await sql`delete from log_cosignatures`.execute(tx);
    await sql`update log_heads set size = 0, frontier = '', root = sha256(''), chain = decode(repeat('00', 32), 'hex')`.execute(
      tx,
    );
    const salts = rows.map((row) => row.salt!);
    await sql`select log_append(${rows.map((row) => row.entry)}::text[], ${salts}::bytea[])`.execute(tx);
    for (const table of ['log_leaves', 'log_nodes', 'log_heads', 'log_checkpoints', 'log_cosignatures'])
      await sql.raw(`alter table ${table} enable trigger user`).execute(tx);
  });
  await withTransaction(database.db, 'system:test', (tx) => logs.checkpoint(tx));
}

test('A2: a chain rebuilt with root and log key, and one whose end was cut, 60 trials of each, are found by what the other node cosigned', async () => {
  const victim = await side('XD');
  await victim.append(80);
  await carry(victim, borea);
  const held = (await borea.inside(listWitnessed)).filter((one) => one.node === 'xd');
  const original = await victim.inside((tx) => listLeaves(tx, 0, 1000, 'exchange'));
  const pick = (below: number) => Buffer.from(random.bytes(4)).readUInt32BE() % below;
  let found = 0;
  for (let trial = 0; trial < 60; trial += 1) {
    const at = pick(80);
    await rewrite(victim, () => original.map((row, n) => (n === at ? { ...row, entry: `{"trial":${trial}}` } : row)));
    expect(await victim.inside((tx) => checkLog(tx, 'exchange'))).toMatchObject({ whole: true });
    const report = await victim.inside((tx) => checkLog(tx, 'exchange', held));
    const seen = await carry(victim, borea);
    if (report.firstBreak?.what === 'rewritten-since-checkpoint' && seen.some((one) => one.finding === 'split-view'))
      found += 1;
  }
  expect(found).toBe(60);
  found = 0;
  for (let trial = 0; trial < 60; trial += 1) {
    const cut = 1 + pick(79);
    await rewrite(victim, () => original.slice(0, -cut));
    expect(await victim.inside((tx) => checkLog(tx, 'exchange'))).toMatchObject({ whole: true });
    const report = await victim.inside((tx) => checkLog(tx, 'exchange', held));
    expect(report.firstBreak).toMatchObject({ index: 80, what: 'cut-since-checkpoint' });
    const seen = await carry(borea, victim);
    const back = { from: 80, to: 80 - cut, what: 'shorter' };
    const told = seen.some((one) => one.finding === 'history-went-back' && one.history.from === 80);
    expect(seen).toContainEqual({ finding: 'history-went-back', history: expect.objectContaining(back) });
    if (told) found += 1;
  }
  expect(found).toBe(60);
  await victim.database.close();
}, 60_000);

describe('the own checkpoints', () => {
  test('D8: a database turned back is found at start by the checkpoint beside it, and nothing smaller is signed', async () => {
    await alba.append(10);
    await alba.inside((tx) => alba.logs.remember(tx));
    const { size } = await alba.inside((tx) => getHead(tx, 'exchange'));
    const rows = await alba.inside((tx) => listLeaves(tx, 0, 1000, 'exchange'));
    expect(await alba.logs.open(alba.database.db)).toBeUndefined();
    await rewrite(alba, () => rows.slice(0, 7));
    const back = await alba.logs.open(alba.database.db);
    expect(back).toMatchObject({ from: size, to: 7, what: 'shorter' });
    await rewrite(alba, () => rows.map((row, n) => (n === 3 ? { ...row, entry: '{}' } : row)));
    expect(await alba.logs.open(alba.database.db)).toMatchObject({ from: size, to: size, what: 'different' });
    await rewrite(alba, () => rows);
    expect(await alba.logs.open(alba.database.db)).toBeUndefined();
  });

  test('D14: a database in a folder that never saw its checkpoints was restored; a new folder knows its own from the first start', async () => {
    const fresh = await side('XC');
    await fresh.append(2);
    expect(await fresh.logs.open(fresh.database.db)).toBeUndefined();
    rmSync(join(folder, 'XC.checkpoint'));
    expect(await fresh.logs.open(fresh.database.db)).toMatchObject({ from: 2, to: 2, what: 'shorter' });
    await fresh.database.close();
  });

  test('a checkpoint larger than the log stops signing', async () => {
    await sql`insert into log_checkpoints (log, origin, size, root, note, at)
      values ('exchange', 'comity/XB/exchange/1', 999999, sha256('x'), 'n', now())`.execute(borea.database.owner);
    await expect(borea.inside((tx) => borea.logs.checkpoint(tx))).rejects.toThrow('audit.history-went-back');
  });

  test('are made for ten entries or after a minute, and each of the audit log is a leaf of the exchange log', async () => {
    const node = await side('XC');
    const ctx = { actor: { kind: 'system', id: 'test' } as const, clock, random };
    const record = (count: number) =>
      node.inside(async (tx) => {
        for (let n = 0; n < count; n += 1) await recordAudit(tx, ctx, 'test.act', { kind: 'thing', id: `${n}` });
      });
    const due = () => node.inside((tx) => node.logs.makeDue(tx));
    await record(1);
    expect(await due()).toBe(true);
    expect(await due()).toBe(false);
    await record(9);
    expect(await due()).toBe(false);
    await record(1);
    expect(await due()).toBe(true);
    await record(1);
    expect(await due()).toBe(false);
    clock.advance(60_000);
    expect(await due()).toBe(true);
    const rows = await node.inside((tx) => listLeaves(tx, 0, 100, 'exchange'));
    expect(rows.map((row) => (JSON.parse(row.entry!) as { size: number }).size)).toEqual([1, 11, 12]);
    const known = await node.inside((tx) => knownHeads(tx, 'audit'));
    expect(known.map((one) => one.size)).toEqual([12, 1, 11, 12]);
    expect(await node.inside((tx) => checkLog(tx, 'audit', known))).toMatchObject({ whole: true });
    const wrong = [{ size: 5, root: Buffer.alloc(32) }];
    expect((await node.inside((tx) => checkLog(tx, 'audit', wrong))).firstBreak).toMatchObject({
      index: 5,
      what: 'rewritten-since-checkpoint',
    });
    await node.database.close();
  });
});
