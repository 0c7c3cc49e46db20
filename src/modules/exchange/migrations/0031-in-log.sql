-- Receipts name places in logs: which messages were found where their receipt says, so that each is looked at once.
create table exchange_in_log (
  message_id uuid not null,
  direction text not null check (direction in ('sent', 'received')),
  at timestamptz not null,
  primary key (message_id, direction)
);
comment on table exchange_in_log is 'Messages whose receipt was held against the log that it names, and found there; append-only';
comment on column exchange_in_log.message_id is 'The message';
comment on column exchange_in_log.direction is 'sent: the receipt is the peer''s, and so is the log; received: both are ours';
comment on column exchange_in_log.at is 'When';
grant select, insert on exchange_in_log to comity_app;
grant select on exchange_in_log to comity_reader;

alter table exchange_difference drop constraint exchange_difference_finding_check;
alter table exchange_difference add constraint exchange_difference_finding_check check (finding in ('missing-at-peer',
  'missing-here', 'receipted-missing-here', 'hash-differs', 'receipt-differs', 'outcome-differs', 'not-in-log',
  'event-not-in-our-log', 'event-not-in-their-log'));
