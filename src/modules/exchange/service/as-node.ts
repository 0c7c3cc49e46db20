import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { systemActor } from './types.ts';

/**
 * Does a piece of work inside a person's transaction as the node itself: rows of the exchange belong to no person.
 * Who acts is named again afterwards. The caller has asked for permission.
 */
export async function asNode<T>(tx: Tx, work: () => Promise<T>): Promise<T> {
  const { rows } = await sql<{ actor: string | null }>`select current_setting('comity.actor', true) as actor`.execute(
    tx,
  );
  const actor = rows[0]?.actor ?? '';
  const name = (who: string) => sql`select set_config('comity.actor', ${who}, true)`.execute(tx);
  await name(systemActor);
  const value = await work();
  await name(actor);
  return value;
}
