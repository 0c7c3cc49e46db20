import { withTransaction, type Db, type Tx } from '../../../platform/db/index.ts';
import { Invalid, Unavailable } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { parseFlatJws, type KeyStore } from '../../../platform/crypto/index.ts';
import { secret, uuidv7 } from '../../../platform/random.ts';
import { sha256, type Instant, type PlainDate, type Result } from '../../../platform/values/index.ts';
import { consistencyPath, getHead, recordAudit, type AuditActor, type Witness } from '../../audit/index.ts';
import type { PeerCall } from '../client.ts';
import { isJwsSignedBy } from '../../../platform/crypto/index.ts';
import { readPayload, readSignedText, sign } from '../envelope-read.ts';
import {
  compareItems,
  dayAfter,
  dayOf,
  decideAction,
  firstIdOf,
  highestId,
  lowestId,
  mostDays,
  mostItems,
  mostRanges,
  ReconcileAnswer,
  ReconcileQuestion,
  RunningRoot,
  unequalDays,
  type DaySummary,
  type Difference,
  type Direction,
  type HeldMessage,
  type IdRange,
  type RangeAnswer,
  type ReconcileAsk,
} from '../rules/reconcile.ts';
import type { FlatJws, MessageId, NodeId, RefusalCode, TrustView } from '../schema.ts';
import {
  cutRange,
  endUnreceived,
  findHeldRow,
  insertDifferences,
  insertRun,
  listEventBytes,
  listLedgerItems,
  nextLedgerId,
  readLedger,
  sendAgain,
  type ActedDifference,
  type ReconcileOutcome,
  type Side,
} from '../store/reconcile.ts';
import { takeGossip, toldConflicts, toldSeen } from './gossip.ts';
import { sendingState } from './recover.ts';
import { createRecord } from './record.ts';
import type { DeliveryTrust } from './types.ts';
import type { Watch } from './witness.ts';

/** What comparing histories is built of; one per node. */
export interface ReconcileParts extends Witness {
  db: Db;
  keys: KeyStore;
  node: NodeId;
  trust: DeliveryTrust;
  watch: Watch;
  call: PeerCall;
  /** Takes signed events of a peer about messages sent there, as if they had come by message. */
  hearEvents?(tx: Tx, peer: NodeId, events: readonly FlatJws[]): Promise<number>;
  /** Publishes the own node entry again, after the log began a new epoch with a new key. */
  publish?(): Promise<void>;
  /** Wakes the worker that sends. */
  wake?(): void;
}

export const reconcilePath = '/exchange/v1/reconcile';
export const reconcileBytes = 4_194_304;
const system = 'system:reconcile';
const piece = 50_000;
const cuts = 16;

/** Who sent what is compared: the asker's `sent` is what came here. */
function sideOf(direction: Direction, asker: boolean): Side {
  return (direction === 'sent') === asker ? 'out' : 'in';
}

async function summarise(
  tx: Tx,
  side: Side,
  peer: string,
  from: PlainDate | null,
  until: PlainDate | null,
  most: number,
): Promise<{ days: DaySummary[]; next: PlainDate | null }> {
  const days: DaySummary[] = [];
  const end = until === null ? highestId : firstIdOf(until);
  let cursor = from === null ? lowestId : firstIdOf(from);
  for (;;) {
    const id = await nextLedgerId(tx, side, peer, cursor);
    if (id === undefined || id >= end) return { days, next: null };
    const day = dayOf(id);
    if (days.length === most) return { days, next: day };
    const beyond = firstIdOf(dayAfter(day));
    const { count, first, last, root } = await rootOfRange(tx, side, peer, id, beyond < end ? beyond : end);
    days.push({ day, count, first: first as MessageId, last: last as MessageId, root });
    cursor = beyond;
  }
}

async function rootOfRange(tx: Tx, side: Side, peer: string, from: string, until: string) {
  const running = new RunningRoot();
  let first: string | null = null;
  let last: string | null = null;
  for (let cursor = from; ;) {
    const read = await readLedger(tx, side, peer, cursor, until, piece);
    if (!read) break;
    running.add(read.hashes);
    first ??= read.first;
    last = read.last;
    if (read.count < piece) break;
    cursor = following(read.last);
  }
  return { count: running.count, root: running.root(), first, last };
}

/** The least id after one. */
function following(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0');
  return `${next.slice(0, 8)}-${next.slice(8, 12)}-${next.slice(12, 16)}-${next.slice(16, 20)}-${next.slice(20)}`;
}

async function answerRange(tx: Tx, side: Side, peer: string, { from, until }: IdRange): Promise<RangeAnswer> {
  const { count, root } = await rootOfRange(tx, side, peer, from, until);
  const items = count <= mostItems ? await listLedgerItems(tx, side, peer, from, until, mostItems) : null;
  return { count, root, items };
}

async function heldMessage(tx: Tx, peer: string, messageId: string): Promise<HeldMessage | null> {
  const row = (await findHeldRow(tx, 'in', messageId)) ?? (await findHeldRow(tx, 'out', messageId));
  // Only what passed between these two nodes.
  if (row?.peer !== peer) return null;
  const events = (await listEventBytes(tx, messageId)).flatMap((bytes) => parseFlatJws(bytes) ?? []);
  return {
    transport: row.transport && row.transport.length <= 1_100_000 ? row.transport.toString('base64') : null,
    receipt: row.receipt ? (parseFlatJws(row.receipt) ?? null) : null,
    events,
  };
}

/** Verifies one signed part of the talk: by the node it names, at this moment. */
function verify<S extends typeof ReconcileQuestion | typeof ReconcileAnswer>(
  schema: S,
  text: string,
  trust: TrustView,
  peer: NodeId,
  now: Instant,
): Result<ReturnType<S['parse']>, RefusalCode> {
  const read = readSignedText('reconcile', text);
  if (!read.ok) return read;
  const found = trust.nodeKey(peer, read.value.header.kid, 'node-sign', now);
  if (found.finding !== 'valid') return { ok: false, error: 'exchange.key-not-valid' };
  if (!isJwsSignedBy(read.value, found.publicKey)) return { ok: false, error: 'exchange.signature' };
  return readPayload(schema, read.value.payload) as Result<ReturnType<S['parse']>, RefusalCode>;
}

/**
 * Answers a question of a peer about what passed between the two: handler of `POST /exchange/v1/reconcile`.
 * @param peer node by its TLS key
 * @param body the signed question; the answer is signed as well
 * @throws Invalid with a refusal code
 */
export async function answerReconcile(parts: ReconcileParts, peer: NodeId, body: string): Promise<string> {
  return withTransaction(parts.db, system, async (tx) => {
    const now = parts.clock.now();
    const trust = await parts.trust.loadTrust(tx);
    const question = verify(ReconcileQuestion, body, trust, peer, now);
    if (!question.ok) throw new Invalid(question.error);
    const { ask, fromNode, toNode, at } = question.value;
    if (fromNode !== peer || toNode !== parts.node) throw new Invalid('exchange.wrong-recipient');
    if (Math.abs(Date.parse(at) - Date.parse(now)) > 300_000) throw new Invalid('exchange.clock-skew');
    await parts.watch.take(tx, trust, peer, question.value);
    const answer = await answerAsk(tx, peer, ask);
    const { nodeSign } = await parts.trust.ownKeys(tx);
    const signed = await sign(
      ReconcileAnswer,
      'reconcile',
      parts.keys,
      nodeSign.kid,
      {
        questionSha256: sha256(body),
        fromNode: parts.node,
        toNode: peer,
        at: now,
        ...(await parts.watch.part(tx, trust, peer, { always: true })),
        state: (await sendingState(tx)).may ? 'normal' : 'recovering',
        seen: await toldSeen(tx, peer),
        conflicts: await toldConflicts(tx),
        answer,
      },
      now,
    );
    return signed.text;
  });
}

async function answerAsk(tx: Tx, peer: NodeId, ask: ReconcileAsk): Promise<ReconcileAnswer['answer']> {
  switch (ask.what) {
    case 'summary': {
      const sent = await summarise(tx, sideOf('sent', false), peer, ask.from, ask.until, mostDays);
      const received = await summarise(tx, sideOf('received', false), peer, ask.from, ask.until, mostDays);
      const ends = [sent.next, received.next].filter((day) => day !== null).sort();
      const next = ends[0] ?? null;
      const before = (days: DaySummary[]) => days.filter(({ day }) => next === null || day < next);
      return { what: 'summary', sent: before(sent.days), received: before(received.days), next };
    }
    case 'ranges': {
      const ranges: RangeAnswer[] = [];
      for (const range of ask.ranges) ranges.push(await answerRange(tx, sideOf(range.direction, false), peer, range));
      return { what: 'ranges', ranges };
    }
    case 'message':
      return { what: 'message', message: await heldMessage(tx, peer, ask.messageId) };
    case 'consistency': {
      const { from, to } = ask;
      const { size } = await getHead(tx, 'exchange');
      if (from > to || to > size) return { what: 'consistency', proof: null };
      const hashes = (await consistencyPath(tx, 'exchange', from, to)).map((hash) => hash.toString('hex'));
      return { what: 'consistency', proof: { from, to, hashes } } as ReconcileAnswer['answer'];
    }
  }
}

/** Asks a peer one thing. @throws Unavailable when it is not reached, or its answer is not its own or not to this question */
export async function askPeer<W extends ReconcileAsk['what']>(
  parts: ReconcileParts,
  peer: NodeId,
  ask: Extract<ReconcileAsk, { what: W }>,
): Promise<{ answer: Extract<ReconcileAnswer['answer'], { what: W }>; whole: ReconcileAnswer }> {
  const now = parts.clock.now();
  const text = await withTransaction(parts.db, system, async (tx) => {
    const trust = await parts.trust.loadTrust(tx);
    const { nodeSign } = await parts.trust.ownKeys(tx);
    const along = await parts.watch.part(tx, trust, peer, { always: ask.what === 'summary' });
    const fields = { fromNode: parts.node, toNode: peer, at: now, nonce: secret(parts.random, 16), ...along, ask };
    return (await sign(ReconcileQuestion, 'reconcile', parts.keys, nodeSign.kid, fields, now)).text;
  });
  const reply = await parts.call(peer, {
    method: 'POST',
    path: reconcilePath,
    body: text,
    type: 'application/jose+json',
    maxBytes: reconcileBytes,
  });
  if (reply.status !== 200) throw new Unavailable('exchange.not-reached', { params: { detail: String(reply.status) } });
  return withTransaction(parts.db, system, async (tx) => {
    const trust = await parts.trust.loadTrust(tx);
    const read = verify(ReconcileAnswer, reply.body, trust, peer, parts.clock.now());
    if (!read.ok) throw new Unavailable('exchange.bad-answer', { params: { detail: read.error } });
    const whole = read.value;
    const isToThis = whole.questionSha256 === sha256(text) && whole.fromNode === peer && whole.toNode === parts.node;
    if (!isToThis || whole.answer.what !== ask.what) throw new Unavailable('exchange.bad-answer');
    await parts.watch.take(tx, trust, peer, whole);
    await takeGossip(parts, tx, trust, peer, whole);
    return { answer: whole.answer as Extract<ReconcileAnswer['answer'], { what: W }>, whole };
  });
}

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
  const action = decideAction(found, { isBeforeExpiry: ours !== undefined && ours.expiresAt > now, isReceiptOurs });
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
