import { parseFlatJws } from '../../../platform/crypto/index.ts';
import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import { sha256, type Instant } from '../../../platform/values/index.ts';
import { consistencyPath, getHead } from '../../audit/index.ts';
import { sign } from '../envelope-read.ts';
import { verifyReconcileQuestion } from '../verify-reconcile.ts';
import {
  mostDays,
  mostItems,
  ReconcileAnswer,
  type DaySummary,
  type HeldMessage,
  type IdRange,
  type RangeAnswer,
  type ReconcileAsk,
} from '../rules/reconcile.ts';
import type { NodeId } from '../schema.ts';
import { listBlobsOf } from '../store/blobs.ts';
import { makeDue } from '../store/outbox.ts';
import { findHeldRow, listEventBytes, listLedgerItems, type Side } from '../store/reconcile.ts';
import { announcementOf } from './give.ts';
import { toldConflicts, toldSeen } from './gossip.ts';
import { rootOfRange, sideOf, summarise } from './reconcile-ledger.ts';
import { answerLog } from './reconcile-log.ts';
import { reconcileActor as system, type ReconcileParts } from './reconcile-talk.ts';
import { sendingState } from './recover.ts';

async function answerRange(tx: Tx, side: Side, peer: string, { from, until }: IdRange): Promise<RangeAnswer> {
  const { count, root } = await rootOfRange(tx, side, peer, from, until);
  const items = count <= mostItems ? await listLedgerItems(tx, side, peer, from, until, mostItems) : null;
  return { count, root, items };
}

async function heldMessage(tx: Tx, peer: string, messageId: string): Promise<HeldMessage | null> {
  const row = (await findHeldRow(tx, 'in', messageId)) ?? (await findHeldRow(tx, 'out', messageId));
  // Only what passed between these two nodes.
  if (row?.peer !== peer) return null;
  // Large parts that were sent from here are kept: who lost them fetches them again.
  const blobs = (await listBlobsOf(tx, 'out', [messageId])).filter((blob) => blob.status !== 'removed');
  const events = (await listEventBytes(tx, messageId)).flatMap((bytes) => parseFlatJws(bytes) ?? []);
  return {
    transport: row.transport && row.transport.length <= 1_100_000 ? row.transport.toString('base64') : null,
    receipt: row.receipt ? (parseFlatJws(row.receipt) ?? null) : null,
    events,
    ...(blobs.length === 0 ? {} : { blobs: blobs.map(announcementOf) }),
  };
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
    const question = verifyReconcileQuestion(body, { peer, ownNode: parts.node, trust, now });
    if (!question.ok) throw new Invalid(question.error);
    const { ask } = question.value;
    await parts.watch.take(tx, trust, peer, question.value);
    const answer = await answerAsk(parts, tx, peer, ask, now);
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

async function answerAsk(
  parts: ReconcileParts,
  tx: Tx,
  peer: NodeId,
  ask: ReconcileAsk,
  now: Instant,
): Promise<ReconcileAnswer['answer']> {
  switch (ask.what) {
    case 'summary': {
      // It may lack something that waits here for a later try: what is for it goes now.
      await makeDue(tx, peer, now);
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
    case 'log':
      return answerLog(parts, tx, peer, ask.messageIds);
    case 'consistency': {
      const { from, to } = ask;
      const { size } = await getHead(tx, 'exchange');
      if (from > to || to > size) return { what: 'consistency', proof: null };
      const hashes = (await consistencyPath(tx, 'exchange', from, to)).map((hash) => hash.toString('hex'));
      return { what: 'consistency', proof: { from, to, hashes } } as ReconcileAnswer['answer'];
    }
  }
}
