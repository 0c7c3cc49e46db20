import { withTransaction } from '../../../platform/db/index.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { tickHeld, tickOutgoing } from '../core.ts';
import { between, day, gapTimes, hour, longestRetryAfter, minute } from '../rules/index.ts';
import type { NodeId } from '../schema.ts';
import {
  endImpossibleWaits,
  listHeldSince,
  listOverdue,
  lockPeer,
  updateIncoming,
  updatePeer,
  type OutboxRow,
} from '../store/index.ts';
import { outgoingOf, saveOutgoing, speakOf } from './outgoing.ts';
import { createRecord, stateReceived } from './record.ts';
import type { Sender } from './send.ts';
import { createTidying } from './tidy.ts';
import { later, systemActor, type DeliveryParts } from './types.ts';

const atOnce = 50;

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

/** What time alone brings: messages that expire, gaps that nobody fills, parts whose message never came. */
export interface Housekeeping {
  /** Looks once. Answers whether something was done. */
  look(): Promise<boolean>;
}

export function createHousekeeping(parts: DeliveryParts, ask: Ask, sender: Sender): Housekeeping {
  const { db, clock, log } = parts;
  /** Messages past their time that were asked for once more; who starts anew asks again. */
  let asked = new Set<string>();
  /** When each peer was last asked for what is missing; who starts anew asks once more. */
  const askedPeers = new Map<string, Instant>();

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

  async function overdue(): Promise<boolean> {
    const now = clock.now();
    const toAsk: OutboxRow[] = [];
    const done = await withTransaction(db, systemActor, async (tx) => {
      let any = false;
      for (const row of await listOverdue(tx, now, atOnce)) {
        const decided = tickOutgoing(outgoingOf(row), now);
        if (decided.effects.some((effect) => effect.do === 'ask-receipt')) toAsk.push(row);
        if (decided.row.status === row.status) continue;
        any = true;
        const record = createRecord(parts);
        await saveOutgoing(tx, decided.row, now);
        await speakOf(tx, parts, row, decided.effects, record, now, { at: now, by: parts.node });
        await record.flush(tx);
        log.warn({ event: 'exchange.expired', message: row.message_id, peer: row.peer, code: decided.row.lastCode });
      }
      return any;
    });
    // Who is not in question any more is not remembered.
    asked = new Set(toAsk.map((row) => row.message_id).filter((id) => asked.has(id)));
    for (const row of toAsk) await askReceipt(row);
    return done;
  }

  async function gaps(): Promise<boolean> {
    const now = clock.now();
    const toAsk = new Set<string>();
    const done = await withTransaction(db, systemActor, async (tx) => {
      let any = false;
      for (const row of await listHeldSince(tx, later(now, -gapTimes.ask), atOnce)) {
        const record = createRecord(parts);
        const held = { subjectKind: row.kind, receivedAt: row.received_at, askedAt: askedPeers.get(row.peer) ?? null };
        for (const effect of tickHeld(held, now)) {
          switch (effect.do) {
            case 'ask-missing':
              toAsk.add(row.peer);
              break;
            case 'tell-officers': {
              const peer = await lockPeer(tx, row.peer);
              if (peer.alarm_code !== null) break;
              await updatePeer(tx, row.peer, { alarm_code: 'exchange.gap', alarm_at: now });
              log.error({ event: 'exchange.alarm', peer: row.peer, code: 'exchange.gap', message: row.message_id });
              break;
            }
            case 'end':
              await updateIncoming(tx, row.message_id, { status: effect.status, last_code: effect.code });
              any = true;
              break;
            case 'event':
              stateReceived(record, row, { type: effect.type, reason: effect.reason }, now);
          }
        }
        await record.flush(tx);
      }
      return any;
    });
    for (const peer of toAsk) {
      askedPeers.set(peer, now);
      await parts.askMissing?.(peer as NodeId).catch((error: unknown) => {
        log.warn({ event: 'exchange.missing-not-asked', peer, code: failureCode(error) });
      });
    }
    return done;
  }

  let lookedAt: Instant | undefined;

  /** A clock that was set back leaves waits behind that lie further ahead than any can; so may a process that ended. */
  async function afterSetBack(): Promise<void> {
    const now = clock.now();
    const isToLook = lookedAt === undefined || between(lookedAt, now) < -minute;
    lookedAt = now;
    if (!isToLook) return;
    const latest = later(now, longestRetryAfter + minute);
    askedPeers.clear();
    await withTransaction(db, systemActor, (tx) => endImpossibleWaits(tx, now, latest));
  }

  const tidying = createTidying(parts);
  let tidiedAt = 0;
  let sweptAt = 0;
  return {
    async look() {
      await afterSetBack();
      const did = (await overdue()) || (await gaps());
      const now = Date.parse(clock.now());
      if (Math.abs(now - tidiedAt) < hour / 4) return did;
      tidiedAt = now;
      const taken = await tidying.look();
      if (Math.abs(now - sweptAt) >= day) {
        sweptAt = now;
        await tidying.sweep();
      }
      return taken > 0 || did;
    },
  };
}
