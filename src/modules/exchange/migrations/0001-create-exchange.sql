-- Delivery between nodes: what leaves, what came, the order of both, what is known of it, and of whom it is known.
-- Contents are sealed from authority to authority: what stands here in clear is the outside of an envelope.

create table exchange_stream (
  stream text primary key,
  next_out bigint not null default 1 check (next_out >= 1),
  last_hash_out text,
  next_in bigint not null default 1 check (next_in >= 1),
  last_hash_in text,
  reserved_by uuid,
  reserved_until timestamptz
);
comment on table exchange_stream is 'Where each stream stands: the messages of one conversation from one authority to another';
comment on column exchange_stream.stream is 'Conversation, sending authority, receiving authority';
comment on column exchange_stream.next_out is 'Sequence of the next message to be signed here';
comment on column exchange_stream.last_hash_out is 'SHA-256 of the payload bytes of the last message signed here';
comment on column exchange_stream.next_in is 'Sequence of the next message that takes effect here';
comment on column exchange_stream.last_hash_in is 'SHA-256 of the payload bytes of the last message that took effect here';
comment on column exchange_stream.reserved_by is 'Holder of the next sequences while its messages are signed';
comment on column exchange_stream.reserved_until is 'When a holder that did not come back loses them';

create table exchange_outbox (
  message_id uuid primary key,
  peer text not null,
  stream text not null references exchange_stream (stream),
  sequence bigint not null check (sequence >= 1),
  conversation_id text not null,
  from_authority text not null,
  to_authority text not null,
  kind text not null,
  priority smallint not null check (priority between 0 and 2),
  tlp text not null,
  message_sha256 text not null,
  previous_sha256 text,
  message_bytes bytea not null,
  inline_bytes bytea,
  transport_bytes bytea,
  transport_sha256 text,
  signed_at timestamptz not null,
  expires_at timestamptz not null,
  status text not null check (status in ('queued', 'sending', 'relayed', 'consigned', 'handed-over', 'refused', 'expired', 'recalled', 'parked')),
  not_before timestamptz not null,
  attempts integer not null default 0,
  lease_until timestamptz,
  last_code text,
  queued_at timestamptz not null,
  first_tried_at timestamptz,
  ended_at timestamptz,
  receipt_bytes bytea,
  receipt_at timestamptz,
  refusal_bytes bytea
);
comment on table exchange_outbox is 'Messages signed and sealed here, with what became of them';
comment on column exchange_outbox.message_id is 'Id of the message, the same as in the outbox of the module that wrote it';
comment on column exchange_outbox.peer is 'Node that serves the receiving authority';
comment on column exchange_outbox.stream is 'Conversation and pair of authorities';
comment on column exchange_outbox.sequence is 'Place in the stream, from 1';
comment on column exchange_outbox.conversation_id is '128 random bits';
comment on column exchange_outbox.from_authority is 'Directory entry of the sender';
comment on column exchange_outbox.to_authority is 'Directory entry of the receiver';
comment on column exchange_outbox.kind is 'Kind and version of the content, request/1';
comment on column exchange_outbox.priority is '0 immediate, 1 urgent, 2 routine';
comment on column exchange_outbox.tlp is 'Marking on the envelope';
comment on column exchange_outbox.message_sha256 is 'Of the payload that the authority signed';
comment on column exchange_outbox.previous_sha256 is 'Of the payload before it in the stream';
comment on column exchange_outbox.message_bytes is 'What the authority signed with its signature, byte for byte; contents are sealed';
comment on column exchange_outbox.inline_bytes is 'Sealed parts that travel with the message, until its first attempt';
comment on column exchange_outbox.transport_bytes is 'What is sent, byte for byte, fixed at the first attempt; contents are sealed';
comment on column exchange_outbox.transport_sha256 is 'Of what is sent';
comment on column exchange_outbox.signed_at is 'When the authority signed';
comment on column exchange_outbox.expires_at is 'When it is no longer wanted';
comment on column exchange_outbox.status is 'Where it stands';
comment on column exchange_outbox.not_before is 'Next try not before';
comment on column exchange_outbox.attempts is 'Times it was tried';
comment on column exchange_outbox.lease_until is 'A worker holds it until then';
comment on column exchange_outbox.last_code is 'Code of the last failure or of the refusal';
comment on column exchange_outbox.queued_at is 'When it was signed and sealed';
comment on column exchange_outbox.first_tried_at is 'When it was first tried';
comment on column exchange_outbox.ended_at is 'When it came to an end: delivered to casework, or without effect';
comment on column exchange_outbox.receipt_bytes is 'Receipt of the receiving node, byte for byte';
comment on column exchange_outbox.receipt_at is 'Moment of that receipt by the clock of the receiving node';
comment on column exchange_outbox.refusal_bytes is 'Signed refusal of the receiving node, byte for byte';
-- A refused message took no place at the receiver: the next one gets its number.
create unique index exchange_outbox_place on exchange_outbox (stream, sequence) where status not in ('refused', 'recalled');
create index exchange_outbox_waiting on exchange_outbox (peer, priority, not_before)
  where receipt_bytes is null and refusal_bytes is null and status <> 'recalled';
create index exchange_outbox_unsent on exchange_outbox (stream, sequence)
  where receipt_bytes is null and refusal_bytes is null and status <> 'recalled';
create index exchange_outbox_open on exchange_outbox (expires_at) where status in ('queued', 'sending', 'parked');
create index exchange_outbox_conversation on exchange_outbox (conversation_id, queued_at);

create table exchange_inbox (
  message_id uuid primary key,
  peer text not null,
  stream text not null references exchange_stream (stream),
  sequence bigint not null check (sequence >= 1),
  conversation_id text not null,
  from_authority text not null,
  to_authority text not null,
  kind text not null,
  priority smallint not null check (priority between 0 and 2),
  tlp text not null,
  message_sha256 text not null,
  previous_sha256 text,
  envelope_sha256 text not null,
  transport_bytes bytea not null,
  receipt_bytes bytea not null,
  log_index bigint,
  signed_at timestamptz not null,
  expires_at timestamptz not null,
  received_at timestamptz not null,
  status text not null check (status in ('held', 'received', 'opened', 'handed-over', 'refused', 'expired', 'recalled', 'parked', 'not-understood')),
  attempts integer not null default 0,
  next_at timestamptz not null,
  lease_until timestamptz,
  last_code text,
  opened_at timestamptz,
  flagged_code text,
  repeats integer not null default 0
);
comment on table exchange_inbox is 'Messages received here; a row outlives its content, so that a repeat is known for ever';
comment on column exchange_inbox.message_id is 'Id of the message, made by its sender';
comment on column exchange_inbox.peer is 'Node that handed it over';
comment on column exchange_inbox.stream is 'Conversation and pair of authorities';
comment on column exchange_inbox.sequence is 'Place in the stream, from 1';
comment on column exchange_inbox.conversation_id is '128 random bits';
comment on column exchange_inbox.from_authority is 'Directory entry of the sender';
comment on column exchange_inbox.to_authority is 'Directory entry of the receiver';
comment on column exchange_inbox.kind is 'Kind and version of the content, request/1';
comment on column exchange_inbox.priority is '0 immediate, 1 urgent, 2 routine';
comment on column exchange_inbox.tlp is 'Marking on the envelope';
comment on column exchange_inbox.message_sha256 is 'Of the payload that the authority signed';
comment on column exchange_inbox.previous_sha256 is 'Of the payload before it in the stream';
comment on column exchange_inbox.envelope_sha256 is 'Of the bytes received';
comment on column exchange_inbox.transport_bytes is 'The bytes received; contents are sealed';
comment on column exchange_inbox.receipt_bytes is 'The receipt given, byte for byte: a repeat gets the same';
comment on column exchange_inbox.log_index is 'Place in the exchange log';
comment on column exchange_inbox.signed_at is 'When the sender says that it signed';
comment on column exchange_inbox.expires_at is 'When it is no longer wanted';
comment on column exchange_inbox.received_at is 'When it was received, by the clock of this node';
comment on column exchange_inbox.status is 'Where it stands; held: one before it is missing';
comment on column exchange_inbox.attempts is 'Times its opening failed';
comment on column exchange_inbox.next_at is 'Next opening not before';
comment on column exchange_inbox.lease_until is 'A worker holds it until then';
comment on column exchange_inbox.last_code is 'Code of the last failure';
comment on column exchange_inbox.opened_at is 'When it was opened';
comment on column exchange_inbox.flagged_code is 'What came to light after it was received: its key was revoked';
comment on column exchange_inbox.repeats is 'Times it came again';
create unique index exchange_inbox_place on exchange_inbox (stream, sequence);
create index exchange_inbox_waiting on exchange_inbox (priority, next_at) where status = 'received';
create index exchange_inbox_held on exchange_inbox (received_at) where status = 'held';
create index exchange_inbox_envelope on exchange_inbox (envelope_sha256);
create index exchange_inbox_conversation on exchange_inbox (conversation_id, received_at);

create table exchange_event (
  event_id uuid primary key,
  place bigint generated always as identity unique,
  message_id uuid not null,
  type text not null,
  at timestamptz not null,
  by_node text not null,
  by_authority text,
  reason text,
  payload_sha256 text not null,
  bytes bytea not null,
  log_index bigint,
  for_authority text,
  as_authority text,
  conversation_id text,
  carried_by uuid
);
comment on table exchange_event is 'What happened to messages, signed by whoever states it; append-only';
comment on column exchange_event.event_id is 'Id of the event';
comment on column exchange_event.place is 'Order of recording here';
comment on column exchange_event.message_id is 'The message it is about';
comment on column exchange_event.type is 'Type of event of ETSI EN 319 522-3';
comment on column exchange_event.at is 'When, by the clock of whoever states it';
comment on column exchange_event.by_node is 'Node that states it';
comment on column exchange_event.by_authority is 'Authority that states it; null when the node does';
comment on column exchange_event.reason is 'A code';
comment on column exchange_event.payload_sha256 is 'Of the signed payload: the next event of this message by the same node names it';
comment on column exchange_event.bytes is 'Event with its signature, byte for byte';
comment on column exchange_event.log_index is 'Place in the exchange log';
comment on column exchange_event.for_authority is 'Authority that is to be told; null when nobody is';
comment on column exchange_event.as_authority is 'Authority of this node that tells it';
comment on column exchange_event.conversation_id is 'Conversation of the message, while the event waits to be told';
comment on column exchange_event.carried_by is 'Message that carries it to the other side; null while it waits';
create index exchange_event_message on exchange_event (message_id, place);
create index exchange_event_untold on exchange_event (place) where for_authority is not null and carried_by is null;

create table exchange_refusal (
  id uuid primary key,
  peer text not null,
  message_id uuid,
  code text not null,
  at timestamptz not null,
  transport_sha256 text not null,
  bytes bytea not null,
  log_index bigint
);
comment on table exchange_refusal is 'What this node refused with its signature; append-only';
comment on column exchange_refusal.id is 'UUIDv7';
comment on column exchange_refusal.peer is 'Node by its TLS key';
comment on column exchange_refusal.message_id is 'Message that was refused, when it could be read';
comment on column exchange_refusal.code is 'Code of the refusal';
comment on column exchange_refusal.at is 'When';
comment on column exchange_refusal.transport_sha256 is 'Of the bytes that were refused';
comment on column exchange_refusal.bytes is 'The signed refusal, byte for byte';
comment on column exchange_refusal.log_index is 'Place in the exchange log';
create index exchange_refusal_transport on exchange_refusal (transport_sha256);
create index exchange_refusal_at on exchange_refusal (at);

create table exchange_peer (
  node text primary key,
  breaker text not null default 'closed' check (breaker in ('closed', 'open', 'probing')),
  failures integer not null default 0,
  probe_at timestamptz,
  waiting_since timestamptz,
  last_code text,
  last_failure_at timestamptz,
  last_receipt_at timestamptz,
  last_contact_at timestamptz,
  invalid_receipts integer not null default 0,
  clock_skew_ms bigint,
  alarm_code text,
  alarm_at timestamptz,
  pull_cursor bigint not null default 0
);
comment on table exchange_peer is 'How this node and each peer get on';
comment on column exchange_peer.node is 'The peer';
comment on column exchange_peer.breaker is 'open: nothing is sent but a probe a minute';
comment on column exchange_peer.failures is 'Failures in a row';
comment on column exchange_peer.probe_at is 'Next probe';
comment on column exchange_peer.waiting_since is 'First failure since the last receipt';
comment on column exchange_peer.last_code is 'Code of the last failure';
comment on column exchange_peer.last_failure_at is 'When it failed last';
comment on column exchange_peer.last_receipt_at is 'Last receipt from there';
comment on column exchange_peer.last_contact_at is 'Last message from there';
comment on column exchange_peer.invalid_receipts is 'Answers in a row that were no receipt';
comment on column exchange_peer.clock_skew_ms is 'How far its clock was ahead of ours when it answered last';
comment on column exchange_peer.alarm_code is 'What a person has to look at';
comment on column exchange_peer.alarm_at is 'Since when';
comment on column exchange_peer.pull_cursor is 'How far this node has fetched what waits for it there';

create table exchange_blob (
  blob_id text primary key,
  direction text not null check (direction in ('in', 'out')),
  peer text not null,
  message_id uuid not null,
  part text not null,
  length bigint not null check (length >= 1),
  payload_root text not null,
  header_sha256 text not null,
  committed bigint not null default 0 check (committed between 0 and length),
  status text not null check (status in ('announced', 'open', 'whole', 'removed')),
  announced_at timestamptz not null,
  changed_at timestamptz not null
);
comment on table exchange_blob is 'Sealed parts too large to travel inside a message, and how much of each is there';
comment on column exchange_blob.blob_id is 'Random id';
comment on column exchange_blob.direction is 'in: received here; out: sent from here';
comment on column exchange_blob.peer is 'Node it comes from or goes to';
comment on column exchange_blob.message_id is 'Message it belongs to';
comment on column exchange_blob.part is 'Part of the message, part-001';
comment on column exchange_blob.length is 'Bytes of ciphertext';
comment on column exchange_blob.payload_root is 'Root of the tree over blocks of 1 MiB';
comment on column exchange_blob.header_sha256 is 'Of the header before the payload';
comment on column exchange_blob.committed is 'Bytes that are flushed here, or confirmed by the peer';
comment on column exchange_blob.status is 'announced: no tree yet; open: bytes may come; whole; removed';
comment on column exchange_blob.announced_at is 'When it was announced';
comment on column exchange_blob.changed_at is 'When bytes came last';
create unique index exchange_blob_part on exchange_blob (message_id, part, direction);
create index exchange_blob_open on exchange_blob (changed_at) where status in ('announced', 'open');

create function exchange_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'exchange.append-only' using errcode = 'insufficient_privilege';
end $$;
comment on function exchange_refuse_change() is 'Refuses removal of what proves a delivery';
create trigger exchange_event_append_only before delete or truncate on exchange_event
  for each statement execute function exchange_refuse_change();
create trigger exchange_refusal_append_only before update or delete or truncate on exchange_refusal
  for each statement execute function exchange_refuse_change();
create trigger exchange_inbox_stays before delete or truncate on exchange_inbox
  for each statement execute function exchange_refuse_change();
create trigger exchange_outbox_stays before delete or truncate on exchange_outbox
  for each statement execute function exchange_refuse_change();

do $$
declare name text;
begin
  foreach name in array array['exchange_stream', 'exchange_outbox', 'exchange_inbox', 'exchange_event', 'exchange_refusal', 'exchange_peer', 'exchange_blob'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy owner_all on %I to comity_owner using (true) with check (true)', name);
    execute format('create policy node_only on %I to comity_app using (acts_for_the_node()) with check (acts_for_the_node())', name);
    execute format('grant select, insert on %I to comity_app', name);
  end loop;
end $$;
grant update on exchange_stream, exchange_peer, exchange_blob to comity_app;
grant update (peer, sequence, previous_sha256, message_sha256, message_bytes, inline_bytes, transport_bytes, transport_sha256, signed_at, expires_at, status,
  not_before, attempts, lease_until, last_code, first_tried_at, ended_at, receipt_bytes, receipt_at, refusal_bytes)
  on exchange_outbox to comity_app;
grant update (status, attempts, next_at, lease_until, last_code, opened_at, flagged_code, repeats) on exchange_inbox to comity_app;
grant update (carried_by) on exchange_event to comity_app;
