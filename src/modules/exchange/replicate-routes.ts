import type { PeerReply, PeerRoute } from './server.ts';
import type { Context } from '../identity/index.ts';
import { feedType, writeHeads, type Trust } from './trust/index.ts';
import { feedsLookedAt, findFeedState, saveFeedState } from './trust/store/index.ts';

const longestPush = 1_048_576;

function refused(status: number, code: string): PeerReply {
  return {
    status,
    type: 'application/problem+json',
    body: JSON.stringify({ type: `/problems/${code}`, status, code }),
  };
}

/**
 * How signed records travel: heads of all feeds held here, the records of one feed after a number, and news that a peer
 * brings. Any enrolled node may ask for any feed and bring any: records count by their signature alone.
 * @param ctx the node itself, as a system actor
 */
export function feedRoutes(trust: Trust, ctx: Context): PeerRoute[] {
  const path = /^\/exchange\/v1\/feeds\/(?<owner>[A-Za-z0-9-]{1,40})\/(?<feed>[a-z][a-z0-9-]{0,60})$/;
  return [
    {
      method: 'GET',
      path: /^\/exchange\/v1\/feeds$/,
      maxBytes: 0,
      async answer() {
        const heads = await ctx.transaction((tx) => trust.heads(tx));
        return { status: 200, type: feedType, body: writeHeads(heads) };
      },
    },
    {
      method: 'GET',
      path,
      query: ['since'],
      maxBytes: 0,
      async answer({ query }, { owner = '', feed = '' }) {
        const since = query.get('since') ?? '0';
        if (!/^\d{1,12}$/.test(since)) return refused(400, 'exchange.schema');
        const text = await ctx.transaction((tx) => trust.feed(tx, owner, feed, Number(since)));
        return text === undefined ? refused(404, 'trust.no-such-feed') : { status: 200, type: feedType, body: text };
      },
    },
    {
      method: 'POST',
      path,
      maxBytes: longestPush,
      async answer({ body, peer }, { owner = '', feed = '' }) {
        const report = await ctx.transaction(async (tx) => {
          const taken = await trust.take(tx, ctx, body.toString('utf8'), peer, { owner, feed });
          const isSound = taken.problems.length === 0 && taken.gapFrom === null && !taken.frozen;
          // An owner that brings its newest record says by it that there is none newer: who has no address says it so.
          const isOwner = peer !== null && (await trust.loadTrust(tx)).node(peer)?.owner === owner;
          if (isSound && isOwner) {
            const at = ctx.clock.now();
            await saveFeedState(tx, owner, feed, { triedAt: at, checkedAt: at, checkedWith: peer, lastCode: null });
            await feedsLookedAt(tx);
          }
          return taken;
        });
        if (report.problems.some((one) => one.code === 'trust.unknown-owner'))
          return refused(403, 'trust.unknown-owner');
        const state = await ctx.transaction((tx) => findFeedState(tx, owner, feed));
        const head = { owner, feed, seq: report.head, hash: state?.hash ?? '' };
        return { status: 200, type: feedType, body: writeHeads([head]) };
      },
    },
  ];
}
