import type { JWK } from 'jose';
import {
  buildRecord,
  checkFeed,
  readRecordFile,
  writeRecordFile,
  type BuiltRecord,
} from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import {
  dayIn,
  fail,
  hashOf,
  isUnknown,
  kinds,
  ok,
  problem,
  type Instant,
  type StateCode,
  type Problem,
  type Result,
} from '../../../platform/values/index.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { checkCalendar, checkEntry, checkProfile } from '../rules/index.ts';
import type { Entry } from '../schema/index.ts';
import {
  findFeedHead,
  freezeFeed,
  insertFeedRecord,
  insertFeedRecords,
  insertVersions,
  newestVersions,
  listFeedRecords,
  listVersions,
  holdName,
  type NewVersion,
  type RecordKind,
} from '../store/index.ts';
import type { AuthoritiesNeeds, FeedSigner } from './needs.ts';

const feed = 'directory';

interface RecordContent {
  kind: RecordKind;
  recordId: string;
  recordVersion: number;
  at: Instant;
  body: unknown;
}

/** Signs the next record of the own feed, in the transaction that publishes what it says. */
export async function appendToFeed(tx: Tx, signer: FeedSigner, content: RecordContent): Promise<void> {
  await holdName(tx, `directory feed ${signer.owner}`);
  const last = await findFeedHead(tx, signer.owner);
  const { kind, recordId, recordVersion, at } = content;
  // A body read from the database has lost nothing but the order of its keys, which canonical form does not know.
  const body = JSON.parse(JSON.stringify(content.body)) as Record<string, never>;
  const built = await buildRecord(
    signer.keys,
    signer.kid,
    { kind, version: kinds[kind].version, owner: signer.owner, feed, recordId, recordVersion, op: 'put', at, body },
    last,
  );
  await insertFeedRecord(tx, built, at);
}

/** The own feed as a file that stands for itself. Throws `Unavailable` `authorities.no-signer` or `authorities.feed-empty`. */
export async function exportFeed(ctx: Context, needs: AuthoritiesNeeds, owner?: string): Promise<Uint8Array> {
  ctx.allow('authorities.export');
  const { signer } = needs;
  if (!signer) throw new Unavailable('authorities.no-signer');
  return exportFeedOf(ctx, owner ?? signer.owner, signer.root, signer.delegations);
}

/** Any feed held here, with the root key and delegations of its owner. */
export async function exportFeedOf(
  ctx: Context,
  owner: string,
  root: JWK,
  delegations: readonly string[],
): Promise<Uint8Array> {
  ctx.allow('authorities.export');
  const records = await ctx.transaction((tx) => listFeedRecords(tx, owner));
  if (records.length === 0) throw new Unavailable('authorities.feed-empty', { params: { owner } });
  return writeRecordFile(records, root, delegations);
}

export interface ImportReport {
  owner: string;
  taken: { recordId: string; version: number }[];
  /** Records held already, byte for byte. */
  known: number;
  waiting: number;
  problems: Problem[];
}

/**
 * Takes signed records from a file: checks every signature against the root key the reader trusts, applies only
 * what is newer. Two different records with one number freeze the feed: `records.equivocation`.
 * A record about another State than its signer's is refused: `authorities.not-owner`.
 */
export async function importFeed(
  ctx: Context,
  needs: AuthoritiesNeeds,
  bytes: Uint8Array,
  root: JWK,
): Promise<Result<ImportReport, Problem[]>> {
  const read = await readRecordFile(bytes, root);
  if (!read.ok) return read;
  const { owner, feed: name } = read.value;
  if (name !== feed) return fail([problem('authorities.other-feed', [], { params: { feed: name } })]);
  const came = [...read.value.accepted, ...read.value.waiting, ...(read.value.equivocation?.records ?? [])];
  return ctx.transaction(async (tx) => {
    ctx.allow('authorities.edit');
    await holdName(tx, `directory feed ${owner}`);
    const held = await listFeedRecords(tx, owner);
    const head = held.at(-1);
    const looked = checkFeed(
      came,
      head && { seq: head.record.seq, hash: head.hash },
      new Map(held.map((one) => [one.record.seq, one])),
    );
    const report: ImportReport = {
      owner,
      taken: [],
      known: came.filter((one) => held.some((mine) => mine.hash === one.hash)).length,
      waiting: looked.waiting.length,
      problems: looked.problems,
    };
    const at = ctx.clock.now();
    if (looked.equivocation) {
      for (const record of looked.equivocation.records) await insertFeedRecord(tx, record, at);
      await freezeFeed(tx, owner, looked.equivocation.seq - 1, at);
      await recordAudit(
        tx,
        ctx,
        'authorities.equivocation',
        { kind: 'feed', id: owner },
        { seq: looked.equivocation.seq },
      );
    }
    const refused = await takeAll(tx, needs, looked.accepted, at, report);
    if (refused) await recordAudit(tx, ctx, 'authorities.refuse-record', { kind: 'feed', id: owner }, refused);
    await recordAudit(tx, ctx, 'authorities.import', { kind: 'feed', id: owner }, { taken: report.taken.length });
    return ok(report);
  });
}

/**
 * Takes records of the feed `directory` that were verified and put in order elsewhere, with what they say. One that says
 * what its owner may not say, or nothing that can be read, is left and named; those after it are taken.
 */
export async function takeDirectoryRecords(
  tx: Tx,
  ctx: AuditContext,
  needs: AuthoritiesNeeds,
  records: readonly BuiltRecord[],
): Promise<{ seq: number; code: string }[]> {
  const at = ctx.clock.now();
  const refused: { seq: number; code: string }[] = [];
  const report: ImportReport = { owner: records[0]?.record.owner ?? '', taken: [], known: 0, waiting: 0, problems: [] };
  let left = [...records];
  while (left.length > 0) {
    const stopped = await takeAll(tx, needs, left, at, report);
    if (!stopped) break;
    refused.push(stopped);
    left = left.filter((one) => one.record.seq > stopped.seq);
  }
  const { owner } = report;
  await recordAudit(
    tx,
    ctx,
    'authorities.take-records',
    { kind: 'feed', id: owner },
    { taken: report.taken.length, refused: refused.length },
  );
  return refused;
}

/** Says on its entries that an owner signed two different records with one number. */
export async function freezeDirectory(tx: Tx, owner: string, lastCommonSeq: number, at: Instant): Promise<void> {
  await freezeFeed(tx, owner, lastCommonSeq, at);
}

/** Newest record of a feed held here. */
export async function findDirectoryHead(tx: Tx, owner: string): Promise<{ seq: number; hash: string } | undefined> {
  return findFeedHead(tx, owner);
}

/** Signed records of the own feed, or of another's as held here, in order; those after `since`. */
export async function listDirectoryRecords(tx: Tx, owner: string, since: number): Promise<BuiltRecord[]> {
  return (await listFeedRecords(tx, owner)).filter((one) => one.record.seq > since);
}

/** Takes records in order until one is refused. What they say is written in few statements. */
async function takeAll(
  tx: Tx,
  needs: AuthoritiesNeeds,
  records: readonly BuiltRecord[],
  at: Instant,
  report: ImportReport,
): Promise<{ seq: number; code: string } | undefined> {
  const newest = new Map<StateCode, Map<string, number>>();
  let versions: NewVersion[] = [];
  const taken: BuiltRecord[] = [];
  const flush = async () => {
    await insertVersions(tx, versions);
    versions = [];
  };
  let refused: { seq: number; code: string } | undefined;
  for (const built of records) {
    // A withdrawal repeats the last body said, so that must be in its place first.
    if (built.record.op === 'withdraw') await flush();
    const read = await toVersion(tx, built, at);
    const problems = read.ok ? ownerProblems(needs, built, read.value) : read.error;
    if (!read.ok || problems.length > 0) {
      report.problems.push(...problems);
      refused = { seq: built.record.seq, code: problems[0]?.code ?? '' };
      break;
    }
    const version = read.value;
    const known = newest.get(version.state) ?? (await newestVersions(tx, version.state));
    newest.set(version.state, known);
    const name = `${version.kind} ${version.recordId}`;
    if (version.version > (known.get(name) ?? 0)) {
      versions.push(version);
      known.set(name, version.version);
    }
    taken.push(built);
    report.taken.push({ recordId: version.recordId, version: version.version });
  }
  await flush();
  await insertFeedRecords(tx, taken, at);
  return refused;
}

/** A State speaks for itself; the secretariat for States without a node, and says so. */
function ownerProblems(needs: AuthoritiesNeeds, { record }: BuiltRecord, version: NewVersion): Problem[] {
  const byCustodian = version.origin !== 'own' && record.owner === needs.secretariat;
  const byState = version.origin === 'own' && record.owner === version.state;
  return byCustodian || byState
    ? []
    : [problem('authorities.not-owner', [], { params: { state: version.state, owner: record.owner } })];
}

async function toVersion(tx: Tx, built: BuiltRecord, at: Instant): Promise<Result<NewVersion, Problem[]>> {
  const { record } = built;
  const body = record.op === 'withdraw' ? await withdrawnBody(tx, built) : record.body;
  const common = {
    recordId: record.recordId,
    version: record.recordVersion,
    op: record.op,
    recordedAt: at,
    hash: hashOf(body),
    writtenBy: record.owner,
    publishedBy: record.owner,
  };
  switch (record.kind) {
    case 'authority-entry': {
      const read = checkEntry(body, { others: [], statusOn: () => 'unknown' });
      if (!read.ok) return read;
      const entry: Entry = read.value.entry;
      if (entry.id !== record.recordId)
        return fail([problem('authorities.record-names-another', ['id'], { params: { id: entry.id } })]);
      const { state, territory, until, origin } = entry;
      return ok({
        ...common,
        kind: 'authority-entry',
        state,
        territory,
        validFrom: isUnknown(entry.validFrom) ? null : entry.validFrom,
        until,
        origin,
        body,
      });
    }
    case 'requirement-profile': {
      const read = checkProfile(body);
      if (!read.ok) return read;
      const { state, territory, validFrom, until, custodian } = read.value;
      return ok({
        ...common,
        kind: 'requirement-profile',
        state,
        territory,
        validFrom,
        until,
        origin: custodian ? 'custodian' : 'own',
        body,
      });
    }
    case 'calendar': {
      const read = checkCalendar(body);
      if (!read.ok) return read;
      return ok({
        ...common,
        kind: 'calendar',
        state: read.value.state,
        territory: read.value.territory,
        validFrom: null,
        until: null,
        origin: 'own',
        body,
      });
    }
    default:
      return fail([problem('authorities.unknown-kind', ['kind'], { params: { kind: record.kind } })]);
  }
}

/** A withdrawal carries no body: what ends is the last one said, on the day of the withdrawal. */
async function withdrawnBody(tx: Tx, { record }: BuiltRecord): Promise<unknown> {
  const last = (await listVersions(tx, { kind: record.kind as RecordKind, recordId: record.recordId })).at(-1);
  return { ...(last?.body as object | undefined), until: dayIn('UTC', record.at) };
}
