import { checkFeed, type BuiltRecord } from '../../../platform/crypto/index.ts';
import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { wentBack } from './own.ts';
import { publishOwnEntry } from './own-entry.ts';
import type { PublishParts } from './publish.ts';
import { actorId } from './roots.ts';
import type { FeedState } from './schema.ts';
import { findFeedState, holdOwner, listRecords, saveFeedState, saveRecords, trustChanged } from './store/index.ts';
import type { OwnRecords } from './feeds.ts';

/** Where a module keeps records of an own feed, and how lost ones are put back. */
export interface LostRecords {
  own: OwnRecords;
  /** Keeps own records that others gave back, in order, with what they say. */
  keep(tx: Tx, ctx: Context, records: readonly BuiltRecord[]): Promise<void>;
}

export interface ResumeParts extends PublishParts {
  /** By feed, beside `nodes`. */
  lost: Readonly<Record<string, LostRecords>>;
}

/** What is known of an own feed that stands still. */
export interface StoppedFeed {
  state: FeedState;
  /** `went-back`: others hold newer records of ours; `forked`: two of ours bear one number. */
  why: 'went-back' | 'forked';
  /** Records of ours that others gave back and this node would take. */
  lost: number;
  /** Number of the first that is missing between ours and those; null when they join. */
  missing: number | null;
}

async function heldOf(tx: Tx, { own, lost }: ResumeParts, feed: string): Promise<BuiltRecord[]> {
  if (feed === 'nodes') return listRecords(tx, { owner: own.owner, feed, statuses: ['taken'] });
  return (await lost[feed]?.own.after(tx, own.owner, 0)) ?? [];
}

/** Records that were given back and join ours, in order. */
async function givenBack(tx: Tx, parts: ResumeParts, feed: string) {
  const held = await heldOf(tx, parts, feed);
  const head = held.at(-1);
  const came = await listRecords(tx, { owner: parts.own.owner, feed, statuses: ['waiting'] });
  const news = came.filter((one) => one.record.seq > (head?.record.seq ?? 0));
  return checkFeed(
    news,
    head && { seq: head.record.seq, hash: head.hash },
    new Map(held.map((one) => [one.record.seq, one])),
  );
}

function whyOf({ frozenAt, lastCode }: FeedState): StoppedFeed['why'] | undefined {
  if (frozenAt !== null) return 'forked';
  return lastCode === wentBack ? 'went-back' : undefined;
}

/** Own feeds that stand still, with what would be done about each. */
export async function listStopped(tx: Tx, parts: ResumeParts, states: readonly FeedState[]): Promise<StoppedFeed[]> {
  const found: StoppedFeed[] = [];
  for (const state of states) {
    const why = state.owner === parts.own.owner ? whyOf(state) : undefined;
    if (why === undefined) continue;
    const { accepted, waiting, problems } = await givenBack(tx, parts, state.feed);
    const gap = problems.find((one) => one.code === 'records.gap');
    const missing = waiting.length > 0 && gap ? Number(gap.params?.from) : null;
    found.push({ state, why, lost: accepted.length, missing });
  }
  return found;
}

async function getStopped(
  tx: Tx,
  { own }: ResumeParts,
  feed: string,
): Promise<{ state: FeedState; why: StoppedFeed['why'] }> {
  await holdOwner(tx, own.owner);
  const state = await findFeedState(tx, own.owner, feed);
  if (!state) throw new NotFound('trust.no-such-feed');
  const why = whyOf(state);
  if (why === undefined) throw new Conflict('trust.feed-not-stopped');
  return { state, why };
}

/**
 * First of two persons: it is clear why the own feed stopped, and it may go on.
 * @throws NotFound `trust.no-such-feed`, Conflict `trust.feed-not-stopped`, `trust.resume-asked`
 */
export async function proposeResumeOfFeed(ctx: Context, parts: ResumeParts, feed: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-resume');
    const { state, why } = await getStopped(tx, parts, feed);
    if (state.resumeProposedBy !== null) throw new Conflict('trust.resume-asked');
    await saveFeedState(tx, parts.own.owner, feed, {
      resumeProposedAt: ctx.clock.now(),
      resumeProposedBy: actorId(ctx),
    });
    await recordAudit(
      tx,
      ctx,
      'exchange.propose-feed-resume',
      { kind: 'feed', id: `${parts.own.owner}/${feed}` },
      { why },
    );
  });
}

/** Takes the question back, or says no to it. One person is enough. @throws Conflict `trust.resume-not-asked` */
export async function refuseResumeOfFeed(ctx: Context, parts: ResumeParts, feed: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-resume');
    const { state } = await getStopped(tx, parts, feed);
    if (state.resumeProposedBy === null) throw new Conflict('trust.resume-not-asked');
    await saveFeedState(tx, parts.own.owner, feed, { resumeProposedAt: null, resumeProposedBy: null });
    await recordAudit(tx, ctx, 'exchange.refuse-feed-resume', { kind: 'feed', id: `${parts.own.owner}/${feed}` });
  });
}

/**
 * Second of two persons: the records that others gave back are kept as ours, and the feed goes on behind them. After a
 * fork our own line goes on; others keep theirs frozen until they confirmed a new root of ours.
 * @returns how many records were taken back
 * @throws Conflict `trust.resume-not-asked`, `trust.lost-records-missing` while some between are not given back yet
 */
export async function confirmResumeOfFeed(ctx: Context, parts: ResumeParts, feed: string): Promise<number> {
  return ctx.transaction(async (tx) => {
    const { owner } = parts.own;
    const { state, why } = await getStopped(tx, parts, feed);
    if (state.resumeProposedBy === null) throw new Conflict('trust.resume-not-asked');
    ctx.allow('exchange.confirm-resume', { createdBy: state.resumeProposedBy });
    const { accepted, waiting, problems } = await givenBack(tx, parts, feed);
    const gap = problems.find((one) => one.code === 'records.gap');
    if (waiting.length > 0 && gap)
      throw new Conflict('trust.lost-records-missing', { params: { seq: Number(gap.params?.from) } });
    const at = ctx.clock.now();
    if (accepted.length > 0) {
      const keeper = parts.lost[feed];
      if (feed === 'nodes') await saveRecords(tx, accepted, { status: 'taken', at, from: null });
      else if (keeper) await keeper.keep(tx, ctx, accepted);
      else throw new Conflict('trust.lost-not-kept', { params: { feed } });
    }
    const newest = accepted.at(-1);
    await saveFeedState(tx, owner, feed, {
      ...(newest ? { seq: newest.record.seq, hash: newest.hash } : {}),
      frozenAt: null,
      frozenAfter: null,
      lastCode: null,
      resumeProposedAt: null,
      resumeProposedBy: null,
    });
    await trustChanged(tx);
    await recordAudit(
      tx,
      ctx,
      'exchange.resume-feed',
      { kind: 'feed', id: `${owner}/${feed}` },
      { why, taken: accepted.length },
    );
    // What was said in between may be older than what is so now.
    if (feed === 'nodes') await publishOwnEntry(tx, parts);
    return accepted.length;
  });
}
