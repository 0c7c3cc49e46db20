import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    exchange_recovery: {
      id: string;
      found_at: Instant;
      found_by: string;
      what: 'shorter' | 'different';
      from_size: string;
      to_size: string;
      note: string;
      old_origin: string;
      proposed_by: string | null;
      proposed_at: Instant | null;
      confirmed_by: string | null;
      resumed_at: Instant | null;
      new_origin: string | null;
    };
    exchange_pulled: {
      recovery_id: string;
      peer: string;
      message_id: string;
      direction: 'sent' | 'received';
      outcome: PulledOutcome;
      at: Instant;
    };
  }
}

export type PulledOutcome = 'brought-back' | 'sent-again-by-peer' | 'lost';

export interface Recovery {
  id: string;
  foundAt: Instant;
  foundBy: string;
  what: 'shorter' | 'different';
  from: number;
  to: number;
  note: string;
  oldOrigin: string;
  proposedBy: string | null;
  proposedAt: Instant | null;
  resumedAt: Instant | null;
  newOrigin: string | null;
}

/** The recovery that is open; while there is one nothing is sent. */
export async function findRecovery(tx: Tx): Promise<Recovery | undefined> {
  const row = await tx.selectFrom('exchange_recovery').selectAll().where('resumed_at', 'is', null).executeTakeFirst();
  if (!row) return undefined;
  return {
    id: row.id,
    foundAt: row.found_at,
    foundBy: row.found_by,
    what: row.what,
    from: Number(row.from_size),
    to: Number(row.to_size),
    note: row.note,
    oldOrigin: row.old_origin,
    proposedBy: row.proposed_by,
    proposedAt: row.proposed_at,
    resumedAt: row.resumed_at,
    newOrigin: row.new_origin,
  };
}

export interface NewRecovery {
  id: string;
  found_at: Instant;
  found_by: string;
  what: 'shorter' | 'different';
  from_size: string;
  to_size: string;
  note: string;
  old_origin: string;
}

/** A peer showed a longer history than was known when the recovery was opened. */
export async function raiseRecovery(tx: Tx, id: string, from: number, note: string): Promise<void> {
  await tx
    .updateTable('exchange_recovery')
    .set({ from_size: String(from), note })
    .where('id', '=', id)
    .where('from_size', '<', String(from))
    .execute();
}

/** @returns whether none was open before */
export async function insertRecovery(tx: Tx, row: NewRecovery): Promise<boolean> {
  const inserted = await tx
    .insertInto('exchange_recovery')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return inserted !== undefined;
}

export async function proposeResume(tx: Tx, id: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_recovery')
    .set({ proposed_by: by, proposed_at: at })
    .where('id', '=', id)
    .where('proposed_by', 'is', null)
    .where('resumed_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

export async function endRecovery(tx: Tx, id: string, by: string, at: Instant, newOrigin: string): Promise<boolean> {
  const done = await tx
    .updateTable('exchange_recovery')
    .set({ confirmed_by: by, resumed_at: at, new_origin: newOrigin })
    .where('id', '=', id)
    .where('proposed_by', 'is not', null)
    .where('proposed_by', '<>', by)
    .where('resumed_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows === 1n;
}

export interface Pulled {
  recovery_id: string;
  peer: string;
  message_id: string;
  direction: 'sent' | 'received';
  outcome: PulledOutcome;
  at: Instant;
}

export async function insertPulled(tx: Tx, row: Pulled): Promise<void> {
  await tx
    .insertInto('exchange_pulled')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function listPulled(tx: Tx, recoveryId: string): Promise<Pulled[]> {
  return tx
    .selectFrom('exchange_pulled')
    .selectAll()
    .where('recovery_id', '=', recoveryId)
    .orderBy('at')
    .limit(1000)
    .execute();
}
