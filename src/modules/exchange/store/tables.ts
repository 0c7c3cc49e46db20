import type { GeneratedAlways, Generated } from 'kysely';
import type { Instant, Sha256 } from '../../../platform/values/index.ts';
import type { EventType } from '../schema.ts';

export type SendStatus =
  'queued' | 'sending' | 'relayed' | 'consigned' | 'handed-over' | 'refused' | 'expired' | 'recalled' | 'parked';

export type ReceiveStatus =
  'held' | 'received' | 'opened' | 'handed-over' | 'refused' | 'expired' | 'recalled' | 'parked' | 'not-understood';

export interface StreamTable {
  stream: string;
  next_out: Generated<string>;
  last_hash_out: Sha256 | null;
  next_in: Generated<string>;
  last_hash_in: Sha256 | null;
  reserved_by: string | null;
  reserved_until: Instant | null;
}

export interface OutboxTable {
  message_id: string;
  peer: string;
  stream: string;
  sequence: string;
  conversation_id: string;
  from_authority: string;
  to_authority: string;
  kind: string;
  priority: number;
  tlp: string;
  message_sha256: Sha256;
  previous_sha256: Sha256 | null;
  message_bytes: Buffer;
  inline_bytes: Buffer | null;
  transport_bytes: Buffer | null;
  transport_sha256: Sha256 | null;
  signed_at: Instant;
  expires_at: Instant;
  status: SendStatus;
  not_before: Instant;
  attempts: Generated<number>;
  lease_until: Instant | null;
  last_code: string | null;
  queued_at: Instant;
  first_tried_at: Instant | null;
  ended_at: Instant | null;
  receipt_bytes: Buffer | null;
  receipt_at: Instant | null;
  refusal_bytes: Buffer | null;
  given_as: string | null;
  gave_up_place: Generated<boolean>;
  is_settled: GeneratedAlways<boolean>;
}

export interface InboxTable {
  message_id: string;
  peer: string;
  stream: string;
  sequence: string;
  conversation_id: string;
  from_authority: string;
  to_authority: string;
  kind: string;
  priority: number;
  tlp: string;
  message_sha256: Sha256;
  previous_sha256: Sha256 | null;
  envelope_sha256: Sha256;
  transport_bytes: Buffer;
  receipt_bytes: Buffer;
  log_index: string | null;
  signed_at: Instant;
  expires_at: Instant;
  received_at: Instant;
  status: ReceiveStatus;
  attempts: Generated<number>;
  next_at: Instant;
  lease_until: Instant | null;
  last_code: string | null;
  opened_at: Instant | null;
  flagged_code: string | null;
  repeats: Generated<number>;
  /** Keys that signed the message and what carried it: what is asked when one turns out to be copied. */
  signed_by: Generated<string | null>;
  node_signed_by: Generated<string | null>;
}

export interface EventTable {
  event_id: string;
  place: GeneratedAlways<string>;
  message_id: string;
  type: EventType;
  at: Instant;
  by_node: string;
  by_authority: string | null;
  reason: string | null;
  payload_sha256: Sha256;
  bytes: Buffer;
  log_index: string | null;
  for_authority: string | null;
  as_authority: string | null;
  conversation_id: string | null;
  carried_by: string | null;
}

export interface RefusalTable {
  id: string;
  peer: string;
  message_id: string | null;
  code: string;
  at: Instant;
  transport_sha256: Sha256;
  bytes: Buffer;
  log_index: string | null;
}

export interface PeerTable {
  node: string;
  breaker: Generated<'closed' | 'open' | 'probing'>;
  failures: Generated<number>;
  probe_at: Instant | null;
  waiting_since: Instant | null;
  last_code: string | null;
  last_failure_at: Instant | null;
  last_receipt_at: Instant | null;
  last_contact_at: Instant | null;
  invalid_receipts: Generated<number>;
  clock_skew_ms: string | null;
  alarm_code: string | null;
  alarm_at: Instant | null;
  pull_cursor: Generated<string>;
  given_cursor: Generated<string>;
}

export interface BlobTable {
  blob_id: string;
  direction: 'in' | 'out';
  peer: string;
  message_id: string;
  part: string;
  length: string;
  payload_root: Sha256;
  header_sha256: Sha256;
  committed: Generated<string>;
  status: 'announced' | 'open' | 'whole' | 'removed';
  announced_at: Instant;
  changed_at: Instant;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    exchange_stream: StreamTable;
    exchange_outbox: OutboxTable;
    exchange_inbox: InboxTable;
    exchange_event: EventTable;
    exchange_refusal: RefusalTable;
    exchange_peer: PeerTable;
    exchange_blob: BlobTable;
  }
}
