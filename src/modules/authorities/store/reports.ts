import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { PingFacts } from '../schema/index.ts';

export async function listPings(tx: Tx): Promise<Map<string, PingFacts>> {
  const rows = await tx.selectFrom('directory_pings').selectAll().execute();
  return new Map(
    rows.map((row) => [row.record_id, { lastAnsweredAt: row.last_answered_at as Instant | null, failed: row.failed }]),
  );
}

/** Records a ping's outcome. */
export async function savePing(tx: Tx, recordId: string, answeredAt: Instant | null): Promise<void> {
  await tx
    .insertInto('directory_pings')
    .values({ record_id: recordId, last_answered_at: answeredAt, failed: answeredAt ? 0 : 1 })
    .onConflict((on) =>
      on
        .column('record_id')
        .doUpdateSet((eb) =>
          answeredAt ? { last_answered_at: answeredAt, failed: 0 } : { failed: eb('directory_pings.failed', '+', 1) },
        ),
    )
    .execute();
}

export async function insertConfirmation(
  tx: Tx,
  row: {
    id: string;
    recordId: string;
    version: number;
    confirmedOn: PlainDate;
    post: string;
    personId: string;
    at: Instant;
  },
): Promise<void> {
  await tx
    .insertInto('directory_confirmations')
    .values({
      id: row.id,
      record_id: row.recordId,
      version: row.version,
      confirmed_on: row.confirmedOn,
      post: row.post,
      person_id: row.personId,
      at: row.at,
    })
    .execute();
}

export interface Feedback {
  id: string;
  recordId: string;
  version: number;
  fromState: StateCode;
  fromAuthority: string | null;
  field: string | null;
  text: string;
  reportedBy: string;
  reportedAt: Instant;
  dueOn: PlainDate;
  weekendsOnly: boolean;
  answeredAt: Instant | null;
  answer: string | null;
}

export async function insertFeedback(tx: Tx, row: Omit<Feedback, 'answeredAt' | 'answer'>): Promise<void> {
  await tx
    .insertInto('directory_feedback')
    .values({
      id: row.id,
      record_id: row.recordId,
      version: row.version,
      from_state: row.fromState,
      from_authority: row.fromAuthority,
      field: row.field,
      text: row.text,
      reported_by: row.reportedBy,
      reported_at: row.reportedAt,
      due_on: row.dueOn,
      weekends_only: row.weekendsOnly,
      answered_at: null,
      answered_by: null,
      answer: null,
    })
    .execute();
}

export async function listFeedback(tx: Tx, recordId?: string): Promise<Feedback[]> {
  let query = tx.selectFrom('directory_feedback').selectAll();
  if (recordId !== undefined) query = query.where('record_id', '=', recordId);
  const rows = await query.orderBy('reported_at').execute();
  return rows.map((row) => ({
    id: row.id,
    recordId: row.record_id,
    version: row.version,
    fromState: row.from_state as StateCode,
    fromAuthority: row.from_authority,
    field: row.field,
    text: row.text,
    reportedBy: row.reported_by,
    reportedAt: row.reported_at as Instant,
    dueOn: row.due_on as PlainDate,
    weekendsOnly: row.weekends_only,
    answeredAt: row.answered_at as Instant | null,
    answer: row.answer,
  }));
}

/** Answers an open report; false when it was answered already. */
export async function answerFeedback(tx: Tx, id: string, answer: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('directory_feedback')
    .set({ answer, answered_by: by, answered_at: at })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function insertChoice(
  tx: Tx,
  row: { id: string; question: unknown; offered: string[]; chosen: string; personId: string; at: Instant },
): Promise<void> {
  await tx
    .insertInto('directory_choices')
    .values({
      id: row.id,
      question: JSON.stringify(row.question),
      offered: JSON.stringify(row.offered),
      chosen: row.chosen,
      person_id: row.personId,
      at: row.at,
    })
    .execute();
}

/** A ping of a secure address: asked, and not yet answered while it has an id. */
export interface OpenPing {
  recordId: string;
  askedAt: Instant | null;
  pingId: string | null;
  failed: number;
}

export async function listOpenPings(tx: Tx): Promise<OpenPing[]> {
  const rows = await tx.selectFrom('directory_pings').selectAll().execute();
  return rows.map((row) => ({
    recordId: row.record_id,
    askedAt: row.asked_at as Instant | null,
    pingId: row.ping_id,
    failed: row.failed,
  }));
}

export async function startPing(tx: Tx, recordId: string, pingId: string, askedAt: Instant): Promise<void> {
  await tx
    .insertInto('directory_pings')
    .values({ record_id: recordId, last_answered_at: null, failed: 0, asked_at: askedAt, ping_id: pingId })
    .onConflict((on) => on.column('record_id').doUpdateSet({ asked_at: askedAt, ping_id: pingId }))
    .execute();
}

/** Counts the answer to the ping that is under way; an older one changes nothing. */
export async function answerPing(tx: Tx, recordId: string, pingId: string, at: Instant): Promise<void> {
  await tx
    .updateTable('directory_pings')
    .set({ last_answered_at: at, failed: 0, ping_id: null })
    .where('record_id', '=', recordId)
    .where('ping_id', '=', pingId)
    .execute();
}

/** Counts a ping as failed, once. */
export async function failPing(tx: Tx, recordId: string | undefined, pingId: string): Promise<void> {
  let query = tx
    .updateTable('directory_pings')
    .set((eb) => ({ failed: eb('failed', '+', 1), ping_id: null }))
    .where('ping_id', '=', pingId);
  if (recordId !== undefined) query = query.where('record_id', '=', recordId);
  await query.execute();
}
