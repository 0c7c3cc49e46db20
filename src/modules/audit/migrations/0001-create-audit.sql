-- The audit log: entries, their leaves in an RFC 6962 tree, and the head of the tree.
-- A deferred trigger gives each entry its place when its transaction commits, so that the one-appender lock is held
-- for the commit alone and never waits behind a row that a use case has locked.

create table audit_entries (
  id uuid primary key,
  entry text not null,
  salt bytea not null check (length(salt) = 16),
  at text generated always as ((entry::jsonb) ->> 'at') stored,
  actor_id text generated always as ((entry::jsonb) -> 'actor' ->> 'id') stored,
  action text generated always as ((entry::jsonb) ->> 'action') stored,
  subject_kind text generated always as ((entry::jsonb) -> 'subject' ->> 'kind') stored,
  subject_id text generated always as ((entry::jsonb) -> 'subject' ->> 'id') stored,
  outcome text generated always as ((entry::jsonb) ->> 'outcome') stored
);
comment on table audit_entries is 'What was done or refused, by whom and when; append-only';
comment on column audit_entries.id is 'UUIDv7, also inside the entry';
comment on column audit_entries.entry is 'Canonical JSON (RFC 8785) of the entry, byte for byte as hashed';
comment on column audit_entries.salt is '16 random bytes, so that a leaf tells nothing about its entry';
comment on column audit_entries.at is 'From the entry: UTC moment';
comment on column audit_entries.actor_id is 'From the entry: person or system id, null for the public';
comment on column audit_entries.action is 'From the entry: permission or action name';
comment on column audit_entries.subject_kind is 'From the entry: kind of the object acted on';
comment on column audit_entries.subject_id is 'From the entry: id of the object acted on';
comment on column audit_entries.outcome is 'From the entry: done or denied';
create index audit_entries_at on audit_entries (at);
create index audit_entries_actor on audit_entries (actor_id, at);
create index audit_entries_subject on audit_entries (subject_kind, subject_id, at);

create table audit_leaves (
  index bigint primary key check (index >= 0),
  entry_id uuid not null unique references audit_entries (id),
  d bytea not null check (length(d) = 32),
  chain bytea not null check (length(chain) = 32)
);
comment on table audit_leaves is 'Place of each entry in the log, without gaps; append-only';
comment on column audit_leaves.index is 'Place, counted from 0';
comment on column audit_leaves.entry_id is 'The entry at this place';
comment on column audit_leaves.d is 'SHA-256(salt || SHA-256(entry)); the RFC 6962 leaf is SHA-256(0x00 || d)';
comment on column audit_leaves.chain is 'SHA-256(chain before || d), from 32 zero bytes: names the place of a change without the whole tree';

create table audit_head (
  id smallint primary key default 1 check (id = 1),
  size bigint not null,
  frontier bytea not null,
  root bytea not null,
  chain bytea not null
);
comment on table audit_head is 'Head of the log: one row, moved forward by the append trigger only';
comment on column audit_head.id is 'Always 1';
comment on column audit_head.size is 'Number of entries';
comment on column audit_head.frontier is 'Roots of the full subtrees from left to right, 32 bytes each';
comment on column audit_head.root is 'RFC 6962 root of all entries';
comment on column audit_head.chain is 'Chain value of the last entry';
insert into audit_head (size, frontier, root, chain)
values (0, ''::bytea, sha256(''::bytea), decode(repeat('00', 32), 'hex'));

create function audit_append() returns trigger language plpgsql security definer set search_path from current as $$
declare
  head audit_head%rowtype;
  leaf_data bytea;
  next_chain bytea;
  node bytea;
  stack bytea;
  rest bigint;
  tree_root bytea;
begin
  select * into strict head from audit_head where id = 1 for update;
  leaf_data := sha256(new.salt || sha256(convert_to(new.entry, 'UTF8')));
  next_chain := sha256(head.chain || leaf_data);
  insert into audit_leaves (index, entry_id, d, chain) values (head.size, new.id, leaf_data, next_chain);
  -- Each full subtree that this leaf completes is joined with its left neighbour.
  node := sha256('\x00'::bytea || leaf_data);
  stack := head.frontier;
  rest := head.size;
  while rest % 2 = 1 loop
    node := sha256('\x01'::bytea || substring(stack from length(stack) - 31 for 32) || node);
    stack := substring(stack from 1 for length(stack) - 32);
    rest := rest / 2;
  end loop;
  stack := stack || node;
  tree_root := substring(stack from length(stack) - 31 for 32);
  for position in reverse (length(stack) / 32 - 2) .. 0 loop
    tree_root := sha256('\x01'::bytea || substring(stack from position * 32 + 1 for 32) || tree_root);
  end loop;
  update audit_head set size = head.size + 1, frontier = stack, root = tree_root, chain = next_chain where id = 1;
  return null;
end $$;
comment on function audit_append() is 'Gives a new entry its place in the log when its transaction commits';
create constraint trigger audit_append after insert on audit_entries
  deferrable initially deferred for each row execute function audit_append();

create function audit_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'audit.append-only' using errcode = 'insufficient_privilege';
end $$;
comment on function audit_refuse_change() is 'Refuses every change and removal in the log';
create trigger audit_entries_append_only before update or delete or truncate on audit_entries
  for each statement execute function audit_refuse_change();
create trigger audit_leaves_append_only before update or delete or truncate on audit_leaves
  for each statement execute function audit_refuse_change();
create trigger audit_head_stays before delete or truncate on audit_head
  for each statement execute function audit_refuse_change();

grant select, insert on audit_entries to comity_app;
grant select on audit_leaves, audit_head to comity_app;
grant select on audit_entries, audit_leaves, audit_head to comity_reader;
