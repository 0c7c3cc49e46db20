import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { logSides, type LogSide, type LogSides } from '../../../../tests/support/log-sides.ts';
import { systemRandom, uuidv7 } from '../../../platform/random.ts';
import { appendLeaf, listConflicts } from '../../audit/index.ts';
import { itemHash, type LedgerItem } from '../rules/reconcile.ts';
import { listDifferences, listLastRuns, listLedgerItems, readLedger } from '../store/reconcile.ts';
import { reconcile } from './reconcile.ts';

let net: LogSides;
let alba: LogSide;
let borea: LogSide;
const actor = { kind: 'system', id: 'test' } as const;

beforeAll(async () => {
  net = await logSides('XA', 'XB', 'XC');
  [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
});
afterAll(() => net.close());

const highest = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const lowest = '00000000-0000-0000-0000-000000000000';

interface Sent {
  id: string;
  at: string;
  status?: string;
}

/** Writes one delivered message on both sides, as delivery would leave it. */
async function delivered(from: LogSide, to: LogSide, messages: readonly Sent[]): Promise<void> {
  const rows = messages.map(({ id, at, status = 'handed-over' }) => ({ id, at, status }));
  const json = JSON.stringify(rows);
  for (const side of [from, to]) {
    await sql`insert into exchange_stream (stream) select 's ' || (r->>'id') from jsonb_array_elements(${json}::jsonb) r
      on conflict do nothing`.execute(side.database.owner);
  }
  await sql`insert into exchange_outbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
      priority, tlp, message_sha256, message_bytes, transport_bytes, transport_sha256, signed_at, expires_at, status, not_before,
      queued_at, receipt_bytes, receipt_at)
    select (r->>'id')::uuid, ${to.node}, 's ' || (r->>'id'), 1, 'c', 'XA:a', 'XB:b', 'request/1', 2, 'AMBER',
      encode(sha256(convert_to(r->>'id', 'UTF8')), 'hex'), 'm', 't', 'x', (r->>'at')::timestamptz,
      (r->>'at')::timestamptz + interval '30 days', r->>'status', now(), now(), convert_to('receipt ' || (r->>'id'), 'UTF8'), now()
    from jsonb_array_elements(${json}::jsonb) r`.execute(from.database.owner);
  await sql`insert into exchange_inbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
      priority, tlp, message_sha256, envelope_sha256, transport_bytes, receipt_bytes, signed_at, expires_at, received_at, status, next_at)
    select (r->>'id')::uuid, ${from.node}, 's ' || (r->>'id'), 1, 'c', 'XA:a', 'XB:b', 'request/1', 2, 'AMBER',
      encode(sha256(convert_to(r->>'id', 'UTF8')), 'hex'), 'x', 't', convert_to('receipt ' || (r->>'id'), 'UTF8'),
      (r->>'at')::timestamptz, (r->>'at')::timestamptz + interval '30 days', now(), r->>'status', now()
    from jsonb_array_elements(${json}::jsonb) r`.execute(to.database.owner);
}

function many(count: number, day: string): Sent[] {
  const start = Date.parse(`${day}T00:00:00.000Z`);
  return Array.from({ length: count }, (_, n) => {
    const at = start + Math.floor((n * 86_000_000) / count);
    return { id: uuidv7(systemRandom, at), at: new Date(at).toISOString() };
  });
}

async function change(side: LogSide, statement: string): Promise<void> {
  const owner = side.database.owner;
  for (const table of ['exchange_outbox', 'exchange_inbox'])
    await sql.raw(`alter table ${table} disable trigger user`).execute(owner);
  await sql.raw(statement).execute(owner);
  for (const table of ['exchange_outbox', 'exchange_inbox'])
    await sql.raw(`alter table ${table} enable trigger user`).execute(owner);
}

const days = ['2026-05-11', '2026-05-12', '2026-05-13'];
let outgoing: Sent[];
let incoming: Sent[];

test('two nodes that agree find no difference in one question, over several days and both directions', async () => {
  outgoing = days.flatMap((day) => many(400, day));
  incoming = days.flatMap((day) => many(150, day));
  await delivered(alba, borea, outgoing);
  await delivered(borea, alba, incoming);
  net.asked = 0;
  const report = await reconcile(alba.parts, borea.node, { actor });
  expect(report).toMatchObject({ outcome: 'equal', compared: 1650, questions: 1, differences: [] });
  expect(net.asked).toBe(1);
  expect(await reconcile(borea.parts, alba.node, { actor })).toMatchObject({ outcome: 'equal', compared: 1650 });
});

test('the database hashes a message as the rule says', async () => {
  const items = await alba.inside((tx) => listLedgerItems(tx, 'out', borea.node, lowest, highest, 50));
  const read = await alba.inside((tx) => readLedger(tx, 'out', borea.node, lowest, highest, 50));
  expect(read!.hashes).toEqual(Buffer.concat(items.map(itemHash)));
  const recalled: LedgerItem = { ...items[0]!, outcome: 'recalled' };
  expect(itemHash(recalled).equals(itemHash(items[0]!))).toBe(false);
});

test('a range of days leaves the others alone', async () => {
  const day = { from: '2026-05-12', until: '2026-05-13' } as Parameters<typeof reconcile>[2];
  expect(await reconcile(alba.parts, borea.node, { ...day, actor })).toMatchObject({ outcome: 'equal', compared: 550 });
});

test('each kind of difference is found, named and acted on, among 1 650 messages', async () => {
  net.clock.advance(60_000);
  const [again, expired, hash, receipt, outcome] = [
    outgoing[5]!,
    outgoing[420]!,
    outgoing[421]!,
    outgoing[800]!,
    outgoing[1000]!,
  ];
  await change(borea, `delete from exchange_inbox where message_id in ('${again.id}', '${expired.id}')`);
  await change(
    alba,
    `update exchange_outbox set status = 'relayed' where message_id in ('${again.id}', '${expired.id}')`,
  );
  await change(
    alba,
    `update exchange_outbox set expires_at = '2026-05-13T00:00:00Z' where message_id = '${expired.id}'`,
  );
  await change(borea, `update exchange_inbox set message_sha256 = repeat('a', 64) where message_id = '${hash.id}'`);
  await change(borea, `update exchange_inbox set receipt_bytes = 'other' where message_id = '${receipt.id}'`);
  await change(borea, `update exchange_inbox set status = 'opened' where message_id = '${outcome.id}'`);
  const [lost, never] = [incoming[3]!, incoming[300]!];
  await change(alba, `delete from exchange_inbox where message_id = '${lost.id}'`);
  await change(alba, `delete from exchange_outbox where message_id = '${outgoing[700]!.id}'`);
  await change(borea, `delete from exchange_outbox where message_id = '${never.id}'`);
  const report = await reconcile(alba.parts, borea.node, { actor });
  expect(report.outcome).toBe('differences');
  const found = Object.fromEntries(
    report.differences.map((one) => [one.messageId, [one.direction, one.finding, one.action]]),
  );
  expect(found).toEqual({
    [again.id]: ['sent', 'missing-at-peer', 'sent-again'],
    [expired.id]: ['sent', 'missing-at-peer', 'failure-signed'],
    [hash.id]: ['sent', 'hash-differs', 'alarm-two-persons-look'],
    [receipt.id]: ['sent', 'receipt-differs', 'alarm-two-persons-look'],
    [outcome.id]: ['sent', 'outcome-differs', 'event-fetched'],
    [lost.id]: ['received', 'receipted-missing-here', 'alarm-history-went-back'],
    [outgoing[700]!.id]: ['sent', 'missing-here', 'asked-for'],
    [never.id]: ['received', 'missing-at-peer', 'alarm-peer-went-back'],
  });
  const { rows } = await sql<{ status: string; receipt_bytes: Buffer | null }>`
    select status, receipt_bytes from exchange_outbox where message_id = ${again.id}`.execute(alba.database.owner);
  expect(rows[0]).toEqual({ status: 'queued', receipt_bytes: null });
  const failed = await sql<{ type: string; reason: string }>`
    select type, reason from exchange_event where message_id = ${expired.id}`.execute(alba.database.owner);
  expect(failed.rows).toEqual([{ type: 'RelayFailure', reason: 'not-held-by-receiver' }]);
  const run = (await alba.inside(listLastRuns)).find((one) => one.peer === 'xb');
  expect(run).toMatchObject({ peer: 'xb', outcome: 'differences', differences: 8 });
  expect(await alba.inside((tx) => listDifferences(tx, run!.id, 100))).toHaveLength(8);
});

test('a peer that is not reached is said to be so, and nothing differs on its account', async () => {
  borea.up = false;
  expect(await reconcile(alba.parts, borea.node, { actor })).toMatchObject({
    outcome: 'not-reached',
    code: 'exchange.not-reached',
    differences: [],
  });
  borea.up = true;
});

test('a question that another node signed, or an old one, is refused', async () => {
  const { parts } = alba;
  const asXc = { ...parts, node: 'xc' as typeof parts.node };
  expect((await reconcile(asXc, borea.node, { actor })).outcome).toBe('not-reached');
  net.clock.advance(-3_600_000);
  const old: string[] = [];
  const keep = {
    ...parts,
    call: async (_peer: unknown, request: { body?: string }) => {
      old.push(request.body!);
      return { status: 503, body: '' };
    },
  };
  await reconcile(keep, borea.node, { actor });
  net.clock.advance(3_600_000);
  expect((await parts.call(borea.node, { method: 'POST', path: '/x', body: old[0]! })).body).toBe(
    'exchange.clock-skew',
  );
});

test('M14: a secretariat that shows two States two logs is found when they compare, and every peer is told', async () => {
  const cordia = net.sides['xc']!;
  const show = async (to: LogSide) => reconcile(to.parts, cordia.node, { actor });
  await cordia.inside((tx) => appendLeaf(tx, 'exchange', '{"shown":"to alba"}', systemRandom));
  await show(alba);
  // The same place, another entry: as if the node kept a second history for Borea.
  await sql`alter table log_leaves disable trigger user`.execute(cordia.database.owner);
  await sql`alter table log_checkpoints disable trigger user`.execute(cordia.database.owner);
  await sql`delete from log_leaves`.execute(cordia.database.owner);
  await sql`delete from log_checkpoints`.execute(cordia.database.owner);
  await sql`update log_heads set size = 0, frontier = '', chain = decode(repeat('00', 32), 'hex')`.execute(
    cordia.database.owner,
  );
  await cordia.inside((tx) => appendLeaf(tx, 'exchange', '{"shown":"to borea"}', systemRandom));
  await show(borea);
  expect(await alba.inside(listConflicts)).toEqual([]);
  await reconcile(alba.parts, borea.node, { actor });
  expect(await alba.inside(listConflicts)).toMatchObject([{ node: 'xc', what: 'same-size', seen_from: 'xb' }]);
  await reconcile(borea.parts, alba.node, { actor });
  expect(await borea.inside(listConflicts)).toMatchObject([{ node: 'xc', what: 'same-size' }]);
});
