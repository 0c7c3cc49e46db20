import { z } from 'zod';
import { Handling, Instant, PlainDate, Sha256, StateCode } from '../../platform/values/index.ts';

const kid = z.string().regex(/^[A-Za-z0-9_-]{16,100}$/);
const base64url = z.string().regex(/^[A-Za-z0-9_-]*$/);
const whole = z.int().min(0);

/** A node's own name, `alba`, as directory entries write it. */
export const NodeId = z.string().regex(/^[a-z0-9-]{1,40}$/, 'exchange.bad-node-id');
export type NodeId = z.infer<typeof NodeId>;

/** An entry of the directory: `XA:central-authority`. */
export const AuthorityRef = z.string().regex(/^[A-Z]{2,3}:[a-z0-9][a-z0-9-]{0,80}$/, 'exchange.bad-authority');
export type AuthorityRef = z.infer<typeof AuthorityRef>;

export const MessageId = z.uuid({ version: 'v7' }).brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

/** 128 random bits, so that it tells nothing outside. */
export const ConversationId = z.string().regex(/^[A-Za-z0-9_-]{22}$/);

/** JWS in flattened JSON serialisation, one signature; no unprotected header. */
export const FlatJws = z.strictObject({ payload: base64url, protected: base64url, signature: base64url });
export type FlatJws = z.infer<typeof FlatJws>;

export const Priority = z.enum(['routine', 'urgent', 'immediate']);
export type Priority = z.infer<typeof Priority>;

/** One sealed file; lengths and hashes are of ciphertext. Names and types stand in the manifest, inside the seal. */
export const Part = z.strictObject({
  name: z.string().regex(/^part-\d{3}$/),
  mediaType: z.literal('application/age'),
  length: z.int().min(1),
  headerSha256: Sha256,
  /** Root of an RFC 6962 tree over blocks of 1 MiB of what follows the age header. */
  payloadRoot: Sha256,
});
export type Part = z.infer<typeof Part>;

/**
 * What the sending authority signs.
 * `sequence` counts from 1 per stream, `previous` is the SHA-256 of the payload bytes before it in the stream.
 */
export const Message = z.strictObject({
  kind: z.literal('exchange.message'),
  version: z.literal(1),
  id: MessageId,
  subjectKind: z.string().regex(/^[a-z][a-z0-9-]{0,60}\/[1-9]\d{0,3}$/),
  from: AuthorityRef,
  to: AuthorityRef,
  conversationId: ConversationId,
  sequence: z.int().min(1),
  previous: Sha256.nullable(),
  inReplyTo: MessageId.nullable(),
  legalBasis: z.strictObject({ instrument: z.string().max(40), article: z.string().max(60), on: PlainDate }).nullable(),
  tlp: Handling.shape.tlp,
  priority: Priority,
  signedAt: Instant,
  expiresAt: Instant,
  mode: z.enum(['basic', 'consented']),
  parts: z.array(Part).min(1).max(200),
});
export type Message = z.infer<typeof Message>;

/** Newest checkpoint of the sender's log: a C2SP signed note as text. */
export const Checkpoint = z.string().max(4000);

/** Proof that a log only grew: from the size that the other side last cosigned to the size of the checkpoint. */
export const Consistency = z.strictObject({
  from: z.int().min(1),
  to: z.int().min(1),
  hashes: z.array(Sha256).max(64),
});
export type Consistency = z.infer<typeof Consistency>;

/** The wrapper that the sending node signs. `sentAt` is fixed on the first attempt, so that a retry is the same bytes. */
export const Transport = z.strictObject({
  kind: z.literal('exchange.transport'),
  version: z.literal(1),
  message: FlatJws,
  fromNode: NodeId,
  toNode: NodeId,
  sentAt: Instant,
  checkpoint: Checkpoint.nullable(),
  consistency: Consistency.nullable(),
  /** Cosignature of the other side's newest checkpoint that this node has seen. */
  cosignature: z.string().max(4000).nullable(),
  /** Parts up to 256 KiB together, base64url; the others are blobs. */
  inline: z.record(z.string().regex(/^part-\d{3}$/), base64url),
});
export type Transport = z.infer<typeof Transport>;

export const LogPlace = z.strictObject({ origin: z.string().max(200), index: whole, leafHash: Sha256 });
export type LogPlace = z.infer<typeof LogPlace>;

/** What a node promises once the message is flushed to its disk. */
export const Receipt = z.strictObject({
  kind: z.literal('exchange.receipt'),
  version: z.literal(1),
  messageId: MessageId,
  messageSha256: Sha256,
  transportSha256: Sha256,
  receivedAt: Instant,
  receiver: NodeId,
  order: z.enum(['applied', 'held']),
  /** With `held`: the sequence that is missing. */
  expects: z.int().min(1).optional(),
  log: LogPlace,
  durability: z.enum(['flushed', 'none']),
  checkpoint: Checkpoint.nullable(),
  consistency: Consistency.nullable(),
  cosignature: z.string().max(4000).nullable(),
});
export type Receipt = z.infer<typeof Receipt>;

/** Codes a node may refuse with: HTTP status, and whether the refusal ends the message. */
export const refusalCodes = {
  'exchange.too-large': { status: 413, final: true },
  'exchange.not-canonical': { status: 400, final: true },
  'exchange.schema': { status: 422, final: true },
  'exchange.algorithm': { status: 400, final: true },
  'exchange.signature': { status: 401, final: true },
  'exchange.unknown-node': { status: 403, final: false },
  'exchange.unknown-authority': { status: 403, final: false },
  'records.equivocation': { status: 409, final: false },
  'records.gap': { status: 409, final: false },
  'exchange.key-not-valid': { status: 403, final: true },
  'exchange.wrong-recipient': { status: 421, final: true },
  'exchange.not-accepted-from': { status: 403, final: true },
  'exchange.id-reused': { status: 409, final: true },
  'exchange.sequence-conflict': { status: 409, final: true },
  'exchange.chain-broken': { status: 409, final: true },
  'exchange.part-mismatch': { status: 422, final: true },
  'exchange.manifest-mismatch': { status: 422, final: true },
  'exchange.clock-skew': { status: 400, final: false },
  'exchange.expired': { status: 410, final: true },
  'exchange.over-quota': { status: 429, final: false },
  'exchange.not-recording': { status: 503, final: false },
  'exchange.stale-trust': { status: 503, final: false },
  'exchange.history-went-back': { status: 503, final: false },
  'exchange.offset': { status: 409, final: false },
  'exchange.block': { status: 422, final: false },
  'exchange.version': { status: 400, final: true },
} as const satisfies Record<string, { status: number; final: boolean }>;
export type RefusalCode = keyof typeof refusalCodes;
export const RefusalCode = z.enum(Object.keys(refusalCodes) as [RefusalCode, ...RefusalCode[]]);

/** A signed no. `detail` is made from the code only; it repeats nothing that the peer sent. */
export const Refusal = z.strictObject({
  kind: z.literal('exchange.refusal'),
  version: z.literal(1),
  messageId: MessageId.nullable(),
  messageSha256: Sha256.nullable(),
  /** Hash of the body that was refused, so that the answer fits one question. */
  transportSha256: Sha256,
  receiver: NodeId,
  code: RefusalCode,
  detail: z.string().max(500),
  at: Instant,
  retry: z.enum(['never', 'after', 'now']),
  /** Seconds, with `after`. */
  after: z.int().min(0).max(86_400).optional(),
  log: LogPlace.nullable(),
});
export type Refusal = z.infer<typeof Refusal>;

/** The 22 events of a registered delivery. @source ETSI EN 319 522-3 */
export const eventTypes = [
  'SubmissionAcceptance',
  'SubmissionRejection',
  'RelayAcceptance',
  'RelayRejection',
  'RelayFailure',
  'NotificationForAcceptance',
  'NotificationForAcceptanceFailure',
  'ConsignmentAcceptance',
  'ConsignmentRejection',
  'AcceptanceRejectionExpiry',
  'ContentConsignment',
  'ContentConsignmentFailure',
  'ConsignmentNotification',
  'ConsignmentNotificationFailure',
  'NotificationDelivered',
  'NotificationAccessTracking',
  'ContentAccessTracking',
  'ContentHandover',
  'ContentHandoverFailure',
  'RelayToNonERDS',
  'RelayToNonERDSFailure',
  'ReceivedFromNonERDS',
] as const;
export const EventType = z.enum(eventTypes);
export type EventType = z.infer<typeof EventType>;

/** Something that happened to a message, signed by whoever states it. Roles cross the border, names never. */
export const Event = z.strictObject({
  kind: z.literal('exchange.event'),
  version: z.literal(1),
  eventId: z.uuid({ version: 'v7' }),
  type: EventType,
  messageId: MessageId,
  messageSha256: Sha256,
  at: Instant,
  by: z.strictObject({ node: NodeId, authority: AuthorityRef.optional(), role: z.string().max(60).optional() }),
  /** A code: `exchange.expired`, `no-receipt-by-expiry`, `gap-not-filled`. */
  reason: z.string().max(200).optional(),
  /** SHA-256 of the event payload before it for this message, by the same node. */
  previousEvent: Sha256.nullable(),
});
export type Event = z.infer<typeof Event>;

export const ManifestPart = z.strictObject({
  name: z.string().regex(/^part-\d{3}$/),
  fileName: z.string().min(1).max(500),
  mediaType: z.string().min(1).max(200),
  plainLength: whole,
  plainSha256: Sha256,
  custodyRef: z.string().max(200).nullable(),
});
export type ManifestPart = z.infer<typeof ManifestPart>;

/** Part 0, inside the seal: what the other parts are. The receiver compares it with the signed message field by field. */
export const Manifest = z.strictObject({
  kind: z.literal('exchange.manifest'),
  version: z.literal(1),
  messageId: MessageId,
  conversationId: ConversationId,
  from: AuthorityRef,
  to: AuthorityRef,
  subject: z.string().max(1000),
  nationalReferences: z.array(z.string().max(100)).max(20),
  parts: z.array(ManifestPart).max(199),
  /** Blanks that fill the plaintext to the next of 4, 16, 64, 256 KiB. */
  padding: z.string(),
});
export type Manifest = z.infer<typeof Manifest>;

export const BlobAnnouncement = z.strictObject({
  blobId: z.string().regex(/^[A-Za-z0-9_-]{22,64}$/),
  messageId: MessageId,
  part: z.string().regex(/^part-\d{3}$/),
  length: z.int().min(1),
  payloadRoot: Sha256,
  headerSha256: Sha256,
});
export type BlobAnnouncement = z.infer<typeof BlobAnnouncement>;

const P256 = z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: base64url, y: base64url });
const Ed25519 = z.strictObject({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: base64url });
export const VerifyingKey = z.union([P256, Ed25519]);
export type VerifyingKey = z.infer<typeof VerifyingKey>;

export const nodeKeyUses = ['tls', 'node-sign', 'log'] as const;
export const keyUses = [...nodeKeyUses, 'authority-sign', 'authority-seal'] as const;
export type KeyUse = (typeof keyUses)[number];
/** What may be taken back: keys in use, and a delegate that signs records. */
export const revocableUses = [...keyUses, 'delegate'] as const;
export type RevocableUse = (typeof revocableUses)[number];

/** One key of a node and when it may be used: `[validFrom, validUntil)`. For `tls` the kid is the SHA-256 of the SPKI. */
export const NodeKey = z.strictObject({
  use: z.enum(nodeKeyUses),
  kid,
  publicKey: VerifyingKey.nullable(),
  validFrom: Instant,
  validUntil: Instant.nullable(),
});
export type NodeKey = z.infer<typeof NodeKey>;

/** Body of a `node-entry/1` record: where a node is reached and with which keys it speaks. */
export const NodeEntry = z.strictObject({
  node: NodeId,
  /** Null for a node that speaks for no State, such as a secretariat's. */
  state: StateCode.nullable(),
  /** `https://…`, the best first; none for a node that only pulls. */
  endpoints: z.array(z.url({ protocol: /^https$/ })).max(10),
  keys: z.array(NodeKey).min(1).max(40),
  /** Instruments under which requests are taken through this node; empty: any. */
  instruments: z.array(z.string().max(40)).max(200),
  suites: z.array(z.enum(['age-x25519/1'])).min(1),
  logOrigin: z.string().max(200),
});
export type NodeEntry = z.infer<typeof NodeEntry>;

/** Body of a `key-revocation/1` record: from `since` on nothing that the key signed counts. */
export const KeyRevocation = z.strictObject({
  key: kid,
  use: z.enum(revocableUses),
  since: Instant,
  reason: z.enum(['compromised', 'lost', 'superseded', 'ceased']),
});
export type KeyRevocation = z.infer<typeof KeyRevocation>;

/** What a node says of itself at `/.well-known/comity-node`, signed by its node key. */
export const Descriptor = z.strictObject({
  kind: z.literal('exchange.descriptor'),
  version: z.literal(1),
  node: NodeId,
  state: StateCode.nullable(),
  endpoints: z.array(z.string().max(500)).max(10),
  keys: z.array(kid).max(40),
  /** Newest `seq` per feed that this node owns. */
  feedHeads: z.record(z.string(), whole),
  protocols: z.array(z.string().max(40)).min(1),
  suites: z.array(z.string().max(40)).min(1),
  /** Kinds of messages that this node understands. */
  kinds: z.array(z.string().max(80)).max(200),
  limits: z.strictObject({ body: z.int(), blob: z.int(), rate: z.int() }),
  logOrigin: z.string().max(200),
  software: z.strictObject({ name: z.string().max(80), version: z.string().max(40) }),
  at: Instant,
});
export type Descriptor = z.infer<typeof Descriptor>;

/** `typ` of each signed object: one never passes as another. */
export const jwsTypes = {
  message: 'comity-message+jws',
  transport: 'comity-transport+jws',
  receipt: 'comity-receipt+jws',
  refusal: 'comity-refusal+jws',
  event: 'comity-event+jws',
  descriptor: 'comity-descriptor+jws',
  reconcile: 'comity-reconcile+jws',
} as const;
export type SignedThing = keyof typeof jwsTypes;

/** Where a stream stands: messages of one conversation from one authority to another. */
export type StreamId = string & { readonly stream: unique symbol };
export function streamOf(message: { conversationId: string; from: string; to: string }): StreamId {
  return `${message.conversationId} ${message.from} ${message.to}` as StreamId;
}

/** What is known of a key at a moment. Only `valid` may be used; an unknown and a revoked key answer alike outside. */
export type KeyFinding =
  | { finding: 'valid'; publicKey: VerifyingKey }
  | { finding: 'unknown' | 'revoked' | 'expired' | 'not-yet' | 'wrong-use' };

/** Everything that verifying asks of directory and node entries, loaded before: pure to ask. */
export interface TrustView {
  /** Node that serves an authority, or undefined when the directory does not know one. */
  nodeOf(authority: string): NodeId | undefined;
  node(id: string): { entry: NodeEntry; owner: string } | undefined;
  /** Node whose entry holds this SHA-256 of a TLS key's SPKI, valid at the moment. */
  nodeByTlsKey(spkiSha256: string, at: Instant): NodeId | undefined;
  nodeKey(node: string, kid: string, use: 'node-sign' | 'log', at: Instant): KeyFinding;
  authorityKey(authority: string, kid: string, at: Instant): KeyFinding;
  /** Age recipients (`age1…`) of an authority, valid at the moment. */
  sealingKeys(authority: string, at: Instant): readonly { kid: string; recipient: string }[];
  knowsAuthority(authority: string, at: Instant): boolean;
  /** When directory and revocations of the owner were last seen up to date; null for never. */
  freshAt(owner: string): Instant | null;
}
