import { canonical, fail, ok, sha256, type Instant, type Result, type Sha256 } from '../../platform/values/index.ts';
import {
  certificateKey,
  flatJwsText,
  isJwsSignedBy,
  isPart,
  prepareJws,
  type FlatJws,
  type JwsAlgorithm,
  type JwsHeader,
  type Signer,
} from '../../platform/crypto/index.ts';
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
  jwsTypes,
  Message,
  NodeId,
  Transport,
  type KeyFinding,
  type MessageId,
  type Part,
  type RefusalCode,
  type TrustView,
  type VerifyingKey,
} from './schema.ts';

export { type Signed } from './envelope-read.ts';
export * from './envelope-answers.ts';
export * from './envelope-parts.ts';

/** Largest body of a request between nodes; larger content travels as blobs. */
export const longestBody = 1_048_576;
/** Sealed parts up to this length together travel inside the transport. */
export const longestInline = 262_144;

const hour = 3_600_000;
const shortestLife = hour;
const longestLife = 365 * 24 * hour;

export type MessageFields = Omit<Message, 'kind' | 'version'>;

/** Rules of a message that its shape alone does not say. */
function isSound(message: Message): boolean {
  const life = Date.parse(message.expiresAt) - Date.parse(message.signedAt);
  const names = message.parts.map((part) => part.name);
  const needsBasis = /^request(-reply)?\//.test(message.subjectKind);
  return (
    life >= shortestLife &&
    life <= longestLife &&
    (message.sequence === 1) === (message.previous === null) &&
    names.every((name, index) => name === partName(index)) &&
    (!needsBasis || message.legalBasis !== null) &&
    message.from !== message.to
  );
}

/** `part-000` is the manifest, `part-001` the body, then files. */
export function partName(index: number): string {
  return `part-${String(index).padStart(3, '0')}`;
}

/** Signs a message with a key of the store, for its authority. Throws on fields that no receiver would take. */
export async function buildMessage(
  signer: Signer,
  kid: string,
  fields: MessageFields,
  certificates?: readonly Uint8Array[],
): Promise<Signed<Message>> {
  const built = await sign(Message, 'message', signer, kid, fields, fields.signedAt, certificates);
  if (!isSound(built.value)) throw new Error('Not a message that may be sent');
  return built;
}

/** Bytes of a message for a signer outside the key store, and the message once it has signed. */
export function prepareMessage(
  key: { kid: string; alg: JwsAlgorithm; certificates?: readonly Uint8Array[] },
  fields: MessageFields,
): { input: Buffer; payloadSha256: Sha256; finish(signature: Uint8Array): Signed<Message> } {
  const value = Message.parse({ ...fields, kind: 'exchange.message', version: 1 });
  if (!isSound(value)) throw new Error('Not a message that may be sent');
  const payload = canonical(value);
  const prepared = prepareJws({ ...key, typ: jwsTypes.message, at: value.signedAt }, payload);
  return {
    input: prepared.input,
    payloadSha256: sha256(payload),
    finish: (signature) =>
      signed(value, { jws: prepared.finish(signature), payload: Buffer.from(payload, 'utf8') }, key.kid),
  };
}

/** Key that counts at each of the moments; undefined otherwise, and then for one reason as for another. */
export function validKey(moments: readonly Instant[], find: (at: Instant) => KeyFinding): VerifyingKey | undefined {
  const findings = moments.map(find);
  const [first] = findings;
  return findings.every((one) => one.finding === 'valid') && first?.finding === 'valid' ? first.publicKey : undefined;
}

/** A certificate in the header is for print: it must be of the key that the directory gives. */
function fitsCertificate(header: JwsHeader, key: VerifyingKey): boolean {
  const [leaf] = header.x5c ?? [];
  if (leaf === undefined) return true;
  const own = certificateKey(leaf);
  const hash = Buffer.from(sha256(Buffer.from(leaf, 'base64')), 'hex').toString('base64url');
  return own !== undefined && 'y' in key && own.x === key.x && own.y === key.y && hash === header['x5t#S256'];
}

/**
 * Verifies the authority's layer.
 * Refuses with `exchange.algorithm`, `.not-canonical`, `.unknown-authority`, `.key-not-valid`, `.signature`, `.version`, `.schema`.
 * @param now the key must count then and at `signedAt`; null: at `signedAt` only, for messages that were received long ago
 */
export function verifyMessage(
  jws: unknown,
  trust: TrustView,
  now: Instant | null,
): Result<Signed<Message>, RefusalCode> {
  const read = readSigned('message', jws);
  if (!read.ok) return read;
  const said = peek(read.value.payload);
  if (!said) return fail('exchange.not-canonical');
  const from = said['from'];
  const at = Message.shape.signedAt.safeParse(said['signedAt']);
  if (typeof from !== 'string' || !at.success) return fail('exchange.schema');
  if (!trust.knowsAuthority(from, at.data)) return fail('exchange.unknown-authority');
  const moments = now === null ? [at.data] : [at.data, now];
  const { header } = read.value;
  const key = validKey(moments, (moment) => trust.authorityKey(from, header.kid, moment));
  if (!key) return fail('exchange.key-not-valid');
  if (!isJwsSignedBy(read.value, key)) return fail('exchange.signature');
  if (!isOfMoment(read.value, at.data) || !fitsCertificate(header, key)) return fail('exchange.algorithm');
  const message = readPayload(Message, read.value.payload);
  if (!message.ok) return message;
  if (!isSound(message.value)) return fail('exchange.schema');
  return ok(signed(message.value, read.value, header.kid));
}

export interface TransportFields extends Omit<Transport, 'kind' | 'version' | 'message' | 'inline'> {
  message: FlatJws;
  /** Sealed parts that travel inside. */
  inline: ReadonlyMap<string, Uint8Array>;
}

/** Wraps a message for one peer, signed by this node. Its text is what every attempt sends, byte for byte. */
export async function buildTransport(signer: Signer, kid: string, fields: TransportFields): Promise<Signed<Transport>> {
  const inline = Object.fromEntries(
    [...fields.inline].map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64url')]),
  );
  const built = await sign(Transport, 'transport', signer, kid, { ...fields, inline }, fields.sentAt);
  if (built.text.length > longestBody) throw new Error('A transport is longer than a body may be');
  return built;
}

/** A transport whose two signatures hold, addressed to this node. Order, clocks and parts are still to be looked at. */
export interface Arrival {
  transport: Signed<Transport>;
  message: Signed<Message>;
  /** Of the body, as it came. */
  transportSha256: Sha256;
  /** Inline parts that are what the message says. */
  inline: ReadonlyMap<string, Buffer>;
  /** Inline bytes that are not: `exchange.part-mismatch`. */
  hasWrongPart: boolean;
}

/** Why a body is not taken, and how far it could be read: what a refusal may name. */
export interface TransportFault {
  code: RefusalCode;
  messageId: MessageId | null;
  messageSha256: Sha256 | null;
  transportSha256: Sha256;
  /** The node's signature holds: its refusal is kept and given again. */
  fromNode: NodeId | null;
}

export interface TransportFacts {
  trust: TrustView;
  now: Instant;
  ownNode: NodeId;
  /** Node whose TLS key the connection has; absent for a body that came another way. */
  tlsNode?: NodeId;
}

/** Verifies both layers of what another node posted. Pure: everything it asks was loaded before. */
export function verifyTransport(body: Uint8Array, facts: TransportFacts): Result<Arrival, TransportFault> {
  const { trust, now, ownNode, tlsNode } = facts;
  const transportSha256 = sha256(body);
  const fault: TransportFault = {
    code: 'exchange.schema',
    messageId: null,
    messageSha256: null,
    transportSha256,
    fromNode: null,
  };
  const refuse = (code: RefusalCode) => fail({ ...fault, code });

  if (body.length > longestBody) return refuse('exchange.too-large');
  const read = readSignedText('transport', body);
  if (!read.ok) return refuse(read.error);
  const said = peek(read.value.payload);
  if (!said) return refuse('exchange.not-canonical');
  const from = NodeId.safeParse(said['fromNode']);
  const sentAt = Transport.shape.sentAt.safeParse(said['sentAt']);
  if (!from.success || !sentAt.success) return refuse('exchange.schema');
  const fromNode = from.data;
  if (!trust.node(fromNode)) return refuse('exchange.unknown-node');
  if (tlsNode !== undefined && tlsNode !== fromNode) return refuse('exchange.key-not-valid');
  const { header } = read.value;
  const key = validKey([sentAt.data, now], (at) => trust.nodeKey(fromNode, header.kid, 'node-sign', at));
  if (!key) return refuse('exchange.key-not-valid');
  if (!isJwsSignedBy(read.value, key)) return refuse('exchange.signature');
  fault.fromNode = fromNode;
  if (!isOfMoment(read.value, sentAt.data) || header.x5c) return refuse('exchange.algorithm');
  const transport = readPayload(Transport, read.value.payload);
  if (!transport.ok) return refuse(transport.error);
  if (transport.value.toNode !== ownNode) return refuse('exchange.wrong-recipient');

  const message = verifyMessage(transport.value.message, trust, now);
  if (!message.ok) return refuse(message.error);
  fault.messageId = message.value.value.id;
  fault.messageSha256 = message.value.payloadSha256;
  const { from: sender, to, parts } = message.value.value;
  if (trust.nodeOf(to) !== ownNode) return refuse('exchange.wrong-recipient');
  // Whoever received a message cannot hand it on as its carrier: each authority speaks through its own node.
  if (trust.nodeOf(sender) !== fromNode) return refuse('exchange.not-accepted-from');
  const inline = new Map<string, Buffer>();
  let hasWrongPart = false;
  for (const [name, text] of Object.entries(transport.value.inline)) {
    const bytes = Buffer.from(text, 'base64url');
    const part = parts.find((one) => one.name === name);
    if (part && bytes.toString('base64url') === text && checkPart(part, bytes)) inline.set(name, bytes);
    else hasWrongPart = true;
  }
  return ok({
    transport: signed(transport.value, read.value, header.kid),
    message: message.value,
    transportSha256,
    inline,
    hasWrongPart,
  });
}

/** Whether bytes are the part that the message names: length, header and every block. */
export function checkPart(part: Part, bytes: Uint8Array): boolean {
  return isPart(part, bytes);
}

/** The message's text, as proof packs and reconcile hold it. */
export function messageText(jws: FlatJws): string {
  return flatJwsText(jws);
}
