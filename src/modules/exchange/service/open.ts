import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { failureCode, nextTry } from '../../../platform/jobs/index.ts';
import type { IncomingMessage } from '../../../platform/outbox/index.ts';
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
import { eventKind } from './prepare.ts';
import { createRecord, type Record } from './record.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

/** After so many failures a person has to look; the rest of the node's messages flow on. */
export const mostOpenings = 5;
const openingLease = 600_000;
const atOnce = 16;

/** Codes after which no further try would end otherwise. */
const finalCodes = new Set(['crypto.no-reader', 'crypto.cannot-open', 'exchange.manifest-mismatch']);

function isRefusal(error: unknown): boolean {
  return error instanceof Invalid || error instanceof Conflict || finalCodes.has(failureCode(error));
}

function tellOf(row: InboxRow) {
  return { from: row.to_authority, to: row.from_authority, conversationId: row.conversation_id };
}

function state(
  record: Record,
  row: InboxRow,
  type: 'ContentConsignment' | 'ContentConsignmentFailure' | 'ContentHandover' | 'ContentHandoverFailure',
  at: ReturnType<DeliveryParts['clock']['now']>,
  reason?: string,
): void {
  // Events about events would never end.
  if (row.kind === eventKind) return;
  record.state({
    type,
    messageId: row.message_id,
    messageSha256: row.message_sha256,
    at,
    authority: row.to_authority,
    ...(reason === undefined ? {} : { reason }),
    tell: tellOf(row),
  });
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
  const events = isEvent ? readEvents(message, row.peer, trust) : [];
  const handler = parts.uses.handlers[row.kind];
  const prepared = isEvent ? undefined : await handler?.prepare?.(message);
  await withTransaction(parts.db, systemActor, async (tx) => {
    if (!(await stillMine(tx, row))) return;
    const at = parts.clock.now();
    const record = createRecord(parts);
    if (isEvent) await hearEvents(tx, parts, message, events, record);
    else await handler?.apply(tx, message, prepared);
    const isUnderstood = isEvent || handler !== undefined;
    await updateIncoming(tx, row.message_id, {
      status: isUnderstood ? 'handed-over' : 'not-understood',
      opened_at: at,
      lease_until: null,
      last_code: isUnderstood ? null : 'exchange.kind-not-understood',
    });
    if (!(await hasEvent(tx, parts.node, row.message_id, 'ContentConsignment')))
      state(record, row, 'ContentConsignment', at);
    if (isUnderstood) state(record, row, 'ContentHandover', at);
    await record.flush(tx);
  });
}

async function fail(parts: DeliveryParts, row: InboxRow, error: unknown, wasOpened: boolean): Promise<void> {
  const code = failureCode(error);
  const attempts = row.attempts + 1;
  const isFinal = isRefusal(error);
  const isParked = !isFinal && attempts >= mostOpenings;
  await withTransaction(parts.db, systemActor, async (tx) => {
    if (!(await stillMine(tx, row))) return;
    const now = parts.clock.now();
    const record = createRecord(parts);
    await updateIncoming(tx, row.message_id, {
      status: isFinal ? 'refused' : isParked ? 'parked' : 'received',
      attempts,
      last_code: code,
      lease_until: null,
      next_at: nextTry(now, attempts, parts.random),
    });
    const consigned = wasOpened && !(await hasEvent(tx, parts.node, row.message_id, 'ContentConsignment'));
    if (consigned) state(record, row, 'ContentConsignment', now);
    if (isFinal) state(record, row, wasOpened ? 'ContentHandoverFailure' : 'ContentConsignmentFailure', now, code);
    await record.flush(tx);
  });
  const event = isFinal ? 'exchange.refused-here' : isParked ? 'exchange.parked' : 'exchange.not-handed-over';
  parts.log[isFinal || isParked ? 'error' : 'warn']({ event, message: row.message_id, attempts, code });
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

/** Lets a parked message be tried again. Throws `NotFound`. */
export async function retryOpening(tx: Tx, parts: Pick<DeliveryParts, 'clock'>, id: string): Promise<void> {
  const row = await lockIncoming(tx, id);
  if (row?.status !== 'parked') throw new NotFound('exchange.not-found');
  await updateIncoming(tx, id, { status: 'received', attempts: 0, next_at: parts.clock.now(), lease_until: null });
}
