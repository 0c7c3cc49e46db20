import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { IncomingMessage } from '../../../platform/outbox/index.ts';
import { afterOpening, type Opened, type Opening, type OpeningDecision } from '../core.ts';
import type { TrustView } from '../schema.ts';
import {
  claimIncoming,
  listBlobsOf,
  lockClaimed,
  saveOpenings,
  whichHaveEvent,
  type BlobRow,
  type InboxRow,
} from '../store/index.ts';
import { openMessage } from './content.ts';
import { groupCommit } from './group.ts';
import { hearEvents, readEvents } from './hear.ts';
import { eventKind } from './tell.ts';
import { createRecord, stateReceived, type Record } from './record.ts';
import { shareOf } from './send-answers.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const openingLease = 600_000;
const atOnce = 32;
/** Messages that are opened beside each other: each may read files of any size. */
const workers = 4;

/** Codes after which no further try would end otherwise. */
const finalCodes = new Set(['crypto.no-reader', 'crypto.cannot-open', 'exchange.manifest-mismatch']);

function isRefusal(error: unknown): boolean {
  return error instanceof Invalid || error instanceof Conflict || finalCodes.has(failureCode(error));
}

/** What came of opening a message, and what is to be done in the transaction that keeps it. */
interface Ready {
  row: InboxRow;
  opened: Opened;
  apply(tx: Tx, record: Record): Promise<void>;
}

/** Reads what is inside and lets its module prepare: everything that needs no transaction. */
async function prepare(
  parts: DeliveryParts,
  row: InboxRow,
  message: IncomingMessage,
  trust: TrustView,
): Promise<Ready> {
  if (row.kind === eventKind) {
    const events = readEvents(parts, message, row.peer, trust);
    return {
      row,
      opened: { is: 'handed-over' },
      apply: (tx, record) => hearEvents(tx, parts, message, events, record),
    };
  }
  const handler = parts.uses.handlers[row.kind];
  const prepared = await handler?.prepare?.(message);
  return {
    row,
    opened: { is: handler === undefined ? 'not-understood' : 'handed-over' },
    apply: async (tx) => handler?.apply(tx, message, prepared),
  };
}

/** A row as the core takes it. */
export function openingOf(row: InboxRow, isConsigned: boolean): Opening {
  return { subjectKind: row.kind, status: row.status, attempts: row.attempts, isConsigned };
}

/**
 * Carries out what follows from openings, in the transaction of their effects: one flush for all.
 * @returns what was decided of each that whoever opened it still held
 */
async function keepTogether(
  tx: Tx,
  parts: DeliveryParts,
  items: readonly Ready[],
): Promise<Map<string, OpeningDecision>> {
  const now = parts.clock.now();
  const mine = await lockClaimed(
    tx,
    items.map(({ row }) => row),
  );
  const consigned = await whichHaveEvent(tx, parts.node, [...mine], 'ContentConsignment');
  const record = createRecord(parts);
  const decided = new Map<string, OpeningDecision>();
  for (const { row, opened, apply } of items) {
    const id = row.message_id;
    if (!mine.has(id)) continue;
    await apply(tx, record);
    const decision = afterOpening(openingOf(row, consigned.has(id)), opened, now, shareOf(parts.random));
    for (const event of decision.events) stateReceived(record, row, event, now);
    decided.set(id, decision);
  }
  await saveOpenings(tx, decided, now);
  await record.flush(tx);
  return decided;
}

async function fail(parts: DeliveryParts, row: InboxRow, error: unknown, wasOpened: boolean): Promise<void> {
  const code = failureCode(error);
  const opened: Opened = { is: isRefusal(error) ? 'refused' : 'failed', code, wasOpened };
  const decided = await withTransaction(parts.db, systemActor, (tx) =>
    keepTogether(tx, parts, [{ row, opened, apply: () => Promise.resolve() }]),
  );
  const decision = decided.get(row.message_id);
  if (!decision) return;
  const { attempts, status, alarm } = decision;
  const event = status === 'refused' ? 'exchange.refused-here' : alarm ? 'exchange.parked' : 'exchange.not-handed-over';
  parts.log[status === 'refused' || alarm ? 'error' : 'warn']({ event, message: row.message_id, attempts, code });
}

async function claim({ db, clock, trust: known }: DeliveryParts) {
  const now = clock.now();
  return withTransaction(db, systemActor, async (tx) => {
    const rows = await claimIncoming(tx, now, later(now, openingLease), atOnce);
    const ids = rows.map((row) => row.message_id);
    const blobs = new Map<string, BlobRow[]>();
    for (const blob of await listBlobsOf(tx, 'in', ids))
      blobs.set(blob.message_id, [...(blobs.get(blob.message_id) ?? []), blob]);
    return { rows, blobs, trust: await known.loadTrust(tx) };
  });
}

/**
 * Opens what was received, hands it to the module that knows its kind, and states what became of it. Several are opened
 * beside each other, and those that are ready together share one flush; what one handler throws spoils no other.
 * @returns whether there was anything
 */
export async function openReceived(parts: DeliveryParts): Promise<boolean> {
  const { rows, blobs, trust } = await claim(parts);
  if (rows.length === 0) return false;
  const keep = groupCommit<Ready, void>(atOnce, async (items) => {
    await withTransaction(parts.db, systemActor, (tx) => keepTogether(tx, parts, items));
    return items.map(() => undefined);
  });
  // Two messages may carry one event: the second is to see what the first wrote.
  const keepAlone = groupCommit<Ready, void>(1, async ([item]) => {
    await withTransaction(parts.db, systemActor, (tx) => keepTogether(tx, parts, item ? [item] : []));
    return [undefined];
  });
  const keeping: Promise<void>[] = [];
  const waiting = [...rows];
  const work = async (): Promise<void> => {
    for (let row = waiting.shift(); row; row = waiting.shift()) {
      const mine = row;
      let wasOpened = false;
      try {
        const message = await openMessage(parts, mine, blobs.get(mine.message_id) ?? [], trust);
        wasOpened = true;
        const ready = await prepare(parts, mine, message, trust);
        const kept = mine.kind === eventKind ? keepAlone(ready) : keep(ready);
        keeping.push(kept.catch((error: unknown) => fail(parts, mine, error, true)));
      } catch (error) {
        await fail(parts, mine, error, wasOpened);
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  await Promise.all(keeping);
  return true;
}
