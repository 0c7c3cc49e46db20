import { fail, ok, type Instant, type Result, type Sha256 } from '../../platform/values/index.ts';
import { isJwsSignedBy, type ReadJws, type Signer } from '../../platform/crypto/index.ts';
import {
  isOfMoment,
  peek,
  readPayload,
  readSigned,
  readSignedText,
  sign,
  signed,
  type Signed,
} from './envelope-read.ts';
import {
  Descriptor,
  Event,
  Receipt,
  Refusal,
  refusalCodes,
  type FlatJws,
  type KeyFinding,
  type NodeId,
  type RefusalCode,
  type TrustView,
} from './schema.ts';

/** What this node sent, as an answer must name it. */
export interface Sent {
  messageId: string;
  messageSha256: string;
  transportSha256: string;
  toNode: NodeId;
}

export type ReceiptFields = Omit<Receipt, 'kind' | 'version'>;

export function buildReceipt(signer: Signer, kid: string, fields: ReceiptFields): Promise<Signed<Receipt>> {
  return sign(Receipt, 'receipt', signer, kid, fields, fields.receivedAt);
}

/** Whether a key of the right holder counts at each of some moments and signed; else the code that says what is wrong. */
export function isValidAt(
  find: (at: Instant) => KeyFinding,
  read: ReadJws,
  moments: readonly Instant[],
): RefusalCode | undefined {
  const findings = moments.map(find);
  for (const one of findings) if (one.finding !== 'valid') return 'exchange.key-not-valid';
  const [first] = findings;
  return first?.finding === 'valid' && isJwsSignedBy(read, first.publicKey) ? undefined : 'exchange.signature';
}

/**
 * Verifies a receipt: by the node it was sent to, for exactly what was sent. Anything else is no delivery.
 * @param now the key must count then and at `receivedAt`; null: at `receivedAt` only, for receipts of long ago
 */
export function verifyReceipt(
  text: string | Uint8Array,
  sent: Sent,
  trust: TrustView,
  now: Instant | null,
): Result<Signed<Receipt>, RefusalCode> {
  const read = readSignedText('receipt', text);
  if (!read.ok) return read;
  const receipt = readPayload(Receipt, read.value.payload);
  if (!receipt.ok) return receipt;
  const { receivedAt, receiver, order, expects } = receipt.value;
  const { kid } = read.value.header;
  const moments = now === null ? [receivedAt] : [receivedAt, now];
  const wrong = isValidAt((at) => trust.nodeKey(sent.toNode, kid, 'node-sign', at), read.value, moments);
  if (wrong) return fail(wrong);
  if (!isOfMoment(read.value, receivedAt) || read.value.header.x5c) return fail('exchange.algorithm');
  if (receiver !== sent.toNode || !namesWhatWasSent(receipt.value, sent)) return fail('exchange.wrong-recipient');
  if ((order === 'held') !== (expects !== undefined)) return fail('exchange.schema');
  return ok(signed(receipt.value, read.value, kid));
}

function namesWhatWasSent(
  answer: { messageId: string; messageSha256: string; transportSha256: string },
  sent: Sent,
): boolean {
  return (
    answer.messageId === sent.messageId &&
    answer.messageSha256 === sent.messageSha256 &&
    answer.transportSha256 === sent.transportSha256
  );
}

/** Words of a refusal: made from its code alone, so that nothing the peer sent is repeated to it. */
const details: Record<RefusalCode, string> = {
  'exchange.too-large': 'The body, its header block, the number of parts or a length is over the limit.',
  'exchange.not-canonical': 'The bytes are not the canonical form of what they say.',
  'exchange.schema': 'The object does not have the shape of its kind.',
  'exchange.algorithm': 'Algorithm, type or another member of a signature header is outside the protocol.',
  'exchange.signature': 'A signature does not verify.',
  'exchange.unknown-node': 'There is no entry of the sending node here.',
  'exchange.unknown-authority': 'There is no entry of the sending authority here.',
  'records.equivocation': 'Two records carry one number.',
  'records.gap': 'A record before this one is missing.',
  'exchange.key-not-valid': 'The key does not count for this signer at this time.',
  'exchange.wrong-recipient': 'The message is not for this node.',
  'exchange.not-accepted-from': 'This authority does not take such messages from this sender.',
  'exchange.id-reused': 'Another message with this id was received before.',
  'exchange.sequence-conflict': 'Another message holds this place in the stream.',
  'exchange.chain-broken': 'The message does not follow the one before it in the stream.',
  'exchange.part-mismatch': 'A part is not what the message says.',
  'exchange.manifest-mismatch': 'The sealed manifest is not that of the message.',
  'exchange.clock-skew': 'The message is dated more than five minutes ahead of the clock here.',
  'exchange.expired': 'The message came after its expiry.',
  'exchange.over-quota': 'More came than is agreed.',
  'exchange.not-recording': 'Nothing can be recorded here at present.',
  'exchange.stale-trust': 'What is known here of the sender is too old.',
  'exchange.history-went-back': 'This node was restored and is being brought up to date.',
  'exchange.offset': 'The bytes do not begin where the stored ones end.',
  'exchange.block': 'A block is not what the tree says.',
  'exchange.version': 'This major version is not read here.',
};

/** Seconds to wait before another try, for refusals that do not end a message. */
const waits: Partial<Record<RefusalCode, number>> = {
  'exchange.unknown-node': 3600,
  'exchange.unknown-authority': 3600,
  'records.equivocation': 3600,
  'records.gap': 300,
  'exchange.clock-skew': 300,
  'exchange.over-quota': 10,
  'exchange.not-recording': 60,
  'exchange.stale-trust': 300,
  'exchange.history-went-back': 3600,
};

export interface RefusalFields {
  code: RefusalCode;
  messageId: Refusal['messageId'];
  messageSha256: Sha256 | null;
  transportSha256: Sha256;
  receiver: NodeId;
  at: Instant;
  log: Refusal['log'];
  /** Seconds; instead of the wait that goes with the code. */
  after?: number;
}

/** Signs a no. What may be tried again, and when, follows from the code. */
export function buildRefusal(signer: Signer, kid: string, fields: RefusalFields): Promise<Signed<Refusal>> {
  const { code, after = waits[code], ...rest } = fields;
  const said = { ...rest, code, detail: details[code] };
  const when: Pick<Refusal, 'retry' | 'after'> = refusalCodes[code].final
    ? { retry: 'never' }
    : after === undefined
      ? { retry: 'now' }
      : { retry: 'after', after };
  return sign(Refusal, 'refusal', signer, kid, { ...said, ...when }, fields.at);
}

/**
 * Verifies a refusal of exactly what was sent. Its key must count now: the clock of whoever refuses may be what is wrong.
 */
export function verifyRefusal(
  text: string | Uint8Array,
  sent: Sent,
  trust: TrustView,
  now: Instant,
): Result<Signed<Refusal>, RefusalCode> {
  const read = readSignedText('refusal', text);
  if (!read.ok) return read;
  const { kid, x5c } = read.value.header;
  const wrong = isValidAt((at) => trust.nodeKey(sent.toNode, kid, 'node-sign', at), read.value, [now]);
  if (wrong) return fail(wrong);
  const refusal = readPayload(Refusal, read.value.payload);
  if (!refusal.ok) return refusal;
  const { receiver, messageId, messageSha256, transportSha256, at, code, retry } = refusal.value;
  if (!isOfMoment(read.value, at) || x5c) return fail('exchange.algorithm');
  const fits =
    receiver === sent.toNode &&
    transportSha256 === sent.transportSha256 &&
    (messageId === null || messageId === sent.messageId) &&
    (messageSha256 === null || messageSha256 === sent.messageSha256);
  if (!fits) return fail('exchange.wrong-recipient');
  if ((retry === 'never') !== refusalCodes[code].final) return fail('exchange.schema');
  return ok(signed(refusal.value, read.value, kid));
}

export type EventFields = Omit<Event, 'kind' | 'version'>;

export function buildEvent(signer: Signer, kid: string, fields: EventFields): Promise<Signed<Event>> {
  return sign(Event, 'event', signer, kid, fields, fields.at);
}

/** Verifies an event: by the node that states it, or by the authority it names, which that node must serve. */
export function verifyEvent(jws: unknown, trust: TrustView, now: Instant | null): Result<Signed<Event>, RefusalCode> {
  const read = readSigned('event', jws);
  if (!read.ok) return read;
  const said = peek(read.value.payload);
  const by = Event.shape.by.safeParse(said?.['by']);
  const at = Event.shape.at.safeParse(said?.['at']);
  if (!by.success || !at.success) return fail('exchange.schema');
  const { node, authority } = by.data;
  if (authority !== undefined && trust.nodeOf(authority) !== node) return fail('exchange.unknown-authority');
  const { kid } = read.value.header;
  const find = (moment: Instant) => {
    const own = trust.nodeKey(node, kid, 'node-sign', moment);
    return own.finding === 'unknown' && authority !== undefined ? trust.authorityKey(authority, kid, moment) : own;
  };
  const wrong = isValidAt(find, read.value, now === null ? [at.data] : [at.data, now]);
  if (wrong) return fail(wrong);
  if (!isOfMoment(read.value, at.data)) return fail('exchange.algorithm');
  const event = readPayload(Event, read.value.payload);
  return event.ok ? ok(signed(event.value, read.value, kid)) : event;
}

/** Body of an `event/1` message: what this node states of messages it got from the receiver. */
export interface EventBody extends Record<string, unknown> {
  kind: 'event';
  version: 1;
  events: FlatJws[];
}

export type DescriptorFields = Omit<Descriptor, 'kind' | 'version'>;

export function buildDescriptor(signer: Signer, kid: string, fields: DescriptorFields): Promise<Signed<Descriptor>> {
  return sign(Descriptor, 'descriptor', signer, kid, fields, fields.at);
}

/** Verifies what a node says of itself: by a key of its own entry. */
export function verifyDescriptor(
  text: string | Uint8Array,
  node: NodeId,
  trust: TrustView,
  now: Instant,
): Result<Signed<Descriptor>, RefusalCode> {
  const read = readSignedText('descriptor', text);
  if (!read.ok) return read;
  const { kid } = read.value.header;
  const wrong = isValidAt((at) => trust.nodeKey(node, kid, 'node-sign', at), read.value, [now]);
  if (wrong) return fail(wrong);
  const descriptor = readPayload(Descriptor, read.value.payload);
  if (!descriptor.ok) return descriptor;
  if (!isOfMoment(read.value, descriptor.value.at)) return fail('exchange.algorithm');
  if (descriptor.value.node !== node) return fail('exchange.wrong-recipient');
  return ok(signed(descriptor.value, read.value, kid));
}
