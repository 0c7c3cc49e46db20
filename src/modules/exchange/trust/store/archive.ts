import type { Tx } from '../../../../platform/db/index.ts';
import type { Instant } from '../../../../platform/values/index.ts';

declare module '../../../../platform/db/tables.ts' {
  interface Tables {
    exchange_archive_keys: {
      kid: string;
      authority: string;
      recipient: string;
      needed: number;
      shares: number;
      made_at: Instant;
      made_by: string;
      confirmed_at: Instant | null;
      confirmed_by: string | null;
    };
  }
}

/** Public side of an archive key, and how it was split. */
export interface ArchiveKey {
  kid: string;
  authority: string;
  recipient: string;
  needed: number;
  shares: number;
  madeAt: Instant;
  madeBy: string;
  /** Shares gave it back before a second person: it is published. */
  confirmedAt: Instant | null;
  confirmedBy: string | null;
}

export async function listArchiveKeys(tx: Tx): Promise<ArchiveKey[]> {
  const rows = await tx.selectFrom('exchange_archive_keys').selectAll().orderBy('made_at').execute();
  return rows.map(({ made_at, made_by, confirmed_at, confirmed_by, ...row }) => ({
    ...row,
    madeAt: made_at,
    madeBy: made_by,
    confirmedAt: confirmed_at,
    confirmedBy: confirmed_by,
  }));
}

export async function insertArchiveKey(
  tx: Tx,
  { madeAt, madeBy, ...key }: Omit<ArchiveKey, 'confirmedAt' | 'confirmedBy'>,
): Promise<void> {
  await tx
    .insertInto('exchange_archive_keys')
    .values({ ...key, made_at: madeAt, made_by: madeBy, confirmed_at: null, confirmed_by: null })
    .execute();
}

/** @returns whether it was still to be confirmed */
export async function confirmArchive(tx: Tx, kid: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_archive_keys')
    .set({ confirmed_at: at, confirmed_by: by })
    .where('kid', '=', kid)
    .where('confirmed_at', 'is', null)
    .executeTakeFirst();
  return Number(done.numUpdatedRows) > 0;
}
