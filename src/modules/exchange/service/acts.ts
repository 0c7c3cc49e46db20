import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { endWaiting, isWaiting } from '../../../platform/outbox/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context, Permission } from '../../identity/index.ts';
import { afterParked, byHand, recall } from '../core.ts';
import { findOutgoing, lockIncoming, lockOutgoing, updateIncoming, updatePeer } from '../store/index.ts';
import { asNode } from './as-node.ts';
import { openingOf } from './open.ts';
import { outgoingOf, saveOutgoing, speakOf, type OutgoingRow } from './outgoing.ts';
import { createRecord, stateReceived } from './record.ts';
import { reissueAfter } from './reissue.ts';
import { systemActor, type DeliveryParts, type Wake } from './types.ts';

/** Acts of people on single messages. */
export interface Acts {
  retryNow(ctx: Context, messageId: string): Promise<void>;
  park(ctx: Context, messageId: string): Promise<void>;
  refuseParked(ctx: Context, messageId: string): Promise<void>;
  recall(ctx: Context, messageId: string): Promise<void>;
  /**
   * Takes a message back, inside the transaction of whoever sent it.
   * @returns true when it will not leave; false when it has left and the other side is asked to withdraw it
   * @throws Conflict `exchange.cannot-recall` when the other side has it in hand
   */
  recallIn(tx: Tx, messageId: string): Promise<boolean>;
  /** An official of an authority here opened what was received: its sender is told by role, never by name. */
  recordAccess(tx: Tx, messageId: string, role: string): Promise<void>;
}

const refusedHere = 'exchange.refused-here';

export function createActs(parts: DeliveryParts, wake: Wake): Acts {
  const { clock } = parts;

  /** One act of a person: allowed, done as the node, in the log. */
  async function act(
    ctx: Context,
    permission: Permission,
    action: string,
    messageId: string,
    work: (tx: Tx) => Promise<void>,
  ): Promise<void> {
    ctx.allow(permission);
    await withTransaction(parts.db, systemActor, async (tx) => {
      await work(tx);
      await recordAudit(tx, ctx, action, { kind: 'exchange-message', id: messageId });
    });
    wake.send();
    wake.open();
    wake.tell();
  }

  async function sendNow(tx: Tx, row: OutgoingRow): Promise<void> {
    const now = clock.now();
    const next = byHand(row, 'send-now', now);
    if (!next) throw new NotFound('exchange.not-found');
    await saveOutgoing(tx, next, now);
    await updatePeer(tx, row.peer, { probe_at: now });
  }

  async function retry(tx: Tx, messageId: string): Promise<void> {
    const sent = (await lockOutgoing(tx, [messageId])).get(messageId);
    if (sent && !sent.is_settled) return sendNow(tx, outgoingOf(sent));
    await takeUp(tx, messageId, { do: 'retry' });
  }

  async function park(tx: Tx, messageId: string): Promise<void> {
    const now = clock.now();
    const row = (await lockOutgoing(tx, [messageId])).get(messageId);
    if (!row) throw new NotFound('exchange.no-such-message');
    const next = byHand(outgoingOf(row), 'park', now);
    if (!next) throw new Conflict('exchange.cannot-park');
    await saveOutgoing(tx, next, now);
  }

  /** An official decides about a received message that could not be handed over. */
  async function takeUp(tx: Tx, messageId: string, act: Parameters<typeof afterParked>[1]): Promise<void> {
    const now = clock.now();
    const row = await lockIncoming(tx, messageId);
    const decided = row && afterParked(openingOf(row, true), act, now);
    if (!row || !decided) throw new NotFound('exchange.not-found');
    const record = createRecord(parts);
    await updateIncoming(tx, messageId, {
      status: decided.status,
      attempts: decided.attempts,
      last_code: decided.code,
      lease_until: null,
      ...(decided.nextAt === null ? {} : { next_at: decided.nextAt }),
    });
    for (const event of decided.events) stateReceived(record, row, event, now);
    await record.flush(tx);
  }

  async function recallIn(tx: Tx, messageId: string): Promise<boolean> {
    const now = clock.now();
    if (!(await findOutgoing(tx, messageId))) {
      if (!(await isWaiting(tx, messageId))) throw new NotFound('exchange.no-such-message');
      await endWaiting(tx, now, [messageId]);
      return true;
    }
    const row = outgoingOf((await lockOutgoing(tx, [messageId])).get(messageId)!);
    const decided = recall(row);
    if (decided.do === 'too-late') throw new Conflict('exchange.cannot-recall');
    const record = createRecord(parts);
    if (decided.do === 'withdrawn') {
      await saveOutgoing(tx, decided.row, now);
      await reissueAfter(tx, parts, decided.row);
    }
    await speakOf(tx, parts, row.row, decided.effects, record, now, { at: now, by: parts.node });
    await record.flush(tx);
    return decided.do === 'withdrawn';
  }

  async function recordAccess(tx: Tx, messageId: string, role: string): Promise<void> {
    const row = await lockIncoming(tx, messageId);
    if (!row) return;
    const record = createRecord(parts);
    stateReceived(record, row, { type: 'ContentAccessTracking', role }, clock.now());
    await record.flush(tx);
  }

  return {
    retryNow: (ctx, id) => act(ctx, 'exchange.operate', 'exchange.retry', id, (tx) => retry(tx, id)),
    park: (ctx, id) => act(ctx, 'exchange.operate', 'exchange.park', id, (tx) => park(tx, id)),
    refuseParked: (ctx, id) =>
      act(ctx, 'exchange.operate', 'exchange.refuse', id, (tx) => takeUp(tx, id, { do: 'refuse', code: refusedHere })),
    recall: (ctx, id) =>
      act(ctx, 'exchange.recall', 'exchange.recall', id, async (tx) => void (await recallIn(tx, id))),
    recallIn: (tx, id) => asNode(tx, () => recallIn(tx, id)),
    recordAccess: (tx, id, role) => asNode(tx, () => recordAccess(tx, id, role)),
  };
}
