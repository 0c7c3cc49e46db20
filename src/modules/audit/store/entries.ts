import type { Generated, GeneratedAlways } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { AuditEntry, type ListedEntry } from '../schema.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    audit_entries: {
      id: string;
      entry: string;
      salt: Buffer;
      at: GeneratedAlways<string>;
      actor_id: GeneratedAlways<string | null>;
      action: GeneratedAlways<string>;
      subject_kind: GeneratedAlways<string>;
      subject_id: GeneratedAlways<string>;
      outcome: GeneratedAlways<string>;
    };
    audit_leaves: { index: string; entry_id: string; d: Buffer; chain: Buffer };
    audit_head: { id: Generated<number>; size: string; frontier: Buffer; root: Buffer; chain: Buffer };
  }
}

export async function insertEntry(tx: Tx, id: string, entry: string, salt: Uint8Array): Promise<void> {
  await tx
    .insertInto('audit_entries')
    .values({ id, entry, salt: Buffer.from(salt) })
    .execute();
}

export async function findIndexOfEntry(tx: Tx, id: string): Promise<number | undefined> {
  const row = await tx.selectFrom('audit_leaves').select('index').where('entry_id', '=', id).executeTakeFirst();
  return row && Number(row.index);
}

/** First entry that no leaf places in the log. */
export async function findEntryWithoutLeaf(tx: Tx): Promise<string | undefined> {
  const row = await tx
    .selectFrom('audit_entries as e')
    .leftJoin('audit_leaves as l', 'l.entry_id', 'e.id')
    .select('e.id')
    .where('l.entry_id', 'is', null)
    .orderBy('e.id')
    .executeTakeFirst();
  return row?.id;
}

export interface EntryFilter {
  actorId?: string;
  subjectKind?: string;
  subjectId?: string;
  action?: string;
  outcome?: 'done' | 'denied';
  /** Only entries at places before this one: the next page. */
  before?: number;
  limit: number;
}

/** Newest first. */
export async function listEntries(tx: Tx, filter: EntryFilter): Promise<ListedEntry[]> {
  let query = tx
    .selectFrom('audit_entries as e')
    .innerJoin('audit_leaves as l', 'l.entry_id', 'e.id')
    .select(['l.index', 'e.entry']);
  if (filter.actorId !== undefined) query = query.where('e.actor_id', '=', filter.actorId);
  if (filter.subjectKind !== undefined) query = query.where('e.subject_kind', '=', filter.subjectKind);
  if (filter.subjectId !== undefined) query = query.where('e.subject_id', '=', filter.subjectId);
  if (filter.action !== undefined) query = query.where('e.action', '=', filter.action);
  if (filter.outcome !== undefined) query = query.where('e.outcome', '=', filter.outcome);
  if (filter.before !== undefined) query = query.where('l.index', '<', String(filter.before));
  const rows = await query.orderBy('l.index', 'desc').limit(filter.limit).execute();
  return rows.map((row) => ({ index: Number(row.index), entry: AuditEntry.parse(JSON.parse(row.entry)) }));
}
