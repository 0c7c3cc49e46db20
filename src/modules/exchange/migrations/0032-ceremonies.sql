-- What two persons began can be taken back, lapses, or is ended: archive keys that wait or are in use, and own feeds that
-- stand still.
alter table exchange_archive_keys add column withdrawn_at timestamptz;
alter table exchange_archive_keys add column withdrawn_by text;
alter table exchange_archive_keys add column end_proposed_at timestamptz;
alter table exchange_archive_keys add column end_proposed_by text;
alter table exchange_archive_keys add column end_reason text check (end_reason in ('compromised', 'lost', 'superseded', 'ceased'));
alter table exchange_archive_keys add column ended_at timestamptz;
alter table exchange_archive_keys add column ended_by text;
alter table exchange_archive_keys add constraint exchange_archive_keys_withdrawn check ((withdrawn_at is null) = (withdrawn_by is null));
alter table exchange_archive_keys add constraint exchange_archive_keys_proposed check ((end_proposed_at is null) = (end_proposed_by is null));
alter table exchange_archive_keys add constraint exchange_archive_keys_ended check ((ended_at is null) = (ended_by is null));
alter table exchange_archive_keys add constraint exchange_archive_keys_two check (ended_by is null or ended_by <> end_proposed_by);
comment on column exchange_archive_keys.withdrawn_at is 'When it was given up before its keepers confirmed it: nothing was ever sealed to it';
comment on column exchange_archive_keys.withdrawn_by is 'Person or command line';
comment on column exchange_archive_keys.end_proposed_at is 'When a first person asked to take it back; null: nobody asks';
comment on column exchange_archive_keys.end_proposed_by is 'First person';
comment on column exchange_archive_keys.end_reason is 'Why: compromised, lost, superseded, ceased';
comment on column exchange_archive_keys.ended_at is 'When it was taken back: nothing is sealed to it from then on';
comment on column exchange_archive_keys.ended_by is 'Second person';
grant update (withdrawn_at, withdrawn_by, end_proposed_at, end_proposed_by, end_reason, ended_at, ended_by)
  on exchange_archive_keys to comity_app;

alter table feed_state add column resume_proposed_at timestamptz;
alter table feed_state add column resume_proposed_by text;
comment on column feed_state.resume_proposed_at is 'When a first person asked to let the own feed go on; null: nobody asks';
comment on column feed_state.resume_proposed_by is 'First person';
