-- Trust, State by State: root keys confirmed by two persons, signed records of every feed, own keys with their times.
-- Everything here is public or about public keys; private keys never stand in the database.

create table trust_state (
  one boolean primary key default true check (one),
  version bigint not null default 1,
  looks bigint not null default 1
);
comment on table trust_state is 'One row: counts the changes of trust, so that no process keeps an old view';
comment on column trust_state.one is 'Always true';
comment on column trust_state.version is 'Rises with every change of roots, delegations, node entries, revocations and own keys';
comment on column trust_state.looks is 'Rises with every look at the feeds of an owner';
insert into trust_state default values;

create table trust_roots (
  owner text not null,
  kid text not null,
  public_key jsonb not null,
  fingerprint text not null,
  own boolean not null default false,
  status text not null check (status in ('proposed', 'confirmed', 'refused', 'ended')),
  channel text,
  said_on date,
  said_by text,
  proposed_by text not null,
  proposed_at timestamptz not null,
  confirmed_by text,
  confirmed_at timestamptz,
  failed integer not null default 0,
  primary key (owner, kid),
  check (status <> 'confirmed' or own or (confirmed_by is not null and confirmed_by <> proposed_by))
);
comment on table trust_roots is 'Root keys of States and other owners of feeds; another''s counts only when two persons confirmed it';
comment on column trust_roots.owner is 'State code, or the node of an owner without State';
comment on column trust_roots.kid is 'RFC 7638 thumbprint';
comment on column trust_roots.public_key is 'JWK, public part';
comment on column trust_roots.fingerprint is 'SHA-256 of owner and key: what is read aloud';
comment on column trust_roots.own is 'Root of this node''s own State';
comment on column trust_roots.status is 'proposed, confirmed, refused or ended';
comment on column trust_roots.channel is 'By which other way the fingerprint was given';
comment on column trust_roots.said_on is 'Day on which it was given';
comment on column trust_roots.said_by is 'Post of who gave it';
comment on column trust_roots.proposed_by is 'Person or system id';
comment on column trust_roots.proposed_at is 'When';
comment on column trust_roots.confirmed_by is 'A second person, who typed what was read aloud';
comment on column trust_roots.confirmed_at is 'When';
comment on column trust_roots.failed is 'Times the typed groups did not fit';

create table trust_delegations (
  owner text not null,
  kid text not null,
  root_kid text not null,
  jws text not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  received_at timestamptz not null,
  primary key (owner, kid, root_kid, valid_from)
);
comment on table trust_delegations is 'Words of root keys that other keys may sign records for a time; append-only';
comment on column trust_delegations.owner is 'Whose records';
comment on column trust_delegations.kid is 'Key that may sign';
comment on column trust_delegations.root_kid is 'Root that says so';
comment on column trust_delegations.jws is 'Its signed word';
comment on column trust_delegations.valid_from is 'From when';
comment on column trust_delegations.valid_until is 'Until when; null: open';
comment on column trust_delegations.received_at is 'When it came here';

create table feed_records (
  owner text not null,
  feed text not null,
  seq bigint not null check (seq > 0),
  hash text not null,
  kind text not null,
  record_id text not null,
  record_version integer not null,
  signed_by text not null,
  signed_at timestamptz not null,
  jws text not null,
  status text not null check (status in ('taken', 'waiting', 'refused', 'conflicting')),
  code text,
  received_at timestamptz not null,
  received_from text,
  primary key (owner, feed, seq, hash)
);
comment on table feed_records is 'Signed records of every feed held here, as they came; two with one number are both kept';
comment on column feed_records.owner is 'Who signed';
comment on column feed_records.feed is 'nodes, directory, treaties';
comment on column feed_records.seq is 'Counts per owner and feed without gaps';
comment on column feed_records.hash is 'Hash of the record';
comment on column feed_records.kind is 'Kind of what it says';
comment on column feed_records.record_id is 'What it speaks about';
comment on column feed_records.record_version is 'Version of that';
comment on column feed_records.signed_by is 'Key that signed';
comment on column feed_records.signed_at is 'Moment in the record';
comment on column feed_records.jws is 'The record with its signature';
comment on column feed_records.status is 'taken; waiting: one before it is missing; refused: in order but its content is not taken; conflicting: another has the same number';
comment on column feed_records.code is 'Why it was refused';
comment on column feed_records.received_at is 'When it came here';
comment on column feed_records.received_from is 'Node that brought it; null for own records and files';

create table feed_state (
  owner text not null,
  feed text not null,
  seq bigint not null default 0,
  hash text,
  frozen_at timestamptz,
  frozen_after bigint,
  gap_from bigint,
  checked_at timestamptz,
  checked_with text,
  tried_at timestamptz,
  last_code text,
  told_at timestamptz,
  primary key (owner, feed)
);
comment on table feed_state is 'Where this node''s copy of each feed stands';
comment on column feed_state.owner is 'Whose feed';
comment on column feed_state.feed is 'Which';
comment on column feed_state.seq is 'Newest record in order';
comment on column feed_state.hash is 'Its hash';
comment on column feed_state.frozen_at is 'When two different records with one number were seen; null while the feed runs';
comment on column feed_state.frozen_after is 'Last record that everyone shares';
comment on column feed_state.gap_from is 'First missing record; null when none is missing';
comment on column feed_state.checked_at is 'When its owner last said that nothing newer is there';
comment on column feed_state.checked_with is 'Node last asked with success, owner or other';
comment on column feed_state.tried_at is 'Last try';
comment on column feed_state.last_code is 'Why the last try failed; null when it did not';
comment on column feed_state.told_at is 'When its owner''s node was told of the conflict';

create table trust_changes (
  id uuid primary key,
  owner text not null,
  subject text not null,
  kind text not null check (kind in ('node-entry')),
  jws text not null,
  content_sha256 text not null,
  code text not null,
  received_from text,
  received_at timestamptz not null,
  status text not null check (status in ('held', 'proposed', 'confirmed', 'refused')),
  channel text,
  said_on date,
  proposed_by text,
  proposed_at timestamptz,
  decided_by text,
  decided_at timestamptz,
  check (status <> 'confirmed' or decided_by <> proposed_by)
);
comment on table trust_changes is 'Endpoints and keys that came without the signature of their State: unused until two persons confirm them by another way';
comment on column trust_changes.id is 'UUIDv7';
comment on column trust_changes.owner is 'State they are said to be of';
comment on column trust_changes.subject is 'Node they are about';
comment on column trust_changes.kind is 'Kind of the record';
comment on column trust_changes.jws is 'What came';
comment on column trust_changes.content_sha256 is 'Hash of what it says';
comment on column trust_changes.code is 'Why it is held';
comment on column trust_changes.received_from is 'Node that brought it';
comment on column trust_changes.received_at is 'When';
comment on column trust_changes.status is 'held, proposed by a first person, confirmed by a second, or refused';
comment on column trust_changes.channel is 'By which other way it was confirmed';
comment on column trust_changes.said_on is 'Day of that';
comment on column trust_changes.proposed_by is 'First person';
comment on column trust_changes.proposed_at is 'When';
comment on column trust_changes.decided_by is 'Second person, or who refused';
comment on column trust_changes.decided_at is 'When';
create unique index trust_changes_content on trust_changes (owner, subject, content_sha256);

create table own_keys (
  kid text primary key,
  use text not null check (use in ('node-sign', 'log', 'authority-sign', 'authority-seal', 'tls')),
  holder text not null,
  public_key jsonb,
  valid_from timestamptz not null,
  valid_until timestamptz,
  revoked_at timestamptz,
  made_at timestamptz not null,
  made_by text not null
);
comment on table own_keys is 'Public side of the own keys and when each is used; private keys stand in the key store or vault';
comment on column own_keys.kid is 'RFC 7638 thumbprint; for tls SHA-256 of the SPKI';
comment on column own_keys.use is 'What it is for';
comment on column own_keys.holder is 'Node or authority';
comment on column own_keys.public_key is 'JWK, public part; null for tls';
comment on column own_keys.valid_from is 'In use from';
comment on column own_keys.valid_until is 'Until; null: open';
comment on column own_keys.revoked_at is 'Nothing it signed from then on counts';
comment on column own_keys.made_at is 'When it was made';
comment on column own_keys.made_by is 'Person or system id';
create index own_keys_holder on own_keys (holder, use, valid_from);

grant select, update on trust_state to comity_app;
grant select, insert, update on trust_roots, feed_records, feed_state, trust_changes, own_keys to comity_app;
grant select, insert on trust_delegations to comity_app;
grant select on trust_state, trust_roots, trust_delegations, feed_records, feed_state, trust_changes, own_keys to comity_reader;

alter table exchange_inbox add column signed_by text;
comment on column exchange_inbox.signed_by is 'Authority key that signed the message: what is asked when a key turns out to be compromised';
alter table exchange_inbox add column node_signed_by text;
comment on column exchange_inbox.node_signed_by is 'Node key that signed what carried it';
create index exchange_inbox_signed on exchange_inbox (signed_by, signed_at);
create index exchange_inbox_node_signed on exchange_inbox (node_signed_by, signed_at);
