import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, Sha256 } from '../../../platform/values/index.ts';
import type { Stated } from '../rules/log-places.ts';
import type { LedgerItem } from '../rules/reconcile.ts';
import type { MessageId, NodeId } from '../schema.ts';
import { outcomeOf, type Side } from './reconcile.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    exchange_in_log: { message_id: string; direction: 'sent' | 'received'; at: Instant };
  }
}

const sides = {
  out: { table: sql.table('exchange_outbox'), direction: 'sent' },
  in: { table: sql.table('exchange_inbox'), direction: 'received' },
} as const;

/** A message whose receipt was not yet held against the log that it names. */
export interface ToLookAt {
  item: LedgerItem;
  receipt: Buffer;
  /** Nothing more is stated about it: once looked at, it need not be again. */
  ended: boolean;
}

/** The newest first, those before an id. */
export async function listToLookAt(
  tx: Tx,
  side: Side,
  peer: string,
  range: { from: string; before: string; now: Instant; limit: number },
): Promise<ToLookAt[]> {
  const { table, direction } = sides[side];
  const { rows } = await sql<{
    message_id: MessageId;
    message_sha256: Sha256;
    receipt_bytes: Buffer;
    receipt: string;
    outcome: LedgerItem['outcome'];
    ended: boolean;
  }>`
    select message_id, message_sha256, receipt_bytes, encode(sha256(receipt_bytes), 'hex') as receipt, ${outcomeOf} as outcome,
      kind = 'event/1' or status in ('handed-over', 'recalled') or expires_at < ${range.now} as ended
    from ${table} m
    where peer = ${peer} and ledger_hash is not null and message_id >= ${range.from}::uuid and message_id < ${range.before}::uuid
      and not exists (select 1 from exchange_in_log l where l.message_id = m.message_id and l.direction = ${direction})
    order by message_id desc limit ${range.limit}`.execute(tx);
  return rows.map((row) => ({
    item: {
      messageId: row.message_id,
      messageSha256: row.message_sha256,
      receiptSha256: row.receipt as Sha256,
      outcome: row.outcome,
    },
    receipt: row.receipt_bytes,
    ended: row.ended,
  }));
}

/** These were found where their receipts say. */
export async function markInLog(tx: Tx, side: Side, ids: readonly string[], at: Instant): Promise<void> {
  if (ids.length === 0) return;
  const { direction } = sides[side];
  await tx
    .insertInto('exchange_in_log')
    .values(ids.map((message_id) => ({ message_id, direction, at })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Who stated what about messages, as held here. */
export async function listStated(tx: Tx, ids: readonly string[]): Promise<Map<string, Stated[]>> {
  const found = new Map<string, Stated[]>();
  if (ids.length === 0) return found;
  const rows = await tx
    .selectFrom('exchange_event')
    .select(['message_id', 'by_node', 'payload_sha256'])
    .where('message_id', 'in', [...ids])
    .orderBy('place')
    .execute();
  for (const { message_id, by_node, payload_sha256 } of rows) {
    const stated = found.get(message_id) ?? [];
    if (stated.length < 200) stated.push({ node: by_node as NodeId, payloadSha256: payload_sha256 });
    found.set(message_id, stated);
  }
  return found;
}

/** Messages that came from a peer, with their places in the own log. */
export async function listPlaces(
  tx: Tx,
  peer: string,
  ids: readonly string[],
): Promise<{ messageId: MessageId; index: number | null }[]> {
  const { rows } = await sql<{ message_id: MessageId; log_index: string | null }>`
    select message_id, log_index from exchange_inbox where peer = ${peer} and message_id = any(${[...ids]}::uuid[])
    union all
    select message_id, null from exchange_outbox where peer = ${peer} and message_id = any(${[...ids]}::uuid[])`.execute(
    tx,
  );
  return rows.map((row) => ({
    messageId: row.message_id,
    index: row.log_index === null ? null : Number(row.log_index),
  }));
}

/** When two persons last let this node go on after lost history: what was lost before was looked at then. */
export async function lastResumedAt(tx: Tx): Promise<Instant | null> {
  const row = await tx
    .selectFrom('exchange_recovery')
    .select((eb) => eb.fn.max('resumed_at').as('at'))
    .executeTakeFirst();
  return row?.at ?? null;
}
