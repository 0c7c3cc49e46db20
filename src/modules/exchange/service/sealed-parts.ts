import { Readable } from 'node:stream';
import { parseFlatJws } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { peek } from '../envelope-read.ts';
import type { PartFolder } from '../parts.ts';
import { listBlobsOf } from '../store/blobs.ts';

/** A part of a message as it crossed the border: ciphertext. */
export interface SealedPartOfMessage {
  name: string;
  open(): Promise<Readable>;
}

/**
 * The sealed parts that this node still keeps of a message that it sent or received, in their order. A sender lets go
 * of large parts once they were delivered.
 */
export async function openSealedParts(folder: PartFolder, tx: Tx, messageId: string): Promise<SealedPartOfMessage[]> {
  const received = await tx
    .selectFrom('exchange_inbox')
    .select('transport_bytes')
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  const sent = received
    ? undefined
    : await tx
        .selectFrom('exchange_outbox')
        .select('transport_bytes')
        .where('message_id', '=', messageId)
        .executeTakeFirst();
  const bytes = received?.transport_bytes ?? sent?.transport_bytes;
  const transport = bytes ? parseFlatJws(bytes) : undefined;
  const said = transport && peek(Buffer.from(transport.payload, 'base64url'));
  const inline = (said?.['inline'] ?? {}) as Record<string, string>;
  const parts: SealedPartOfMessage[] = Object.entries(inline).map(([name, text]) => ({
    name,
    open: async () => Readable.from([Buffer.from(text, 'base64url')]),
  }));
  for (const blob of await listBlobsOf(tx, received ? 'in' : 'out', [messageId])) {
    const isKept = await folder.readTree(blob.direction, blob.blob_id).then(
      () => true,
      () => false,
    );
    if (isKept) parts.push({ name: blob.part, open: async () => folder.read(blob.direction, blob.blob_id) });
  }
  return parts.sort((a, b) => (a.name < b.name ? -1 : 1));
}
