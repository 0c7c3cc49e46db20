import { z } from 'zod';
import type { JWK } from 'jose';
import { canonical, sha256, StateCode, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import type { KeyUse, NodeEntry, NodeId } from '../schema.ts';

/** Whose feed: a State's code, or the node of an owner that speaks for no State. */
export const FeedOwner = z.union([StateCode, z.string().regex(/^[a-z0-9-]{1,40}$/)]);
export const FeedName = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/);

export const RootKey = z.strictObject({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string().max(60),
  y: z.string().max(60),
});

/** What an owner hands to others, by another way than the network: whose root key this is. */
export const RootCard = z.strictObject({
  kind: z.literal('root-card'),
  version: z.literal(1),
  owner: FeedOwner,
  key: RootKey,
});
export type RootCard = z.infer<typeof RootCard>;

/** SHA-256 over owner and key together: the same key said to be another's has another fingerprint. */
export function fingerprintOf(card: Pick<RootCard, 'owner' | 'key'>): Sha256 {
  const { kty, crv, x, y } = card.key;
  return sha256(canonical({ owner: card.owner, key: { kty, crv, x, y } }));
}

/** Other ways than the network by which a fingerprint is given. */
export const channels = ['in-person', 'video', 'phone', 'diplomatic-note', 'courier'] as const;
export const Channel = z.enum(channels);
export type Channel = z.infer<typeof Channel>;

/** What this node is, from its settings. */
export interface OwnNode {
  node: NodeId;
  /** Of its feeds: the State's code, or the node itself. */
  owner: string;
  /** Null for a node that speaks for no State. */
  state: StateCode | null;
  /** Directory entries served here; the first is the node's own authority. */
  authorities: readonly string[];
  endpoints: readonly string[];
  /** SHA-256 of the SPKI of its TLS keys. */
  tlsKids: readonly string[];
  logOrigin: string;
  /** Key that signs its log, when the log has one. */
  logKey?: { kid: string; publicKey: JWK };
}

export interface TrustRoot {
  owner: string;
  kid: string;
  publicKey: JWK;
  fingerprint: Sha256;
  own: boolean;
  status: 'proposed' | 'confirmed' | 'refused' | 'ended';
  channel: Channel | null;
  saidOn: string | null;
  saidBy: string | null;
  proposedBy: string;
  proposedAt: Instant;
  confirmedBy: string | null;
  confirmedAt: Instant | null;
  failed: number;
}

/** One key of anybody, as far as trust goes. `[from, until)`. */
export interface HeldKey {
  kid: string;
  use: KeyUse;
  /** Node or authority. */
  holder: string;
  owner: string;
  publicKey: JWK | null;
  from: Instant;
  until: Instant | null;
  /** When it was first said: of two holders of one key the first keeps it. */
  since: Instant;
}

export interface OwnKeyRow {
  kid: string;
  use: KeyUse;
  holder: string;
  publicKey: JWK | null;
  validFrom: Instant;
  validUntil: Instant | null;
  revokedAt: Instant | null;
  madeAt: Instant;
}

export interface HeldNode {
  entry: NodeEntry;
  owner: string;
  /** Not signed by its State: confirmed here by two persons. */
  override: boolean;
}

/** Where the copy of one feed stands. */
export interface FeedState {
  owner: string;
  feed: string;
  seq: number;
  hash: string | null;
  frozenAt: Instant | null;
  frozenAfter: number | null;
  gapFrom: number | null;
  checkedAt: Instant | null;
  checkedWith: string | null;
  triedAt: Instant | null;
  lastCode: string | null;
  toldAt: Instant | null;
  /** A first person asks to let the own feed go on. */
  resumeProposedAt: Instant | null;
  resumeProposedBy: string | null;
}

export interface TrustChange {
  id: string;
  owner: string;
  subject: string;
  kind: 'node-entry';
  jws: string;
  contentSha256: Sha256;
  code: string;
  receivedFrom: string | null;
  receivedAt: Instant;
  status: 'held' | 'proposed' | 'confirmed' | 'refused';
  channel: Channel | null;
  saidOn: string | null;
  proposedBy: string | null;
  proposedAt: Instant | null;
  decidedBy: string | null;
  decidedAt: Instant | null;
}
