import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { day, decideExpiry, decideGap, gapTimes, hour, makesEvents } from '../rules/index.ts';
import type { NodeId } from '../schema.ts';
import {
  listAbandoned,
  listHeldSince,
  listOverdue,
  lockPeer,
  updateBlob,
  updateIncoming,
  updateOutgoing,
  updatePeer,
  type OutboxRow,
} from '../store/index.ts';
import { tellOutcome } from './hear.ts';
import { createRecord } from './record.ts';
import type { Sender } from './send.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const atOnce = 50;
const noReceipt = 'no-receipt-by-expiry';
const gapNotFilled = 'gap-not-filled';

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

/** What time alone brings: messages that expire, gaps that nobody fills, parts whose message never came. */
export interface Housekeeping {
  /** Looks once. Answers whether something was done. */
  look(): Promise<boolean>;
}

export function createHousekeeping(parts: DeliveryParts, ask: Ask, sender: Sender): Housekeeping {
  const { db, clock, random, log } = parts;
  const asked = new Set<string>();

  /** Asks once more for the receipt of a message whose time is over. */
  async function askReceipt(row: OutboxRow): Promise<void> {
    if (asked.has(row.message_id) || row.transport_bytes === null) return;
    asked.add(row.message_id);
    try {
      const path = `/exchange/v1/messages/${row.message_id}/receipt`;
      const answer = await ask(row.peer as NodeId, { method: 'GET', path });
      const read = await sender.read(row, answer);
      if (read.what === 'receipt' || read.what === 'refusal') await sender.takeAnswer(row, read);
    } catch (error) {
      log.warn({ event: 'exchange.receipt-not-asked', message: row.message_id, code: failureCode(error) });
    }
  }

  async function giveUp(tx: Tx, row: OutboxRow): Promise<void> {
    const now = clock.now();
    asked.delete(row.message_id);
    const record = createRecord(parts);
    await updateOutgoing(tx, row.message_id, {
      status: 'expired',
      last_code: noReceipt,
      lease_until: null,
      ended_at: now,
    });
    if (makesEvents(row.kind)) {
      record.state({
        type: 'RelayFailure',
        messageId: row.message_id,
        messageSha256: row.message_sha256,
        at: now,
        authority: row.from_authority,
        reason: noReceipt,
      });
      await tellOutcome(tx, parts, row, { outcome: 'expired', at: now, reason: noReceipt, by: parts.node });
    }
    await record.flush(tx);
    log.warn({ event: 'exchange.expired', message: row.message_id, peer: row.peer, code: noReceipt });
  }

  async function overdue(): Promise<boolean> {
    const now = clock.now();
    const toAsk: OutboxRow[] = [];
    const done = await withTransaction(db, systemActor, async (tx) => {
      let any = false;
      for (const row of await listOverdue(tx, now, atOnce)) {
        const next = decideExpiry(row.expires_at, now);
        if (next === 'ask') toAsk.push(row);
        if (next !== 'fail') continue;
        await giveUp(tx, row);
        any = true;
      }
      return any;
    });
    for (const row of toAsk) await askReceipt(row);
    return done;
  }

  async function gaps(): Promise<boolean> {
    const now = clock.now();
    return withTransaction(db, systemActor, async (tx) => {
      let any = false;
      for (const row of await listHeldSince(tx, later(now, -gapTimes.tell), atOnce)) {
        const next = decideGap(row.received_at, now);
        if (next === 'tell') {
          const peer = await lockPeer(tx, row.peer);
          if (peer.alarm_code !== null) continue;
          await updatePeer(tx, row.peer, { alarm_code: 'exchange.gap', alarm_at: now });
          log.error({ event: 'exchange.alarm', peer: row.peer, code: 'exchange.gap', message: row.message_id });
        }
        if (next !== 'give-up') continue;
        const record = createRecord(parts);
        await updateIncoming(tx, row.message_id, { status: 'refused', last_code: gapNotFilled });
        if (makesEvents(row.kind))
          record.state({
            type: 'ContentHandoverFailure',
            messageId: row.message_id,
            messageSha256: row.message_sha256,
            at: now,
            authority: row.to_authority,
            reason: gapNotFilled,
            tell: { from: row.to_authority, to: row.from_authority, conversationId: row.conversation_id },
          });
        await record.flush(tx);
        any = true;
      }
      return any;
    });
  }

  async function abandoned(): Promise<boolean> {
    const now = clock.now();
    const removed = await withTransaction(db, systemActor, async (tx) => {
      const rows = await listAbandoned(tx, later(now, -day), atOnce);
      for (const row of rows) {
        await updateBlob(tx, row.blob_id, { status: 'removed', changed_at: now });
        const ctx = { actor: { kind: 'system', id: 'exchange' } as const, clock, random };
        const subject = { kind: 'exchange-part', id: row.blob_id };
        await recordAudit(tx, ctx, 'exchange.remove-part', subject, { peer: row.peer, message: row.message_id });
      }
      return rows;
    });
    for (const row of removed) await parts.folder.remove('in', row.blob_id);
    return removed.length > 0;
  }

  let tidiedAt = 0;
  return {
    async look() {
      const did = (await overdue()) || (await gaps());
      const now = Date.parse(clock.now());
      if (Math.abs(now - tidiedAt) < hour / 4) return did;
      tidiedAt = now;
      return (await abandoned()) || did;
    },
  };
}
