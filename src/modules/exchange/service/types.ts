import type { Clock } from '../../../platform/clock.ts';
import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { Db, Tx } from '../../../platform/db/index.ts';
import type { Log } from '../../../platform/log.ts';
import type { MessageUses } from '../../../platform/outbox/index.ts';
import type { Random } from '../../../platform/random.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { PartFolder } from '../parts.ts';
import type { WitnessPart } from '../../audit/index.ts';
import { Consistency, type NodeId, type TrustView } from '../schema.ts';

/** Whose keys sign and open for an authority of this node. */
export interface AuthorityKeys {
  sign: { kid: string };
  seal: { kid: string };
}

/** What delivery asks of trust. */
export interface DeliveryTrust {
  loadTrust(tx: Tx): Promise<TrustView>;
  ownKeys(tx: Tx): Promise<SigningKeys>;
}

/** The node's own keys as they are to be used now. */
export interface SigningKeys {
  nodeSign: { kid: string };
  authorities: ReadonlyMap<string, AuthorityKeys>;
}

/** What travels with each transport and receipt, in the shape in which it crosses the border. */
export function toWire({ checkpoint, consistency, cosignature }: WitnessPart) {
  return { checkpoint, cosignature, consistency: consistency === null ? null : Consistency.parse(consistency) };
}

/** What delivery asks of the log and its witnesses. */
export interface DeliveryWitness {
  /** Takes in what a peer sent along. Never fails for what it says. */
  take(tx: Tx, trust: TrustView, peer: NodeId, part: WitnessPart, at: Instant): Promise<void>;
  /** What goes along to a peer; call it last in a transaction, since it may sign the newest state of the log. */
  give(tx: Tx, trust: TrustView, peer: NodeId, at: Instant): Promise<WitnessPart>;
  /** Whether this node may promise and send: not while lost history is being recovered. */
  gate(tx: Tx): Promise<{ may: boolean }>;
}

/** What delivery is built of. One per node. */
export interface DeliveryParts {
  db: Db;
  clock: Clock;
  random: Random;
  log: Log;
  keys: KeyStore;
  trust: DeliveryTrust;
  witness: DeliveryWitness;
  /** Whether what modules want to send may leave now; always unless told. What is signed already goes on. */
  mayRelease?: (tx: Tx) => Promise<boolean>;
  node: NodeId;
  uses: MessageUses;
  folder: PartFolder;
  /** Whether a commit is on the disk when it returns: what receipts promise. */
  durable: boolean;
  profile: 'demo' | 'training' | 'production';
  limits: {
    /** Messages a second from one peer for long; ten times as many at once. */
    perSecond: number;
    /** Bytes that unfinished messages of one peer may take. */
    stagedBytes: number;
  };
  /** Asks a peer once for news of its State, now; false when it was asked just before or does not answer. */
  refresh?(peer: NodeId): Promise<boolean>;
  /** Compares with a peer what passed between the two, because something of it is missing here. */
  askMissing?(peer: NodeId): Promise<void>;
  /** Whether a State and an instrument are agreed for an authority of this node. */
  accepts?(message: { from: string; to: string; instrument: string | null }): boolean;
}

/** What wakes the worker when a transaction has made work for it. */
export interface Wake {
  pack(): void;
  send(): void;
  open(): void;
  tell(): void;
}

/** Whether a peer has no address: nothing can be brought to it, it collects what waits for it. */
export function isCollecting(trust: TrustView, peer: string): boolean {
  return trust.node(peer)?.entry.endpoints.length === 0;
}

export const systemActor = 'system:exchange';

/** A moment so many milliseconds after another. */
export { later } from '../../../platform/jobs/index.ts';
export type { Instant };
