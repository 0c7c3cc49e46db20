import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import type { Instant, PlainDate } from '../../../platform/values/index.ts';
import { recordAudit, type AuditActor } from '../../audit/index.ts';
import {
  compareItems,
  decideAction,
  mostItems,
  mostRanges,
  unequalDays,
  type Difference,
  type IdRange,
} from '../rules/reconcile.ts';
import type { MessageId, NodeId } from '../schema.ts';
import {
  cutRange,
  endUnreceived,
  findHeldRow,
  insertDifferences,
  insertRun,
  listLedgerItems,
  sendAgain,
  type ActedDifference,
  type ReconcileOutcome,
  type Side,
} from '../store/reconcile.ts';
import { listBlobsOf } from '../store/blobs.ts';
import { createRecord } from './record.ts';
import { rootOfRange, sideOf, summarise } from './reconcile-ledger.ts';
import { lookInLogs } from './reconcile-log.ts';
import { askPeer, reconcileActor as system, type ReconcileParts } from './reconcile-talk.ts';

export { answerReconcile } from './reconcile-answer.ts';
export { askPeer, reconcilePath, type ReconcileParts } from './reconcile-talk.ts';

const cuts = 16;

export interface ReconcileReport {
  kind: 'exchange.reconcile-report';
  version: 1;
  peer: NodeId;
  at: Instant;
  from: PlainDate | null;
  until: PlainDate | null;
  outcome: ReconcileOutcome;
  /** Messages of both directions held here in the range. */
  compared: number;
  /** Messages whose receipt was held against the log that it names, in this comparison. */
  looked: number;
  /** Questions that it took. */
  questions: number;
  differences: ActedDifference[];
  /** Why the peer was not reached. */
  code: string | null;
  /** Whether the peer says that it is being brought up to date after a restored backup. */
  peerIsRecovering: boolean;
}

export interface ReconcileOptions {
  from?: PlainDate | null;
  /** First day not compared. */
  until?: PlainDate | null;
  actor: AuditActor;
  /** Only looks; nothing is sent again or fetched. */
  lookOnly?: boolean;
}

/** Finds what differs; no effect but what is learned of the peer's log. */
export async function findDifferences(
  parts: ReconcileParts,
  peer: NodeId,
  from: PlainDate | null,
  until: PlainDate | null,
): Promise<{ differences: Difference[]; compared: number; questions: number; peerIsRecovering: boolean }> {
  const inside = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(parts.db, system, work);
  let [compared, questions, peerIsRecovering] = [0, 0, false];
  let open: IdRange[] = [];
  for (let day: PlainDate | null = from; ;) {
    const { answer, whole } = await askPeer(parts, peer, { what: 'summary', from: day, until });
    questions += 1;
    peerIsRecovering = whole.state === 'recovering';
    const end = answer.next ?? until;
    for (const direction of ['sent', 'received'] as const) {
      const ours = await inside((tx) => summarise(tx, sideOf(direction, true), peer, day, end, Infinity));
      compared += ours.days.reduce((sum, one) => sum + one.count, 0);
      open.push(...unequalDays(direction, ours.days, answer[direction]));
    }
    if (answer.next === null) break;
    day = answer.next;
  }
  const differences: Difference[] = [];
  while (open.length > 0) {
    const asked = open.slice(0, mostRanges);
    open = open.slice(mostRanges);
    const { answer } = await askPeer(parts, peer, { what: 'ranges', ranges: asked });
    questions += 1;
    if (answer.ranges.length !== asked.length) throw new Unavailable('exchange.bad-answer');
    for (const [index, range] of asked.entries()) {
      const theirs = answer.ranges[index]!;
      const side = sideOf(range.direction, true);
      const ours = await inside((tx) => rootOfRange(tx, side, peer, range.from, range.until));
      if (ours.root === theirs.root) continue;
      if (theirs.items !== null && ours.count <= mostItems) {
        const items = await inside((tx) => listLedgerItems(tx, side, peer, range.from, range.until, mostItems));
        differences.push(...compareItems(range.direction, items, theirs.items));
        continue;
      }
      open.push(...(await inside((tx) => divide(tx, side, peer, range))));
    }
  }
  differences.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
  return { differences, compared, questions, peerIsRecovering };
}

/** Parts of a range that together are the whole of it: by what is held here, and by halves of ids where that is nothing. */
async function divide(tx: Tx, side: Side, peer: string, { direction, from, until }: IdRange): Promise<IdRange[]> {
  const borders = await cutRange(tx, side, peer, from, until, cuts);
  const inner = borders.filter((id) => id > from);
  const middle = inner.length > 0 ? inner : [halfway(from, until)];
  const all = [from, ...middle, until];
  return all.slice(0, -1).map((start, index) => ({ direction, from: start, until: all[index + 1]! }));
}

function halfway(from: string, until: string): string {
  const [a, b] = [from, until].map((id) => BigInt(`0x${id.replaceAll('-', '')}`));
  const next = ((a! + b!) / 2n).toString(16).padStart(32, '0');
  return `${next.slice(0, 8)}-${next.slice(8, 12)}-${next.slice(12, 16)}-${next.slice(16, 20)}-${next.slice(20)}`;
}

/** Compares histories with a peer, does what can be done about differences, and keeps the result. */
export async function reconcile(
  parts: ReconcileParts,
  peer: NodeId,
  { from = null, until = null, actor, lookOnly = false }: ReconcileOptions,
): Promise<ReconcileReport> {
  const report: ReconcileReport = {
    kind: 'exchange.reconcile-report',
    version: 1,
    peer,
    at: parts.clock.now(),
    from,
    until,
    outcome: 'equal',
    compared: 0,
    looked: 0,
    questions: 0,
    differences: [],
    code: null,
    peerIsRecovering: false,
  };
  try {
    const { differences, ...found } = await findDifferences(parts, peer, from, until);
    Object.assign(report, found);
    for (const one of differences) {
      const acted = await act(parts, peer, one, lookOnly);
      if (acted) report.differences.push(acted);
    }
    const known = new Set(differences.map((one) => one.messageId));
    const logs = await lookInLogs(parts, peer, { from, until, known });
    report.looked = logs.looked;
    report.questions += logs.questions;
    for (const one of logs.differences)
      report.differences.push({
        ...one,
        action: decideAction(one, { isBeforeExpiry: false, isReceiptOurs: one.direction === 'received' }),
      });
    report.outcome = report.differences.length === 0 ? 'equal' : 'differences';
  } catch (error) {
    if (!(error instanceof Unavailable)) throw error;
    report.outcome = 'not-reached';
    report.code = failureCode(error);
  }
  await withTransaction(parts.db, system, (tx) => keepReport(parts, tx, report, actor));
  if (report.differences.some((one) => one.action === 'sent-again')) parts.wake?.();
  return report;
}

async function keepReport(parts: ReconcileParts, tx: Tx, report: ReconcileReport, actor: AuditActor): Promise<void> {
  const id = uuidv7(parts.random, Date.parse(report.at));
  const by = actor.kind === 'public' ? 'public' : actor.id;
  const { peer, at, from, until, outcome, compared, code, differences } = report;
  const run = { id, peer, at, from_day: from, until_day: until, outcome, compared, code, by };
  await insertRun(tx, { ...run, differences: differences.length });
  await insertDifferences(tx, id, differences);
  const ctx = { actor, clock: parts.clock, random: parts.random };
  const details = { peer, outcome, compared, differences: differences.length };
  await recordAudit(tx, ctx, 'exchange.reconcile', { kind: 'node', id: peer }, details);
}

/** One finding and what is done about it; undefined when it was only under way. */
async function act(
  parts: ReconcileParts,
  peer: NodeId,
  found: Difference,
  lookOnly: boolean,
): Promise<ActedDifference | undefined> {
  const { direction, messageId, finding } = found;
  const side = sideOf(direction, true);
  const now = parts.clock.now();
  const ours = await withTransaction(parts.db, system, (tx) => findHeldRow(tx, side, messageId));
  if (finding === 'missing-here' && ours) {
    // Held here without a receipt: it is on its way, or the receipt was lost and the next try brings it.
    if (ours.status === 'queued' || ours.status === 'sending') return undefined;
    return { ...found, finding: 'outcome-differs', action: 'alarm-two-persons-look' };
  }
  const isReceiptOurs = finding === 'missing-here' && direction === 'received';
  // Large parts that were let go long after the receipt cannot go again.
  const parted = await withTransaction(parts.db, system, (tx) => listBlobsOf(tx, 'out', [messageId]));
  const isWhole = parted.every((blob) => blob.status !== 'removed');
  const isBeforeExpiry = isWhole && ours !== undefined && ours.expiresAt > now;
  const action = decideAction(found, { isBeforeExpiry, isReceiptOurs });
  const named = isReceiptOurs ? ('receipted-missing-here' as const) : finding;
  if (lookOnly) return { ...found, finding: named, action };
  if (action === 'sent-again') await withTransaction(parts.db, system, (tx) => sendAgain(tx, messageId, now));
  if (action === 'failure-signed') await withTransaction(parts.db, system, (tx) => signFailure(parts, tx, found, now));
  if (action === 'event-fetched') await fetchEvents(parts, peer, messageId as MessageId);
  return { ...found, finding: named, action };
}

/** A message that the peer does not hold and that is past its time ends with a signed negative outcome. */
async function signFailure(parts: ReconcileParts, tx: Tx, found: Difference, at: Instant): Promise<void> {
  if (!found.ours || !(await endUnreceived(tx, found.messageId, at))) return;
  const { messageId, messageSha256 } = found.ours;
  const record = createRecord(parts);
  record.state({ type: 'RelayFailure', messageId, messageSha256, at, reason: 'not-held-by-receiver' });
  await record.flush(tx);
}

async function fetchEvents(parts: ReconcileParts, peer: NodeId, messageId: MessageId): Promise<void> {
  const { answer } = await askPeer(parts, peer, { what: 'message', messageId });
  const events = answer.message?.events ?? [];
  if (events.length === 0 || !parts.hearEvents) return;
  const hear = parts.hearEvents;
  await withTransaction(parts.db, system, (tx) => hear(tx, peer, events));
}
