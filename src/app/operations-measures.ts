import { sql } from 'kysely';
import { withTransaction } from '../platform/db/index.ts';
import type { Measure } from '../platform/http/operations.ts';
import { exchangeMeasures, exchangeStatus } from '../modules/exchange/index.ts';
import type { Node } from './node.ts';

/** How much work waits and how far the log has come. */
export interface Workload {
  jobs: { waiting: number; due: number; putAside: number; oldestDueSeconds: number };
  outbox: { waiting: number; putAside: number; oldestSeconds: number };
  audit: { entries: number; root: string };
}

interface Row {
  jobs_waiting: string;
  jobs_due: string;
  jobs_aside: string;
  jobs_oldest: string | null;
  outbox_waiting: string;
  outbox_aside: string;
  outbox_oldest: string | null;
  audit_size: string;
  audit_root: string;
}

/** Looks at the queues and the head of the log. Counts only, no contents. */
export async function readWorkload(node: Pick<Node, 'database' | 'clock'>): Promise<Workload> {
  const now = node.clock.now();
  const row = await withTransaction(node.database.db, 'system:operations', async (tx) => {
    const { rows } = await sql<Row>`
      select (select count(*) from jobs where dead_at is null) as jobs_waiting,
             (select count(*) from jobs where dead_at is null and run_at <= ${now}::timestamptz) as jobs_due,
             (select count(*) from jobs where dead_at is not null) as jobs_aside,
             (select extract(epoch from ${now}::timestamptz - min(run_at))::text from jobs
               where dead_at is null and run_at <= ${now}::timestamptz) as jobs_oldest,
             (select count(*) from outbox where sent_at is null and dead_at is null) as outbox_waiting,
             (select count(*) from outbox where sent_at is null and dead_at is not null) as outbox_aside,
             (select extract(epoch from ${now}::timestamptz - min(created_at))::text from outbox
               where sent_at is null) as outbox_oldest,
             (select size::text from audit_head) as audit_size,
             (select encode(root, 'hex') from audit_head) as audit_root`.execute(tx);
    return rows[0];
  });
  if (!row) throw new Error('One row was asked for');
  const seconds = (text: string | null) => Math.max(0, Math.round(Number(text ?? 0)));
  return {
    jobs: {
      waiting: Number(row.jobs_waiting),
      due: Number(row.jobs_due),
      putAside: Number(row.jobs_aside),
      oldestDueSeconds: seconds(row.jobs_oldest),
    },
    outbox: {
      waiting: Number(row.outbox_waiting),
      putAside: Number(row.outbox_aside),
      oldestSeconds: seconds(row.outbox_oldest),
    },
    audit: { entries: Number(row.audit_size), root: row.audit_root },
  };
}

/** The same as figures for Prometheus, with those of the exchange with other nodes. */
export async function measure(node: Pick<Node, 'database' | 'clock'>): Promise<Measure[]> {
  const { jobs, outbox, audit } = await readWorkload(node);
  const exchange = await withTransaction(node.database.db, 'system:exchange', (tx) =>
    exchangeStatus(tx, node.clock.now()),
  );
  return [
    ...exchangeMeasures(exchange),
    { name: 'jobs_waiting', help: 'Jobs not done yet, due or later', value: jobs.waiting },
    { name: 'jobs_due', help: 'Jobs whose time has come', value: jobs.due },
    { name: 'jobs_put_aside', help: 'Jobs given up after eight tries: a person must look', value: jobs.putAside },
    { name: 'jobs_oldest_due_seconds', help: 'How long the oldest due job waits', value: jobs.oldestDueSeconds },
    { name: 'outbox_waiting', help: 'Messages not delivered yet', value: outbox.waiting },
    { name: 'outbox_put_aside', help: 'Messages given up after eight tries', value: outbox.putAside },
    { name: 'outbox_oldest_seconds', help: 'Age of the oldest message not delivered', value: outbox.oldestSeconds },
    { name: 'audit_entries', help: 'Entries in the log', value: audit.entries },
  ];
}
