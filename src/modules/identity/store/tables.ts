import type { ColumnType } from 'kysely';
import type { Instant } from '../../../platform/values/index.ts';
import type { SessionMethod } from '../schema.ts';

/** Reads as a list; written as JSON text, since the driver would make a PostgreSQL array of a list. */
type JsonList = ColumnType<string[], string, string>;
type At = ColumnType<Instant, string, string>;
type MaybeAt = ColumnType<Instant | null, string | null | undefined, string | null>;
type WithDefault<T> = ColumnType<T, T | undefined, T>;

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    identity_offices: {
      id: string;
      name: ColumnType<Record<string, string>, string, string>;
      authority: string | null;
      closed_at: MaybeAt;
    };
    identity_people: {
      id: string;
      name: string;
      sign_in_name: string;
      sign_in_key: string;
      email: string | null;
      status: 'invited' | 'active' | 'suspended';
      locale: WithDefault<string>;
      theme: WithDefault<'system' | 'light' | 'dark'>;
      density: WithDefault<'comfortable' | 'compact'>;
      created_at: At;
      version: WithDefault<number>;
    };
    identity_holdings: {
      id: string;
      person_id: string;
      office_id: string;
      role: string;
      held_from: At;
      held_until: MaybeAt;
      granted_by: string;
      confirmed_by: string | null;
    };
    identity_proposals: {
      id: string;
      kind: 'grant-role' | 'reset-factors';
      person_id: string;
      office_id: string | null;
      role: string | null;
      held_until: MaybeAt;
      proposed_by: string;
      proposed_at: At;
      decided_by: ColumnType<string | null, string | null | undefined, string | null>;
      decided_at: MaybeAt;
      decision: ColumnType<'confirmed' | 'refused' | 'lapsed' | null, undefined, 'confirmed' | 'refused' | 'lapsed'>;
    };
    identity_passwords: { person_id: string; hash: string; set_at: At };
    identity_totp: {
      person_id: string;
      secret_sealed: Buffer;
      last_step: ColumnType<string, string | undefined, string>;
      set_at: At;
    };
    identity_recovery_codes: { person_id: string; code_sha256: string; used_at: MaybeAt };
    identity_passkeys: {
      id: string;
      person_id: string;
      public_key: Buffer;
      counter: ColumnType<string, number, number>;
      transports: JsonList;
      label: string;
      backed_up: boolean;
      created_at: At;
      last_used_at: MaybeAt;
      locked_at: MaybeAt;
    };
    identity_used_challenges: { challenge: string; used_at: At };
    identity_oidc_links: { issuer: string; subject: string; person_id: string; linked_at: At };
    identity_tokens: {
      id: string;
      person_id: string;
      office_id: string;
      token_sha256: string;
      label: string;
      scopes: JsonList;
      created_at: At;
      expires_at: At;
      last_used_at: MaybeAt;
      ended_at: MaybeAt;
    };
    identity_sessions: {
      id: string;
      token_sha256: string;
      previous_sha256: ColumnType<string | null, undefined, string | null>;
      rotated_at: MaybeAt;
      rotate: WithDefault<boolean>;
      person_id: string;
      office_id: string;
      method: SessionMethod;
      created_at: At;
      last_seen_at: At;
      stepped_up_at: MaybeAt;
      address: string;
      user_agent: string;
      ended_at: MaybeAt;
      ended_because: ColumnType<string | null, undefined, string | null>;
    };
    identity_invitations: {
      secret_sha256: string;
      person_id: string;
      purpose: 'first-start' | 'invitation' | 'reset';
      totp_sealed: Buffer;
      created_at: At;
      expires_at: At;
      used_at: MaybeAt;
    };
    identity_steps: {
      id_sha256: string;
      kind: 'code' | 'oidc';
      person_id: string | null;
      next: string;
      data_sealed: Buffer | null;
      tries: WithDefault<number>;
      created_at: At;
    };
    identity_demo_links: { secret_sha256: string; person_id: string; created_at: At; used_at: MaybeAt };
    identity_attempts: { key: string; failures: number; last_at: At; blocked_until: MaybeAt };
  }
}
