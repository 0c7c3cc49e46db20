import { withTransaction } from '../../../platform/db/index.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { mayKnock } from '../rules/index.ts';
import type { NodeId } from '../schema.ts';
import { hearPeer, listUnreached, makeDue } from '../store/index.ts';
import { isCollecting, systemActor, type DeliveryParts, type Wake } from './types.ts';

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;
type Parts = Pick<DeliveryParts, 'db' | 'clock' | 'log' | 'trust'>;

/** However often a peer speaks, it is noted this often, in milliseconds. */
const noteEvery = 5_000;

/** Finds out that a peer is there again: it speaks, or it opens when somebody knocks. What waits for it goes at once. */
export interface Hearing {
  /** A peer proved who it is by its TLS key. */
  heard(peer: NodeId): Promise<void>;
  /** Asks peers that were not reached whether they are there; answers how many were asked. */
  knock(): Promise<number>;
}

export function createHearing({ db, clock, log, trust }: Parts, ask: Ask, wake: Pick<Wake, 'send'>): Hearing {
  /** Enrolled nodes only: as many as there are in the directory. */
  const noted = new Map<NodeId, number>();
  /** Of peers that still are not reached: when one of them opened last. */
  let opened = new Map<NodeId, Instant>();

  async function note(peer: NodeId): Promise<void> {
    const now = clock.now();
    const isAwaited = await withTransaction(db, systemActor, async (tx) => {
      const waited = await hearPeer(tx, peer, now);
      if (waited) await makeDue(tx, peer, now);
      return waited;
    });
    if (isAwaited) wake.send();
  }

  async function knockAt(peer: NodeId): Promise<void> {
    try {
      await ask(peer, { method: 'GET', path: '/.well-known/comity-node', timeoutMs: 5_000 });
      opened.set(peer, clock.now());
      await note(peer);
    } catch (error) {
      log.debug({ event: 'exchange.not-there-yet', peer, code: failureCode(error) });
    }
  }

  return {
    async heard(peer) {
      const at = Date.parse(clock.now());
      if (Math.abs(at - (noted.get(peer) ?? -Infinity)) < noteEvery) return;
      noted.set(peer, at);
      await note(peer).catch((error: unknown) => {
        log.warn({ event: 'exchange.not-noted', peer, code: failureCode(error) });
      });
    },
    async knock() {
      const now = clock.now();
      const peers = await withTransaction(db, systemActor, async (tx) => {
        const found = await listUnreached(tx);
        const view = found.length > 0 ? await trust.loadTrust(tx) : undefined;
        return found.filter((peer) => view?.node(peer) !== undefined && !isCollecting(view, peer));
      });
      opened = new Map([...opened].filter(([peer]) => peers.includes(peer)));
      const due = peers.filter((peer) => mayKnock(opened.get(peer) ?? null, now));
      await Promise.all(due.map(knockAt));
      return due.length;
    },
  };
}
