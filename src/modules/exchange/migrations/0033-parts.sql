-- Large parts that a sender still keeps are found without reading those that were let go.
create index exchange_blob_kept on exchange_blob (changed_at) where direction = 'out' and status <> 'removed';
-- What is sealed or signed does not get smaller: nobody tries to compress it on its way to the disk.
alter table exchange_outbox alter column message_bytes set storage external, alter column inline_bytes set storage external,
  alter column transport_bytes set storage external, alter column receipt_bytes set storage external,
  alter column refusal_bytes set storage external;
alter table exchange_inbox alter column transport_bytes set storage external, alter column receipt_bytes set storage external;
alter table exchange_event alter column bytes set storage external;
