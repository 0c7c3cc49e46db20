import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import {
  takeWitnessPart,
  witnessPart,
  type LogPeer,
  type Witness,
  type WitnessFinding,
  type WitnessPart,
} from '../../audit/index.ts';
import type { TrustView } from '../schema.ts';
import { enterRecovery, sendingState } from './recover.ts';
import type { DeliveryWitness } from './types.ts';

export const silent: WitnessPart = { checkpoint: null, consistency: null, cosignature: null };

/** A peer's log as its State published it: origin, and the keys that count at this moment. */
export function logPeerOf(trust: TrustView, node: string, at: Instant): LogPeer | undefined {
  const entry = trust.node(node)?.entry;
  if (!entry) return undefined;
  const keys = entry.keys.flatMap(({ use, kid }) => {
    const found = use === 'log' ? trust.nodeKey(node, kid, 'log', at) : undefined;
    return found?.finding === 'valid' ? [{ name: entry.logOrigin, publicKey: found.publicKey }] : [];
  });
  return { node, origin: entry.logOrigin, keys };
}

/** The exchange of checkpoints and cosignatures that rides on ordinary traffic. */
export interface Watch {
  /**
   * What to send along to a peer; at most once in a while, else nothing. Signs the log as it stands in this transaction:
   * call after its last append. `always` for what may not go without.
   */
  part(tx: Tx, trust: TrustView, peer: string, options?: { always?: boolean }): Promise<WitnessPart>;
  /** Takes what a peer sent along. Never fails for a bad part: what is found is recorded, and the message goes on. */
  take(tx: Tx, trust: TrustView, peer: string, part: WitnessPart): Promise<WitnessFinding[]>;
}

/** @param everyMs shortest time between two parts to one peer; a second unless told */
export function createWatch(own: Witness, everyMs = 1000): Watch {
  const lastTo = new Map<string, number>();
  /** Peers whose newest state was taken and not yet cosigned to them: they wait a quarter of the time. */
  const owed = new Set<string>();
  return {
    async part(tx, trust, peer, { always = false } = {}) {
      const now = own.clock.now();
      const millis = Date.parse(now);
      const since = Math.abs(millis - (lastTo.get(peer) ?? -Infinity));
      const known = logPeerOf(trust, peer, now);
      if (!known || (!always && since < (owed.has(peer) ? everyMs / 4 : everyMs))) return silent;
      // A log that lost entries would sign another state for a size that was signed before.
      if (!(await sendingState(tx)).may) return silent;
      lastTo.set(peer, millis);
      owed.delete(peer);
      return witnessPart(own, tx, known);
    },
    async take(tx, trust, peer, part) {
      const known = logPeerOf(trust, peer, own.clock.now());
      if (!known || (part.checkpoint === null && part.cosignature === null)) return [];
      const findings = await takeWitnessPart(own, tx, known, part);
      if (findings.some((one) => one.finding === 'taken')) owed.add(peer);
      for (const one of findings)
        if (one.finding === 'history-went-back') await enterRecovery(own, tx, one.history, peer);
      return findings;
    },
  };
}

/** What delivery calls of the log and its witnesses. */
export function deliveryWitness(watch: Watch): DeliveryWitness {
  return {
    take: async (tx, trust, peer, part) => void (await watch.take(tx, trust, peer, part)),
    give: async (tx, trust, peer) =>
      (await watch.part(tx, trust, peer)) as Awaited<ReturnType<DeliveryWitness['give']>>,
    gate: (tx) => sendingState(tx),
  };
}
