import { sql } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { Hash, Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import { Calendar, Entry, Profile, type EntryVersion } from '../schema/index.ts';
import type { RecordKind } from './tables.ts';

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
  await insertVersions(tx, [row]);
}

// PostgreSQL takes at most 65,535 parameters in one statement.
const rowsAtOnce = 500;

/** Many versions in few statements. */
export async function insertVersions(tx: Tx, rows: readonly NewVersion[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const values = rows.slice(start, start + rowsAtOnce).map((row) => ({
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
    }));
    await tx.insertInto('directory_versions').values(values).execute();
  }
}

/** Newest version number of every record of a State, under `kind` and id. */
export async function newestVersions(tx: Tx, state: StateCode): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('directory_versions')
    .select((eb) => ['kind', 'record_id', eb.fn.max('version').as('newest')])
    .where('state', '=', state)
    .groupBy(['kind', 'record_id'])
    .execute();
  return new Map(rows.map((row) => [`${row.kind} ${row.record_id}`, row.newest]));
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

/** Holds a name for the rest of the transaction: an advisory lock, since the application may not lock rows it cannot change. */
export async function holdName(tx: Tx, name: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${name}, 0))`.execute(tx);
}

/** Newest version number of a record, 0 when there is none. */
export async function findNewestVersion(tx: Tx, kind: RecordKind, recordId: string): Promise<number> {
  const row = await tx
    .selectFrom('directory_versions')
    .select((eb) => eb.fn.max('version').as('newest'))
    .where('kind', '=', kind)
    .where('record_id', '=', recordId)
    .executeTakeFirst();
  return row?.newest ?? 0;
}

/** The same, and holds the record for the rest of the transaction. */
export async function lockNewestVersion(tx: Tx, kind: RecordKind, recordId: string): Promise<number> {
  await holdName(tx, `directory ${kind} ${recordId}`);
  return findNewestVersion(tx, kind, recordId);
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
