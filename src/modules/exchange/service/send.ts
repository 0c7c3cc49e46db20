import { withTransaction } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { chooseToSend, inFlight, sendStarted } from '../core.ts';
import type { NodeId } from '../schema.ts';
import { recentTrust } from '../trust/recent.ts';
import { lockDue, startOutgoing, type OutboxRow } from '../store/index.ts';
import { lockPeerState, outgoingOf, savePeerState } from './outgoing.ts';
import { createAnswers, readAnswer, type Sent } from './send-answers.ts';
import { fixTransports } from './transport.ts';
import { systemActor, type DeliveryParts, type Wake } from './types.ts';

export type { Sent } from './send-answers.ts';

export interface Sender {
  /** Sends what is due to one peer, as far as there is room; answers how many were begun. */
  sendTo(peer: NodeId): Promise<number>;
  /** Takes in what a peer answered to a message that reached it another way. */
  takeAnswer(row: OutboxRow, sent: Sent): Promise<void>;
  /** Messages to a peer, each as it is sent; held until answered, or until their lease ends. */
  claim(peer: NodeId): Promise<OutboxRow[]>;
  read(row: OutboxRow, answer: Pick<PeerAnswer, 'status' | 'headers' | 'body'>): Promise<Sent>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

/** Builds the sending side of a node. */
export function createSender(parts: DeliveryParts, ask: Ask, wake: Wake): Sender {
  const { db, clock, log } = parts;
  const under = new Map<string, number>();
  const running = new Set<Promise<void>>();
  const answers = createAnswers(parts, wake);
  const viewOf = recentTrust(db, systemActor, (tx) => parts.trust.loadTrust(tx));

  async function claim(peer: NodeId): Promise<OutboxRow[]> {
    if ((under.get(peer) ?? 0) >= inFlight.perPeer) return [];
    const now = clock.now();
    return withTransaction(
      db,
      systemActor,
      async (tx) => {
        if (!(await parts.witness.gate(tx)).may) return [];
        const before = await lockPeerState(tx, peer);
        let state = before;
        const rows = (await lockDue(tx, peer, now, inFlight.perPeer)).map(outgoingOf);
        const chosen = chooseToSend(rows, new Map([[peer, state]]), under, now);
        if (chosen.length === 0) return [];
        const started = chosen.map((row) => {
          const begun = sendStarted(row, state, now);
          state = begun.peer;
          return begun.row;
        });
        if (state !== before) await savePeerState(tx, state);
        await startOutgoing(
          tx,
          started.map(({ messageId: id, status, attempts, leaseUntil }) => ({ id, status, attempts, leaseUntil })),
        );
        const begun = started.map(({ row, status, attempts, leaseUntil }) => {
          return { ...row, status, attempts, lease_until: leaseUntil };
        });
        await fixTransports(tx, parts, peer, begun, now);
        return begun;
      },
      { retry: true },
    );
  }

  const read: Sender['read'] = (row, answer) => readAnswer(parts, viewOf, row, answer);

  async function deliver(row: OutboxRow): Promise<void> {
    let sent: Sent;
    try {
      const body = row.transport_bytes ?? Buffer.alloc(0);
      const path = '/exchange/v1/messages';
      const answer = await ask(row.peer as NodeId, { method: 'POST', path, body, type: 'application/jose+json' });
      sent = await read(row, answer);
    } catch (error) {
      sent = { what: 'failure', code: failureCode(error) };
    }
    await answers.take(row, sent);
  }

  return {
    claim,
    read,
    takeAnswer: (row, sent) => answers.take(row, sent),
    async sendTo(peer) {
      const rows = await claim(peer);
      for (const row of rows) {
        under.set(peer, (under.get(peer) ?? 0) + 1);
        const work = deliver(row)
          .catch((error: unknown) => {
            // Nothing is lost: the lease ends and the message is tried again.
            const code = error instanceof Unavailable ? error.code : failureCode(error);
            log.error({ event: 'exchange.answer-not-kept', message: row.message_id, code });
          })
          .finally(() => {
            under.set(peer, (under.get(peer) ?? 1) - 1);
            running.delete(work);
            wake.send();
          });
        running.add(work);
      }
      return rows.length;
    },
    async idle() {
      await Promise.all([...running]);
    },
  };
}
