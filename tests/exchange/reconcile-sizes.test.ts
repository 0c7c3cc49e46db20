import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { reconcile } from '../../src/modules/exchange/service/reconcile.ts';
import { logSides, type LogSide, type LogSides } from '../support/log-sides.ts';
import { isNightly } from '../support/nightly.ts';

const count = isNightly ? 1_000_000 : 10_000;
const actor = { kind: 'system', id: 'test' } as const;

let net: LogSides;
let alba: LogSide;
let borea: LogSide;

/** `n` messages over 30 days, ids that both sides make alike. */
const rows = sql`(select n, '2026-04-10T00:00:00Z'::timestamptz + n * (interval '30 days' / ${sql.lit(count)}) as at,
  (lpad(to_hex((extract(epoch from '2026-04-10T00:00:00Z'::timestamptz + n * (interval '30 days' / ${sql.lit(count)})) * 1000)::bigint), 12, '0')
    || '7' || substring(md5(n::text) for 3) || '8' || substring(md5(n::text) from 4 for 15))::uuid as id
  from generate_series(1, ${sql.lit(count)}) n) r`;

beforeAll(async () => {
  net = await logSides('XA', 'XB');
  [alba, borea] = [net.sides['xa']!, net.sides['xb']!];
  for (const side of [alba, borea])
    await sql`insert into exchange_stream (stream) values ('s')`.execute(side.database.owner);
  await sql`insert into exchange_outbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
      priority, tlp, message_sha256, message_bytes, transport_bytes, signed_at, expires_at, status, not_before, queued_at, receipt_bytes)
    select id, 'xb', 's', n, 'c', 'XA:a', 'XB:b', 'request/1', 2, 'AMBER', encode(sha256(n::text::bytea), 'hex'), 'm', 't', at,
      at + interval '30 days', 'handed-over', at, at, ('receipt ' || n)::bytea from ${rows}`.execute(
    alba.database.owner,
  );
  await sql`insert into exchange_inbox (message_id, peer, stream, sequence, conversation_id, from_authority, to_authority, kind,
      priority, tlp, message_sha256, envelope_sha256, transport_bytes, receipt_bytes, signed_at, expires_at, received_at, status, next_at)
    select id, 'xa', 's', n, 'c', 'XA:a', 'XB:b', 'request/1', 2, 'AMBER', encode(sha256(n::text::bytea), 'hex'), 'x', 't',
      ('receipt ' || n)::bytea, at, at + interval '30 days', at, 'handed-over', at from ${rows}`.execute(
    borea.database.owner,
  );
  // As a node's own upkeep leaves them.
  await sql`vacuum analyze exchange_outbox`.execute(alba.database.owner);
  await sql`vacuum analyze exchange_inbox`.execute(borea.database.owner);
}, 900_000);
afterAll(() => net.close());

test(`G10: ten differences among ${count} messages are found, each by name`, async () => {
  expect(await reconcile(alba.parts, borea.node, { actor, lookOnly: true })).toMatchObject({ outcome: 'equal' });
  const changed = Array.from({ length: 10 }, (_, n) => Math.floor(((n + 0.5) * count) / 10));
  await sql`update exchange_inbox set message_sha256 = repeat('f', 64) where sequence in (${sql.join(changed)})`.execute(
    borea.database.owner,
  );
  const began = performance.now();
  const report = await reconcile(alba.parts, borea.node, { actor, lookOnly: true });
  const seconds = (performance.now() - began) / 1000;
  expect(report.differences.map((one) => one.finding)).toEqual(Array.from({ length: 10 }, () => 'hash-differs'));
  const { rows: wrong } = await sql<{ message_id: string }>`
    select message_id from exchange_outbox where sequence in (${sql.join(changed)}) order by message_id`.execute(
    alba.database.owner,
  );
  expect(report.differences.map((one) => one.messageId)).toEqual(wrong.map((row) => row.message_id));
  expect(report.compared).toBe(count);
  if (isNightly)
    console.info(`G10: ${count} messages, 10 differences, ${report.questions} questions, ${seconds.toFixed(1)} s`);
}, 300_000);
