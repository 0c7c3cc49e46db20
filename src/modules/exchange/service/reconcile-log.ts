import {
  isNoteSignedBy,
  parseFlatJws,
  readCheckpoint,
  readNote,
  type TreeHead,
} from '../../../platform/crypto/index.ts';
import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import type { Instant, PlainDate } from '../../../platform/values/index.ts';
import {
  findLeaves,
  getOrigin,
  inclusionPaths,
  leafData,
  leafHash,
  takeCheckpoint,
  verifyInclusion,
} from '../../audit/index.ts';
import { verifyEvent } from '../envelope.ts';
import { peek } from '../envelope-read.ts';
import { lostEvents, mostPlaces, type LoggedMessage, type Stated } from '../rules/log-places.ts';
import type { ProvenEntry } from '../rules/proof.ts';
import {
  firstIdOf,
  highestId,
  lowestId,
  type Difference,
  type Direction,
  type Finding,
  type ReconcileAnswer,
} from '../rules/reconcile.ts';
import { Receipt, type LogPlace, type MessageId, type NodeId, type TrustView } from '../schema.ts';
import { lastResumedAt, listPlaces, listStated, listToLookAt, markInLog, type ToLookAt } from '../store/in-log.ts';
import { sideOf } from './reconcile-ledger.ts';
import { askPeer, reconcileActor as system, type ReconcileParts } from './reconcile-talk.ts';
import { sendingState } from './recover.ts';
import { logPeerOf } from './witness.ts';

/** Messages of each direction that one comparison looks at in the logs, the newest first; the rest has its turn the next time. */
const mostLooked = 5_000;

/** A message with the place that its receipt names. */
type Receipted = ToLookAt & { place: LogPlace };

export interface LogLook {
  differences: Difference[];
  /** Messages held against the log that their receipt names. */
  looked: number;
  questions: number;
}

/**
 * Holds receipts against logs: the peer's receipts against its log, by proofs under a state that it signed, our own
 * receipts against ours; and what either stated against what the other holds of it.
 * @param known messages that differ anyway
 */
export async function lookInLogs(
  parts: ReconcileParts,
  peer: NodeId,
  { from, until, known }: { from: PlainDate | null; until: PlainDate | null; known: ReadonlySet<string> },
): Promise<LogLook> {
  const look: LogLook = { differences: [], looked: 0, questions: 0 };
  // A log that lost entries lacks what it receipted: that is known, said louder, and seen to by two persons.
  if (!(await withTransaction(parts.db, system, sendingState)).may) return look;
  for (const direction of ['sent', 'received'] as const) {
    let before = until === null ? highestId : firstIdOf(until);
    for (let left = mostLooked; left > 0;) {
      const range = { from: from === null ? lowestId : firstIdOf(from), before, now: parts.clock.now() };
      const limit = Math.min(left, mostPlaces);
      const rows = await withTransaction(parts.db, system, (tx) =>
        listToLookAt(tx, sideOf(direction, true), peer, { ...range, limit }),
      );
      const last = rows.at(-1);
      if (!last) break;
      before = last.item.messageId;
      left -= rows.length;
      const batch = rows.flatMap((row) => {
        const place = known.has(row.item.messageId) ? undefined : placeIn(row.receipt);
        return place ? [{ ...row, place }] : [];
      });
      if (batch.length === 0) continue;
      const found = await lookAt(parts, peer, direction, batch);
      look.questions += 1;
      // It signs no state of its log now, or does not know the question: another day.
      if (!found) return look;
      look.looked += batch.length;
      look.differences.push(...found);
    }
  }
  return look;
}

async function lookAt(
  parts: ReconcileParts,
  peer: NodeId,
  direction: Direction,
  rows: readonly Receipted[],
): Promise<Difference[] | undefined> {
  const inside = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(parts.db, system, work);
  const ids = rows.map(({ item }) => item.messageId as MessageId);
  // What the peer stated is read before it is asked, what we stated after: else what crosses the answer would look lost.
  const heard = await inside((tx) => listStated(tx, ids));
  const answer = await askLog(parts, peer, ids);
  if (!answer) return undefined;
  const theirs = new Map<string, LoggedMessage>(answer.messages.map((one) => [one.messageId, one]));
  const checked = await inside(async (tx) => {
    const trust = await parts.trust.loadTrust(tx);
    const head = await readHead(parts, tx, trust, peer, answer.checkpoint);
    if (!head) return undefined;
    const missing =
      direction === 'sent'
        ? rows.filter(
            // A log that began a new epoch lost entries, as two persons there know; its receipts of before name the old one.
            (row) =>
              row.place.origin === head.origin && !isAt(row, theirs.get(row.item.messageId)?.entry ?? null, head),
          )
        : await notHere(tx, rows);
    return { missing: new Set<string>(missing.map(({ item }) => item.messageId)), own: await listStated(tx, ids) };
  });
  if (!checked) return undefined;
  const found: Difference[] = [];
  const differs = (row: Receipted, finding: Finding) =>
    void found.push({ direction, messageId: row.item.messageId, finding, ours: row.item, theirs: null });
  for (const row of rows) {
    const id = row.item.messageId;
    const held = theirs.get(id)?.events ?? [];
    if (checked.missing.has(id)) differs(row, 'not-in-log');
    else if (lostEvents(peer, heard.get(id) ?? [], held).length > 0) differs(row, 'event-not-in-their-log');
    else if (await isOurWordLost(parts, peer, id, lostEvents(parts.node, held, checked.own.get(id) ?? [])))
      differs(row, 'event-not-in-our-log');
  }
  const wrong = new Set(found.map((one) => one.messageId));
  const settled = rows.filter(({ item, ended }) => ended && !wrong.has(item.messageId));
  await inside((tx) =>
    markInLog(
      tx,
      sideOf(direction, true),
      settled.map(({ item }) => item.messageId),
      parts.clock.now(),
    ),
  );
  return found;
}

type LogSaid = Extract<ReconcileAnswer['answer'], { what: 'log' }>;

/** Undefined when the peer does not know the question: it runs an earlier version. */
async function askLog(parts: ReconcileParts, peer: NodeId, messageIds: MessageId[]): Promise<LogSaid | undefined> {
  try {
    return (await askPeer(parts, peer, { what: 'log', messageIds })).answer;
  } catch (error) {
    if (error instanceof Unavailable && error.params.detail === '422') return undefined;
    throw error;
  }
}

/** The state that the answer leads to, if the peer's log signed it; it is held against what was seen of that log. */
async function readHead(
  parts: ReconcileParts,
  tx: Tx,
  trust: TrustView,
  peer: NodeId,
  checkpoint: string | null,
): Promise<TreeHead | undefined> {
  const known = logPeerOf(trust, peer, parts.clock.now());
  const note = checkpoint === null ? undefined : readNote(checkpoint);
  const head = note && readCheckpoint(note.text);
  if (checkpoint === null || !known || !note || head?.origin !== known.origin) return undefined;
  if (!known.keys.some((key) => isNoteSignedBy(note, key))) return undefined;
  await takeCheckpoint(parts, tx, known, checkpoint, null, peer, { compareOnly: true });
  return head;
}

/** The place that a stored receipt names; receipts were verified before they were stored. */
function placeIn(bytes: Buffer): LogPlace | undefined {
  const jws = parseFlatJws(bytes);
  const said = jws && peek(Buffer.from(jws.payload, 'base64url'));
  const read = Receipt.loose().safeParse(said);
  return read.success ? read.data.log : undefined;
}

/** Whether the proven entry is the one that the receipt names, about this message, in the state that was signed. */
function isAt({ item, place }: Receipted, entry: ProvenEntry | null, head: TreeHead): boolean {
  if (entry?.origin !== place.origin || entry.index !== place.index || entry.size !== head.size) return false;
  const data = leafData(Buffer.from(entry.salt, 'hex'), entry.entry);
  if (leafHash(data).toString('hex') !== place.leafHash || !isAbout(entry.entry, item.messageSha256)) return false;
  const path = entry.path.map((hash) => Buffer.from(hash, 'hex'));
  return verifyInclusion(data, entry.index, entry.size, path, head.root);
}

function isAbout(entry: string, messageSha256: string): boolean {
  return peek(Buffer.from(entry, 'utf8'))?.['sha256'] === messageSha256;
}

/** Of our own receipts those whose entry our log does not hold; those of an earlier epoch were looked at when the present one began. */
async function notHere(tx: Tx, rows: readonly Receipted[]): Promise<Receipted[]> {
  const origin = await getOrigin(tx);
  const present = rows.filter(({ place }) => place.origin === origin);
  const leaves = await findLeaves(
    tx,
    present.map(({ place }) => place.index),
  );
  return present.filter(({ item, place }) => {
    const leaf = leaves.get(place.index);
    return leaf?.leafHash !== place.leafHash || !isAbout(leaf.entry, item.messageSha256);
  });
}

/** Whether the peer really holds a word of ours that we do not: a hash alone is its claim, our signature is not. */
async function isOurWordLost(
  parts: ReconcileParts,
  peer: NodeId,
  messageId: string,
  lost: readonly Stated[],
): Promise<boolean> {
  if (lost.length === 0) return false;
  const hashes = new Set<string>(lost.map((one) => one.payloadSha256));
  const { answer } = await askPeer(parts, peer, { what: 'message', messageId: messageId as MessageId });
  return withTransaction(parts.db, system, async (tx) => {
    const trust = await parts.trust.loadTrust(tx);
    const resumed: Instant | null = await lastResumedAt(tx);
    return (answer.message?.events ?? []).some((jws) => {
      const read = verifyEvent(jws, trust, null);
      if (!read.ok || read.value.value.by.node !== parts.node || !hashes.has(read.value.payloadSha256)) return false;
      return resumed === null || read.value.value.at > resumed;
    });
  });
}

/** Answers what the own log holds of messages that passed between the two. */
export async function answerLog(
  parts: ReconcileParts,
  tx: Tx,
  peer: NodeId,
  messageIds: readonly MessageId[],
): Promise<LogSaid> {
  if (!(await sendingState(tx)).may) return { what: 'log', checkpoint: null, messages: [] };
  const checkpoint = await parts.logs.checkpoint(tx);
  const { origin, size } = readCheckpoint(readNote(checkpoint)!.text)!;
  const rows = await listPlaces(tx, peer, messageIds);
  const indexes = rows.flatMap(({ index }) => (index === null || index >= size ? [] : [index]));
  const leaves = await findLeaves(tx, indexes);
  const held = indexes.filter((index) => leaves.has(index));
  const paths = await inclusionPaths(tx, 'exchange', held, size);
  const entries = new Map<number, ProvenEntry>(
    held.map((index, place) => {
      const { entry, salt } = leaves.get(index)!;
      const path = paths[place]!.map((hash) => hash.toString('hex'));
      return [index, { origin, index, size, entry, salt: salt.toString('hex'), path }];
    }),
  );
  const stated = await listStated(
    tx,
    rows.map((row) => row.messageId),
  );
  return {
    what: 'log',
    checkpoint,
    messages: rows.map(({ messageId, index }) => ({
      messageId,
      entry: index === null ? null : (entries.get(index) ?? null),
      events: stated.get(messageId) ?? [],
    })),
  };
}
