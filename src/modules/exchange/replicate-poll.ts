import type { Clock } from '../../platform/clock.ts';
import { ComityError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Instant } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import type { PeerCall } from './client.ts';
import type { NodeId } from './schema.ts';
import { feedNames, type IntakeReport, type Trust } from './trust/index.ts';
import type { FeedState } from './trust/schema.ts';
import { feedsLookedAt, findFeedState, listFeedStates, listRoots, saveFeedState } from './trust/store/index.ts';

/** How long after a look a feed is looked at again, in milliseconds. */
export const pollEveryMs: Readonly<Record<string, number>> = {
  nodes: 5 * 60_000,
  directory: 5 * 60_000,
  treaties: 15 * 60_000,
};
/** Most bytes of one answer about feeds. */
export const mostFeedBytes = 32 * 1024 * 1024;

export interface ReplicateParts {
  trust: Trust;
  call: PeerCall;
  clock: Clock;
  random: Random;
  log: Log;
  /** The node itself, as a system actor. */
  ctx: Context;
}

/** Why a look or a push failed. */
export function codeOf(error: unknown): string {
  return error instanceof ComityError ? error.code : 'exchange.not-reached';
}

/** An owner that was never heard, and one that did not answer the last time, are asked sooner, in milliseconds. */
const firstAgainMs = 10_000;
const failedAgainMs = 60_000;

const looksAtOnce = 8;

function isDue(state: FeedState | undefined, feed: string, now: Instant): boolean {
  if (!state?.triedAt) return true;
  const every = pollEveryMs[feed] ?? 15 * 60_000;
  const wait = state.checkedAt === null ? firstAgainMs : state.lastCode === null ? every : failedAgainMs;
  return Date.parse(now) - Date.parse(state.triedAt) >= Math.min(wait, every);
}

/** Where records of an owner are asked for: at its own nodes, else at the secretariat, else at anybody. */
async function sourcesOf(parts: ReplicateParts, owner: string): Promise<{ node: NodeId; isOwner: boolean }[]> {
  const view = await parts.ctx.transaction((tx) => parts.trust.loadTrust(tx));
  const reachable = view
    .nodes()
    .filter(({ entry }) => entry.endpoints.length > 0 && entry.node !== parts.trust.own.node);
  const mine = reachable.filter((one) => one.owner === owner);
  const common = reachable.filter((one) => one.owner !== owner && one.entry.state === null);
  const others = reachable.filter((one) => one.owner !== owner && one.entry.state !== null);
  // Without an address of its own an owner is as fresh as the last one who passed its records on.
  const noneOfItsOwn = mine.length === 0 && view.nodes().some((one) => one.owner === owner);
  return [
    ...mine.map(({ entry }) => ({ node: entry.node, isOwner: true })),
    ...common.map(({ entry }) => ({ node: entry.node, isOwner: noneOfItsOwn })),
    ...shuffled(others, parts.random).map(({ entry }) => ({ node: entry.node, isOwner: noneOfItsOwn })),
  ];
}

/** In an order by chance. */
export function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: Buffer.from(random.bytes(4)).readUInt32BE(0) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** Asks a node for records of a feed after one of them, and takes what it gives. */
export async function ask(
  parts: ReplicateParts,
  node: NodeId,
  owner: string,
  feed: string,
  since: number,
): Promise<IntakeReport | undefined> {
  const path = `/exchange/v1/feeds/${owner}/${feed}?since=${since}`;
  const answer = await parts.call(node, { method: 'GET', path, maxBytes: mostFeedBytes });
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new ComityError('exchange.not-reached', { params: { detail: answer.status } });
  return parts.ctx.transaction((tx) => parts.trust.take(tx, parts.ctx, answer.body, node, { owner, feed }));
}

/** The newest record is asked for again each time: an owner who signed another in its place is noticed at once. */
async function lookAt(
  parts: ReplicateParts,
  node: NodeId,
  owner: string,
  feed: string,
): Promise<IntakeReport | undefined> {
  const { seq = 0 } = (await parts.ctx.transaction((tx) => findFeedState(tx, owner, feed))) ?? {};
  let report = await ask(parts, node, owner, feed, Math.max(0, seq - 1));
  const forked = report?.problems.some((one) => one.code === 'records.chain-broken');
  if (forked || report?.gapFrom) report = (await ask(parts, node, owner, feed, 0)) ?? report;
  // A long feed comes in several answers.
  for (let before = seq; report && report.head > before && report.gapFrom === null && !report.frozen;) {
    before = report.head;
    const next = await ask(parts, node, owner, feed, before);
    if (!next || next.head === before) break;
    report = next;
  }
  return report;
}

/**
 * Looks once at a feed of an owner: at its own node first, at the secretariat or any peer when that does not answer.
 * Records count by their signature, whoever brought them; only the owner's own answer makes a copy fresh.
 */
export async function pollFeed(parts: ReplicateParts, owner: string, feed: string): Promise<IntakeReport | undefined> {
  const { ctx, clock, log } = parts;
  const triedAt = clock.now();
  await ctx.transaction((tx) => saveFeedState(tx, owner, feed, { triedAt }));
  let lastCode = 'exchange.no-endpoint';
  for (const { node, isOwner } of await sourcesOf(parts, owner)) {
    try {
      const report = await lookAt(parts, node, owner, feed);
      const problem = report?.frozen
        ? 'records.equivocation'
        : report?.gapFrom
          ? 'records.gap'
          : report?.problems[0]?.code;
      await ctx.transaction(async (tx) => {
        await saveFeedState(tx, owner, feed, {
          checkedWith: node,
          lastCode: problem ?? null,
          ...(isOwner && problem === undefined ? { checkedAt: triedAt } : {}),
        });
        await feedsLookedAt(tx);
      });
      if (problem && problem !== 'records.equivocation') {
        lastCode = problem;
        continue;
      }
      return report;
    } catch (error) {
      lastCode = codeOf(error);
      log.warn({ event: 'feeds.not-reached', owner, feed, node, code: lastCode });
    }
  }
  await ctx.transaction((tx) => saveFeedState(tx, owner, feed, { lastCode }));
  return undefined;
}

/** Looks at every feed that is due; owners are those whose root two persons confirmed. Gives the number looked at. */
export async function pollDue(parts: ReplicateParts): Promise<number> {
  const { trust, ctx, clock } = parts;
  const { due } = await ctx.transaction(async (tx) => {
    const owners = (await listRoots(tx))
      .filter((root) => root.status === 'confirmed' && root.owner !== trust.own.owner)
      .map((root) => root.owner);
    const states = await listFeedStates(tx);
    const now = clock.now();
    return {
      due: [...new Set(owners)].flatMap((owner) =>
        feedNames
          .filter((feed) =>
            isDue(
              states.find((state) => state.owner === owner && state.feed === feed),
              feed,
              now,
            ),
          )
          .map((feed) => ({ owner, feed })),
      ),
    };
  });
  // One owner that does not answer does not hold up the others.
  for (let start = 0; start < due.length; start += looksAtOnce)
    await Promise.all(due.slice(start, start + looksAtOnce).map(({ owner, feed }) => pollFeed(parts, owner, feed)));
  return due.length;
}

/** What is asked of a peer whose message waits for it. */
const feedsOfTrust = ['nodes', 'directory'] as const;
/** However much a peer sends, it is not asked more often, in milliseconds. */
const refreshEveryMs = 10_000;

/** Asks for news of the State of a peer at once; those who ask meanwhile wait for the same look. */
export function createRefresh(parts: ReplicateParts): (peer: NodeId) => Promise<boolean> {
  const looks = new Map<string, { at: number; done: Promise<boolean> }>();
  return async (peer) => {
    const view = await parts.ctx.transaction((tx) => parts.trust.loadTrust(tx));
    const owner = view.node(peer)?.owner;
    if (owner === undefined) return false;
    const at = Date.parse(parts.clock.now());
    const before = looks.get(owner);
    if (before && Math.abs(at - before.at) < refreshEveryMs) return before.done;
    const look = async () => {
      const found = await Promise.all(feedsOfTrust.map((feed) => pollFeed(parts, owner, feed)));
      return found.some((report) => report !== undefined);
    };
    const done = look().catch(() => false);
    looks.set(owner, { at, done });
    // What was found is fresh: only a look that found nobody is not repeated at once.
    void done.then((found) => found && looks.delete(owner));
    return done;
  };
}
