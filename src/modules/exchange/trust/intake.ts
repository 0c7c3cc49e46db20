import type { JWK } from 'jose';
import {
  checkFeed,
  readDelegation,
  SignedRecord,
  verifyRecord,
  type BuiltRecord,
  type RecordKey,
} from '../../../platform/crypto/index.ts';
import type { Log } from '../../../platform/log.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, problem, sha256, type Instant, type Problem } from '../../../platform/values/index.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import { NodeEntry, KeyRevocation } from '../schema.ts';
import { nodeKeys } from './facts.ts';
import type { OwnRecords } from './feeds.ts';
import { wentBack } from './own.ts';
import type { OwnNode } from './schema.ts';
import {
  findFeedState,
  flagSignedWith,
  holdChange,
  holdOwner,
  insertDelegation,
  listDelegations,
  listRecords,
  listRoots,
  saveFeedState,
  saveRecords,
  trustChanged,
  type StoredRecord,
} from './store/index.ts';
import type { FullTrustView } from './view.ts';

/** What a module does with verified records of one feed. */
export interface FeedTaker {
  /** Takes them in order, signed under this confirmed root; answers a code per record that is not taken. */
  take(tx: Tx, records: readonly BuiltRecord[], root: JWK): Promise<{ seq: number; code: string }[]>;
  /** Is told that the owner signed two records with one number. */
  frozen?(tx: Tx, owner: string, lastCommonSeq: number): Promise<void>;
}

export interface IntakeParts {
  own: OwnNode;
  loadTrust(tx: Tx): Promise<FullTrustView>;
  /** By feed, beside `nodes`; a feed without a taker is kept and passed on. */
  takers: Readonly<Record<string, FeedTaker>>;
  /** Where own records of a feed stand that another module signs. */
  ownRecords: Readonly<Record<string, OwnRecords>>;
  log?: Log;
}

export interface IntakeReport {
  owner: string;
  feed: string;
  /** Numbers that count from now on. */
  taken: number[];
  /** In order, but what they say is not taken. */
  refused: { seq: number; code: string }[];
  /** Held already. */
  known: number;
  waiting: number;
  /** First number missing. */
  gapFrom: number | null;
  frozen: boolean;
  /** Newest number in order. */
  head: number;
  problems: Problem[];
}

/** Roots and delegates of an owner that may sign its records. */
async function keysOfOwner(tx: Tx, owner: string, rows: readonly StoredRecord[]): Promise<RecordKey[]> {
  const roots = (await listRoots(tx, owner)).filter((root) => root.status === 'confirmed');
  const found: RecordKey[] = roots.map((root) => ({
    owner,
    kid: root.kid,
    publicKey: root.publicKey,
    from: '0001-01-01T00:00:00.000Z' as Instant,
    until: null,
    feeds: ['nodes'],
  }));
  for (const { jws, rootKid } of await listDelegations(tx, owner)) {
    const root = roots.find((one) => one.kid === rootKid);
    const key = root && (await readDelegation(jws, root.publicKey));
    if (key && key.owner === owner) found.push(key);
  }
  // A delegate that was taken back signs nothing from then on.
  for (const { record } of rows) {
    if (record.kind !== 'key-revocation') continue;
    const revocation = KeyRevocation.safeParse(record.body);
    if (!revocation.success) continue;
    for (const key of found)
      if (key.kid === revocation.data.key && (key.until === null || revocation.data.since < key.until))
        key.until = revocation.data.since;
  }
  return found;
}

/** Keys of one owner that signed a word for the same kid: the one whose time fits wins. */
function findKeyAt(keys: readonly RecordKey[], jws: string) {
  const at = (() => {
    try {
      return (JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')) as { at?: unknown }).at;
    } catch {
      return undefined;
    }
  })();
  return (owner: string, kid: string): RecordKey | undefined => {
    const named = keys.filter((key) => key.owner === owner && key.kid === kid);
    return (
      named.find((key) => typeof at === 'string' && at >= key.from && (key.until === null || at < key.until)) ??
      named[0]
    );
  };
}

/**
 * Takes records of one owner and feed from anywhere: validity comes from the signature, not from who brought them.
 * Two different records with one number freeze the feed at the last common one; a missing one stops it until filled;
 * a node entry that its State did not sign is held for two persons.
 * @param from node that brought them, null for a file
 */
export async function takeRecords(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  what: {
    owner: string;
    feed: string;
    delegations: readonly string[];
    records: readonly string[];
    from: string | null;
  },
): Promise<IntakeReport> {
  const { owner, feed, from } = what;
  const at = ctx.clock.now();
  await holdOwner(tx, owner);
  const report: IntakeReport = {
    owner,
    feed,
    taken: [],
    refused: [],
    known: 0,
    waiting: 0,
    gapFrom: null,
    frozen: false,
    head: 0,
    problems: [],
  };
  const roots = (await listRoots(tx, owner)).filter((root) => root.status === 'confirmed');
  if (roots.length === 0) {
    report.problems.push(problem('trust.unknown-owner', [], { params: { owner } }));
    return report;
  }
  await takeDelegations(tx, owner, what.delegations, roots, at, report);
  const held = await listRecords(tx, { owner, feed, statuses: ['taken', 'refused', 'waiting', 'conflicting'] });
  const keys = await keysOfOwner(
    tx,
    owner,
    feed === 'nodes' ? held : await listRecords(tx, { owner, feed: 'nodes', statuses: ['taken'] }),
  );
  const came = await verifyAll(tx, ctx, parts, { ...what, keys, at, report });
  if (owner === parts.own.owner) return compareWithOwn(tx, ctx, parts, feed, came, report, from);
  const inOrder = held.filter((one) => one.status === 'taken' || one.status === 'refused');
  report.known = came.filter((one) => held.some((mine) => mine.hash === one.hash && mine.status !== 'waiting')).length;
  const state = await findFeedState(tx, owner, feed);
  report.head = state?.seq ?? 0;
  if (state?.frozenAt) {
    report.frozen = true;
    return report;
  }
  const head = inOrder.at(-1);
  const waited = held.filter((one) => one.status === 'waiting');
  const looked = checkFeed(
    [...came, ...waited],
    head && { seq: head.record.seq, hash: head.hash },
    new Map(inOrder.map((one) => [one.record.seq, one])),
  );
  report.problems.push(...looked.problems);
  if (looked.equivocation) await freeze(tx, ctx, parts, { owner, feed, from }, looked.equivocation, inOrder);
  const news = await stopAtEndedKeys(tx, ctx, parts, looked.accepted, at, from, report);
  const newest = news.at(-1);
  report.waiting = looked.waiting.length;
  report.frozen = looked.equivocation !== undefined;
  report.head = newest?.record.seq ?? head?.record.seq ?? 0;
  const gap = looked.problems.find((one) => one.code === 'records.gap');
  report.gapFrom = gap ? Number(gap.params?.from) : null;
  await saveRecords(tx, looked.waiting, { status: 'waiting', at, from });
  await saveFeedState(tx, owner, feed, {
    seq: report.head,
    hash: newest?.hash ?? head?.hash ?? null,
    gapFrom: report.gapFrom,
    ...(looked.equivocation ? { frozenAt: at, frozenAfter: looked.equivocation.seq - 1 } : {}),
  });
  if (news.length > 0 || looked.equivocation) await trustChanged(tx);
  return report;
}

/**
 * Own records that others bring are never taken: they are compared. Two of our own with one number mean that our key
 * is in other hands or that our history was forked; newer ones than ours mean that this node was put back to an older state.
 */
async function compareWithOwn(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  feed: string,
  came: readonly BuiltRecord[],
  report: IntakeReport,
  from: string | null,
): Promise<IntakeReport> {
  const { owner } = parts.own;
  const at = ctx.clock.now();
  const source = parts.ownRecords[feed];
  const held =
    feed === 'nodes' || !source
      ? await listRecords(tx, { owner, feed, statuses: ['taken'] })
      : await source.after(tx, owner, 0);
  report.head = held.at(-1)?.record.seq ?? 0;
  const bySeq = new Map(held.map((one) => [one.record.seq, one]));
  report.known = came.filter((one) => bySeq.get(one.record.seq)?.hash === one.hash).length;
  const other = came.find((one) => (bySeq.get(one.record.seq)?.hash ?? one.hash) !== one.hash);
  const state = await findFeedState(tx, owner, feed);
  report.frozen = (state?.frozenAt ?? null) !== null;
  if (other) {
    const { seq } = other.record;
    report.problems.push(problem('records.equivocation', [], { params: { seq } }));
    report.frozen = true;
    if (state?.frozenAt) return report;
    await saveRecords(tx, [other], { status: 'conflicting', code: 'records.equivocation', at, from });
    await saveFeedState(tx, owner, feed, { frozenAt: at, frozenAfter: seq - 1 });
    await recordAudit(tx, ctx, 'exchange.equivocation', { kind: 'feed', id: `${owner}/${feed}` }, { seq });
    parts.log?.error({ event: 'records.equivocation', owner, feed, seq }, 'records.equivocation');
    return report;
  }
  const ahead = came.find((one) => one.record.seq > report.head);
  if (!ahead || state?.lastCode === wentBack) return report;
  report.problems.push(problem(wentBack, [], { params: { seq: ahead.record.seq } }));
  await saveFeedState(tx, owner, feed, { lastCode: wentBack });
  await recordAudit(
    tx,
    ctx,
    'exchange.history-went-back',
    { kind: 'feed', id: `${owner}/${feed}` },
    { seq: ahead.record.seq },
  );
  parts.log?.error({ event: wentBack, owner, feed, seq: ahead.record.seq }, wentBack);
  return report;
}

async function takeDelegations(
  tx: Tx,
  owner: string,
  delegations: readonly string[],
  roots: readonly { kid: string; publicKey: JWK }[],
  at: Instant,
  report: IntakeReport,
): Promise<void> {
  const known = new Set((await listDelegations(tx, owner)).map((one) => one.jws));
  for (const jws of delegations) {
    if (known.has(jws)) continue;
    let taken = false;
    for (const root of roots) {
      const key = await readDelegation(jws, root.publicKey);
      if (!key || key.owner !== owner) continue;
      const { kid, from: validFrom, until: validUntil } = key;
      taken = true;
      if (await insertDelegation(tx, { owner, kid, rootKid: root.kid, jws, validFrom, validUntil }, at))
        await trustChanged(tx);
    }
    if (!taken) report.problems.push(problem('records.bad-delegation', [], { params: { owner } }));
  }
}

interface Verifying {
  owner: string;
  feed: string;
  records: readonly string[];
  from: string | null;
  keys: readonly RecordKey[];
  at: Instant;
  report: IntakeReport;
}

async function verifyAll(tx: Tx, ctx: AuditContext, parts: IntakeParts, what: Verifying): Promise<BuiltRecord[]> {
  const { owner, feed, keys, report } = what;
  const came: BuiltRecord[] = [];
  for (const jws of what.records) {
    const checked = verifyRecord(jws, findKeyAt(keys, jws));
    if (!checked.ok) {
      report.problems.push(...checked.error);
      const code = checked.error[0]?.code ?? '';
      if (feed === 'nodes' && !['records.malformed', 'records.not-canonical'].includes(code))
        await holdUnsigned(tx, ctx, parts, jws, code, what);
    } else if (checked.value.record.owner !== owner || checked.value.record.feed !== feed)
      report.problems.push(problem('records.malformed', [], { params: { owner, feed } }));
    else came.push(checked.value);
  }
  return came;
}

/** K5, K6: what its State did not sign is unused until two persons confirm it by another way. */
async function holdUnsigned(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  jws: string,
  code: string,
  { owner, from, at }: Verifying,
): Promise<void> {
  let record: SignedRecord;
  try {
    record = SignedRecord.parse(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return;
  }
  const entry = NodeEntry.safeParse(record.body);
  if (record.kind !== 'node-entry' || record.owner !== owner || !entry.success) return;
  const trust = await parts.loadTrust(tx);
  const current = trust.node(entry.data.node);
  if (current && (current.owner !== owner || canonical(current.entry) === canonical(entry.data))) return;
  const id = uuidv7(ctx.random, Date.parse(at));
  const isNew = await holdChange(tx, {
    id,
    owner,
    subject: entry.data.node,
    kind: 'node-entry',
    jws,
    contentSha256: sha256(canonical(entry.data)),
    code,
    receivedFrom: from,
    receivedAt: at,
  });
  if (!isNew) return;
  await recordAudit(tx, ctx, 'exchange.change-held', { kind: 'trust-change', id }, { owner, code });
  parts.log?.error({ event: 'trust.change-held', owner, node: entry.data.node, code }, 'trust.change-held');
}

/** Keeps all versions, so that anyone can be shown that the owner signed both. */
async function freeze(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  { owner, feed, from }: { owner: string; feed: string; from: string | null },
  equivocation: { seq: number; records: readonly BuiltRecord[] },
  held: readonly StoredRecord[],
): Promise<void> {
  const at = ctx.clock.now();
  const taken = new Set(held.map((one) => one.hash));
  await saveRecords(
    tx,
    equivocation.records.filter((one) => !taken.has(one.hash)),
    { status: 'conflicting', code: 'records.equivocation', at, from },
  );
  await recordAudit(
    tx,
    ctx,
    'exchange.equivocation',
    { kind: 'feed', id: `${owner}/${feed}` },
    { seq: equivocation.seq },
  );
  await parts.takers[feed]?.frozen?.(tx, owner, equivocation.seq - 1);
  parts.log?.error({ event: 'records.equivocation', owner, feed, seq: equivocation.seq }, 'records.equivocation');
}

/**
 * Takes records in order. When one of them takes a key back that signed records after it, those wait to be looked at
 * again with what is known then.
 */
async function stopAtEndedKeys(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  records: readonly BuiltRecord[],
  at: Instant,
  from: string | null,
  report: IntakeReport,
): Promise<BuiltRecord[]> {
  const stop = new Map<string, Instant>();
  const news: BuiltRecord[] = [];
  for (const one of records) {
    const ended = stop.get(one.kid);
    if (ended !== undefined && one.record.at >= ended) {
      const { owner, seq } = one.record;
      report.problems.push(problem('records.key-out-of-time', ['at'], { params: { owner, seq, kid: one.kid } }));
      break;
    }
    news.push(one);
    const revocation = one.record.kind === 'key-revocation' ? KeyRevocation.safeParse(one.record.body) : undefined;
    if (revocation?.success) stop.set(revocation.data.key, revocation.data.since);
  }
  if (news.length === 0) return news;
  const taker = news[0]?.record.feed === 'nodes' ? nodesTaker(ctx, parts) : parts.takers[news[0]?.record.feed ?? ''];
  const root = (await listRoots(tx, news[0]?.record.owner ?? '')).findLast((one) => one.status === 'confirmed');
  const refused = taker && root ? await taker.take(tx, news, root.publicKey) : [];
  const codes = new Map(refused.map((one) => [one.seq, one.code]));
  await saveRecords(
    tx,
    news.filter((one) => !codes.has(one.record.seq)),
    { status: 'taken', at, from },
  );
  for (const one of news) {
    const code = codes.get(one.record.seq);
    if (code === undefined) report.taken.push(one.record.seq);
    else {
      report.refused.push({ seq: one.record.seq, code });
      await saveRecords(tx, [one], { status: 'refused', code, at, from });
      const { owner, feed, seq } = one.record;
      await recordAudit(tx, ctx, 'exchange.refuse-record', { kind: 'feed', id: `${owner}/${feed}` }, { seq, code });
      parts.log?.error({ event: 'trust.record-refused', owner, feed, seq, code }, 'trust.record-refused');
    }
  }
  return news;
}

/** What a feed `nodes` may say: an owner speaks for its own node, with keys that are good and nobody else's. */
function nodesTaker(ctx: AuditContext, parts: IntakeParts): FeedTaker {
  const take: FeedTaker['take'] = async (tx, records) => {
    const refused: { seq: number; code: string }[] = [];
    const view = await parts.loadTrust(tx);
    const owners = new Map<string, string>();
    const inThis = new Map<string, string>();
    for (const { record } of records) {
      const code =
        record.kind === 'node-entry'
          ? await nodeEntryProblem(record, view, owners, inThis)
          : record.kind === 'key-revocation'
            ? revocationProblem(record)
            : 'trust.unknown-kind';
      if (code) refused.push({ seq: record.seq, code });
      else if (record.kind === 'key-revocation') await revoke(tx, ctx, record);
    }
    return refused;
  };
  return { take };
}

async function nodeEntryProblem(
  record: SignedRecord,
  view: FullTrustView,
  owners: Map<string, string>,
  inThis: Map<string, string>,
): Promise<string | undefined> {
  if (record.op === 'withdraw') return undefined;
  const parsed = NodeEntry.safeParse(record.body);
  if (!parsed.success) return 'trust.bad-entry';
  const entry = parsed.data;
  if (entry.node !== record.recordId) return 'trust.bad-entry';
  const speaksForItself = entry.state === null ? record.owner === entry.node : record.owner === entry.state;
  if (!speaksForItself) return 'trust.not-owner';
  const holder = owners.get(entry.node) ?? view.node(entry.node)?.owner;
  if (holder !== undefined && holder !== record.owner) return 'trust.node-of-another';
  owners.set(entry.node, record.owner);
  for (const key of await nodeKeys(entry, record.owner)) {
    const name = `${key.holder} ${key.use}`;
    const problem =
      view.problemOfNewKey(key) ??
      (inThis.has(key.kid) && inThis.get(key.kid) !== name ? 'trust.key-of-another' : undefined);
    if (problem) return problem;
    inThis.set(key.kid, name);
  }
  return undefined;
}

function revocationProblem(record: SignedRecord): string | undefined {
  return KeyRevocation.safeParse(record.body).success && record.op === 'put' ? undefined : 'trust.bad-entry';
}

/** Takes effect at the next message; what came before is marked, never deleted. */
async function revoke(tx: Tx, ctx: AuditContext, record: SignedRecord): Promise<void> {
  const { key, since, reason } = KeyRevocation.parse(record.body);
  const flagged = await flagSignedWith(tx, record.owner, key, since);
  await recordAudit(
    tx,
    ctx,
    'exchange.key-revoked',
    { kind: 'key', id: key },
    { owner: record.owner, reason, flagged },
  );
}
