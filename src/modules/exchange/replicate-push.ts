import { ComityError } from '../../platform/errors.ts';
import { recordAudit } from '../audit/index.ts';
import { ask, codeOf, mostFeedBytes, shuffled, type ReplicateParts } from './replicate-poll.ts';
import type { NodeId } from './schema.ts';
import { feedType, readHeads, type FeedHead } from './trust/index.ts';
import { writeFeedLines } from './trust/feed-lines.ts';
import { conflictsOf, recordsAfter } from './trust/feeds.ts';
import { holdOwner, listDelegations, listFeedStates, listRoots, saveFeedState } from './trust/store/index.ts';

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
