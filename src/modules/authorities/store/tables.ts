import type { ColumnType, Generated } from 'kysely';
import type { Entry } from '../schema/index.ts';

export type RecordKind = 'authority-entry' | 'requirement-profile' | 'calendar';
type Json = ColumnType<unknown, string, string>;

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    directory_versions: {
      kind: RecordKind;
      record_id: string;
      version: number;
      state: string;
      territory: string | null;
      op: 'put' | 'withdraw';
      valid_from: string | null;
      until: string | null;
      recorded_at: string;
      body: Json;
      hash: string;
      origin: Entry['origin'];
      written_by: string;
      published_by: string;
      urgent: Generated<boolean>;
      reason: string | null;
    };
    directory_contacts: {
      record_id: string;
      version: number;
      body: ColumnType<unknown, string | null, string | null>;
      erased_at: string | null;
    };
    directory_notes: { record_id: string; version: number; notes: string };
    directory_drafts: {
      id: string;
      kind: RecordKind;
      record_id: string;
      state: string;
      op: 'put' | 'withdraw';
      body: Json;
      base_version: number;
      reason: string | null;
      written_by: string;
      written_at: string;
      status: Generated<'open' | 'published' | 'discarded'>;
      decided_by: string | null;
      decided_at: string | null;
    };
    directory_feed_records: {
      owner: string;
      seq: string;
      hash: string;
      previous: string | null;
      record_id: string;
      record_version: number;
      record: Json;
      jws: string;
      received_at: string;
    };
    directory_frozen_feeds: {
      owner: string;
      last_common_seq: string;
      frozen_at: string;
      reason: 'equivocation' | 'gap';
    };
    directory_confirmations: {
      id: string;
      record_id: string;
      version: number;
      confirmed_on: string;
      post: string;
      person_id: string;
      at: string;
    };
    directory_feedback: {
      id: string;
      record_id: string;
      version: number;
      from_state: string;
      from_authority: string | null;
      field: string | null;
      text: string;
      reported_by: string;
      reported_at: string;
      due_on: string;
      weekends_only: boolean;
      answered_at: string | null;
      answered_by: string | null;
      answer: string | null;
    };
    directory_pings: {
      record_id: string;
      last_answered_at: string | null;
      failed: Generated<number>;
      asked_at: Generated<string | null>;
      ping_id: Generated<string | null>;
    };
    directory_choices: { id: string; question: Json; offered: Json; chosen: string; person_id: string; at: string };
  }
}
