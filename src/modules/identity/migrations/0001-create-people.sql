-- People of the own State, the offices they act in, and the roles they hold there.

create table identity_offices (
  id uuid primary key,
  name jsonb not null,
  authority text,
  closed_at timestamptz
);
comment on table identity_offices is 'Units of the own State in which people hold roles';
comment on column identity_offices.id is 'UUIDv7';
comment on column identity_offices.name is 'Name by language: {"en": "…"}';
comment on column identity_offices.authority is 'Directory entry the office is, XB:central-authority; null when it is none';
comment on column identity_offices.closed_at is 'When the office ended; null while it works';

create table identity_people (
  id uuid primary key,
  name text not null,
  sign_in_name text not null,
  sign_in_key text not null unique,
  email text,
  status text not null check (status in ('invited', 'active', 'suspended')),
  locale text not null default 'en',
  theme text not null default 'system' check (theme in ('system', 'light', 'dark')),
  density text not null default 'comfortable' check (density in ('comfortable', 'compact')),
  created_at timestamptz not null,
  version integer not null default 1
);
comment on table identity_people is 'People who may sign in';
comment on column identity_people.id is 'UUIDv7';
comment on column identity_people.name is 'Name as shown to colleagues';
comment on column identity_people.sign_in_name is 'Name typed at sign-in, as given';
comment on column identity_people.sign_in_key is 'The same, normalised for comparing';
comment on column identity_people.email is 'Work e-mail for notices; null when none';
comment on column identity_people.status is 'invited: no factor yet; active; suspended: cannot sign in';
comment on column identity_people.locale is 'Language of the interface';
comment on column identity_people.theme is 'Colours of the interface';
comment on column identity_people.density is 'Spacing of the interface';
comment on column identity_people.created_at is 'When the person was invited';
comment on column identity_people.version is 'Counts changes, for compare-and-set';

create table identity_holdings (
  id uuid primary key,
  person_id uuid not null references identity_people (id),
  office_id uuid not null references identity_offices (id),
  role text not null,
  held_from timestamptz not null,
  held_until timestamptz,
  granted_by text not null,
  confirmed_by text,
  check (held_until is null or held_until >= held_from)
);
comment on table identity_holdings is 'Roles held by a person in an office, for a period [from, until)';
comment on column identity_holdings.id is 'UUIDv7';
comment on column identity_holdings.person_id is 'Who holds the role';
comment on column identity_holdings.office_id is 'In which office';
comment on column identity_holdings.role is 'Role id of the policy table';
comment on column identity_holdings.held_from is 'First moment';
comment on column identity_holdings.held_until is 'First moment no longer held; null while open';
comment on column identity_holdings.granted_by is 'Actor who granted it';
comment on column identity_holdings.confirmed_by is 'Second person, for sensitive roles';
create index identity_holdings_person on identity_holdings (person_id);
create unique index identity_holdings_open on identity_holdings (person_id, office_id, role) where held_until is null;

create table identity_proposals (
  id uuid primary key,
  kind text not null check (kind in ('grant-role', 'reset-factors')),
  person_id uuid not null references identity_people (id),
  office_id uuid references identity_offices (id),
  role text,
  held_until timestamptz,
  proposed_by text not null,
  proposed_at timestamptz not null,
  decided_by text,
  decided_at timestamptz,
  decision text check (decision in ('confirmed', 'refused', 'lapsed'))
);
comment on table identity_proposals is 'Acts on people that need two persons: sensitive roles, reset of a lost factor';
comment on column identity_proposals.id is 'UUIDv7';
comment on column identity_proposals.kind is 'What is proposed';
comment on column identity_proposals.person_id is 'Whom it concerns';
comment on column identity_proposals.office_id is 'Office of the role; null for a reset';
comment on column identity_proposals.role is 'Role to grant; null for a reset';
comment on column identity_proposals.held_until is 'End of the role; null when open';
comment on column identity_proposals.proposed_by is 'First person';
comment on column identity_proposals.proposed_at is 'When proposed; lapses after seven days';
comment on column identity_proposals.decided_by is 'Second person';
comment on column identity_proposals.decided_at is 'When decided';
comment on column identity_proposals.decision is 'Outcome; null while open';

grant select, insert, update on identity_offices, identity_people, identity_holdings, identity_proposals to comity_app;
grant select on identity_offices, identity_holdings to comity_reader;
