import { hash as sha256 } from 'node:crypto';
import { z } from 'zod';
import { Instant, PlainDate, Sha256 } from '../../../platform/values/index.ts';
import { BlobAnnouncement, Checkpoint, Consistency, FlatJws, MessageId, NodeId } from '../schema.ts';
import { LogAnswer, LogAsk } from './log-places.ts';

/** Who sent the messages that are compared, as seen by the node that asks. */
export const Direction = z.enum(['sent', 'received']);
export type Direction = z.infer<typeof Direction>;

/** What both sides compare of one message. `receiptSha256` is of the receipt's bytes; `outcome` the end that both know. */
export const LedgerItem = z.strictObject({
  messageId: MessageId,
  messageSha256: Sha256,
  receiptSha256: Sha256,
  outcome: z.enum(['open', 'handed-over', 'recalled']),
});
export type LedgerItem = z.infer<typeof LedgerItem>;

/** Messages of one UTC day by the time in their ids, which both sides read alike. */
export const DaySummary = z.strictObject({
  day: PlainDate,
  count: z.int().min(0),
  first: MessageId,
  last: MessageId,
  root: Sha256,
});
export type DaySummary = z.infer<typeof DaySummary>;

const uuid = z.string().regex(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/);

/** Ids from `from` on and before `until`. */
export const IdRange = z.strictObject({ direction: Direction, from: uuid, until: uuid });
export type IdRange = z.infer<typeof IdRange>;

export const RangeAnswer = z.strictObject({
  count: z.int().min(0),
  root: Sha256,
  /** All of them, when they are few. */
  items: z.array(LedgerItem).max(100).nullable(),
});
export type RangeAnswer = z.infer<typeof RangeAnswer>;

/** Most ranges in one question, and most messages of a range that are listed. */
export const mostRanges = 200;
export const mostItems = 64;
export const mostDays = 400;

const witness = {
  checkpoint: Checkpoint.nullable(),
  consistency: Consistency.nullable(),
  cosignature: Checkpoint.nullable(),
};

export const ReconcileQuestion = z.strictObject({
  kind: z.literal('exchange.reconcile'),
  version: z.literal(1),
  fromNode: NodeId,
  toNode: NodeId,
  at: Instant,
  nonce: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  ...witness,
  ask: z.discriminatedUnion('what', [
    /** Days from one on and before another, both directions; null: from the beginning, to the end. */
    z.strictObject({ what: z.literal('summary'), from: PlainDate.nullable(), until: PlainDate.nullable() }),
    z.strictObject({ what: z.literal('ranges'), ranges: z.array(IdRange).min(1).max(mostRanges) }),
    /** Everything held of one message: envelope, receipt, events. */
    z.strictObject({ what: z.literal('message'), messageId: MessageId }),
    /** Proof that the answering node's log of one size continues that of another. */
    z.strictObject({ what: z.literal('consistency'), from: z.int().min(1), to: z.int().min(1) }),
    LogAsk,
  ]),
});
export type ReconcileQuestion = z.infer<typeof ReconcileQuestion>;
export type ReconcileAsk = ReconcileQuestion['ask'];

export const HeldMessage = z.strictObject({
  /** The bytes that crossed the border, base64; null when they were never sent. */
  transport: z.string().max(1_500_000).nullable(),
  receipt: FlatJws.nullable(),
  events: z.array(FlatJws).max(200),
  /** Large parts of it that the answering node sent and still keeps. */
  blobs: z.array(BlobAnnouncement).max(200).optional(),
});
export type HeldMessage = z.infer<typeof HeldMessage>;

export const ReconcileAnswer = z.strictObject({
  kind: z.literal('exchange.reconcile-answer'),
  version: z.literal(1),
  /** Of the question's body: the answer fits one question. */
  questionSha256: Sha256,
  fromNode: NodeId,
  toNode: NodeId,
  at: Instant,
  ...witness,
  /** `recovering`: this node was restored and is being brought up to date. */
  state: z.enum(['normal', 'recovering']),
  /** Newest checkpoints of other nodes' logs that the answering node cosigned. */
  seen: z.array(z.strictObject({ node: NodeId, checkpoint: Checkpoint })).max(200),
  /** Pairs of checkpoints that cannot both be true. */
  conflicts: z
    .array(
      z.strictObject({
        node: NodeId,
        what: z.enum(['same-size', 'not-a-continuation']),
        first: Checkpoint,
        second: Checkpoint,
      }),
    )
    .max(50),
  answer: z.discriminatedUnion('what', [
    z.strictObject({
      what: z.literal('summary'),
      sent: z.array(DaySummary).max(mostDays),
      received: z.array(DaySummary).max(mostDays),
      /** Ask again from this day. */
      next: PlainDate.nullable(),
    }),
    z.strictObject({ what: z.literal('ranges'), ranges: z.array(RangeAnswer).max(mostRanges) }),
    z.strictObject({ what: z.literal('message'), message: HeldMessage.nullable() }),
    z.strictObject({ what: z.literal('consistency'), proof: Consistency.nullable() }),
    LogAnswer,
  ]),
});
export type ReconcileAnswer = z.infer<typeof ReconcileAnswer>;

function hash(...parts: Uint8Array[]): Buffer {
  return sha256('sha256', Buffer.concat(parts), 'buffer');
}

const outcomeByte = { open: 0, 'handed-over': 1, recalled: 2 } as const;

/** Hash of one message in the comparison; the database computes the same. */
export function itemHash({ messageId, messageSha256, receiptSha256, outcome }: LedgerItem): Buffer {
  const id = Buffer.from(messageId.replaceAll('-', ''), 'hex');
  const [message, receipt] = [Buffer.from(messageSha256, 'hex'), Buffer.from(receiptSha256, 'hex')];
  return hash(Buffer.from([0]), id, message, receipt, Buffer.from([outcomeByte[outcome]]));
}

const nodeMark = Buffer.from([1]);

/** Merkle root over hashes that come in order, in little memory. @source RFC 6962 section 2.1 */
export class RunningRoot {
  #size = 0;
  readonly #full: Buffer[] = [];

  /** @param hashes 32 bytes each */
  add(hashes: Buffer): void {
    for (let at = 0; at < hashes.length; at += 32) {
      let node: Buffer = hashes.subarray(at, at + 32);
      for (let rest = this.#size; rest % 2 === 1; rest = (rest - 1) / 2) node = hash(nodeMark, this.#full.pop()!, node);
      this.#full.push(node);
      this.#size += 1;
    }
  }

  get count(): number {
    return this.#size;
  }

  root(): Sha256 {
    const last = this.#full.at(-1);
    if (!last) return hash().toString('hex') as Sha256;
    return this.#full
      .slice(0, -1)
      .reduceRight((right, left) => hash(nodeMark, left, right), last)
      .toString('hex') as Sha256;
  }
}

const dayMillis = 86_400_000;

/** Least id of a UTC day; ids carry the milliseconds in their first six bytes. */
export function firstIdOf(day: PlainDate): string {
  return idAt(Date.parse(`${day}T00:00:00.000Z`));
}

function idAt(millis: number): string {
  const hex = Math.max(0, millis).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

export function dayOf(messageId: string): PlainDate {
  const millis = Number.parseInt(messageId.slice(0, 8) + messageId.slice(9, 13), 16);
  return new Date(millis).toISOString().slice(0, 10) as PlainDate;
}

export function dayAfter(day: PlainDate): PlainDate {
  return new Date(Date.parse(`${day}T00:00:00.000Z`) + dayMillis).toISOString().slice(0, 10) as PlainDate;
}

export const lowestId = '00000000-0000-0000-0000-000000000000';
export const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Days on which the two differ, and how many messages were compared. */
export function unequalDays(
  direction: Direction,
  ours: readonly DaySummary[],
  theirs: readonly DaySummary[],
): IdRange[] {
  const other = new Map(theirs.map((one) => [one.day, one]));
  const days = new Set([...ours, ...theirs].map((one) => one.day));
  const own = new Map(ours.map((one) => [one.day, one]));
  return [...days]
    .filter((day) => own.get(day)?.root !== other.get(day)?.root)
    .sort()
    .map((day) => ({ direction, from: firstIdOf(day), until: firstIdOf(dayAfter(day)) }));
}

export const findings = [
  'missing-at-peer',
  'missing-here',
  'receipted-missing-here',
  'hash-differs',
  'receipt-differs',
  'outcome-differs',
  'not-in-log',
  'event-not-in-our-log',
  'event-not-in-their-log',
] as const;
export type Finding = (typeof findings)[number];

export interface Difference {
  direction: Direction;
  messageId: string;
  finding: Finding;
  ours: LedgerItem | null;
  theirs: LedgerItem | null;
}

/** What differs in a range that both listed. */
export function compareItems(
  direction: Direction,
  ours: readonly LedgerItem[],
  theirs: readonly LedgerItem[],
): Difference[] {
  const found: Difference[] = [];
  const other = new Map<string, LedgerItem>(theirs.map((one) => [one.messageId, one]));
  for (const one of ours) {
    const same = other.get(one.messageId);
    other.delete(one.messageId);
    const finding = same ? differenceOf(one, same) : 'missing-at-peer';
    if (finding) found.push({ direction, messageId: one.messageId, finding, ours: one, theirs: same ?? null });
  }
  for (const one of other.values())
    found.push({ direction, messageId: one.messageId, finding: 'missing-here', ours: null, theirs: one });
  return found.sort((a, b) => (a.messageId < b.messageId ? -1 : 1));
}

function differenceOf(ours: LedgerItem, theirs: LedgerItem): Finding | undefined {
  if (ours.messageSha256 !== theirs.messageSha256) return 'hash-differs';
  if (ours.receiptSha256 !== theirs.receiptSha256) return 'receipt-differs';
  return ours.outcome === theirs.outcome ? undefined : 'outcome-differs';
}

/** What is done about a finding: a code with words. `alarm-…` wants two persons. */
export type DifferenceAction =
  | 'sent-again'
  | 'failure-signed'
  | 'asked-for'
  | 'alarm-history-went-back'
  | 'alarm-two-persons-look'
  | 'alarm-peer-went-back'
  | 'event-fetched'
  | 'alarm-not-in-log'
  | 'alarm-not-in-own-log';

/** @param isBeforeExpiry of a message that we sent and the peer does not hold; @param isReceiptOurs of one that we do not hold */
export function decideAction(
  { finding, direction }: Pick<Difference, 'finding' | 'direction'>,
  facts: { isBeforeExpiry: boolean; isReceiptOurs: boolean },
): DifferenceAction {
  switch (finding) {
    case 'missing-at-peer':
      // What the peer itself sent and no longer knows.
      if (direction === 'received') return 'alarm-peer-went-back';
      return facts.isBeforeExpiry ? 'sent-again' : 'failure-signed';
    case 'missing-here':
      return facts.isReceiptOurs ? 'alarm-history-went-back' : 'asked-for';
    case 'receipted-missing-here':
      return 'alarm-history-went-back';
    case 'hash-differs':
    case 'receipt-differs':
      return 'alarm-two-persons-look';
    case 'outcome-differs':
      return 'event-fetched';
    case 'not-in-log':
      // Receipts of what was sent are the peer's, and name its log.
      return direction === 'sent' ? 'alarm-not-in-log' : 'alarm-not-in-own-log';
    case 'event-not-in-their-log':
      return 'alarm-not-in-log';
    case 'event-not-in-our-log':
      return 'alarm-not-in-own-log';
  }
}
