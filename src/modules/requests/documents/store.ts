import type { Tx } from '../../../platform/db/index.ts';
import type { Hash, Instant, Sha256 } from '../../../platform/values/index.ts';
import type { ReleasedRendition, RenditionFormat } from './rendition.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    request_renditions: {
      file_sha256: string;
      content_hash: string;
      reference: string;
      request_version: number;
      language: string;
      format: RenditionFormat;
      released_at: string;
    };
  }
}

/** Notes a released file. The same file twice is one row: printing is repeatable to the byte. */
export async function insertRendition(tx: Tx, rendition: ReleasedRendition): Promise<void> {
  await tx
    .insertInto('request_renditions')
    .values({
      file_sha256: rendition.fileSha256,
      content_hash: rendition.contentHash,
      reference: rendition.reference,
      request_version: rendition.requestVersion,
      language: rendition.language,
      format: rendition.format,
      released_at: rendition.releasedAt,
    })
    .onConflict((conflict) => conflict.column('file_sha256').doNothing())
    .execute();
}

async function findBy(
  tx: Tx,
  column: 'file_sha256' | 'content_hash',
  value: string,
): Promise<ReleasedRendition | undefined> {
  const row = await tx
    .selectFrom('request_renditions')
    .selectAll()
    .where(column, '=', value)
    .orderBy('released_at')
    .limit(1)
    .executeTakeFirst();
  return (
    row && {
      fileSha256: row.file_sha256 as Sha256,
      contentHash: row.content_hash as Hash,
      reference: row.reference,
      requestVersion: row.request_version,
      language: row.language,
      format: row.format,
      releasedAt: row.released_at as Instant,
    }
  );
}

export function findRendition(tx: Tx, fileSha256: Sha256): Promise<ReleasedRendition | undefined> {
  return findBy(tx, 'file_sha256', fileSha256);
}

/** The first file released of a content: for a paper that names its content hash. */
export function findRenditionOfContent(tx: Tx, contentHash: Hash): Promise<ReleasedRendition | undefined> {
  return findBy(tx, 'content_hash', contentHash);
}
