-- Sessions, and what leads to one: invitations, half-done sign-ins, one-time links, and the slow-down of guessing.

create table identity_sessions (
  id uuid primary key,
  token_sha256 text not null unique,
  previous_sha256 text,
  rotated_at timestamptz,
  rotate boolean not null default false,
  person_id uuid not null references identity_people (id),
  office_id uuid not null references identity_offices (id),
  method text not null check (method in ('passkey', 'password-totp', 'password-recovery', 'oidc', 'demo-link')),
  created_at timestamptz not null,
  last_seen_at timestamptz not null,
  stepped_up_at timestamptz,
  address text not null,
  user_agent text not null,
  ended_at timestamptz,
  ended_because text
);
comment on table identity_sessions is 'Sessions of signed-in people';
comment on column identity_sessions.id is 'UUIDv7, safe to show; opens nothing';
comment on column identity_sessions.token_sha256 is 'Hash of the cookie: it has 256 random bits';
comment on column identity_sessions.previous_sha256 is 'Hash of the cookie before the last rotation, good for ten seconds so that calls under way are not cut';
comment on column identity_sessions.rotated_at is 'When the cookie last changed';
comment on column identity_sessions.rotate is 'The next call gets a new cookie: roles changed';
comment on column identity_sessions.person_id is 'Whose';
comment on column identity_sessions.office_id is 'Office in which the person acts';
comment on column identity_sessions.method is 'How the person signed in';
comment on column identity_sessions.created_at is 'Start; ends ten hours later at the latest';
comment on column identity_sessions.last_seen_at is 'Last call, to 30 seconds; ends fifteen minutes after';
comment on column identity_sessions.stepped_up_at is 'Last second-factor check; null when none';
comment on column identity_sessions.address is 'Network address at sign-in';
comment on column identity_sessions.user_agent is 'Browser at sign-in, shortened';
comment on column identity_sessions.ended_at is 'When ended; null while open';
comment on column identity_sessions.ended_because is 'signed-out, ended-by-owner, ended-by-administrator, suspended, idle, absolute';
create index identity_sessions_person on identity_sessions (person_id, created_at);

create table identity_invitations (
  secret_sha256 text primary key,
  person_id uuid not null references identity_people (id),
  purpose text not null check (purpose in ('first-start', 'invitation', 'reset')),
  totp_sealed bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table identity_invitations is 'One-time links to set up an account';
comment on column identity_invitations.secret_sha256 is 'Hash of the secret in the link';
comment on column identity_invitations.person_id is 'Whose account';
comment on column identity_invitations.purpose is 'first-start, invitation, or reset of a lost factor';
comment on column identity_invitations.totp_sealed is 'Secret offered for the code generator, sealed';
comment on column identity_invitations.created_at is 'When made';
comment on column identity_invitations.expires_at is 'When it dies';
comment on column identity_invitations.used_at is 'When used; null while good';

create table identity_steps (
  id_sha256 text primary key,
  kind text not null check (kind in ('code', 'oidc')),
  person_id uuid references identity_people (id),
  next text not null,
  data_sealed bytea,
  tries integer not null default 0,
  created_at timestamptz not null
);
comment on table identity_steps is 'Sign-ins half done: password right and code awaited, or away at the identity provider';
comment on column identity_steps.id_sha256 is 'Hash of the step cookie';
comment on column identity_steps.kind is 'What is awaited';
comment on column identity_steps.person_id is 'Who gave the right password; null at the identity provider';
comment on column identity_steps.next is 'Where to go afterwards';
comment on column identity_steps.data_sealed is 'State, nonce and verifier of OpenID Connect, sealed';
comment on column identity_steps.tries is 'Codes tried; ends after five';
comment on column identity_steps.created_at is 'Start; dies after ten minutes';

create table identity_demo_links (
  secret_sha256 text primary key,
  person_id uuid not null references identity_people (id),
  created_at timestamptz not null,
  used_at timestamptz
);
comment on table identity_demo_links is 'One-time sign-in links of the sample world, profile demo only';
comment on column identity_demo_links.secret_sha256 is 'Hash of the secret in the link';
comment on column identity_demo_links.person_id is 'Who signs in';
comment on column identity_demo_links.created_at is 'When made';
comment on column identity_demo_links.used_at is 'When used; null while good';

create table identity_attempts (
  key text primary key,
  failures integer not null,
  last_at timestamptz not null,
  blocked_until timestamptz
);
comment on table identity_attempts is 'Failed sign-ins by account and by address, to slow down guessing';
comment on column identity_attempts.key is 'account: or address: or pair: and a keyed hash; unknown names count alike';
comment on column identity_attempts.failures is 'Failures without an hour between';
comment on column identity_attempts.last_at is 'Last failure';
comment on column identity_attempts.blocked_until is 'No attempt is looked at before; at most fifteen minutes ahead';

do $$
declare name text;
begin
  foreach name in array array['identity_sessions', 'identity_invitations', 'identity_demo_links', 'identity_steps'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format(
      'create policy %I on %I using (current_setting(''comity.actor'', true) in (''system:identity'', person_id::text))', name || '_own', name);
  end loop;
end $$;
grant select, insert, update on identity_sessions, identity_invitations, identity_demo_links to comity_app;
grant select, insert, update, delete on identity_steps, identity_attempts to comity_app;
