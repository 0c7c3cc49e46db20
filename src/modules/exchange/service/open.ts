import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { IncomingMessage } from '../../../platform/outbox/index.ts';
import { afterOpening, type Opened, type Opening, type OpeningDecision } from '../core.ts';
import type { TrustView } from '../schema.ts';
import {
  claimIncoming,
  hasEvent,
  listBlobsOf,
  lockIncoming,
  updateIncoming,
  type BlobRow,
  type InboxRow,
} from '../store/index.ts';
import { openMessage } from './content.ts';
import { hearEvents, readEvents } from './hear.ts';
import { eventKind } from './tell.ts';
import { createRecord, stateReceived, type Record } from './record.ts';
import { shareOf } from './send-answers.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const openingLease = 600_000;
const atOnce = 16;

/** Codes after which no further try would end otherwise. */
const finalCodes = new Set(['crypto.no-reader', 'crypto.cannot-open', 'exchange.manifest-mismatch']);

function isRefusal(error: unknown): boolean {
  return error instanceof Invalid || error instanceof Conflict || finalCodes.has(failureCode(error));
}

/** The row, if it still waits to be opened by whoever holds it. */
async function stillMine(tx: Tx, row: InboxRow): Promise<InboxRow | undefined> {
  const now = await lockIncoming(tx, row.message_id);
  return now?.status === 'received' && now.lease_until === row.lease_until ? now : undefined;
}

async function handOver(
  parts: DeliveryParts,
  row: InboxRow,
  message: IncomingMessage,
  trust: TrustView,
): Promise<void> {
  const isEvent = row.kind === eventKind;
  const events = isEvent ? readEvents(parts, message, row.peer, trust) : [];
  const handler = parts.uses.handlers[row.kind];
  const prepared = isEvent ? undefined : await handler?.prepare?.(message);
  await withTransaction(parts.db, systemActor, async (tx) => {
    const mine = await stillMine(tx, row);
    if (!mine) return;
    const record = createRecord(parts);
    if (isEvent) await hearEvents(tx, parts, message, events, record);
    else await handler?.apply(tx, message, prepared);
    const isUnderstood = isEvent || handler !== undefined;
    await keepOpening(tx, parts, mine, { is: isUnderstood ? 'handed-over' : 'not-understood' }, record);
  });
}

/** Carries out what follows from an opening, in the transaction of its effect. */
async function keepOpening(
  tx: Tx,
  parts: DeliveryParts,
  row: InboxRow,
  opened: Opened,
  record: Record,
): Promise<OpeningDecision> {
  const now = parts.clock.now();
  const isConsigned = await hasEvent(tx, parts.node, row.message_id, 'ContentConsignment');
  const decided = afterOpening(openingOf(row, isConsigned), opened, now, shareOf(parts.random));
  const isOpen = decided.status === 'handed-over' || decided.status === 'not-understood';
  await updateIncoming(tx, row.message_id, {
    status: decided.status,
    attempts: decided.attempts,
    last_code: decided.code,
    lease_until: null,
    ...(isOpen ? { opened_at: now } : {}),
    ...(decided.nextAt === null ? {} : { next_at: decided.nextAt }),
  });
  for (const event of decided.events) stateReceived(record, row, event, now);
  await record.flush(tx);
  return decided;
}

/** A row as the core takes it. */
export function openingOf(row: InboxRow, isConsigned: boolean): Opening {
  return { subjectKind: row.kind, status: row.status, attempts: row.attempts, isConsigned };
}

async function fail(parts: DeliveryParts, row: InboxRow, error: unknown, wasOpened: boolean): Promise<void> {
  const code = failureCode(error);
  const opened: Opened = { is: isRefusal(error) ? 'refused' : 'failed', code, wasOpened };
  const decided = await withTransaction(parts.db, systemActor, async (tx) => {
    const mine = await stillMine(tx, row);
    return mine && keepOpening(tx, parts, mine, opened, createRecord(parts));
  });
  if (!decided) return;
  const { attempts } = decided;
  const event =
    decided.status === 'refused'
      ? 'exchange.refused-here'
      : decided.alarm
        ? 'exchange.parked'
        : 'exchange.not-handed-over';
  const level = decided.status === 'refused' || decided.alarm ? 'error' : 'warn';
  parts.log[level]({ event, message: row.message_id, attempts, code });
}

async function openOne(
  parts: DeliveryParts,
  row: InboxRow,
  blobs: readonly BlobRow[],
  trust: TrustView,
): Promise<void> {
  let wasOpened = false;
  try {
    const message = await openMessage(parts, row, blobs, trust);
    wasOpened = true;
    await handOver(parts, row, message, trust);
  } catch (error) {
    await fail(parts, row, error, wasOpened);
  }
}

/**
 * Opens what was received, hands it to the module that knows its kind, and states what became of it.
 * @returns whether there was anything
 */
export async function openReceived(parts: DeliveryParts): Promise<boolean> {
  const { db, clock } = parts;
  const now = clock.now();
  const { rows, blobs, trust } = await withTransaction(db, systemActor, async (tx) => {
    const claimed = await claimIncoming(tx, now, later(now, openingLease), atOnce);
    return {
      rows: claimed,
      blobs: await listBlobsOf(
        tx,
        'in',
        claimed.map((row) => row.message_id),
      ),
      trust: await parts.trust.loadTrust(tx),
    };
  });
  if (rows.length === 0) return false;
  const waiting = [...rows];
  // Several at a time, each in a transaction of its own: what one handler throws spoils no other.
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const { message_id: id } = row;
      await openOne(
        parts,
        row,
        blobs.filter((blob) => blob.message_id === id),
        trust,
      );
    }
  };
  await Promise.all([work(), work(), work(), work()]);
  return true;
}
