import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';

/** How long receipts of one peer took, in seconds from queueing here to the receipt. */
export interface ReceiptFigures {
  peer: string;
  count: number;
  medianSeconds: number;
  p95Seconds: number;
}

/** Of messages whose receipt came since a moment. */
export async function receiptFigures(tx: Tx, since: Instant): Promise<ReceiptFigures[]> {
  const { rows } = await sql<{ peer: string; count: string; median: string; p95: string }>`
    select peer, count(*) as count,
           percentile_cont(0.5) within group (order by extract(epoch from receipt_at - queued_at))::text as median,
           percentile_cont(0.95) within group (order by extract(epoch from receipt_at - queued_at))::text as p95
      from exchange_outbox
     where receipt_at >= ${since}
     group by peer order by peer`.execute(tx);
  const seconds = (text: string) => Math.round(Number(text) * 1000) / 1000;
  return rows.map(({ peer, count, median, p95 }) => ({
    peer,
    count: Number(count),
    medianSeconds: seconds(median),
    p95Seconds: seconds(p95),
  }));
}

export interface RefusalFigure {
  /** `out`: they refused ours; `in`: we refused what we had taken. */
  direction: 'out' | 'in';
  code: string;
  count: number;
}

/** Messages that ended with a signed no, by its code. */
export async function countRefusals(tx: Tx): Promise<RefusalFigure[]> {
  const { rows } = await sql<{ direction: 'out' | 'in'; code: string; count: string }>`
    select 'out' as direction, coalesce(last_code, '') as code, count(*) as count
      from exchange_outbox where status = 'refused' group by 2
    union all
    select 'in', coalesce(last_code, ''), count(*) from exchange_inbox where status = 'refused' group by 2
     order by 1, 2`.execute(tx);
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}

/** Messages received and not opened yet. */
export async function countUnopened(tx: Tx): Promise<{ count: number; oldestAt: Instant | null }> {
  const row = await tx
    .selectFrom('exchange_inbox')
    .select((eb) => [eb.fn.countAll<string>().as('count'), eb.fn.min('received_at').as('oldest')])
    .where('status', '=', 'received')
    .executeTakeFirstOrThrow();
  return { count: Number(row.count), oldestAt: row.oldest };
}
