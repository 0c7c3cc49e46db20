import type { Tx } from '../../../platform/db/index.ts';

/** A message as it is kept, with the answer to it. */
export interface StoredMessage {
  side: 'out' | 'in';
  bytes: Buffer;
  receipt: Buffer | null;
  logIndex: number | null;
}

export async function findStored(tx: Tx, messageId: string): Promise<StoredMessage | undefined> {
  const sent = await tx
    .selectFrom('exchange_outbox')
    .select(['message_bytes', 'receipt_bytes'])
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  if (sent) return { side: 'out', bytes: sent.message_bytes, receipt: sent.receipt_bytes, logIndex: null };
  const received = await tx
    .selectFrom('exchange_inbox')
    .select(['transport_bytes', 'receipt_bytes', 'log_index'])
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  if (!received) return undefined;
  const { transport_bytes, receipt_bytes, log_index } = received;
  return {
    side: 'in',
    bytes: transport_bytes,
    receipt: receipt_bytes,
    logIndex: log_index === null ? null : Number(log_index),
  };
}

export async function listStoredEvents(
  tx: Tx,
  messageId: string,
): Promise<{ bytes: Buffer; logIndex: number | null }[]> {
  const rows = await tx
    .selectFrom('exchange_event')
    .select(['bytes', 'log_index'])
    .where('message_id', '=', messageId)
    .orderBy('place')
    .limit(200)
    .execute();
  return rows.map((row) => ({ bytes: row.bytes, logIndex: row.log_index === null ? null : Number(row.log_index) }));
}
