import type { Readable } from 'node:stream';
import type { Instant, PlainDate, Sha256 } from '../values/index.ts';
import type { Tx } from '../db/index.ts';

/** Ids of what is to be sealed and sent; the sender loads contents when it seals. */
export type OutboxPayload = Record<string, string | number | boolean | null>;

export interface OutgoingMessage {
  /** Id of the message: the receiver takes it once. */
  id: string;
  /** What leaves in order: conversation and pair of authorities. */
  stream: string;
  kind: string;
  payload: OutboxPayload;
}

export type MessagePriority = 'routine' | 'urgent' | 'immediate';

/** The law a message rests on; `instrument` is a depositary's number. */
export interface MessageBasis {
  instrument: string;
  article: string;
  on: PlainDate;
}

/** One file that travels with a message. `open` gives the plaintext from its first byte, each time it is called. */
export interface OutgoingFile {
  fileName: string;
  mediaType: string;
  size: number;
  sha256: Sha256;
  /** What the sender's custody record calls it, or null. */
  custodyRef: string | null;
  open(): Promise<Readable>;
}

/** What a module hands over to be sealed: everything but address resolution, order, keys and proof. */
export interface OutgoingContent {
  /** 128 random bits, base64url: tells nothing outside. */
  conversationId: string;
  /** Authority ids of the directory: `XA:central-authority`. */
  from: string;
  to: string;
  inReplyTo: string | null;
  legalBasis: MessageBasis | null;
  tlp: string;
  priority: MessagePriority;
  /** 1 to 8760; thirty days unless told. */
  expiresAfterHours?: number;
  /** Shown to the receiving officials; sealed. */
  subject: string;
  /** Own and other references; sealed. */
  nationalReferences: string[];
  /** The document itself, with its own `kind` and `version`; sent in canonical form. */
  body: Record<string, unknown>;
  files: OutgoingFile[];
}

/** Loads what an outbox row stands for, when it is sealed. Undefined: there is nothing to send any more. */
export type PackMessage = (message: OutgoingMessage) => Promise<OutgoingContent | undefined>;

/** One file of an opened message: plaintext, verified while it is read; a changed byte ends the stream with an error. */
export interface IncomingFile {
  /** `part-002`. */
  part: string;
  fileName: string;
  mediaType: string;
  size: number;
  sha256: Sha256;
  custodyRef: string | null;
  open(): Promise<Readable>;
}

/** A message whose signatures, order and seal were verified, as handlers get it. */
export interface IncomingMessage {
  id: string;
  /** `request/1`. */
  kind: string;
  conversationId: string;
  sequence: number;
  from: string;
  to: string;
  inReplyTo: string | null;
  legalBasis: MessageBasis | null;
  tlp: string;
  priority: MessagePriority;
  signedAt: Instant;
  /** By the clock of this node, as its receipt says. */
  receivedAt: Instant;
  messageSha256: Sha256;
  /** Key of the authority that signed. */
  signedBy: string;
  subject: string;
  nationalReferences: string[];
  body: Record<string, unknown>;
  files: IncomingFile[];
}

/**
 * What a module does with messages of one kind. `prepare` runs outside a transaction and may stream files into sealed
 * storage; `apply` runs in the transaction that records the opening. Both may run again after a fault, so `apply` must
 * take the same message once. Throwing `Invalid` or `Conflict` refuses the message with that code; anything else is tried again.
 */
export interface MessageHandler<P = unknown> {
  prepare?(message: IncomingMessage): Promise<P>;
  apply(tx: Tx, message: IncomingMessage, prepared: P | undefined): Promise<void>;
}

/**
 * What became of a message that this node sent. `held-here`: signed and sealed, not yet at the peer; `delivered`: the
 * receiving node's receipt; `received`: in the reach of the authority; `opened`: an official of it opened the content;
 * `handed-over`: given to its casework; `refused`, `expired`, `recalled`: the end without effect.
 */
export type Outcome =
  'held-here' | 'delivered' | 'received' | 'opened' | 'handed-over' | 'refused' | 'expired' | 'recalled';

export interface MessageOutcome {
  /** Id of the outbox row, which is the id of the message. */
  id: string;
  kind: string;
  conversationId: string;
  outcome: Outcome;
  at: Instant;
  /** Code of a refusal or failure, `exchange.expired`. */
  reason: string | null;
  /** By whom it is stated: node or authority. */
  by: string;
}

/** Told in the transaction that records the proof; the same outcome may come twice. */
export type OutcomeHandler = (tx: Tx, outcome: MessageOutcome) => Promise<void>;

/** What a module offers to whoever carries messages: by kind, `request/1`. Wired together in `app`. */
export interface MessageUses {
  pack: Record<string, PackMessage>;
  handlers: Record<string, MessageHandler>;
  outcomes: Record<string, OutcomeHandler>;
}
