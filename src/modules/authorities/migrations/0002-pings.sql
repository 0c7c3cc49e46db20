-- Pings of secure addresses: which is under way, so that its answer or its silence counts once.

alter table directory_pings add column asked_at timestamptz;
comment on column directory_pings.asked_at is 'Last ping sent; null when none was';
alter table directory_pings add column ping_id uuid;
comment on column directory_pings.ping_id is 'Its message, until it is answered or counted as failed';
