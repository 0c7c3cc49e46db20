-- The directory: entries, profiles and calendars as versions that are never overwritten, and what belongs to them.

create table directory_versions (
  kind text not null check (kind in ('authority-entry', 'requirement-profile', 'calendar')),
  record_id text not null,
  version integer not null check (version > 0),
  state text not null,
  territory text,
  op text not null check (op in ('put', 'withdraw')),
  valid_from date,
  until date,
  recorded_at timestamptz not null,
  body jsonb not null,
  hash text not null,
  origin text not null check (origin in ('own', 'notification', 'custodian')),
  written_by text not null,
  published_by text not null,
  urgent boolean not null default false,
  reason text,
  primary key (kind, record_id, version)
);
comment on table directory_versions is 'Every version of every entry, profile and calendar in the public layer; append-only';
comment on column directory_versions.kind is 'Kind of the signed record';
comment on column directory_versions.record_id is 'Entry or calendar id; for a profile the State, with the territory after a slash';
comment on column directory_versions.version is 'Counts the versions of one record from 1';
comment on column directory_versions.state is 'State the record speaks about';
comment on column directory_versions.territory is 'ISO 3166-2 unit; null for the whole State';
comment on column directory_versions.op is 'put: a statement; withdraw: the statement ends on until';
comment on column directory_versions.valid_from is 'First day for which it speaks; null when the source names none';
comment on column directory_versions.until is 'Day from which it no longer speaks; null while open';
comment on column directory_versions.recorded_at is 'When it was said here';
comment on column directory_versions.body is 'The record''s body in the public layer';
comment on column directory_versions.hash is 'Hash of the body''s canonical form; requests keep it';
comment on column directory_versions.origin is 'own: the State''s node; notification: the depositary''s record; custodian: another public source';
comment on column directory_versions.written_by is 'Person or system id of the writer';
comment on column directory_versions.published_by is 'Person or system id of the publisher';
comment on column directory_versions.urgent is 'Correction by one person, to be checked by another the next day';
comment on column directory_versions.reason is 'Why it was published in spite of a warning';
create index directory_versions_state on directory_versions (state, kind);
create index directory_versions_urgent on directory_versions (recorded_at) where urgent;

create table directory_contacts (
  record_id text not null,
  version integer not null,
  body jsonb,
  erased_at timestamptz,
  primary key (record_id, version)
);
comment on table directory_contacts is 'Restricted layer of each entry version: mailboxes, numbers, posts; kept apart so that public reads never touch it';
comment on column directory_contacts.record_id is 'Entry id';
comment on column directory_contacts.version is 'Version of the entry';
comment on column directory_contacts.body is 'The restricted fields; null once erased';
comment on column directory_contacts.erased_at is 'When erased: 30 days after the posts changed';

create table directory_notes (
  record_id text not null,
  version integer not null,
  notes text not null,
  primary key (record_id, version)
);
comment on table directory_notes is 'Own node only: remarks of the editors on an entry version; append-only';
comment on column directory_notes.record_id is 'Entry id';
comment on column directory_notes.version is 'Version of the entry';
comment on column directory_notes.notes is 'Remarks';

create table directory_drafts (
  id uuid primary key,
  kind text not null check (kind in ('authority-entry', 'requirement-profile', 'calendar')),
  record_id text not null,
  state text not null,
  op text not null check (op in ('put', 'withdraw')),
  body jsonb not null,
  base_version integer not null,
  reason text,
  written_by text not null,
  written_at timestamptz not null,
  status text not null default 'open' check (status in ('open', 'published', 'discarded')),
  decided_by text,
  decided_at timestamptz
);
comment on table directory_drafts is 'Changes written by one official and waiting for a second to publish them';
comment on column directory_drafts.id is 'UUIDv7';
comment on column directory_drafts.kind is 'Kind of the record to be';
comment on column directory_drafts.record_id is 'As in directory_versions';
comment on column directory_drafts.state is 'Own State, or the State of a custodian entry';
comment on column directory_drafts.op is 'put or withdraw';
comment on column directory_drafts.body is 'The whole body, all layers';
comment on column directory_drafts.base_version is 'Version it was written against, 0 for a new record; publishing over another is refused';
comment on column directory_drafts.reason is 'Why, when a warning stands';
comment on column directory_drafts.written_by is 'Person or system id';
comment on column directory_drafts.written_at is 'When written';
comment on column directory_drafts.status is 'open, published or discarded';
comment on column directory_drafts.decided_by is 'Who published or discarded';
comment on column directory_drafts.decided_at is 'When';
create index directory_drafts_open on directory_drafts (state, written_at) where status = 'open';

create table directory_feed_records (
  owner text not null,
  seq bigint not null check (seq > 0),
  hash text not null,
  previous text,
  record_id text not null,
  record_version integer not null,
  record jsonb not null,
  jws text not null,
  received_at timestamptz not null,
  primary key (owner, seq, hash)
);
comment on table directory_feed_records is 'Signed records of the feed directory, own and received; two with one seq are both kept; append-only';
comment on column directory_feed_records.owner is 'State or node whose key signed';
comment on column directory_feed_records.seq is 'Counts per owner without gaps';
comment on column directory_feed_records.hash is 'Hash of the record';
comment on column directory_feed_records.previous is 'Hash of the record before; null for the first';
comment on column directory_feed_records.record_id is 'What it speaks about';
comment on column directory_feed_records.record_version is 'Version of that';
comment on column directory_feed_records.record is 'The record as signed';
comment on column directory_feed_records.jws is 'Its signature';
comment on column directory_feed_records.received_at is 'When it came here';

create table directory_frozen_feeds (
  owner text primary key,
  last_common_seq bigint not null,
  frozen_at timestamptz not null,
  reason text not null check (reason in ('equivocation', 'gap'))
);
comment on table directory_frozen_feeds is 'Feeds that stand still because their owner signed two different records with one seq, or one is missing';
comment on column directory_frozen_feeds.owner is 'Whose feed';
comment on column directory_frozen_feeds.last_common_seq is 'Last record that everyone shares';
comment on column directory_frozen_feeds.frozen_at is 'When seen';
comment on column directory_frozen_feeds.reason is 'equivocation or gap';

create table directory_confirmations (
  id uuid primary key,
  record_id text not null,
  version integer not null,
  confirmed_on date not null,
  post text not null,
  person_id text not null,
  at timestamptz not null
);
comment on table directory_confirmations is 'Every confirmation of an entry by its desk, with the person, who stays on the own node; append-only';
comment on column directory_confirmations.id is 'UUIDv7';
comment on column directory_confirmations.record_id is 'Entry id';
comment on column directory_confirmations.version is 'Version that carries the confirmation';
comment on column directory_confirmations.confirmed_on is 'Day';
comment on column directory_confirmations.post is 'Post shown to others';
comment on column directory_confirmations.person_id is 'Who, never sent';
comment on column directory_confirmations.at is 'Moment';

create table directory_feedback (
  id uuid primary key,
  record_id text not null,
  version integer not null,
  from_state text not null,
  from_authority text,
  field text,
  text text not null,
  reported_by text not null,
  reported_at timestamptz not null,
  due_on date not null,
  weekends_only boolean not null,
  answered_at timestamptz,
  answered_by text,
  answer text
);
comment on table directory_feedback is 'Errors reported on an entry; its owner answers within ten working days';
comment on column directory_feedback.id is 'UUIDv7';
comment on column directory_feedback.record_id is 'Entry id';
comment on column directory_feedback.version is 'Version it speaks about';
comment on column directory_feedback.from_state is 'State of who reports';
comment on column directory_feedback.from_authority is 'Their authority; null when their office is none';
comment on column directory_feedback.field is 'Field of the entry; null for the whole';
comment on column directory_feedback.text is 'What is wrong, in their words';
comment on column directory_feedback.reported_by is 'Person id';
comment on column directory_feedback.reported_at is 'When';
comment on column directory_feedback.due_on is 'Answer due, in the owner''s calendar';
comment on column directory_feedback.weekends_only is 'The calendar lacked a year: only weekly rest was counted';
comment on column directory_feedback.answered_at is 'When answered; null while open';
comment on column directory_feedback.answered_by is 'Person id';
comment on column directory_feedback.answer is 'The answer';

create table directory_pings (
  record_id text primary key,
  last_answered_at timestamptz,
  failed integer not null default 0
);
comment on table directory_pings is 'What this node saw of an entry''s secure address; never signed, never sent';
comment on column directory_pings.record_id is 'Entry id';
comment on column directory_pings.last_answered_at is 'Last answer to a ping';
comment on column directory_pings.failed is 'Pings without answer since then';

create table directory_choices (
  id uuid primary key,
  question jsonb not null,
  offered jsonb not null,
  chosen text not null,
  person_id text not null,
  at timestamptz not null
);
comment on table directory_choices is 'Which of two equal desks an official chose; append-only';
comment on column directory_choices.id is 'UUIDv7';
comment on column directory_choices.question is 'What was asked';
comment on column directory_choices.offered is 'Entry ids that were equal';
comment on column directory_choices.chosen is 'Entry id chosen';
comment on column directory_choices.person_id is 'Who chose';
comment on column directory_choices.at is 'When';

grant select, insert on directory_versions, directory_notes, directory_feed_records, directory_confirmations, directory_choices to comity_app;
grant select, insert, update on directory_contacts, directory_drafts, directory_feedback, directory_pings to comity_app;
grant select, insert, delete on directory_frozen_feeds to comity_app;
grant select on directory_versions, directory_feed_records, directory_frozen_feeds, directory_confirmations, directory_pings, directory_choices to comity_reader;
