import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { sha256, type Instant } from '../../../platform/values/index.ts';
import { recordDenied } from '../../audit/index.ts';
import { buildRefusal, type Signed, type TransportFault } from '../envelope.ts';
import { refusalCodes, type LogPlace, type NodeId, type Refusal, type RefusalCode } from '../schema.ts';
import type { PeerReply } from '../server.ts';
import { insertRefusal, lockPeer, updatePeer } from '../store/index.ts';
import type { DeliveryParts, SigningKeys } from './types.ts';

const jose = 'application/jose+json';

export function toReply(text: string | Buffer, refusal?: Pick<Refusal, 'code' | 'after'>): PeerReply {
  const body = Buffer.isBuffer(text) ? text : Buffer.from(text, 'utf8');
  if (!refusal) return { status: 200, type: jose, body };
  const headers: { [name: string]: string } =
    refusal.after === undefined ? {} : { 'Retry-After': String(refusal.after) };
  return { status: refusalCodes[refusal.code].status, type: jose, headers, body };
}

/** A stored answer is a receipt or a refusal; which, its payload says. */
export function storedReply(bytes: Buffer): PeerReply {
  const { payload } = JSON.parse(bytes.toString('utf8')) as { payload: string };
  const said = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as Refusal | { kind: 'exchange.receipt' };
  return said.kind === 'exchange.refusal' ? toReply(bytes, said) : toReply(bytes);
}

export const waitingForParts: PeerReply = {
  status: 202,
  type: 'application/json',
  headers: { 'Retry-After': '5' },
  body: JSON.stringify({ status: 'waiting-for-parts' }),
};

export function emptyFault(code: RefusalCode, body: Buffer): TransportFault {
  return { code, messageId: null, messageSha256: null, transportSha256: sha256(body), fromNode: null };
}

/** Signs a no, as the node. @param after seconds to wait, where the code says that there is a later */
export function signRefusal(
  { keys, node }: { keys: KeyStore; node: NodeId },
  own: SigningKeys,
  fault: TransportFault,
  at: Instant,
  place: LogPlace | null,
  after?: number,
): Promise<Signed<Refusal>> {
  return buildRefusal(keys, own.nodeSign.kid, {
    code: fault.code,
    messageId: fault.messageId,
    messageSha256: fault.messageSha256,
    transportSha256: fault.transportSha256,
    receiver: node,
    at,
    log: place,
    ...(after === undefined ? {} : { after }),
  });
}

type Recording = Pick<DeliveryParts, 'clock' | 'random' | 'log'>;

export async function auditRefusal(tx: Tx, parts: Recording, fault: TransportFault, peer: NodeId): Promise<void> {
  const { clock, random, log } = parts;
  await recordDenied(
    tx,
    { actor: { kind: 'system', id: 'exchange' }, clock, random },
    'exchange.receive',
    { kind: 'exchange-message', id: fault.messageId ?? fault.transportSha256 },
    { code: fault.code, peer },
  );
  log.warn({ event: 'exchange.refused', peer, message: fault.messageId, code: fault.code });
}

/** Keeps a final no, so that the same bytes get the same answer. */
export async function keepRefusal(
  tx: Tx,
  { random }: Pick<Recording, 'random'>,
  fault: TransportFault,
  peer: NodeId,
  at: Instant,
  text: string,
  place: LogPlace | undefined,
): Promise<void> {
  await insertRefusal(tx, {
    id: uuidv7(random, Date.parse(at)),
    peer,
    message_id: fault.messageId,
    code: fault.code,
    at,
    transport_sha256: fault.transportSha256,
    bytes: Buffer.from(text, 'utf8'),
    log_index: place === undefined ? null : String(place.index),
  });
}

export async function raiseAlarm(
  tx: Tx,
  { log }: Pick<Recording, 'log'>,
  peer: NodeId,
  code: RefusalCode,
  at: Instant,
): Promise<void> {
  await lockPeer(tx, peer);
  await updatePeer(tx, peer, { alarm_code: code, alarm_at: at });
  log.error({ event: 'exchange.alarm', peer, code });
}
