import type { Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { buildMessage, type MessageFields } from '../envelope.ts';
import { commitMessage, prepareMessage, reissue } from '../core.ts';
import { Message } from '../schema.ts';
import { lockBehind, lockStreams, setStreamsOut, updateOutgoing, type OutboxRow } from '../store/index.ts';
import { outgoingOf, saveOutgoing, type OutgoingRow } from './outgoing.ts';
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
export async function reissueAfter(tx: Tx, parts: DeliveryParts, freed: OutgoingRow): Promise<void> {
  const { stream: name } = freed;
  const now = parts.clock.now();
  const ends = await lockStreams(tx, [name]);
  const behind = await lockBehind(tx, name, freed.sequence);
  const signed = new Map(behind.map((row) => [row.message_id, row]));
  const decided = reissue<OutgoingRow>(ends.get(name)!.out, freed, behind.map(outgoingOf));
  for (const row of decided.ended) await saveOutgoing(tx, row, now);
  const own = await parts.trust.ownKeys(tx);
  let { stream } = decided;
  for (const { row, messageId } of decided.again) {
    const lent = prepareMessage(stream, messageId, now);
    const keys = own.authorities.get(row.from_authority);
    if (!keys || !lent.ok) throw new Conflict('exchange.lease-lost');
    const { kind: _, version: __, ...said } = readOwnMessage(signed.get(messageId)!);
    const { sequence, previous } = lent.value;
    const signedAt = parts.clock.now();
    const life = Date.parse(said.expiresAt) - Date.parse(said.signedAt);
    const fields: MessageFields = { ...said, sequence, previous, signedAt, expiresAt: later(signedAt, life) };
    const message = await buildMessage(parts.keys, keys.sign.kid, fields);
    const link = { sequence, previous, messageSha256: message.payloadSha256 };
    const used = commitMessage(lent.value.stream, messageId, [link]);
    if (!used.ok) throw new Conflict('exchange.lease-lost');
    stream = used.value;
    await updateOutgoing(tx, messageId, {
      sequence: String(sequence),
      previous_sha256: previous,
      message_sha256: message.payloadSha256,
      message_bytes: Buffer.from(message.text, 'utf8'),
      signed_at: signedAt,
      expires_at: fields.expiresAt,
    });
  }
  await setStreamsOut(tx, new Map([[name, stream]]));
}
