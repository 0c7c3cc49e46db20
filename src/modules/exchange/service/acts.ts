import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import { endWaiting, isWaiting } from '../../../platform/outbox/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context, Permission } from '../../identity/index.ts';
import {
  findOutgoing,
  lockIncoming,
  lockOutgoing,
  updateIncoming,
  updateOutgoing,
  updatePeer,
} from '../store/index.ts';
import { asNode } from './as-node.ts';
import { tellOutcome } from './hear.ts';
import { createRecord } from './record.ts';
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

export const recalledCode = 'exchange.recalled';
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

  async function retry(tx: Tx, messageId: string): Promise<void> {
    const now = clock.now();
    const sent = (await lockOutgoing(tx, [messageId])).get(messageId);
    if (sent && sent.receipt_bytes === null && sent.refusal_bytes === null && sent.status !== 'recalled') {
      const status = sent.status === 'parked' ? 'queued' : sent.status;
      await updateOutgoing(tx, messageId, { status, not_before: now, lease_until: null });
      await updatePeer(tx, sent.peer, { probe_at: now });
      return;
    }
    const row = await lockIncoming(tx, messageId);
    if (row?.status !== 'parked') throw new NotFound('exchange.not-found');
    await updateIncoming(tx, messageId, { status: 'received', attempts: 0, next_at: now, lease_until: null });
  }

  async function park(tx: Tx, messageId: string): Promise<void> {
    const row = (await lockOutgoing(tx, [messageId])).get(messageId);
    if (!row) throw new NotFound('exchange.no-such-message');
    if (row.status !== 'queued' && row.status !== 'sending') throw new Conflict('exchange.cannot-park');
    await updateOutgoing(tx, messageId, { status: 'parked', lease_until: null });
  }

  async function refuse(tx: Tx, messageId: string): Promise<void> {
    const row = await lockIncoming(tx, messageId);
    if (row?.status !== 'parked') throw new NotFound('exchange.not-found');
    const record = createRecord(parts);
    await updateIncoming(tx, messageId, { status: 'refused', last_code: refusedHere, lease_until: null });
    record.state({
      type: 'ContentHandoverFailure',
      messageId,
      messageSha256: row.message_sha256,
      at: clock.now(),
      authority: row.to_authority,
      reason: refusedHere,
      tell: { from: row.to_authority, to: row.from_authority, conversationId: row.conversation_id },
    });
    await record.flush(tx);
  }

  async function recallIn(tx: Tx, messageId: string): Promise<boolean> {
    const now = clock.now();
    if (!(await findOutgoing(tx, messageId))) {
      if (!(await isWaiting(tx, messageId))) throw new NotFound('exchange.no-such-message');
      await endWaiting(tx, now, [messageId]);
      return true;
    }
    const row = (await lockOutgoing(tx, [messageId])).get(messageId)!;
    if (!['queued', 'sending', 'parked', 'relayed', 'consigned'].includes(row.status))
      throw new Conflict('exchange.cannot-recall');
    const record = createRecord(parts);
    const neverLeft = row.transport_bytes === null;
    if (neverLeft) {
      await updateOutgoing(tx, messageId, { status: 'recalled', last_code: recalledCode, ended_at: now });
      await reissueAfter(tx, parts, row);
      await tellOutcome(tx, parts, row, { outcome: 'recalled', at: now, reason: null, by: parts.node });
    }
    record.state({
      type: 'RelayFailure',
      messageId,
      messageSha256: row.message_sha256,
      at: now,
      authority: row.from_authority,
      reason: recalledCode,
      // Nobody elsewhere knows of what never left.
      ...(neverLeft
        ? {}
        : { tell: { from: row.from_authority, to: row.to_authority, conversationId: row.conversation_id } }),
    });
    await record.flush(tx);
    return neverLeft;
  }

  async function recordAccess(tx: Tx, messageId: string, role: string): Promise<void> {
    const row = await lockIncoming(tx, messageId);
    if (!row) return;
    const record = createRecord(parts);
    record.state({
      type: 'ContentAccessTracking',
      messageId,
      messageSha256: row.message_sha256,
      at: clock.now(),
      authority: row.to_authority,
      role,
      tell: { from: row.to_authority, to: row.from_authority, conversationId: row.conversation_id },
    });
    await record.flush(tx);
  }

  return {
    retryNow: (ctx, id) => act(ctx, 'exchange.operate', 'exchange.retry', id, (tx) => retry(tx, id)),
    park: (ctx, id) => act(ctx, 'exchange.operate', 'exchange.park', id, (tx) => park(tx, id)),
    refuseParked: (ctx, id) => act(ctx, 'exchange.operate', 'exchange.refuse', id, (tx) => refuse(tx, id)),
    recall: (ctx, id) =>
      act(ctx, 'exchange.recall', 'exchange.recall', id, async (tx) => void (await recallIn(tx, id))),
    recallIn: (tx, id) => asNode(tx, () => recallIn(tx, id)),
    recordAccess: (tx, id, role) => asNode(tx, () => recordAccess(tx, id, role)),
  };
}
