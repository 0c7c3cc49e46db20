import type { Tx } from '../../../platform/db/index.ts';
import type { Instant, StateCode } from '../../../platform/values/index.ts';
import type { RecordKind } from './tables.ts';

export interface Draft {
  id: string;
  kind: RecordKind;
  recordId: string;
  state: StateCode;
  op: 'put' | 'withdraw';
  body: unknown;
  baseVersion: number;
  reason: string | null;
  writtenBy: string;
  writtenAt: Instant;
  status: 'open' | 'published' | 'discarded';
}

export async function insertDraft(tx: Tx, draft: Omit<Draft, 'status'>): Promise<void> {
  await tx
    .insertInto('directory_drafts')
    .values({
      id: draft.id,
      kind: draft.kind,
      record_id: draft.recordId,
      state: draft.state,
      op: draft.op,
      body: JSON.stringify(draft.body),
      base_version: draft.baseVersion,
      reason: draft.reason,
      written_by: draft.writtenBy,
      written_at: draft.writtenAt,
      decided_by: null,
      decided_at: null,
    })
    .execute();
}

type DraftRow = Omit<Draft, 'recordId' | 'baseVersion' | 'writtenBy' | 'writtenAt'> & {
  record_id: string;
  base_version: number;
  written_by: string;
  written_at: string;
};

function toDraft(row: Omit<DraftRow, 'state'> & { state: string }): Draft {
  return {
    id: row.id,
    kind: row.kind,
    recordId: row.record_id,
    state: row.state as StateCode,
    op: row.op,
    body: row.body,
    baseVersion: row.base_version,
    reason: row.reason,
    writtenBy: row.written_by,
    writtenAt: row.written_at as Instant,
    status: row.status,
  };
}

/** What stands in an address may be anything; only a UUID is asked for. */
function isDraftId(id: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id);
}

export async function lockDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  if (!isDraftId(id)) return undefined;
  const row = await tx.selectFrom('directory_drafts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  return row && toDraft(row);
}

export async function findDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  if (!isDraftId(id)) return undefined;
  const row = await tx.selectFrom('directory_drafts').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toDraft(row);
}

export async function listOpenDrafts(tx: Tx): Promise<Draft[]> {
  const rows = await tx
    .selectFrom('directory_drafts')
    .selectAll()
    .where('status', '=', 'open')
    .orderBy('written_at')
    .execute();
  return rows.map(toDraft);
}

export async function decideDraft(
  tx: Tx,
  id: string,
  status: 'published' | 'discarded',
  by: string,
  at: Instant,
): Promise<void> {
  await tx
    .updateTable('directory_drafts')
    .set({ status, decided_by: by, decided_at: at })
    .where('id', '=', id)
    .execute();
}
