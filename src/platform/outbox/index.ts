import { sql, type GeneratedAlways } from 'kysely';
import type { Clock } from '../clock.ts';
import { type Db, type Tx, withTransaction } from '../db/index.ts';
import { failureCode, later, mostTries, nextTry } from '../jobs/index.ts';
import type { Log } from '../log.ts';
import type { Random } from '../random.ts';
import type { Instant } from '../values/index.ts';
import type { OutboxPayload, OutgoingMessage } from './messages.ts';

declare module '../db/tables.ts' {
  interface Tables {
    outbox: {
      id: string;
      place: GeneratedAlways<string>;
      stream: string;
      kind: string;
      payload: OutboxPayload;
      next_at: Instant;
      leased_until: Instant | null;
      tries: number;
      last_code: string | null;
      created_at: Instant;
      sent_at: Instant | null;
      dead_at: Instant | null;
    };
  }
}

export const outboxChannel = 'comity_outbox';

/** Writes what must leave, in the transaction that causes it. The same id twice is written once. */
export async function putInOutbox(tx: Tx, { clock }: { clock: Clock }, message: OutgoingMessage): Promise<void> {
  const now = clock.now();
  await tx
    .insertInto('outbox')
    .values({
      ...message,
      next_at: now,
      leased_until: null,
      tries: 0,
      last_code: null,
      created_at: now,
      sent_at: null,
      dead_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  await sql`select pg_notify(${outboxChannel}, '')`.execute(tx);
}

export interface DeliveryParts {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  /** Sends one message; returning means the receiver has it for good. May run twice for one message. */
  deliver(message: OutgoingMessage): Promise<void>;
  /** How long a delivery may take before another worker may try, in milliseconds; five minutes unless told. */
  lease?: number;
}

/** A message that is due, and how often it has failed. */
export type WaitingMessage = OutgoingMessage & { tries: number };

/**
 * Takes waiting messages that are due and that nobody holds, in order; none of a stream whose earlier message waits for
 * its time, is held by another or was put aside.
 * @param lease how long they are held, in milliseconds
 */
export async function takeWaiting(tx: Tx, now: Instant, lease: number, most: number): Promise<WaitingMessage[]> {
  // One at a time looks: who comes second sees what the first holds, so that a stream never parts.
  await sql`select pg_advisory_xact_lock(hashtext(${outboxChannel}))`.execute(tx);
  const { rows } = await sql<WaitingMessage>`
    with stops as (
      select stream, min(place) as place from outbox
       where sent_at is null
         and (dead_at is not null or next_at > ${now}::timestamptz or leased_until > ${now}::timestamptz)
       group by stream)
    select o.id, o.stream, o.kind, o.payload, o.tries from outbox o left join stops on stops.stream = o.stream
     where o.sent_at is null and o.dead_at is null and (stops.place is null or o.place < stops.place)
     order by o.place limit ${most} for update of o skip locked`.execute(tx);
  if (rows.length > 0)
    await tx
      .updateTable('outbox')
      .set({ leased_until: later(now, lease) })
      .where(sql<boolean>`id = any(${rows.map((row) => row.id)}::uuid[])`)
      .execute();
  return rows;
}

/** Ends messages: whoever took them has them for good. */
export async function endWaiting(tx: Tx, now: Instant, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('outbox')
    .set({ leased_until: null, sent_at: now })
    .where(sql<boolean>`id = any(${[...ids]}::uuid[])`)
    .where('sent_at', 'is', null)
    .execute();
}

/** Whether a message still waits here; locks it, so that nobody takes it meanwhile. */
export async function isWaiting(tx: Tx, id: string): Promise<boolean> {
  const found = await tx
    .selectFrom('outbox')
    .select('id')
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .forUpdate()
    .executeTakeFirst();
  return found !== undefined;
}

/** Gives a message back: it waits until `nextAt`, or is put aside for a person when `dead`. */
export async function returnWaiting(
  tx: Tx,
  now: Instant,
  failed: { id: string; tries: number; code: string | null; nextAt: Instant; dead: boolean },
): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({
      leased_until: null,
      tries: failed.tries,
      last_code: failed.code,
      next_at: failed.nextAt,
      dead_at: failed.dead ? now : null,
    })
    .where('id', '=', failed.id)
    .where('sent_at', 'is', null)
    .execute();
}

/**
 * Delivers one message, if any is due. A failure waits longer each time; after eight tries the message is put aside,
 * and its stream waits until a person has looked.
 */
export async function deliverNext({
  db,
  clock,
  random,
  log,
  deliver,
  lease = 300_000,
}: DeliveryParts): Promise<boolean> {
  const [message] = await withTransaction(db, 'system:outbox', (tx) => takeWaiting(tx, clock.now(), lease, 1));
  if (!message) return false;
  const { tries: before, ...outgoing } = message;
  let failure: unknown;
  try {
    await deliver(outgoing);
  } catch (error) {
    failure = error ?? new Error('unknown');
  }
  const now = clock.now();
  const { id } = message;
  const tries = before + (failure ? 1 : 0);
  const dead = failure !== undefined && tries >= mostTries;
  await withTransaction(db, 'system:outbox', (tx) =>
    failure
      ? returnWaiting(tx, now, { id, tries, code: failureCode(failure), nextAt: nextTry(now, tries, random), dead })
      : endWaiting(tx, now, [id]),
  );
  if (failure)
    log[dead ? 'error' : 'warn']({
      event: dead ? 'outbox.put-aside' : 'outbox.failed',
      message: message.id,
      tries,
      code: failureCode(failure),
    });
  return true;
}

/** Lets a message that was put aside be tried again. */
export async function retryMessage(tx: Tx, { clock }: { clock: Clock }, id: string): Promise<void> {
  await tx
    .updateTable('outbox')
    .set({ dead_at: null, tries: 0, next_at: clock.now() })
    .where('id', '=', id)
    .where('sent_at', 'is', null)
    .execute();
  await sql`select pg_notify(${outboxChannel}, '')`.execute(tx);
}

export type {
  OutboxPayload,
  OutgoingMessage,
  IncomingFile,
  IncomingMessage,
  MessageBasis,
  MessageHandler,
  MessageOutcome,
  MessagePriority,
  MessageUses,
  Outcome,
  OutcomeHandler,
  OutgoingContent,
  OutgoingFile,
  PackMessage,
} from './messages.ts';
