import { sql, type Selectable, type Updateable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
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
 * Notes that peers were heard of, a few seconds apart: many messages do not wait for one row. A peer that speaks can be
 * spoken to: its next probe is due at once.
 */
export async function touchPeers(tx: Tx, nodes: readonly string[], now: Instant): Promise<void> {
  await sql`
    insert into exchange_peer (node, last_contact_at) select n, ${now}::timestamptz from unnest(${[...nodes].sort()}::text[]) as n
    on conflict (node) do update
       set last_contact_at = excluded.last_contact_at,
           probe_at = case when exchange_peer.breaker = 'open' then ${now}::timestamptz else exchange_peer.probe_at end
     where exchange_peer.last_contact_at is null or exchange_peer.last_contact_at < ${now}::timestamptz - interval '5 seconds'`.execute(
    tx,
  );
}

/** Lets every peer be tried at once: a node that starts knows nothing of who is away. */
export async function probeAll(tx: Tx, now: Instant): Promise<void> {
  await tx.updateTable('exchange_peer').set({ probe_at: now }).where('breaker', '!=', 'closed').execute();
}
