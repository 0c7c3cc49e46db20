-- Messages that carry events are told of no further: their outcome is known at the receiver alone and is not compared.

drop index exchange_outbox_ledger;
alter table exchange_outbox drop column ledger_hash;
alter table exchange_outbox add column ledger_hash bytea generated always as (
  case when receipt_bytes is null or status in ('refused', 'expired') then null
  else sha256('\x00'::bytea || uuid_send(message_id) || decode(message_sha256, 'hex') || sha256(receipt_bytes)
    || case when kind = 'event/1' then '\x00'::bytea when status = 'handed-over' then '\x01'::bytea
         when status = 'recalled' then '\x02'::bytea else '\x00'::bytea end) end
) stored;
comment on column exchange_outbox.ledger_hash is 'SHA-256(0x00, id, message hash, receipt hash, outcome): what both sides compare';
create index exchange_outbox_ledger on exchange_outbox (peer, message_id) include (ledger_hash) where ledger_hash is not null;

drop index exchange_inbox_ledger;
alter table exchange_inbox drop column ledger_hash;
alter table exchange_inbox add column ledger_hash bytea generated always as (
  case when status in ('refused', 'expired') then null
  else sha256('\x00'::bytea || uuid_send(message_id) || decode(message_sha256, 'hex') || sha256(receipt_bytes)
    || case when kind = 'event/1' then '\x00'::bytea when status = 'handed-over' then '\x01'::bytea
         when status = 'recalled' then '\x02'::bytea else '\x00'::bytea end) end
) stored;
comment on column exchange_inbox.ledger_hash is 'SHA-256(0x00, id, message hash, receipt hash, outcome): what both sides compare';
create index exchange_inbox_ledger on exchange_inbox (peer, message_id) include (ledger_hash) where ledger_hash is not null;
