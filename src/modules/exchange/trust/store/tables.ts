import type { ColumnType, Generated } from 'kysely';
import type { KeyUse } from '../../schema.ts';

type Json = ColumnType<unknown, string, string>;

declare module '../../../../platform/db/tables.ts' {
  interface Tables {
    trust_state: { one: boolean; version: string; looks: string };
    trust_roots: {
      owner: string;
      kid: string;
      public_key: Json;
      fingerprint: string;
      own: Generated<boolean>;
      status: 'proposed' | 'confirmed' | 'refused' | 'ended';
      channel: string | null;
      said_on: string | null;
      said_by: string | null;
      proposed_by: string;
      proposed_at: string;
      confirmed_by: string | null;
      confirmed_at: string | null;
      failed: Generated<number>;
    };
    trust_delegations: {
      owner: string;
      kid: string;
      root_kid: string;
      jws: string;
      valid_from: string;
      valid_until: string | null;
      received_at: string;
    };
    feed_records: {
      owner: string;
      feed: string;
      seq: string;
      hash: string;
      kind: string;
      record_id: string;
      record_version: number;
      signed_by: string;
      signed_at: string;
      jws: string;
      status: 'taken' | 'waiting' | 'refused' | 'conflicting';
      code: string | null;
      received_at: string;
      received_from: string | null;
    };
    feed_state: {
      owner: string;
      feed: string;
      seq: Generated<string>;
      hash: string | null;
      frozen_at: string | null;
      frozen_after: string | null;
      gap_from: string | null;
      checked_at: string | null;
      checked_with: string | null;
      tried_at: string | null;
      last_code: string | null;
      told_at: string | null;
      resume_proposed_at: string | null;
      resume_proposed_by: string | null;
    };
    trust_changes: {
      id: string;
      owner: string;
      subject: string;
      kind: 'node-entry';
      jws: string;
      content_sha256: string;
      code: string;
      received_from: string | null;
      received_at: string;
      status: 'held' | 'proposed' | 'confirmed' | 'refused';
      channel: string | null;
      said_on: string | null;
      proposed_by: string | null;
      proposed_at: string | null;
      decided_by: string | null;
      decided_at: string | null;
    };
    own_keys: {
      kid: string;
      use: KeyUse;
      holder: string;
      public_key: ColumnType<unknown, string | null, string | null>;
      valid_from: string;
      valid_until: string | null;
      revoked_at: string | null;
      made_at: string;
      made_by: string;
    };
  }
}

export {};
