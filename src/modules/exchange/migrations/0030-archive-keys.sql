-- Archive keys of the own authorities: everything they send and get is sealed to them as well. The private key exists only
-- in five shares on paper, three of which give it back; the node keeps its public side.
create table exchange_archive_keys (
  kid text primary key,
  authority text not null,
  recipient text not null unique,
  needed smallint not null check (needed >= 2),
  shares smallint not null check (shares >= needed),
  made_at timestamptz not null,
  made_by text not null,
  confirmed_at timestamptz,
  confirmed_by text,
  check ((confirmed_at is null) = (confirmed_by is null)),
  check (confirmed_by is null or confirmed_by <> made_by)
);
comment on table exchange_archive_keys is 'Public side of the archive keys of the own authorities; their private keys are in shares that people keep';
comment on column exchange_archive_keys.kid is 'RFC 7638 thumbprint';
comment on column exchange_archive_keys.authority is 'Authority whose messages it opens';
comment on column exchange_archive_keys.recipient is 'age recipient, public';
comment on column exchange_archive_keys.needed is 'Shares that give the key back';
comment on column exchange_archive_keys.shares is 'Shares that were handed out';
comment on column exchange_archive_keys.made_at is 'When it was made and split';
comment on column exchange_archive_keys.made_by is 'Person or command line';
comment on column exchange_archive_keys.confirmed_at is 'When shares typed by their keepers gave the key back; published from then on';
comment on column exchange_archive_keys.confirmed_by is 'Second person, who saw to it';

grant select, insert, update (confirmed_at, confirmed_by) on exchange_archive_keys to comity_app;
grant select on exchange_archive_keys to comity_reader;
