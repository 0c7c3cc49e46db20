import { sql, type Selectable, type Updateable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { NodeId } from '../schema.ts';
import type { PeerTable } from './tables.ts';

export type PeerRow = Selectable<PeerTable>;

/** What is known of a peer, locked; made when there is nothing yet. */
export async function lockPeer(tx: Tx, node: string): Promise<PeerRow> {
  await sql`insert into exchange_peer (node) values (${node}) on conflict (node) do nothing`.execute(tx);
  return tx.selectFrom('exchange_peer').selectAll().where('node', '=', node).forUpdate().executeTakeFirstOrThrow();
}

export async function listPeerRows(tx: Tx): Promise<PeerRow[]> {
  return tx.selectFrom('exchange_peer').selectAll().orderBy('node').execute();
}

export async function updatePeer(tx: Tx, node: string, change: Updateable<PeerTable>): Promise<void> {
  await tx.updateTable('exchange_peer').set(change).where('node', '=', node).execute();
}

/**
 * Notes that a peer was heard of. One that speaks can be spoken to: its next probe is due at once.
 * @returns whether it was waited for
 */
export async function hearPeer(tx: Tx, node: string, now: Instant): Promise<boolean> {
  const { rows } = await sql<{ waiting_since: Instant | null }>`
    insert into exchange_peer (node, last_contact_at) values (${node}, ${now}::timestamptz)
    on conflict (node) do update
       set last_contact_at = excluded.last_contact_at,
           probe_at = case when exchange_peer.breaker = 'open' then excluded.last_contact_at else exchange_peer.probe_at end
    returning waiting_since`.execute(tx);
  return (rows[0]?.waiting_since ?? null) !== null;
}

/** Peers that something waits for because nobody answered there. */
export async function listUnreached(tx: Tx): Promise<NodeId[]> {
  const rows = await tx
    .selectFrom('exchange_peer')
    .select('node')
    .where('waiting_since', 'is not', null)
    .where('last_code', 'in', ['exchange.not-reached', 'exchange.timeout'])
    .orderBy('node')
    .execute();
  return rows.map((row) => row.node as NodeId);
}

/** Lets every peer be tried at once: a node that starts knows nothing of who is away. */
export async function probeAll(tx: Tx, now: Instant): Promise<void> {
  await tx.updateTable('exchange_peer').set({ probe_at: now }).where('breaker', '!=', 'closed').execute();
}
