import type { Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { buildMessage, type MessageFields } from '../envelope.ts';
import { Message } from '../schema.ts';
import { listUnsentAfter, lockStreams, setStreamOut, updateOutgoing, type OutboxRow } from '../store/index.ts';
import { later, type DeliveryParts } from './types.ts';

/** What was signed, from the bytes that are kept. */
export function readOwnMessage(row: Pick<OutboxRow, 'message_bytes'>): Message {
  const { payload } = JSON.parse(row.message_bytes.toString('utf8')) as { payload: string };
  return Message.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')));
}

/**
 * Frees the number of a message that the peer never took. Those behind it never left: they keep id and content, and are
 * signed again under the numbers that are free now.
 */
export async function reissueAfter(tx: Tx, parts: DeliveryParts, freed: OutboxRow): Promise<void> {
  const { stream } = freed;
  await lockStreams(tx, [stream]);
  const behind = await listUnsentAfter(tx, stream, Number(freed.sequence));
  const own = await parts.trust.ownKeys(tx);
  let place = { next: Number(freed.sequence), lastSha256: freed.previous_sha256 };
  for (const row of behind) {
    const { kind: _, version: __, ...said } = readOwnMessage(row);
    const keys = own.authorities.get(row.from_authority);
    if (!keys) throw new Conflict('exchange.lease-lost');
    const signedAt = parts.clock.now();
    const life = Date.parse(said.expiresAt) - Date.parse(said.signedAt);
    const fields: MessageFields = {
      ...said,
      sequence: place.next,
      previous: place.lastSha256,
      signedAt,
      expiresAt: later(signedAt, life),
    };
    const message = await buildMessage(parts.keys, keys.sign.kid, fields);
    await updateOutgoing(tx, row.message_id, {
      sequence: String(place.next),
      previous_sha256: place.lastSha256,
      message_sha256: message.payloadSha256,
      message_bytes: Buffer.from(message.text, 'utf8'),
      signed_at: signedAt,
      expires_at: fields.expiresAt,
    });
    place = { next: place.next + 1, lastSha256: message.payloadSha256 };
  }
  await setStreamOut(tx, stream, place);
}
