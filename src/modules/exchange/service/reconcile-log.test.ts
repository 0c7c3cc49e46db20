import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { deliver, logSides, type Delivered, type LogSide, type LogSides } from '../../../../tests/support/log-sides.ts';
import { appendLeaf } from '../../audit/index.ts';
import { systemRandom } from '../../../platform/random.ts';
import type { Sha256 } from '../../../platform/values/index.ts';
import { buildReceipt } from '../envelope.ts';
import { decideAlarms } from '../rules/alarms.ts';
import { listDifferences, listLastRuns, listLogFindings } from '../store/reconcile.ts';
import { reconcile } from './reconcile.ts';

let net: LogSides;
let alba: LogSide;
let borea: LogSide;
const messages: Delivered[] = [];
const actor = { kind: 'system', id: 'test' } as const;
const compare = (from: LogSide, to: LogSide) => {
  net.clock.advance(1_000);
  return reconcile(from.parts, to.node, { actor, lookOnly: true });
};
const findings = async (from: LogSide, to: LogSide) =>
  (await compare(from, to)).differences.map((one) => [one.messageId, one.direction, one.finding, one.action]);

/** Changes rows as no part of the program may: what a disk, or whoever owns the database, does. */
async function change(side: LogSide, table: string, statement: string): Promise<void> {
  const { owner } = side.database;
  await sql.raw(`alter table ${table} disable trigger user`).execute(owner);
  await sql.raw(statement).execute(owner);
  await sql.raw(`alter table ${table} enable trigger user`).execute(owner);
}

beforeAll(async () => {
  net = await logSides('XA', 'XB');
  [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
  let previous: string | undefined;
  for (const sequence of [1, 2, 3, 4]) {
    const one = await deliver(net, alba, borea, { sequence, ...(previous === undefined ? {} : { previous }) });
    messages.push(one);
    previous = one.message.payloadSha256;
  }
  messages.push(await deliver(net, borea, alba, { sequence: 1, conversation: 'B'.repeat(22) }));
}, 60_000);
afterAll(() => net.close());

test('receipts of both directions are held against the logs that they name, and found there', async () => {
  for (const [from, to] of [
    [alba, borea],
    [borea, alba],
  ] as const)
    expect(await compare(from, to)).toMatchObject({ outcome: 'equal', looked: 5, differences: [] });
  // What has ended is looked at once; what may still be spoken of again.
  await change(alba, 'exchange_outbox', `update exchange_outbox set status = 'handed-over' where sequence < 4`);
  await change(borea, 'exchange_inbox', `update exchange_inbox set status = 'handed-over' where sequence < 4`);
  expect(await compare(alba, borea)).toMatchObject({ outcome: 'equal', looked: 5 });
  expect(await compare(alba, borea)).toMatchObject({ outcome: 'equal', looked: 2 });
});

test('A1: a receipt that names a place its log does not hold is found by both, and says whose log it is', async () => {
  // Borea signs a receipt and writes nothing: both hold the same receipt, and every other comparison agrees.
  const { id, receipt } = messages[3]!;
  const kid = (await borea.inside((tx) => borea.parts.trust.ownKeys(tx))).nodeSign.kid;
  const { kind: _kind, version: _version, ...said } = receipt.value;
  const lie = await buildReceipt(borea.parts.keys, kid, {
    ...said,
    log: { ...said.log, index: said.log.index + 100, leafHash: 'f'.repeat(64) as Sha256 },
  });
  const bytes = `'\\x${Buffer.from(lie.text).toString('hex')}'`;
  await change(
    alba,
    'exchange_outbox',
    `update exchange_outbox set receipt_bytes = ${bytes} where message_id = '${id}'`,
  );
  await change(
    borea,
    'exchange_inbox',
    `update exchange_inbox set receipt_bytes = ${bytes} where message_id = '${id}'`,
  );
  expect(await findings(alba, borea)).toEqual([[id, 'sent', 'not-in-log', 'alarm-not-in-log']]);
  expect(await findings(borea, alba)).toEqual([[id, 'received', 'not-in-log', 'alarm-not-in-own-log']]);
  // It is kept, and it is an alarm at both until a later comparison finds it no more.
  const run = (await alba.inside(listLastRuns)).find((one) => one.peer === 'xb')!;
  expect(await alba.inside((tx) => listDifferences(tx, run.id, 10))).toMatchObject([{ finding: 'not-in-log' }]);
  const alarms = async (side: LogSide) =>
    decideAlarms(
      {
        peers: [],
        putAside: 0,
        unopened: { count: 0, oldestAt: null },
        unwitnessedSince: null,
        unstampedSince: null,
        keys: [],
        frozenFeeds: [],
        splitViews: [],
        notInLogs: await side.inside(listLogFindings),
        recoveringSince: null,
      },
      net.clock.now(),
    ).map(({ code, peer, count }) => [code, peer, count]);
  expect(await alarms(alba)).toEqual([['exchange.not-in-log', 'xb', 1]]);
  expect(await alarms(borea)).toEqual([['exchange.not-in-own-log', 'xa', 1]]);
});

test('a receipt that names the entry of another message is found, though its log holds that entry', async () => {
  const { id, receipt } = messages[3]!;
  const other = messages[2]!.receipt.value;
  const kid = (await borea.inside((tx) => borea.parts.trust.ownKeys(tx))).nodeSign.kid;
  const { kind: _kind, version: _version, ...said } = receipt.value;
  const lie = await buildReceipt(borea.parts.keys, kid, { ...said, log: other.log });
  const bytes = `'\\x${Buffer.from(lie.text).toString('hex')}'`;
  const index = other.log.index;
  await change(
    alba,
    'exchange_outbox',
    `update exchange_outbox set receipt_bytes = ${bytes} where message_id = '${id}'`,
  );
  await change(
    borea,
    'exchange_inbox',
    `update exchange_inbox set receipt_bytes = ${bytes}, log_index = ${index} where message_id = '${id}'`,
  );
  expect(await findings(alba, borea)).toEqual([[id, 'sent', 'not-in-log', 'alarm-not-in-log']]);
  const honest = `'\\x${Buffer.from(receipt.text).toString('hex')}'`;
  const at = receipt.value.log.index;
  await change(
    alba,
    'exchange_outbox',
    `update exchange_outbox set receipt_bytes = ${honest} where message_id = '${id}'`,
  );
  await change(
    borea,
    'exchange_inbox',
    `update exchange_inbox set receipt_bytes = ${honest}, log_index = ${at} where message_id = '${id}'`,
  );
  expect((await compare(alba, borea)).outcome).toBe('equal');
  expect(await alba.inside(listLogFindings)).toEqual([]);
});

test('a signed statement that its own node no longer holds is found by both, by the copy that the other keeps', async () => {
  const { id } = messages[3]!;
  await change(borea, 'exchange_event', `delete from exchange_event where message_id = '${id}'`);
  expect(await findings(alba, borea)).toEqual([[id, 'sent', 'event-not-in-their-log', 'alarm-not-in-log']]);
  expect(await findings(borea, alba)).toEqual([[id, 'received', 'event-not-in-our-log', 'alarm-not-in-own-log']]);
});

test('a hash that a peer merely claims is no word of ours: only our signature is', async () => {
  const { id } = messages[4]!;
  const { owner } = borea.database;
  // Borea says that Alba stated something about its message, and has nothing that Alba signed.
  await sql`insert into exchange_event (event_id, message_id, type, at, by_node, payload_sha256, bytes, log_index)
    select gen_random_uuid(), ${id}, 'ContentHandover', ${net.clock.now()}, 'xa', repeat('9', 64), bytes, null
    from exchange_event where message_id = ${id} limit 1`.execute(owner);
  expect((await findings(alba, borea)).filter(([one]) => one === id)).toEqual([]);
});

test('a peer of an earlier version is compared with as before', async () => {
  const { call } = alba.parts;
  const old = {
    ...alba.parts,
    call: async (...asked: Parameters<typeof call>) => {
      const said = Buffer.from((JSON.parse(asked[1].body ?? '{}') as { payload: string }).payload, 'base64url');
      return said.includes('"what":"log"') ? { status: 422, body: '' } : call(...asked);
    },
  };
  expect(await reconcile(old, borea.node, { actor, lookOnly: true })).toMatchObject({ outcome: 'equal', looked: 0 });
  await borea.inside((tx) => appendLeaf(tx, 'exchange', '{"later":1}', systemRandom));
});
