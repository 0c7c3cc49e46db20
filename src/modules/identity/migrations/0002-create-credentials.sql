-- How people prove who they are. Secrets are hashed or sealed; only the person concerned and the sign-in itself see rows.

create table identity_passwords (
  person_id uuid primary key references identity_people (id),
  hash text not null,
  set_at timestamptz not null
);
comment on table identity_passwords is 'Password of a person';
comment on column identity_passwords.person_id is 'Whose';
comment on column identity_passwords.hash is 'Argon2id in PHC form';
comment on column identity_passwords.set_at is 'When set';

create table identity_totp (
  person_id uuid primary key references identity_people (id),
  secret_sealed bytea not null,
  last_step bigint not null default 0,
  set_at timestamptz not null
);
comment on table identity_totp is 'Code generator of a person (RFC 6238)';
comment on column identity_totp.person_id is 'Whose';
comment on column identity_totp.secret_sealed is 'Secret, sealed under the key of the node';
comment on column identity_totp.last_step is 'Last 30-second step used: each code counts once';
comment on column identity_totp.set_at is 'When set';

create table identity_recovery_codes (
  person_id uuid not null references identity_people (id),
  code_sha256 text not null,
  used_at timestamptz,
  primary key (person_id, code_sha256)
);
comment on table identity_recovery_codes is 'Ten codes for a lost second factor, each used once';
comment on column identity_recovery_codes.person_id is 'Whose';
comment on column identity_recovery_codes.code_sha256 is 'Hash of the code: it has 80 random bits';
comment on column identity_recovery_codes.used_at is 'When used; null while good';

create table identity_passkeys (
  id text primary key,
  person_id uuid not null references identity_people (id),
  public_key bytea not null,
  counter bigint not null,
  transports jsonb not null,
  label text not null,
  backed_up boolean not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  locked_at timestamptz
);
comment on table identity_passkeys is 'Passkeys (WebAuthn credentials)';
comment on column identity_passkeys.id is 'Credential id, base64url';
comment on column identity_passkeys.person_id is 'Whose';
comment on column identity_passkeys.public_key is 'COSE public key';
comment on column identity_passkeys.counter is 'Last signature counter seen';
comment on column identity_passkeys.transports is 'How the authenticator is reached, as it said';
comment on column identity_passkeys.label is 'Name given by the person';
comment on column identity_passkeys.backed_up is 'Whether the authenticator keeps copies of the key';
comment on column identity_passkeys.created_at is 'When registered';
comment on column identity_passkeys.last_used_at is 'When last used; null when never';
comment on column identity_passkeys.locked_at is 'When its counter fell, a sign of a copy; null while good';
create index identity_passkeys_person on identity_passkeys (person_id);

create table identity_used_challenges (
  challenge text primary key,
  used_at timestamptz not null
);
comment on table identity_used_challenges is 'Passkey challenges that were answered: each counts once';
comment on column identity_used_challenges.challenge is 'The challenge, base64url';
comment on column identity_used_challenges.used_at is 'When answered; kept for a day';

create table identity_oidc_links (
  issuer text not null,
  subject text not null,
  person_id uuid not null references identity_people (id),
  linked_at timestamptz not null,
  primary key (issuer, subject)
);
comment on table identity_oidc_links is 'Accounts at the identity provider of the State';
comment on column identity_oidc_links.issuer is 'Issuer address';
comment on column identity_oidc_links.subject is 'Subject at that issuer: never a name or an e-mail';
comment on column identity_oidc_links.person_id is 'Whose';
comment on column identity_oidc_links.linked_at is 'When linked';

create table identity_tokens (
  id uuid primary key,
  person_id uuid not null references identity_people (id),
  office_id uuid not null references identity_offices (id),
  token_sha256 text not null unique,
  label text not null,
  scopes jsonb not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  last_used_at timestamptz,
  ended_at timestamptz
);
comment on table identity_tokens is 'API tokens: act for a person within named permissions';
comment on column identity_tokens.id is 'UUIDv7';
comment on column identity_tokens.person_id is 'For whom it acts';
comment on column identity_tokens.office_id is 'In which office';
comment on column identity_tokens.token_sha256 is 'Hash of the token: it has 256 random bits';
comment on column identity_tokens.label is 'Name given by the person';
comment on column identity_tokens.scopes is 'Permissions it may use, of those the person has';
comment on column identity_tokens.created_at is 'When made';
comment on column identity_tokens.expires_at is 'When it dies by itself, at most a year later';
comment on column identity_tokens.last_used_at is 'When last used; null when never';
comment on column identity_tokens.ended_at is 'When ended; null while good';

do $$
declare name text;
begin
  foreach name in array array['identity_passwords', 'identity_totp', 'identity_recovery_codes', 'identity_passkeys', 'identity_oidc_links', 'identity_tokens'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    -- The sign-in itself works before anybody is known; afterwards a person meets only what is theirs.
    execute format(
      'create policy %I on %I using (current_setting(''comity.actor'', true) in (''system:identity'', person_id::text))', name || '_own', name);
  end loop;
end $$;
grant select, insert, update, delete on identity_passwords, identity_totp, identity_recovery_codes, identity_passkeys,
  identity_used_challenges, identity_oidc_links to comity_app;
grant select, insert, update on identity_tokens to comity_app;
