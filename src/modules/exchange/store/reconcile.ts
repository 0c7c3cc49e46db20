import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, PlainDate, Sha256 } from '../../../platform/values/index.ts';
import type { Difference, DifferenceAction, Finding, LedgerItem } from '../rules/reconcile.ts';
import type { MessageId } from '../schema.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    exchange_reconcile: {
      id: string;
      peer: string;
      at: Instant;
      from_day: PlainDate | null;
      until_day: PlainDate | null;
      outcome: ReconcileOutcome;
      compared: string;
      differences: string;
      code: string | null;
      by: string;
    };
    exchange_difference: {
      reconcile_id: string;
      message_id: string;
      direction: 'sent' | 'received';
      finding: Finding;
      action: string;
      ours: string | null;
      theirs: string | null;
    };
  }
}

export type ReconcileOutcome = 'equal' | 'differences' | 'not-reached';

/** `out`: what this node sent to the peer; `in`: what came from it. */
export type Side = 'out' | 'in';

const tables = { out: sql.table('exchange_outbox'), in: sql.table('exchange_inbox') };

/** Hashes of what is compared, in order of ids, a piece at a time: 32 bytes each. */
export async function readLedger(
  tx: Tx,
  side: Side,
  peer: string,
  from: string,
  until: string,
  limit: number,
): Promise<{ count: number; first: string; last: string; hashes: Buffer } | undefined> {
  const { rows } = await sql<{ count: string; first: string | null; last: string | null; hashes: Buffer | null }>`
    with page as (
      select message_id, ledger_hash from ${tables[side]}
      where peer = ${peer} and ledger_hash is not null and message_id >= ${from}::uuid and message_id < ${until}::uuid
      order by message_id limit ${limit})
    select count(*) as count, min(message_id::text) as first, max(message_id::text) as last,
      string_agg(ledger_hash, ''::bytea order by message_id) as hashes from page`.execute(tx);
  const row = rows[0];
  if (!row?.hashes || row.first === null || row.last === null) return undefined;
  return { count: Number(row.count), first: row.first, last: row.last, hashes: row.hashes };
}

/** Ids that cut a range into parts of about equal number. */
export async function cutRange(
  tx: Tx,
  side: Side,
  peer: string,
  from: string,
  until: string,
  parts: number,
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select min(id) as id from (
      select message_id::text as id, ntile(${parts}) over (order by message_id) as part from ${tables[side]}
      where peer = ${peer} and ledger_hash is not null and message_id >= ${from}::uuid and message_id < ${until}::uuid) t
    group by part order by 1`.execute(tx);
  return rows.map((row) => row.id);
}

/** What is compared of how a message ended. */
export const outcomeOf = sql<
  LedgerItem['outcome']
>`case when kind <> 'event/1' and status in ('handed-over', 'recalled') then status else 'open' end`;

/** What is compared, item by item. */
export async function listLedgerItems(
  tx: Tx,
  side: Side,
  peer: string,
  from: string,
  until: string,
  limit: number,
): Promise<LedgerItem[]> {
  const { rows } = await sql<{
    message_id: MessageId;
    message_sha256: Sha256;
    receipt: string;
    outcome: LedgerItem['outcome'];
  }>`
    select message_id, message_sha256, encode(sha256(receipt_bytes), 'hex') as receipt, ${outcomeOf} as outcome
    from ${tables[side]}
    where peer = ${peer} and ledger_hash is not null and message_id >= ${from}::uuid and message_id < ${until}::uuid
    order by message_id limit ${limit}`.execute(tx);
  return rows.map((row) => ({
    messageId: row.message_id,
    messageSha256: row.message_sha256,
    receiptSha256: row.receipt as Sha256,
    outcome: row.outcome,
  }));
}

/** First id of the ledger from one on; undefined when there is none. */
export async function nextLedgerId(tx: Tx, side: Side, peer: string, from: string): Promise<string | undefined> {
  const { rows } = await sql<{ id: string }>`
    select message_id::text as id from ${tables[side]}
    where peer = ${peer} and ledger_hash is not null and message_id >= ${from}::uuid order by message_id limit 1`.execute(
    tx,
  );
  return rows[0]?.id;
}

export interface HeldRow {
  peer: string;
  status: string;
  transport: Buffer | null;
  receipt: Buffer | null;
  expiresAt: Instant;
}

/** One message as it is kept here, whichever way it went. */
export async function findHeldRow(tx: Tx, side: Side, messageId: string): Promise<HeldRow | undefined> {
  const { rows } = await sql<{
    peer: string;
    status: string;
    transport: Buffer | null;
    receipt: Buffer | null;
    expires: Instant;
  }>`
    select peer, status, transport_bytes as transport, receipt_bytes as receipt, expires_at as expires from ${tables[side]}
    where message_id = ${messageId}::uuid`.execute(tx);
  const row = rows[0];
  return (
    row && {
      peer: row.peer,
      status: row.status,
      transport: row.transport,
      receipt: row.receipt,
      expiresAt: row.expires,
    }
  );
}

/** Signed events about a message, in the order of recording. */
export async function listEventBytes(tx: Tx, messageId: string): Promise<Buffer[]> {
  const rows = await tx
    .selectFrom('exchange_event')
    .select('bytes')
    .where('message_id', '=', messageId)
    .orderBy('place')
    .limit(200)
    .execute();
  return rows.map((row) => row.bytes);
}

/** A message that the peer does not hold goes out again: the same bytes, by the worker that sends. */
export async function sendAgain(tx: Tx, messageId: string, at: Instant): Promise<boolean> {
  const { rows } = await sql<{ message_id: string }>`
    update exchange_outbox set status = 'queued', not_before = ${at}, lease_until = null, receipt_bytes = null, receipt_at = null
    where message_id = ${messageId}::uuid and status in ('relayed', 'consigned', 'queued', 'sending') returning message_id`.execute(
    tx,
  );
  // Its large parts are offered again: the peer says how much of each it still has.
  await sql`
    update exchange_blob set status = 'announced', changed_at = ${at}
    where message_id = ${messageId}::uuid and direction = 'out' and status in ('open', 'whole')`.execute(tx);
  return rows.length === 1;
}

/** A message that the peer does not hold and whose time is over. */
export async function endUnreceived(tx: Tx, messageId: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_outbox')
    .set({ status: 'expired', ended_at: at, last_code: 'not-held-by-receiver' })
    .where('message_id', '=', messageId)
    .where('status', 'in', ['relayed', 'consigned'])
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

export interface Run {
  id: string;
  peer: string;
  at: Instant;
  from_day: PlainDate | null;
  until_day: PlainDate | null;
  outcome: ReconcileOutcome;
  compared: number;
  differences: number;
  code: string | null;
  by: string;
}

export async function insertRun(tx: Tx, { compared, differences, ...run }: Run): Promise<void> {
  await tx
    .insertInto('exchange_reconcile')
    .values({ ...run, compared: String(compared), differences: String(differences) })
    .execute();
}

export type ActedDifference = Difference & { action: DifferenceAction };

export async function insertDifferences(tx: Tx, id: string, found: readonly ActedDifference[]): Promise<void> {
  for (let at = 0; at < found.length; at += 500) {
    const rows = found.slice(at, at + 500).map(({ direction, messageId, finding, action, ours, theirs }) => ({
      reconcile_id: id,
      message_id: messageId,
      direction,
      finding,
      action,
      ours: ours && JSON.stringify(ours),
      theirs: theirs && JSON.stringify(theirs),
    }));
    await tx.insertInto('exchange_difference').values(rows).execute();
  }
}

/** The last comparison with each peer. */
export async function listLastRuns(tx: Tx): Promise<Run[]> {
  const rows = await tx
    .selectFrom('exchange_reconcile')
    .selectAll()
    .distinctOn('peer')
    .orderBy('peer')
    .orderBy('at', 'desc')
    .execute();
  return rows.map((row) => ({ ...row, compared: Number(row.compared), differences: Number(row.differences) }));
}

/** Findings of the last comparison with each node that was reached: signed words that a log does not hold. */
export async function listLogFindings(
  tx: Tx,
): Promise<{ node: string; whose: 'own' | 'peer'; at: Instant; count: number }[]> {
  const { rows } = await sql<{ node: string; whose: 'own' | 'peer'; at: Instant; count: string }>`
    select r.peer as node, case d.action when 'alarm-not-in-log' then 'peer' else 'own' end as whose, r.at, count(*) as count
    from (select distinct on (peer) id, peer, at from exchange_reconcile where outcome <> 'not-reached'
          order by peer, at desc) r
    join exchange_difference d on d.reconcile_id = r.id and d.action in ('alarm-not-in-log', 'alarm-not-in-own-log')
    group by 1, 2, 3 order by 1, 2`.execute(tx);
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

export interface ListedDifference {
  messageId: string;
  direction: 'sent' | 'received';
  finding: Finding;
  action: string;
}

export async function listDifferences(tx: Tx, runId: string, limit: number): Promise<ListedDifference[]> {
  const rows = await tx
    .selectFrom('exchange_difference')
    .select(['message_id', 'direction', 'finding', 'action'])
    .where('reconcile_id', '=', runId)
    .orderBy('message_id')
    .limit(limit)
    .execute();
  return rows.map(({ message_id, ...row }) => ({ messageId: message_id, ...row }));
}
