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

/** The first waiting message of a stream that is due and that nobody holds. */
async function claim(tx: Tx, now: Instant, lease: number): Promise<(OutgoingMessage & { tries: number }) | undefined> {
  const { rows } = await sql<OutgoingMessage & { tries: number }>`
    select o.id, o.stream, o.kind, o.payload, o.tries from outbox o
     where o.sent_at is null and o.dead_at is null and o.next_at <= ${now}::timestamptz
       and (o.leased_until is null or o.leased_until <= ${now}::timestamptz)
       and not exists (select 1 from outbox earlier where earlier.stream = o.stream and earlier.place < o.place and earlier.sent_at is null)
     order by o.place limit 1 for update skip locked`.execute(tx);
  const found = rows[0];
  if (found)
    await tx
      .updateTable('outbox')
      .set({ leased_until: later(now, lease) })
      .where('id', '=', found.id)
      .execute();
  return found;
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
  const message = await withTransaction(db, 'system:outbox', (tx) => claim(tx, clock.now(), lease));
  if (!message) return false;
  const { tries: before, ...outgoing } = message;
  let failure: unknown;
  try {
    await deliver(outgoing);
  } catch (error) {
    failure = error ?? new Error('unknown');
  }
  const now = clock.now();
  const tries = before + (failure ? 1 : 0);
  const dead = failure !== undefined && tries >= mostTries;
  await withTransaction(db, 'system:outbox', (tx) =>
    tx
      .updateTable('outbox')
      .set(
        failure
          ? {
              leased_until: null,
              tries,
              last_code: failureCode(failure),
              next_at: nextTry(now, tries, random),
              dead_at: dead ? now : null,
            }
          : { leased_until: null, sent_at: now },
      )
      .where('id', '=', message.id)
      .where('sent_at', 'is', null)
      .execute(),
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
