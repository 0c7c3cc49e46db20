import type { Tx } from '../../../../platform/db/index.ts';
import type { Instant } from '../../../../platform/values/index.ts';
import type { KeyRevocation } from '../../schema.ts';

export type EndReason = KeyRevocation['reason'];

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
      withdrawn_at: Instant | null;
      withdrawn_by: string | null;
      end_proposed_at: Instant | null;
      end_proposed_by: string | null;
      end_reason: EndReason | null;
      ended_at: Instant | null;
      ended_by: string | null;
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
  /** Given up before it was confirmed. */
  withdrawnAt: Instant | null;
  /** A first person asks to take it back. */
  endProposedAt: Instant | null;
  endProposedBy: string | null;
  endReason: EndReason | null;
  /** Taken back: nothing is sealed to it any more. */
  endedAt: Instant | null;
}

export async function listArchiveKeys(tx: Tx): Promise<ArchiveKey[]> {
  const rows = await tx.selectFrom('exchange_archive_keys').selectAll().orderBy('made_at').execute();
  return rows.map((row) => ({
    kid: row.kid,
    authority: row.authority,
    recipient: row.recipient,
    needed: row.needed,
    shares: row.shares,
    madeAt: row.made_at,
    madeBy: row.made_by,
    confirmedAt: row.confirmed_at,
    confirmedBy: row.confirmed_by,
    withdrawnAt: row.withdrawn_at,
    endProposedAt: row.end_proposed_at,
    endProposedBy: row.end_proposed_by,
    endReason: row.end_reason,
    endedAt: row.ended_at,
  }));
}

export type NewArchiveKey = Pick<
  ArchiveKey,
  'kid' | 'authority' | 'recipient' | 'needed' | 'shares' | 'madeAt' | 'madeBy'
>;

export async function insertArchiveKey(tx: Tx, { madeAt, madeBy, ...key }: NewArchiveKey): Promise<void> {
  await tx
    .insertInto('exchange_archive_keys')
    .values({
      ...key,
      made_at: madeAt,
      made_by: madeBy,
      confirmed_at: null,
      confirmed_by: null,
      withdrawn_at: null,
      withdrawn_by: null,
      end_proposed_at: null,
      end_proposed_by: null,
      end_reason: null,
      ended_at: null,
      ended_by: null,
    })
    .execute();
}

/** @returns whether it was still to be confirmed */
export async function confirmArchive(tx: Tx, kid: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_archive_keys')
    .set({ confirmed_at: at, confirmed_by: by })
    .where('kid', '=', kid)
    .where('confirmed_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return Number(done.numUpdatedRows) > 0;
}

/** @returns whether it was still waiting */
export async function withdrawArchive(tx: Tx, kid: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_archive_keys')
    .set({ withdrawn_at: at, withdrawn_by: by })
    .where('kid', '=', kid)
    .where('confirmed_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return Number(done.numUpdatedRows) > 0;
}

/** What a first person asks, or nobody asks any more. */
export async function proposeArchiveEnd(
  tx: Tx,
  kid: string,
  asked: { by: string; at: Instant; reason: EndReason } | null,
): Promise<void> {
  await tx
    .updateTable('exchange_archive_keys')
    .set({
      end_proposed_at: asked?.at ?? null,
      end_proposed_by: asked?.by ?? null,
      end_reason: asked?.reason ?? null,
    })
    .where('kid', '=', kid)
    .where('ended_at', 'is', null)
    .execute();
}

/** @returns whether it was in use, and another person had asked for its end */
export async function endArchive(tx: Tx, kid: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_archive_keys')
    .set({ ended_at: at, ended_by: by })
    .where('kid', '=', kid)
    .where('confirmed_at', 'is not', null)
    .where('ended_at', 'is', null)
    .where('end_proposed_by', '<>', by)
    .executeTakeFirst();
  return Number(done.numUpdatedRows) > 0;
}
