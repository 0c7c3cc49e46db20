import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { listWitnessed, listWitnesses } from '../../src/modules/audit/index.ts';
import { verifyProof, getProof, type NodeId } from '../../src/modules/exchange/index.ts';
import { enterRecovery } from '../../src/modules/exchange/service/recover.ts';
import { listBlobsOf } from '../../src/modules/exchange/store/index.ts';
import { listLastRuns } from '../../src/modules/exchange/store/reconcile.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { sha256 } from '../../src/platform/values/index.ts';
import { startNetwork, takeNotes, until, type Network, type NetworkNode, type Notes } from '../support/network.ts';

let network: Network;
let alba: Notes;
let borea: Notes;
let xa: NetworkNode;
let xb: NetworkNode;
const sent: string[] = [];
/** The database of the tests does not wait for the disk, and receipts say so. */
const unflushed = 'log.verify-not-durable';

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  [xa, xb] = [network.of('XA'), network.of('XB')];
  [alba, borea] = [takeNotes(xa), takeNotes(xb, { readFiles: true })];
});
afterAll(() => network.stop());

const inside = <T>(node: NetworkNode, work: Parameters<typeof withTransaction<T>>[2]) =>
  withTransaction(node.exchange.parts.db, 'system:test', work);

test('after ordinary traffic both nodes hold the same history, and each has cosigned the log of the other', async () => {
  for (let n = 0; n < 6; n += 1) {
    sent.push(await alba.send({ to: 'XB:central-authority', text: `from alba ${n}` }));
    await borea.send({ to: 'XA:central-authority', text: `from borea ${n}` });
  }
  await until(
    () =>
      alba.outcomes.filter((one) => one.outcome === 'handed-over').length >= 6 &&
      borea.outcomes.filter((one) => one.outcome === 'handed-over').length >= 6,
    'all arrived',
  );
  let report = await xa.exchange.history.reconcile('xb' as NodeId, { lookOnly: true });
  // Events that tell of the last messages may still be under way.
  for (let n = 0; n < 50 && report.outcome !== 'equal'; n += 1) {
    await until(async () => true, 'a moment');
    report = await xa.exchange.history.reconcile('xb' as NodeId, { lookOnly: true });
  }
  expect(report).toMatchObject({ outcome: 'equal', differences: [] });
  expect(report.compared).toBeGreaterThanOrEqual(12);
  await xb.exchange.history.reconcile('xa' as NodeId);
  expect((await inside(xa, listWitnesses)).map((one) => one.witness)).toEqual(['xb']);
  expect((await inside(xb, listWitnesses)).map((one) => one.witness)).toEqual(['xa']);
  expect((await inside(xa, listWitnessed)).map((one) => one.origin)).toEqual(['comity/XB/exchange/1']);
}, 120_000);

test('the proof of a delivered message is checked without a node, on the side of the sender and of the receiver', async () => {
  for (const node of [xa, xb]) {
    const proof = await inside(node, (tx) => getProof(node.exchange.history.parts, tx, sent[0]!));
    const found = verifyProof(proof);
    expect(found.statements.filter((one) => !one.holds && one.code !== unflushed)).toEqual([]);
    const codes = found.statements.map((one) => one.code);
    for (const code of ['message', 'receipt', 'event', 'checkpoint', 'entry', 'cosignature'])
      expect(codes, node.state).toContain(`log.verify-${code}`);
  }
});

/** Changes rows as no part of the program may: what a disk or a restored backup does. */
async function spoil(node: NetworkNode, statements: readonly string[]): Promise<void> {
  const { owner } = node.database;
  const tables = ['exchange_outbox', 'exchange_inbox', 'exchange_event'];
  for (const table of tables) await sql.raw(`alter table ${table} disable trigger user`).execute(owner);
  for (const statement of statements) await sql.raw(statement).execute(owner);
  for (const table of tables) await sql.raw(`alter table ${table} enable trigger user`).execute(owner);
}

const statusOf = (id: string) =>
  inside(xa, async (tx) => {
    const row = await tx.selectFrom('exchange_outbox').select('status').where('message_id', '=', id).executeTakeFirst();
    return row?.status;
  });

test('an event that never came is fetched by comparing, and has the effect it would have had', async () => {
  const id = sent[1]!;
  expect(await statusOf(id)).toBe('handed-over');
  await spoil(xa, [
    `delete from exchange_event where message_id = '${id}' and by_node = 'xb'`,
    `update exchange_outbox set status = 'relayed' where message_id = '${id}'`,
  ]);
  const report = await xa.exchange.history.reconcile('xb' as NodeId);
  expect(report.differences).toMatchObject([{ messageId: id, finding: 'outcome-differs', action: 'event-fetched' }]);
  expect(await statusOf(id)).toBe('handed-over');
  expect((await xa.exchange.history.reconcile('xb' as NodeId)).outcome).toBe('equal');
});

test('a minute after a gap was seen its sender is asked what is missing, without anybody telling the node to', async () => {
  const runs = async () => (await inside(xb, listLastRuns)).find((run) => run.peer === 'xa')?.at;
  const before = await runs();
  const held = (seconds: number) =>
    spoil(xb, [
      `update exchange_inbox set status = 'held', received_at = now() - interval '${seconds} seconds' where message_id = '${sent[2]}'`,
    ]);
  await held(30);
  await xb.exchange.delivery.housekeeping.look();
  expect(await runs()).toBe(before);
  await held(70);
  await xb.exchange.delivery.housekeeping.look();
  expect(await runs()).not.toBe(before);
  await spoil(xb, [`update exchange_inbox set status = 'handed-over' where message_id = '${sent[2]}'`]);
});

test('D14: a message with large parts that a restored node lost is brought back whole, its parts from their sender', async () => {
  const bytes = randomBytes(1_500_000);
  const file = {
    fileName: 'ledger.bin',
    mediaType: 'application/octet-stream',
    size: bytes.length,
    sha256: sha256(bytes),
    custodyRef: null,
    open: () => Promise.resolve(Readable.from([bytes])),
  };
  const id = await alba.send({ to: 'XB:central-authority', text: 'with a file', files: [file] });
  const taken = () => borea.taken.filter((note) => note.id === id).length;
  await until(async () => taken() === 1 && (await statusOf(id)) === 'handed-over', 'it is there');
  const [blob] = await inside(xb, (tx) => listBlobsOf(tx, 'in', [id]));
  await spoil(xb, [
    `update exchange_stream set next_in = 1, last_hash_in = null where stream = (select stream from exchange_inbox where message_id = '${id}')`,
    `delete from exchange_event where message_id = '${id}'`,
    `delete from exchange_inbox where message_id = '${id}'`,
    `delete from exchange_blob where message_id = '${id}'`,
  ]);
  await xb.exchange.parts.folder.remove('in', blob!.blob_id);
  borea.files.clear();
  const wentBack = { what: 'shorter', from: 9, to: 5, note: 'a note' } as const;
  await inside(xb, (tx) => enterRecovery(xb.exchange.parts, tx, wentBack, 'test'));
  expect(await xb.exchange.history.bringBack()).toMatchObject({ back: 1, lost: 0, missed: [] });
  await until(() => taken() === 2, 'it is opened once more');
  expect(sha256(borea.files.get(`${id}/ledger.bin`) ?? '')).toBe(sha256(bytes));
}, 120_000);

test('a node that is not reached is said to be so', async () => {
  await xb.exchange.stop();
  expect((await xa.exchange.history.reconcile('xb' as NodeId)).outcome).toBe('not-reached');
}, 60_000);
