import { every, type Clock } from '../../platform/clock.ts';
import { ComityError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import type { Random } from '../../platform/random.ts';
import type { Instant } from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import { sendDuePings } from '../authorities/index.ts';
import type { Context } from '../identity/index.ts';
import type { PeerCall } from './client.ts';
import type { NodeId } from './schema.ts';
import { feedNames, feedType, readHeads, type FeedHead, type IntakeReport, type Trust } from './trust/index.ts';
import { writeFeedLines } from './trust/feed-lines.ts';
import { conflictsOf, recordsAfter } from './trust/feeds.ts';
import type { FeedState } from './trust/schema.ts';
import {
  feedsLookedAt,
  findFeedState,
  holdOwner,
  listDelegations,
  listFeedStates,
  listRoots,
  saveFeedState,
} from './trust/store/index.ts';

/** How long after a look a feed is looked at again, in milliseconds. */
export const pollEveryMs: Readonly<Record<string, number>> = {
  nodes: 5 * 60_000,
  directory: 5 * 60_000,
  treaties: 15 * 60_000,
};
const compareEveryMs = 24 * 3_600_000;
const pingLookMs = 3_600_000;
const mostFeedBytes = 32 * 1024 * 1024;

export interface ReplicateParts {
  trust: Trust;
  call: PeerCall;
  clock: Clock;
  random: Random;
  log: Log;
  /** The node itself, as a system actor. */
  ctx: Context;
}

function codeOf(error: unknown): string {
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

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: Buffer.from(random.bytes(4)).readUInt32BE(0) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

async function ask(
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

/** What was pushed to whom since this process started; after a start each peer is offered the newest once more. */
export type Pushed = Map<string, number>;

/** Pushes news of the own feeds to every reachable node at once; who misses some says so and gets them too. */
export async function pushOwn(parts: ReplicateParts, pushed: Pushed): Promise<{ told: number; failed: number }> {
  const { trust, ctx, log } = parts;
  const { owner } = trust.own;
  const { view, heads, delegations } = await ctx.transaction(async (tx) => ({
    view: await trust.loadTrust(tx),
    heads: (await trust.heads(tx)).filter((head) => head.owner === owner),
    delegations: (await listDelegations(tx, owner)).map((one) => one.jws),
  }));
  const peers = view.nodes().filter(({ entry }) => entry.node !== trust.own.node && entry.endpoints.length > 0);
  let told = 0;
  let failed = 0;
  const push = async (node: NodeId, { feed, seq }: FeedHead) => {
    const name = `${node} ${feed}`;
    let since = pushed.get(name) ?? Math.max(0, seq - 1);
    for (let round = 0; since < seq && round < 3; round += 1) {
      const records = await ctx.transaction((tx) => recordsAfter(tx, trust.feedsParts, owner, feed, since));
      const body = writeFeedLines(
        delegations,
        records.map((one) => one.jws),
      );
      const path = `/exchange/v1/feeds/${owner}/${feed}`;
      const answer = await parts.call(node, { method: 'POST', path, body, type: feedType });
      if (answer.status !== 200) throw new ComityError('exchange.not-reached', { params: { detail: answer.status } });
      const [head] = readHeads(answer.body);
      // A peer that lacks earlier ones is given them; one that holds all is done.
      if (head === undefined || head.seq >= seq) since = seq;
      else since = head.seq;
    }
    pushed.set(name, seq);
    told += 1;
  };
  await Promise.all(
    peers.flatMap(({ entry }) =>
      heads
        .filter((head) => (pushed.get(`${entry.node} ${head.feed}`) ?? -1) < head.seq)
        .map((head) =>
          push(entry.node, head).catch((error: unknown) => {
            failed += 1;
            log.debug({ event: 'feeds.not-pushed', node: entry.node, feed: head.feed, code: codeOf(error) });
          }),
        ),
    ),
  );
  return { told, failed };
}

/**
 * Compares the newest records held here with those that one random peer holds, and asks for what differs: a State that
 * says one thing to us and another to them is found.
 */
export async function compareHeads(
  parts: ReplicateParts,
  peer?: NodeId,
): Promise<{ peer: NodeId; asked: number } | undefined> {
  const { trust, ctx, random } = parts;
  const view = await ctx.transaction((tx) => trust.loadTrust(tx));
  const peers = view.nodes().filter(({ entry }) => entry.node !== trust.own.node && entry.endpoints.length > 0);
  const node = peer ?? shuffled(peers, random)[0]?.entry.node;
  if (node === undefined) return undefined;
  const answer = await parts.call(node, { method: 'GET', path: '/exchange/v1/feeds', maxBytes: mostFeedBytes });
  if (answer.status !== 200) throw new ComityError('exchange.not-reached', { params: { detail: answer.status } });
  const mine = await ctx.transaction((tx) => trust.heads(tx));
  const trusted = new Set(
    (await ctx.transaction((tx) => listRoots(tx)))
      .filter((root) => root.status === 'confirmed')
      .map((one) => one.owner),
  );
  let asked = 0;
  for (const theirs of readHeads(answer.body)) {
    if (!trusted.has(theirs.owner)) continue;
    const own = mine.find((one) => one.owner === theirs.owner && one.feed === theirs.feed);
    if (own?.seq === theirs.seq && own.hash === theirs.hash) continue;
    if (own && own.seq > theirs.seq && (await holds(parts, theirs))) continue;
    asked += 1;
    await ask(parts, node, theirs.owner, theirs.feed, 0);
  }
  return { peer: node, asked };
}

async function holds({ trust, ctx }: ReplicateParts, head: FeedHead): Promise<boolean> {
  const records = await ctx.transaction((tx) =>
    recordsAfter(tx, trust.feedsParts, head.owner, head.feed, head.seq - 1),
  );
  return records.find((one) => one.record.seq === head.seq)?.hash === head.hash;
}

/** Tells the owner's node of a frozen feed what it signed, once: both sides see it. */
export async function tellOfConflicts(parts: ReplicateParts): Promise<number> {
  const { trust, ctx, clock, log } = parts;
  const frozen = (await ctx.transaction((tx) => listFeedStates(tx))).filter(
    (state) => state.frozenAt !== null && state.toldAt === null && state.owner !== trust.own.owner,
  );
  let told = 0;
  for (const { owner, feed, frozenAfter } of frozen) {
    const view = await ctx.transaction((tx) => trust.loadTrust(tx));
    const node = view.nodes().find((one) => one.owner === owner && one.entry.endpoints.length > 0)?.entry.node;
    if (node === undefined) continue;
    const body = await ctx.transaction(async (tx) => {
      const held = await recordsAfter(tx, trust.feedsParts, owner, feed, frozenAfter ?? 0);
      const conflicts = await conflictsOf(tx, owner, feed);
      return writeFeedLines(
        [],
        [...held, ...conflicts].map((one) => one.jws),
      );
    });
    try {
      await parts.call(node, { method: 'POST', path: `/exchange/v1/feeds/${owner}/${feed}`, body, type: feedType });
      await ctx.transaction(async (tx) => {
        await holdOwner(tx, owner);
        await saveFeedState(tx, owner, feed, { toldAt: clock.now() });
        await recordAudit(tx, ctx, 'exchange.told-of-equivocation', { kind: 'feed', id: `${owner}/${feed}` });
      });
      told += 1;
    } catch (error) {
      log.warn({ event: 'feeds.not-told', owner, feed, code: codeOf(error) });
    }
  }
  return told;
}

/** Asks the secure addresses that are due whether they answer. Nothing is asked of whom nothing could be sealed to. */
export async function pingDue({ trust, ctx, clock }: ReplicateParts): Promise<number> {
  const [from] = trust.own.authorities;
  if (from === undefined) return 0;
  return ctx.transaction(async (tx) => {
    const view = await trust.loadTrust(tx);
    const now = clock.now();
    const reachable = view
      .authorities()
      .filter(
        ({ id, owner }) =>
          owner !== trust.own.owner &&
          view.nodeOf(id) !== undefined &&
          view.knowsAuthority(id, now) &&
          view.sealingKeys(id, now).length > 0,
      );
    return sendDuePings(
      tx,
      ctx,
      from,
      reachable.map((one) => one.id),
    );
  });
}

export interface Replication {
  /** Looks and pushes now, without waiting for the time. */
  once(): Promise<void>;
  stop(): Promise<void>;
}

/** Keeps the copies of all feeds up to date and pushes the own, until stopped. */
export function startReplication(parts: ReplicateParts, everyMs = 2_000): Replication {
  const { clock, log } = parts;
  const pushed: Pushed = new Map();
  let comparedAt: number | undefined;
  // Nobody is asked in the first hour: at a start there is other work.
  let pingedAt = Date.parse(clock.now());
  let running: Promise<void> | undefined;
  let stopped = false;
  const round = async () => {
    await pushOwn(parts, pushed);
    await pollDue(parts);
    await tellOfConflicts(parts);
    const now = Date.parse(clock.now());
    if (now - pingedAt >= pingLookMs) {
      await pingDue(parts);
      pingedAt = now;
    }
    if (comparedAt === undefined || now - comparedAt >= compareEveryMs) {
      await compareHeads(parts);
      comparedAt = now;
    }
  };
  const once = (): Promise<void> =>
    (running ??= round()
      .catch((error: unknown) => log.error({ event: 'feeds.failed', code: codeOf(error) }))
      .finally(() => {
        running = undefined;
      }));
  const timer = every(everyMs, () => {
    if (!stopped) void once();
  });
  return {
    once,
    async stop() {
      stopped = true;
      timer.stop();
      await running;
    },
  };
}
