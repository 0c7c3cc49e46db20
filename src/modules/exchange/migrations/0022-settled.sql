-- Whether a message still has to be given to its peer is one fact, read the same way by whoever sends.
alter table exchange_outbox add column gave_up_place boolean not null default false;
update exchange_outbox set gave_up_place = true where status = 'recalled' and receipt_bytes is null and refusal_bytes is null;
alter table exchange_outbox add column is_settled boolean
  generated always as (receipt_bytes is not null or refusal_bytes is not null or gave_up_place) stored;
comment on column exchange_outbox.gave_up_place is 'It never left and its place in the stream went to another: taken back, or ended behind a place that was freed';
comment on column exchange_outbox.is_settled is 'The peer gave a receipt or a final refusal, or the place was given up: the next of the stream may go';

drop index exchange_outbox_place;
create unique index exchange_outbox_place on exchange_outbox (stream, sequence) where status <> 'refused' and not gave_up_place;
drop index exchange_outbox_waiting;
create index exchange_outbox_waiting on exchange_outbox (peer, priority, queued_at, sequence) where not is_settled;
drop index exchange_outbox_unsent;
create index exchange_outbox_unsent on exchange_outbox (stream, sequence) where not is_settled;
grant update (gave_up_place) on exchange_outbox to comity_app;
