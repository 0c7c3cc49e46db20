import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import type { Random } from '../../../platform/random.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { PeerAnswer } from '../client.ts';
import { sendAnswered, type Answer, type SendEffect } from '../core.ts';
import { verifyReceipt, verifyRefusal, type Signed } from '../envelope.ts';
import type { NodeId, Receipt, Refusal, TrustView } from '../schema.ts';
import { lockOutgoing, makeDue, type updatePeer, type OutboxRow } from '../store/index.ts';
import { groupCommit } from './group.ts';
import { lockPeerState, outgoingOf, savePeerState, saveOutgoing, speakOf, type OutgoingRow } from './outgoing.ts';
import type { RecentTrust } from '../trust/recent.ts';
import { createRecord, type Record } from './record.ts';
import { reissueAfter } from './reissue.ts';
import { systemActor, type DeliveryParts, type Wake } from './types.ts';

/** What a peer answered to one message, verified, or how it failed to. */
export type Sent =
  | { what: 'receipt'; receipt: Signed<Receipt> }
  | { what: 'refusal'; refusal: Signed<Refusal> }
  | { what: 'waiting-for-parts' }
  | { what: 'failure'; code: string; retryAfter?: number; isInvalidReceipt?: boolean };

function answerOf(sent: Sent): Answer {
  switch (sent.what) {
    case 'receipt':
      return { is: 'receipt' };
    case 'refusal': {
      const { code, after } = sent.refusal.value;
      return { is: 'refusal', code, ...(after === undefined ? {} : { after }) };
    }
    case 'waiting-for-parts':
      return { is: 'waiting-for-parts' };
    case 'failure': {
      const { what: _, ...how } = sent;
      return { is: 'failure', ...how };
    }
  }
}

/** A number in [0, 1). */
export function shareOf(random: Random): number {
  return Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
}

function retryAfter(headers: PeerAnswer['headers']): { retryAfter?: number } {
  const text = headers['retry-after'];
  return typeof text === 'string' && /^\d{1,6}$/.test(text) ? { retryAfter: Number(text) } : {};
}

/** Reads what a peer answered; only a receipt or a refusal for exactly what was sent is one. */
export async function readAnswer(
  parts: DeliveryParts,
  viewOf: RecentTrust,
  row: OutboxRow,
  answer: Pick<PeerAnswer, 'status' | 'headers' | 'body'>,
): Promise<Sent> {
  const { status, body } = answer;
  if (status === 202) return { what: 'waiting-for-parts' };
  const sent = {
    messageId: row.message_id,
    messageSha256: row.message_sha256,
    transportSha256: row.transport_sha256 ?? row.message_sha256,
    toNode: row.peer,
  };
  const readWith = (trust: TrustView): Sent | undefined => {
    const now = parts.clock.now();
    if (status === 200) {
      const receipt = verifyReceipt(body, sent, trust, now);
      if (receipt.ok && (receipt.value.value.durability === 'flushed' || parts.profile !== 'production'))
        return { what: 'receipt', receipt: receipt.value };
    }
    const refusal = verifyRefusal(body, sent, trust, now);
    return refusal.ok ? { what: 'refusal', refusal: refusal.value } : undefined;
  };
  // A key of the peer that came this very second is looked for once more.
  const found = readWith(await viewOf('recent')) ?? readWith(await viewOf('now'));
  if (found) return found;
  if (status === 200) return { what: 'failure', code: 'exchange.invalid-receipt', isInvalidReceipt: true };
  return { what: 'failure', code: `exchange.answered-${status}`, ...retryAfter(answer.headers) };
}

interface Item {
  row: OutboxRow;
  sent: Sent;
}

/** Takes in what peers answered: many answers share one flush, and what they decide is one transaction. */
export function createAnswers(parts: DeliveryParts, wake: Pick<Wake, 'tell'>) {
  const { db, clock, random, log } = parts;

  const take = groupCommit<Item, void>(64, async (items) => {
    await withTransaction(db, systemActor, (tx) => write(tx, items), { retry: true });
    wake.tell();
    return items.map(() => undefined);
  });

  async function write(tx: Tx, items: readonly Item[]): Promise<void> {
    const now = clock.now();
    const trust = await parts.trust.loadTrust(tx);
    const rows = await lockOutgoing(
      tx,
      items.map((item) => item.row.message_id),
    );
    const record = createRecord(parts);
    for (const node of [...new Set(items.map((item) => item.row.peer))].sort()) {
      let peer = await lockPeerState(tx, node);
      const { row: before } = peer;
      const change: Parameters<typeof updatePeer>[2] = {};
      let last: Receipt | undefined;
      let triesAll = false;
      for (const { row: sentRow, sent } of items.filter((item) => item.row.peer === node)) {
        const row = rows.get(sentRow.message_id);
        if (!row) continue;
        const decided = sendAnswered(outgoingOf(row), peer, answerOf(sent), now, shareOf(random));
        if (sent.what === 'failure') Object.assign(change, { last_code: sent.code, last_failure_at: now });
        if (sent.what === 'receipt') {
          const skew = Date.parse(sent.receipt.value.receivedAt) - Date.parse(now);
          Object.assign(change, { last_receipt_at: now, clock_skew_ms: String(skew) });
          last = sent.receipt.value;
        }
        // A refusal is dated by whoever signed it: of two clocks that differ, both moments are known.
        if (sent.what === 'refusal')
          Object.assign(change, { clock_skew_ms: String(Date.parse(sent.refusal.value.at) - Date.parse(now)) });
        if (decided.peer.breaker === 'open' && peer.breaker === 'closed' && sent.what === 'failure')
          log.warn({ event: 'exchange.breaker-opened', peer: node, code: sent.code });
        ({ peer } = decided);
        for (const effect of decided.effects) {
          if (effect.do === 'try-all') triesAll = true;
          if (effect.do !== 'alarm') continue;
          log.error({ event: 'exchange.alarm', peer: node, message: row.message_id, code: effect.code });
          if (before.alarm_code === null) Object.assign(change, { alarm_code: effect.code, alarm_at: now });
        }
        await carryOut(tx, decided.row, sent, decided.effects, record, now);
      }
      await savePeerState(tx, peer, change);
      if (triesAll) await makeDue(tx, node, now);
      if (last) await parts.witness.take(tx, trust, node as NodeId, last, now);
    }
    await record.flush(tx);
  }

  /** What an answer decided about one message. */
  async function carryOut(
    tx: Tx,
    next: OutgoingRow,
    sent: Sent,
    effects: readonly SendEffect[],
    record: Record,
    now: Instant,
  ): Promise<void> {
    const { row, messageId, peer } = next;
    let by = { at: now, by: peer };
    let kept: Parameters<typeof saveOutgoing>[3] = {};
    if (effects.some((effect) => effect.do === 'keep-answer')) {
      if (sent.what === 'receipt') {
        const { receipt } = sent;
        by = { at: receipt.value.receivedAt, by: peer };
        kept = { receipt_bytes: Buffer.from(receipt.text, 'utf8'), receipt_at: receipt.value.receivedAt };
        record.leaf({ what: 'receipt', peer, messageId, sha256: receipt.payloadSha256, at: now });
      }
      if (sent.what === 'refusal') {
        const { refusal } = sent;
        by = { at: refusal.value.at, by: peer };
        kept = { refusal_bytes: Buffer.from(refusal.text, 'utf8') };
        const { code } = refusal.value;
        record.leaf({ what: 'refused', peer, messageId, sha256: refusal.payloadSha256, at: now, code });
        log.warn({
          event: 'exchange.refused-there',
          message: messageId,
          peer,
          code,
          there: refusal.value.at,
          here: now,
        });
      }
    }
    await saveOutgoing(tx, next, now, kept);
    if (effects.some((effect) => effect.do === 'reissue')) await reissueAfter(tx, parts, next);
    await speakOf(tx, parts, row, effects, record, now, by);
  }

  return { take: (row: OutboxRow, sent: Sent): Promise<void> => take({ row, sent }) };
}
