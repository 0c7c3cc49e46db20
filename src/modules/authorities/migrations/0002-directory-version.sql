-- A number that rises with every change of the directory, in the transaction that changes it: who keeps a view of it asks this first.

create table directory_state (
  one boolean primary key default true check (one),
  version bigint not null default 1
);
comment on table directory_state is 'One row: counts the changes of the directory';
comment on column directory_state.one is 'Always true';
comment on column directory_state.version is 'Rises with every version written';
insert into directory_state default values;

create function directory_changed() returns trigger language plpgsql as $$
begin
  update directory_state set version = version + 1;
  return null;
end $$;
create trigger directory_changed after insert on directory_versions for each statement execute function directory_changed();

alter table directory_pings add column asked_at timestamptz;
comment on column directory_pings.asked_at is 'Last ping sent; null when none was';
alter table directory_pings add column ping_id uuid;
comment on column directory_pings.ping_id is 'Its message, until it is answered or counted as failed';

grant select, update on directory_state to comity_app;
grant select on directory_state to comity_reader;
