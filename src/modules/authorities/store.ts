import { sql, type ColumnType, type Generated } from 'kysely';
import { z } from 'zod';
import { SignedRecord, type BuiltRecord } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Hash, Instant, PlainDate, StateCode } from '../../platform/values/index.ts';
import { Calendar, Entry, Profile, type Contacts, type EntryVersion, type PingFacts } from './schema/index.ts';

export type RecordKind = 'authority-entry' | 'requirement-profile' | 'calendar';
type Json = ColumnType<unknown, string, string>;

declare module '../../platform/db/tables.ts' {
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
    directory_pings: { record_id: string; last_answered_at: string | null; failed: Generated<number> };
    directory_choices: { id: string; question: Json; offered: Json; chosen: string; person_id: string; at: string };
  }
}

/** One version as stored, whatever it is a version of. */
export interface StoredVersion {
  recordId: string;
  version: number;
  state: StateCode;
  territory: string | null;
  op: 'put' | 'withdraw';
  validFrom: PlainDate | { unknown: 'not-stated' };
  until: PlainDate | null;
  recordedAt: Instant;
  body: unknown;
  hash: Hash;
  urgent: boolean;
  writtenBy: string;
}

export interface NewVersion {
  kind: RecordKind;
  recordId: string;
  version: number;
  state: StateCode;
  territory: string | null;
  op: 'put' | 'withdraw';
  validFrom: PlainDate | null;
  until: PlainDate | null;
  recordedAt: Instant;
  body: unknown;
  hash: Hash;
  origin: Entry['origin'];
  writtenBy: string;
  publishedBy: string;
  urgent?: boolean;
  reason?: string | null;
}

export async function insertVersion(tx: Tx, row: NewVersion): Promise<void> {
  await tx
    .insertInto('directory_versions')
    .values({
      kind: row.kind,
      record_id: row.recordId,
      version: row.version,
      state: row.state,
      territory: row.territory,
      op: row.op,
      valid_from: row.validFrom,
      until: row.until,
      recorded_at: row.recordedAt,
      body: JSON.stringify(row.body),
      hash: row.hash,
      origin: row.origin,
      written_by: row.writtenBy,
      published_by: row.publishedBy,
      urgent: row.urgent ?? false,
      reason: row.reason ?? null,
    })
    .execute();
}

export interface VersionFilter {
  kind: RecordKind;
  state?: StateCode;
  recordId?: string;
}

/** Versions in order of record and version. */
export async function listVersions(tx: Tx, filter: VersionFilter): Promise<StoredVersion[]> {
  let query = tx.selectFrom('directory_versions').selectAll().where('kind', '=', filter.kind);
  if (filter.state !== undefined) query = query.where('state', '=', filter.state);
  if (filter.recordId !== undefined) query = query.where('record_id', '=', filter.recordId);
  const rows = await query.orderBy('record_id').orderBy('version').execute();
  return rows.map((row) => ({
    recordId: row.record_id,
    version: row.version,
    state: row.state as StateCode,
    territory: row.territory,
    op: row.op,
    validFrom: (row.valid_from as PlainDate | null) ?? { unknown: 'not-stated' },
    until: row.until as PlainDate | null,
    recordedAt: row.recorded_at as Instant,
    body: row.body,
    hash: row.hash as Hash,
    urgent: row.urgent,
    writtenBy: row.written_by,
  }));
}

/** Newest version number of a record, 0 when there is none. Holds the record for the rest of the transaction. */
export async function lockNewestVersion(tx: Tx, kind: RecordKind, recordId: string): Promise<number> {
  // An advisory lock, since the application's role may not lock rows that it cannot change.
  await tx
    .selectNoFrom((eb) =>
      eb
        .fn('pg_advisory_xact_lock', [eb.fn('hashtextextended', [eb.val(`${kind} ${recordId}`), eb.val(0)])])
        .as('held'),
    )
    .execute();
  const row = await tx
    .selectFrom('directory_versions')
    .select((eb) => eb.fn.max('version').as('newest'))
    .where('kind', '=', kind)
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  return row?.newest ?? 0;
}

/** The versions of each record together. */
export function byRecord(versions: readonly StoredVersion[]): StoredVersion[][] {
  const groups = new Map<string, StoredVersion[]>();
  for (const version of versions) {
    const group = groups.get(version.recordId);
    if (group) group.push(version);
    else groups.set(version.recordId, [version]);
  }
  return [...groups.values()];
}

export function toEntryVersion(row: StoredVersion): EntryVersion {
  return { entry: Entry.parse(row.body), version: row.version, hash: row.hash, recordedAt: row.recordedAt, op: row.op };
}

export function toProfile(row: StoredVersion): { profile: Profile; version: number; hash: string } {
  return { profile: Profile.parse(row.body), version: row.version, hash: row.hash };
}

export function toCalendar(row: StoredVersion): Calendar {
  return Calendar.parse(row.body);
}

export async function listStates(tx: Tx): Promise<StateCode[]> {
  const rows = await tx.selectFrom('directory_versions').select('state').distinct().orderBy('state').execute();
  return rows.map((row) => row.state as StateCode);
}

export async function insertContacts(tx: Tx, recordId: string, version: number, contacts: Contacts): Promise<void> {
  await tx
    .insertInto('directory_contacts')
    .values({ record_id: recordId, version, body: JSON.stringify(contacts), erased_at: null })
    .execute();
}

const ContactFields = Entry.pick({ emails: true, phones: true, fax: true, urgentPhone: true, contactPersons: true });

/** Restricted fields of a version; undefined when never told here or erased. */
export async function findContacts(tx: Tx, recordId: string, version: number): Promise<Contacts | undefined> {
  const row = await tx
    .selectFrom('directory_contacts')
    .select('body')
    .where('record_id', '=', recordId)
    .where('version', '=', version)
    .executeTakeFirst();
  if (!row?.body) return undefined;
  return ContactFields.parse(row.body);
}

/** Erases restricted fields of versions that were replaced before a moment. Gives the number erased. */
export async function eraseContactsReplacedBefore(tx: Tx, before: Instant, at: Instant): Promise<number> {
  const done = await tx
    .updateTable('directory_contacts as c')
    .set({ body: null, erased_at: at })
    .where('c.erased_at', 'is', null)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('directory_versions as v')
          .select('v.version')
          .whereRef('v.record_id', '=', 'c.record_id')
          .where('v.kind', '=', 'authority-entry')
          .whereRef('v.version', '>', 'c.version')
          .where('v.recorded_at', '<', before),
      ),
    )
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

export async function insertNotes(tx: Tx, recordId: string, version: number, notes: string): Promise<void> {
  await tx.insertInto('directory_notes').values({ record_id: recordId, version, notes }).execute();
}

export async function findNotes(tx: Tx, recordId: string, version: number): Promise<string> {
  const row = await tx
    .selectFrom('directory_notes')
    .select('notes')
    .where('record_id', '=', recordId)
    .where('version', '=', version)
    .executeTakeFirst();
  return row?.notes ?? '';
}

export async function listPings(tx: Tx): Promise<Map<string, PingFacts>> {
  const rows = await tx.selectFrom('directory_pings').selectAll().execute();
  return new Map(
    rows.map((row) => [row.record_id, { lastAnsweredAt: row.last_answered_at as Instant | null, failed: row.failed }]),
  );
}

/** Records a ping's outcome. */
export async function savePing(tx: Tx, recordId: string, answeredAt: Instant | null): Promise<void> {
  await tx
    .insertInto('directory_pings')
    .values({ record_id: recordId, last_answered_at: answeredAt, failed: answeredAt ? 0 : 1 })
    .onConflict((on) =>
      on
        .column('record_id')
        .doUpdateSet((eb) =>
          answeredAt ? { last_answered_at: answeredAt, failed: 0 } : { failed: eb('directory_pings.failed', '+', 1) },
        ),
    )
    .execute();
}

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

export async function lockDraft(tx: Tx, id: string): Promise<Draft | undefined> {
  const row = await tx.selectFrom('directory_drafts').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
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

export async function insertConfirmation(
  tx: Tx,
  row: {
    id: string;
    recordId: string;
    version: number;
    confirmedOn: PlainDate;
    post: string;
    personId: string;
    at: Instant;
  },
): Promise<void> {
  await tx
    .insertInto('directory_confirmations')
    .values({
      id: row.id,
      record_id: row.recordId,
      version: row.version,
      confirmed_on: row.confirmedOn,
      post: row.post,
      person_id: row.personId,
      at: row.at,
    })
    .execute();
}

export interface Feedback {
  id: string;
  recordId: string;
  version: number;
  fromState: StateCode;
  fromAuthority: string | null;
  field: string | null;
  text: string;
  reportedBy: string;
  reportedAt: Instant;
  dueOn: PlainDate;
  weekendsOnly: boolean;
  answeredAt: Instant | null;
  answer: string | null;
}

export async function insertFeedback(tx: Tx, row: Omit<Feedback, 'answeredAt' | 'answer'>): Promise<void> {
  await tx
    .insertInto('directory_feedback')
    .values({
      id: row.id,
      record_id: row.recordId,
      version: row.version,
      from_state: row.fromState,
      from_authority: row.fromAuthority,
      field: row.field,
      text: row.text,
      reported_by: row.reportedBy,
      reported_at: row.reportedAt,
      due_on: row.dueOn,
      weekends_only: row.weekendsOnly,
      answered_at: null,
      answered_by: null,
      answer: null,
    })
    .execute();
}

export async function listFeedback(tx: Tx, recordId?: string): Promise<Feedback[]> {
  let query = tx.selectFrom('directory_feedback').selectAll();
  if (recordId !== undefined) query = query.where('record_id', '=', recordId);
  const rows = await query.orderBy('reported_at').execute();
  return rows.map((row) => ({
    id: row.id,
    recordId: row.record_id,
    version: row.version,
    fromState: row.from_state as StateCode,
    fromAuthority: row.from_authority,
    field: row.field,
    text: row.text,
    reportedBy: row.reported_by,
    reportedAt: row.reported_at as Instant,
    dueOn: row.due_on as PlainDate,
    weekendsOnly: row.weekends_only,
    answeredAt: row.answered_at as Instant | null,
    answer: row.answer,
  }));
}

/** Answers an open report; false when it was answered already. */
export async function answerFeedback(tx: Tx, id: string, answer: string, by: string, at: Instant): Promise<boolean> {
  const done = await tx
    .updateTable('directory_feedback')
    .set({ answer, answered_by: by, answered_at: at })
    .where('id', '=', id)
    .where('answered_at', 'is', null)
    .executeTakeFirst();
  return done.numUpdatedRows > 0n;
}

export async function insertChoice(
  tx: Tx,
  row: { id: string; question: unknown; offered: string[]; chosen: string; personId: string; at: Instant },
): Promise<void> {
  await tx
    .insertInto('directory_choices')
    .values({
      id: row.id,
      question: JSON.stringify(row.question),
      offered: JSON.stringify(row.offered),
      chosen: row.chosen,
      person_id: row.personId,
      at: row.at,
    })
    .execute();
}

/** Newest record of a feed. */
export async function findFeedHead(tx: Tx, owner: string): Promise<{ seq: number; hash: Hash } | undefined> {
  const row = await tx
    .selectFrom('directory_feed_records')
    .select(['seq', 'hash'])
    .where('owner', '=', owner)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { seq: Number(row.seq), hash: row.hash as Hash };
}

export async function insertFeedRecord(tx: Tx, built: BuiltRecord, receivedAt: Instant): Promise<void> {
  const { record, hash, jws } = built;
  await tx
    .insertInto('directory_feed_records')
    .values({
      owner: record.owner,
      seq: String(record.seq),
      hash,
      previous: record.previous,
      record_id: record.recordId,
      record_version: record.recordVersion,
      record: JSON.stringify({ record, kid: built.kid }),
      jws,
      received_at: receivedAt,
    })
    .onConflict((on) => on.columns(['owner', 'seq', 'hash']).doNothing())
    .execute();
}

const StoredRecord = z.object({ record: SignedRecord, kid: z.string() });

/** Records of a feed in order. A frozen feed is given up to its last common record. */
export async function listFeedRecords(tx: Tx, owner: string): Promise<BuiltRecord[]> {
  const frozen = (await listFrozenFeeds(tx)).find((one) => one.owner === owner);
  const rows = await tx
    .selectFrom('directory_feed_records')
    .select(['record', 'hash', 'jws', 'seq'])
    .where('owner', '=', owner)
    .orderBy('seq')
    .execute();
  return rows
    .filter((row) => !frozen || Number(row.seq) <= frozen.lastCommonSeq)
    .map((row) => ({ ...StoredRecord.parse(row.record), hash: row.hash as Hash, jws: row.jws }));
}

/** Number of different records kept under one number of a feed. */
export async function countRecordsAt(tx: Tx, owner: string, seq: number): Promise<number> {
  const rows = await tx
    .selectFrom('directory_feed_records')
    .select('hash')
    .where('owner', '=', owner)
    .where('seq', '=', String(seq))
    .execute();
  return rows.length;
}

/** Lets a feed stand still at the last record that everyone shares. */
export async function freezeFeed(tx: Tx, owner: string, lastCommonSeq: number, at: Instant): Promise<void> {
  await tx
    .insertInto('directory_frozen_feeds')
    .values({ owner, last_common_seq: String(lastCommonSeq), frozen_at: at, reason: 'equivocation' })
    .onConflict((on) => on.column('owner').doNothing())
    .execute();
}

export async function listFrozenFeeds(tx: Tx): Promise<{ owner: string; lastCommonSeq: number; frozenAt: Instant }[]> {
  const rows = await tx.selectFrom('directory_frozen_feeds').selectAll().execute();
  return rows.map((row) => ({
    owner: row.owner,
    lastCommonSeq: Number(row.last_common_seq),
    frozenAt: row.frozen_at as Instant,
  }));
}

/** Entries in force on a day and how many of them are confirmed since another, by State; counted by the database. */
export async function countEntries(
  tx: Tx,
  on: PlainDate,
  confirmedSince: PlainDate,
): Promise<{ state: StateCode; entries: number; confirmed: number }[]> {
  const counted = await sql<{ state: string; entries: number; confirmed: number }>`
    select v.state, count(*)::int as entries,
      (count(*) filter (where jsonb_typeof(v.confirmed) = 'string' and v.confirmed #>> '{}' >= ${confirmedSince} and coalesce(p.failed, 0) < 3))::int as confirmed
    from (
      select distinct on (record_id) record_id, state, until, body -> 'confirmedOn' as confirmed
      from directory_versions
      where kind = 'authority-entry' and (valid_from is null or valid_from <= ${on}::date)
      order by record_id, version desc
    ) v
    left join directory_pings p on p.record_id = v.record_id
    where v.until is null or v.until > ${on}::date
    group by v.state order by v.state`.execute(tx);
  return counted.rows.map((row) => ({ ...row, state: row.state as StateCode }));
}
