-- What the log asks of delivery: comparing histories with peers, and the way back after a restored backup.

-- One hash per message that both sides compute alike: what is compared by ranges of ids. Null: not compared, since one side
-- alone knows of it (not delivered, refused, expired).
alter table exchange_outbox add column ledger_hash bytea generated always as (
  case when receipt_bytes is null or status in ('refused', 'expired') then null
  else sha256('\x00'::bytea || uuid_send(message_id) || decode(message_sha256, 'hex') || sha256(receipt_bytes)
    || case status when 'handed-over' then '\x01'::bytea when 'recalled' then '\x02'::bytea else '\x00'::bytea end) end
) stored;
comment on column exchange_outbox.ledger_hash is 'SHA-256(0x00, id, message hash, receipt hash, outcome): what both sides compare';
create index exchange_outbox_ledger on exchange_outbox (peer, message_id) include (ledger_hash) where ledger_hash is not null;
alter table exchange_inbox add column ledger_hash bytea generated always as (
  case when status in ('refused', 'expired') then null
  else sha256('\x00'::bytea || uuid_send(message_id) || decode(message_sha256, 'hex') || sha256(receipt_bytes)
    || case status when 'handed-over' then '\x01'::bytea when 'recalled' then '\x02'::bytea else '\x00'::bytea end) end
) stored;
comment on column exchange_inbox.ledger_hash is 'SHA-256(0x00, id, message hash, receipt hash, outcome): what both sides compare';
create index exchange_inbox_ledger on exchange_inbox (peer, message_id) include (ledger_hash) where ledger_hash is not null;

create table exchange_recovery (
  id uuid primary key,
  found_at timestamptz not null,
  found_by text not null,
  what text not null check (what in ('shorter', 'different')),
  from_size bigint not null,
  to_size bigint not null,
  note text not null,
  old_origin text not null,
  proposed_by text,
  proposed_at timestamptz,
  confirmed_by text,
  resumed_at timestamptz,
  new_origin text,
  check (confirmed_by is null or confirmed_by <> proposed_by),
  check ((resumed_at is null) = (confirmed_by is null))
);
comment on table exchange_recovery is 'Times at which this node found that its history went back; while one is open nothing is sent';
comment on column exchange_recovery.id is 'UUIDv7';
comment on column exchange_recovery.found_at is 'When it was found';
comment on column exchange_recovery.found_by is 'Node that showed it, or own-checkpoint';
comment on column exchange_recovery.what is 'shorter: entries are missing; different: they are not those of before';
comment on column exchange_recovery.from_size is 'Entries that the log once had';
comment on column exchange_recovery.to_size is 'Entries that it had when this was found';
comment on column exchange_recovery.note is 'The checkpoint of before, signed by this node';
comment on column exchange_recovery.old_origin is 'Origin of the log until then';
comment on column exchange_recovery.proposed_by is 'First person who says that all was brought back or declared lost';
comment on column exchange_recovery.proposed_at is 'When';
comment on column exchange_recovery.confirmed_by is 'Second person';
comment on column exchange_recovery.resumed_at is 'When the node went on';
comment on column exchange_recovery.new_origin is 'Origin of the log from then on';
create unique index exchange_recovery_open on exchange_recovery ((true)) where resumed_at is null;

create table exchange_pulled (
  recovery_id uuid not null references exchange_recovery (id),
  peer text not null,
  message_id uuid not null,
  direction text not null check (direction in ('sent', 'received')),
  outcome text not null check (outcome in ('brought-back', 'sent-again-by-peer', 'lost')),
  at timestamptz not null,
  primary key (recovery_id, message_id)
);
comment on table exchange_pulled is 'What a peer knew of and this node did not after a restored backup, and what became of it';
comment on column exchange_pulled.recovery_id is 'Which recovery';
comment on column exchange_pulled.peer is 'Peer that knew of it';
comment on column exchange_pulled.message_id is 'The message';
comment on column exchange_pulled.direction is 'sent: from here to the peer; received: from the peer to here';
comment on column exchange_pulled.outcome is 'brought-back with its receipt, sent again by the peer, or lost: said so by a signed event';
comment on column exchange_pulled.at is 'When';

create table exchange_reconcile (
  id uuid primary key,
  peer text not null,
  at timestamptz not null,
  from_day date,
  until_day date,
  outcome text not null check (outcome in ('equal', 'differences', 'not-reached')),
  compared bigint not null,
  differences bigint not null,
  code text,
  by text not null
);
comment on table exchange_reconcile is 'Comparisons of history with peers';
comment on column exchange_reconcile.id is 'UUIDv7';
comment on column exchange_reconcile.peer is 'With whom';
comment on column exchange_reconcile.at is 'When';
comment on column exchange_reconcile.from_day is 'First day compared (UTC, by message id); null: from the beginning';
comment on column exchange_reconcile.until_day is 'First day not compared; null: to the end';
comment on column exchange_reconcile.outcome is 'equal, differences or not-reached';
comment on column exchange_reconcile.compared is 'Messages of both directions that this node holds in the range';
comment on column exchange_reconcile.differences is 'Messages on which the two differ';
comment on column exchange_reconcile.code is 'Why the peer was not reached';
comment on column exchange_reconcile.by is 'Person or system id';
create index exchange_reconcile_peer on exchange_reconcile (peer, at desc);

create table exchange_difference (
  reconcile_id uuid not null references exchange_reconcile (id),
  message_id uuid not null,
  direction text not null check (direction in ('sent', 'received')),
  finding text not null check (finding in ('missing-at-peer', 'missing-here', 'receipted-missing-here', 'hash-differs', 'receipt-differs', 'outcome-differs', 'not-in-log')),
  action text not null,
  ours jsonb,
  theirs jsonb,
  primary key (reconcile_id, message_id, direction)
);
comment on table exchange_difference is 'Messages on which this node and a peer differ';
comment on column exchange_difference.reconcile_id is 'Comparison that found it';
comment on column exchange_difference.message_id is 'The message';
comment on column exchange_difference.direction is 'sent: from here to the peer; received: from the peer to here';
comment on column exchange_difference.finding is 'What differs';
comment on column exchange_difference.action is 'What was done, a code';
comment on column exchange_difference.ours is 'Hashes and outcome as held here';
comment on column exchange_difference.theirs is 'Hashes and outcome as the peer signed them';

grant select, insert, update on exchange_recovery to comity_app;
grant select, insert on exchange_pulled, exchange_reconcile, exchange_difference to comity_app;
grant select on exchange_recovery, exchange_pulled, exchange_reconcile, exchange_difference to comity_reader;
