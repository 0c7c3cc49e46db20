import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';

/**
 * Ends waits and leases that lie further ahead than any can: they were written while the clock of this node ran ahead.
 * @param latest moment after which no wait, lease or probe of ours ends
 */
export async function endImpossibleWaits(tx: Tx, now: Instant, latest: Instant): Promise<void> {
  await sql`
    update exchange_outbox set not_before = least(not_before, ${now}::timestamptz),
           lease_until = case when lease_until > ${latest}::timestamptz then null else lease_until end
     where not is_settled and (not_before > ${latest}::timestamptz or lease_until > ${latest}::timestamptz)`.execute(
    tx,
  );
  await sql`
    update outbox set next_at = least(next_at, ${now}::timestamptz), leased_until = null
     where sent_at is null and dead_at is null
       and (next_at > ${latest}::timestamptz or leased_until > ${latest}::timestamptz)`.execute(tx);
  await sql`
    update exchange_inbox set next_at = least(next_at, ${now}::timestamptz),
           lease_until = case when lease_until > ${latest}::timestamptz then null else lease_until end
     where status in ('received', 'held') and (next_at > ${latest}::timestamptz or lease_until > ${latest}::timestamptz)`.execute(
    tx,
  );
  await sql`
    update exchange_peer set probe_at = least(probe_at, ${now}::timestamptz),
           waiting_since = least(waiting_since, ${now}::timestamptz)
     where probe_at > ${latest}::timestamptz or waiting_since > ${now}::timestamptz`.execute(tx);
  await sql`
    update exchange_stream set reserved_by = null, reserved_until = null
     where reserved_until > ${latest}::timestamptz`.execute(tx);
}
