import type { Hash, Instant, PlainDate, Reference, StateCode } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';
import type { IncomingStatus, Status } from '../schema/index.ts';

export interface RequestRow {
  id: string;
  reference: Reference;
  case_file_id: CaseFileId;
  office_id: string;
  side: 'outgoing' | 'incoming';
  requesting_state: StateCode;
  requested_state: StateCode | null;
  types: string[];
  status: Status | IncomingStatus;
  urgent: boolean;
  deadline: PlainDate | null;
  request_version: number;
  rule_set: string;
  content_hash: Hash;
  revision: number;
  head_action: string;
  tasks_done: number;
  owner_id: string | null;
  waiting_until: PlainDate | null;
  due_on: PlainDate | null;
  conversation_id: string | null;
  own_authority: string | null;
  other_authority: string | null;
  other_reference: string | null;
  changed_by_other_side: boolean;
  received_at: Instant | null;
  created_by: string;
  created_at: Instant;
  changed_at: Instant;
}
