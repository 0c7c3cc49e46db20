import type { JWK } from 'jose';
import { checkFeed, readDelegation, type BuiltRecord } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { problem, type Instant } from '../../../platform/values/index.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import { KeyRevocation } from '../schema.ts';
import { nodesTaker } from './intake-nodes.ts';
import { compareWithOwn } from './intake-own.ts';
import type { IntakeParts, IntakeReport } from './intake-parts.ts';
import { keysOfOwner, verifyAll } from './intake-verify.ts';
import {
  findFeedState,
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
