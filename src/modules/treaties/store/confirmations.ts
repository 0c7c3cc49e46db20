import type { Tx } from '../../../platform/db/index.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    treaty_reading_confirmations: { reading_id: string; confirmed_by: string; confirmed_at: string };
  }
}

/** Records that an official stands behind a reading; a second time changes nothing. Answers whether it is new. */
export async function insertConfirmation(tx: Tx, reading: string, by: string, at: string): Promise<boolean> {
  const done = await tx
    .insertInto('treaty_reading_confirmations')
    .values({ reading_id: reading, confirmed_by: by, confirmed_at: at })
    .onConflict((conflict) => conflict.column('reading_id').doNothing())
    .executeTakeFirst();
  return (done.numInsertedOrUpdatedRows ?? 0n) > 0n;
}

export async function listConfirmations(tx: Tx): Promise<string[]> {
  const rows = await tx.selectFrom('treaty_reading_confirmations').select('reading_id').execute();
  return rows.map((row) => row.reading_id);
}
