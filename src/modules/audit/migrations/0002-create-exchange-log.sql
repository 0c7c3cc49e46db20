-- A second log beside the audit log, in one code: what crossed the border. An entry gets its place inside the transaction
-- that causes it, since a receipt names the place; the head row is the lock of the one appender.
-- Hashes of full subtrees of 256, 65536 … leaves are kept for both logs, so that a proof reads a few hundred rows at any size.

create table log_nodes (
  log text not null check (log in ('audit', 'exchange')),
  level smallint not null check (level in (8, 16, 24, 32)),
  index bigint not null check (index >= 0),
  hash bytea not null check (length(hash) = 32),
  primary key (log, level, index)
);
comment on table log_nodes is 'Roots of full subtrees of 256, 65536 and more leaves: the upper tiles of each log; append-only';
comment on column log_nodes.log is 'audit or exchange';
comment on column log_nodes.level is 'The subtree holds 2^level leaves';
comment on column log_nodes.index is 'Place of the subtree among those of its level, counted from 0';
comment on column log_nodes.hash is 'RFC 6962 hash of the subtree';

create table log_heads (
  log text primary key check (log = 'exchange'),
  name text,
  epoch integer not null check (epoch > 0),
  size bigint not null,
  frontier bytea not null,
  root bytea not null,
  chain bytea not null
);
comment on table log_heads is 'Head of the exchange log: moved forward by its own functions only';
comment on column log_heads.log is 'exchange';
comment on column log_heads.name is 'Name in the origin: alpha-2 code of the State, or id of a node without a State; null until the node first starts';
comment on column log_heads.epoch is 'Counts from 1; one more after a restored backup: last part of the origin';
comment on column log_heads.size is 'Number of entries';
comment on column log_heads.frontier is 'Roots of the full subtrees from left to right, 32 bytes each';
comment on column log_heads.root is 'RFC 6962 root of all entries';
comment on column log_heads.chain is 'Chain value of the last entry';
insert into log_heads (log, epoch, size, frontier, root, chain)
values ('exchange', 1, 0, ''::bytea, sha256(''::bytea), decode(repeat('00', 32), 'hex'));

create table log_leaves (
  log text not null check (log = 'exchange'),
  index bigint not null check (index >= 0),
  d bytea not null check (length(d) = 32),
  chain bytea not null check (length(chain) = 32),
  entry text not null,
  salt bytea not null check (length(salt) = 16),
  primary key (log, index)
);
comment on table log_leaves is 'Entries of the exchange log in order, without gaps; append-only';
comment on column log_leaves.log is 'exchange';
comment on column log_leaves.index is 'Place, counted from 0';
comment on column log_leaves.d is 'SHA-256(salt || SHA-256(entry)); the RFC 6962 leaf is SHA-256(0x00 || d)';
comment on column log_leaves.chain is 'SHA-256(chain before || d), from 32 zero bytes';
comment on column log_leaves.entry is 'Canonical JSON (RFC 8785): ids, hashes and codes of what crossed the border, no content';
comment on column log_leaves.salt is '16 random bytes, so that a leaf tells nothing about its entry';

create function log_grow(which text, size bigint, frontier bytea, leaf_data bytea) returns bytea
language plpgsql set search_path from current as $$
declare
  node bytea := sha256('\x00'::bytea || leaf_data);
  stack bytea := frontier;
  rest bigint := size;
  height smallint := 0;
begin
  -- Each full subtree that this leaf completes is joined with its left neighbour.
  while rest % 2 = 1 loop
    node := sha256('\x01'::bytea || substring(stack from length(stack) - 31 for 32) || node);
    stack := substring(stack from 1 for length(stack) - 32);
    rest := rest / 2;
    height := height + 1;
    if height % 8 = 0 then
      insert into log_nodes (log, level, index, hash) values (which, height, rest, node);
    end if;
  end loop;
  return stack || node;
end $$;
comment on function log_grow(text, bigint, bytea, bytea) is 'Full subtrees of a log after one more leaf';

create function log_root(frontier bytea) returns bytea language plpgsql immutable set search_path from current as $$
declare
  tree_root bytea := substring(frontier from length(frontier) - 31 for 32);
begin
  for position in reverse (length(frontier) / 32 - 2) .. 0 loop
    tree_root := sha256('\x01'::bytea || substring(frontier from position * 32 + 1 for 32) || tree_root);
  end loop;
  return tree_root;
end $$;
comment on function log_root(bytea) is 'RFC 6962 root of the full subtrees of a log';

create or replace function audit_append() returns trigger language plpgsql security definer set search_path from current as $$
declare
  head audit_head%rowtype;
  leaf_data bytea;
  next_chain bytea;
  stack bytea;
begin
  select * into strict head from audit_head where id = 1 for update;
  leaf_data := sha256(new.salt || sha256(convert_to(new.entry, 'UTF8')));
  next_chain := sha256(head.chain || leaf_data);
  insert into audit_leaves (index, entry_id, d, chain) values (head.size, new.id, leaf_data, next_chain);
  stack := log_grow('audit', head.size, head.frontier, leaf_data);
  update audit_head set size = head.size + 1, frontier = stack, root = log_root(stack), chain = next_chain where id = 1;
  -- Ten more entries want a checkpoint; the rest is seen to by the clock.
  if (head.size + 1) % 10 = 0 then
    perform pg_notify('comity_log', '');
  end if;
  return null;
end $$;

create function log_append(entries text[], salts bytea[]) returns table (place bigint, leaf bytea, origin_name text, origin_epoch integer)
language plpgsql security definer set search_path from current as $$
declare
  head log_heads%rowtype;
  leaf_data bytea;
begin
  select * into strict head from log_heads where log = 'exchange' for update;
  for position in 1 .. cardinality(entries) loop
    leaf_data := sha256(salts[position] || sha256(convert_to(entries[position], 'UTF8')));
    head.chain := sha256(head.chain || leaf_data);
    insert into log_leaves (log, index, d, chain, entry, salt)
    values ('exchange', head.size, leaf_data, head.chain, entries[position], salts[position]);
    head.frontier := log_grow('exchange', head.size, head.frontier, leaf_data);
    place := head.size;
    leaf := sha256('\x00'::bytea || leaf_data);
    origin_name := head.name;
    origin_epoch := head.epoch;
    head.size := head.size + 1;
    return next;
  end loop;
  update log_heads set size = head.size, frontier = head.frontier, root = log_root(head.frontier), chain = head.chain
  where log = 'exchange';
end $$;
comment on function log_append(text[], bytea[]) is 'Gives entries their places in the exchange log, in the transaction that causes them';

create function log_open(own_name text) returns void language plpgsql security definer set search_path from current as $$
begin
  update log_heads set name = own_name where log = 'exchange' and name is null;
  perform 1 from log_heads where log = 'exchange' and name = own_name;
  if not found then
    raise exception 'audit.other-log-name' using errcode = 'check_violation';
  end if;
end $$;
comment on function log_open(text) is 'Names the exchange log once; a log never changes its name';

create function log_next_epoch() returns integer language sql security definer set search_path from current as $$
  update log_heads set epoch = epoch + 1 where log = 'exchange' returning epoch
$$;
comment on function log_next_epoch() is 'Begins the next epoch of the exchange log, after a restored backup';

create table log_checkpoints (
  log text not null check (log in ('audit', 'exchange')),
  origin text not null,
  size bigint not null check (size >= 0),
  root bytea not null check (length(root) = 32),
  note text not null,
  at timestamptz not null,
  primary key (log, origin, size)
);
comment on table log_checkpoints is 'Signed states of the own logs, one per size that was signed; append-only';
comment on column log_checkpoints.log is 'audit or exchange';
comment on column log_checkpoints.origin is 'comity/XA/exchange/1';
comment on column log_checkpoints.size is 'Number of entries';
comment on column log_checkpoints.root is 'RFC 6962 root';
comment on column log_checkpoints.note is 'C2SP signed note';
comment on column log_checkpoints.at is 'When it was signed';

create table log_cosignatures (
  origin text not null,
  size bigint not null,
  witness text not null,
  note text not null,
  at timestamptz not null,
  primary key (origin, size, witness)
);
comment on table log_cosignatures is 'What other nodes signed of our checkpoints; append-only';
comment on column log_cosignatures.origin is 'Origin of our log';
comment on column log_cosignatures.size is 'Size of our log that was cosigned';
comment on column log_cosignatures.witness is 'Node that cosigned';
comment on column log_cosignatures.note is 'Text of the checkpoint with the witness''s signature line (C2SP tlog-cosignature)';
comment on column log_cosignatures.at is 'Time that the witness states';
create index log_cosignatures_at on log_cosignatures (witness, size desc);

create table log_witnessed (
  origin text not null,
  size bigint not null check (size >= 0),
  root bytea not null check (length(root) = 32),
  node text not null,
  note text not null,
  at timestamptz not null,
  primary key (origin, size)
);
comment on table log_witnessed is 'Checkpoints of other nodes'' logs that this node cosigned, written before it signs; append-only';
comment on column log_witnessed.origin is 'Origin of the other log';
comment on column log_witnessed.size is 'Its size';
comment on column log_witnessed.root is 'Its root';
comment on column log_witnessed.node is 'Node that owns it';
comment on column log_witnessed.note is 'Checkpoint as the owner signed it';
comment on column log_witnessed.at is 'When this node took it';

create table log_conflicts (
  id uuid primary key,
  origin text not null,
  node text not null,
  what text not null check (what in ('same-size', 'not-a-continuation')),
  first_note text not null,
  second_note text not null,
  seen_from text not null,
  at timestamptz not null,
  unique (origin, first_note, second_note)
);
comment on table log_conflicts is 'Two checkpoints of one log that cannot both be true, kept as proof; append-only';
comment on column log_conflicts.id is 'UUIDv7';
comment on column log_conflicts.origin is 'Origin of the log';
comment on column log_conflicts.node is 'Node that owns it';
comment on column log_conflicts.what is 'same-size: two roots for one size; not-a-continuation: no proof that the later begins with the earlier';
comment on column log_conflicts.first_note is 'Checkpoint held before';
comment on column log_conflicts.second_note is 'Checkpoint that contradicts it';
comment on column log_conflicts.seen_from is 'Node that showed the second one';
comment on column log_conflicts.at is 'When it was found';

-- Backfill: subtrees of entries recorded before.
do $$
declare
  leaf record;
  stack bytea := ''::bytea;
begin
  for leaf in select index, d from audit_leaves order by index loop
    stack := log_grow('audit', leaf.index, stack, leaf.d);
  end loop;
end $$;

create trigger log_nodes_append_only before update or delete or truncate on log_nodes
  for each statement execute function audit_refuse_change();
create trigger log_leaves_append_only before update or delete or truncate on log_leaves
  for each statement execute function audit_refuse_change();
create trigger log_heads_stays before delete or truncate on log_heads
  for each statement execute function audit_refuse_change();
create trigger log_checkpoints_append_only before update or delete or truncate on log_checkpoints
  for each statement execute function audit_refuse_change();
create trigger log_cosignatures_append_only before update or delete or truncate on log_cosignatures
  for each statement execute function audit_refuse_change();
create trigger log_witnessed_append_only before update or delete or truncate on log_witnessed
  for each statement execute function audit_refuse_change();
create trigger log_conflicts_append_only before update or delete or truncate on log_conflicts
  for each statement execute function audit_refuse_change();

revoke all on function log_grow(text, bigint, bytea, bytea), log_append(text[], bytea[]), log_open(text), log_next_epoch() from public;
grant execute on function log_append(text[], bytea[]), log_open(text), log_next_epoch() to comity_app;
grant select on log_nodes, log_heads, log_leaves to comity_app, comity_reader;
grant select, insert on log_checkpoints, log_cosignatures, log_witnessed, log_conflicts to comity_app;
grant select on log_checkpoints, log_cosignatures, log_witnessed, log_conflicts to comity_reader;
