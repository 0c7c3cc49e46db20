import type { Tx } from '../../../platform/db/index.ts';
import { endWaiting } from '../../../platform/outbox/index.ts';
import { sha256, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import type { Message, Receipt, StreamId } from '../schema.ts';

/** Where a stream stands, locked; made when there is none. */
export async function findPlaceInStream(tx: Tx, stream: StreamId): Promise<{ nextOut: number; nextIn: number }> {
  await tx
    .insertInto('exchange_stream')
    .values({ stream, last_hash_out: null, last_hash_in: null, reserved_by: null, reserved_until: null })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const row = await tx
    .selectFrom('exchange_stream')
    .select(['next_out', 'next_in'])
    .where('stream', '=', stream)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { nextOut: Number(row.next_out), nextIn: Number(row.next_in) };
}

export interface ReturnedMessage {
  peer: string;
  stream: StreamId;
  message: Message;
  messageText: string;
  messageSha256: Sha256;
  /** What crossed the border, byte for byte. */
  bytes: Buffer;
  receipt: Receipt;
  receiptText: string;
  at: Instant;
}

const priorities = { immediate: 0, urgent: 1, routine: 2 } as const;

function common({ peer, stream, message, messageSha256 }: ReturnedMessage) {
  return {
    message_id: message.id,
    peer,
    stream,
    sequence: String(message.sequence),
    conversation_id: message.conversationId,
    from_authority: message.from,
    to_authority: message.to,
    kind: message.subjectKind,
    priority: priorities[message.priority],
    tlp: message.tlp,
    message_sha256: messageSha256,
    previous_sha256: message.previous,
    signed_at: message.signedAt as Instant,
    expires_at: message.expiresAt as Instant,
  };
}

/** A message that left from here and was receipted: it is never sent again, and its number never given again. */
export async function putBackSent(tx: Tx, row: ReturnedMessage, nextOut: number): Promise<void> {
  await tx
    .insertInto('exchange_outbox')
    .values({
      ...common(row),
      message_bytes: Buffer.from(row.messageText, 'utf8'),
      inline_bytes: null,
      transport_bytes: row.bytes,
      transport_sha256: sha256(row.bytes),
      status: 'relayed',
      not_before: row.at,
      lease_until: null,
      last_code: null,
      queued_at: row.at,
      first_tried_at: row.at,
      ended_at: null,
      receipt_bytes: Buffer.from(row.receiptText, 'utf8'),
      receipt_at: row.receipt.receivedAt as Instant,
      refusal_bytes: null,
      given_as: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  // What the module meant to send is this message: it leaves the queue of what is still to be sealed.
  await endWaiting(tx, row.at, [row.message.id]);
  await tx
    .updateTable('exchange_stream')
    .set({ next_out: String(nextOut), last_hash_out: row.messageSha256, reserved_by: null, reserved_until: null })
    .where('stream', '=', row.stream)
    .where('next_out', '<=', String(row.message.sequence))
    .execute();
}

/** A message that this node receipted and lost: it takes effect once, and a repeat gets the receipt of before. */
export async function putBackReceived(tx: Tx, row: ReturnedMessage, isNext: boolean): Promise<void> {
  await tx
    .insertInto('exchange_inbox')
    .values({
      ...common(row),
      envelope_sha256: sha256(row.bytes),
      transport_bytes: row.bytes,
      receipt_bytes: Buffer.from(row.receiptText, 'utf8'),
      // Its place was in the part of the log that was lost.
      log_index: null,
      received_at: row.receipt.receivedAt as Instant,
      status: isNext ? 'received' : 'held',
      next_at: row.at,
      lease_until: null,
      last_code: null,
      opened_at: null,
      flagged_code: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (!isNext) return;
  await tx
    .updateTable('exchange_stream')
    .set({ next_in: String(row.message.sequence + 1), last_hash_in: row.messageSha256 })
    .where('stream', '=', row.stream)
    .where('next_in', '=', String(row.message.sequence))
    .execute();
}
