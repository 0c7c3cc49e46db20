import type { Instant } from '../../../platform/values/index.ts';
import type { KeyUse } from '../schema.ts';

/** What keeps a node from sending, or what somebody must look at. Codes have words in the catalogue. */
export interface Alarm {
  code: string;
  /** Node it is about, or owner of a feed. */
  peer: string | null;
  /** What of it: a use of a key and its holder, the name of a feed. */
  what?: string;
  since: Instant | null;
  /** How many it concerns. */
  count: number;
}

/** What alarms are decided by. Moments are when each began; null: it is not so. */
export interface Watched {
  peers: readonly {
    node: string;
    alarmCode: string | null;
    alarmAt: Instant | null;
    oldestQueuedAt: Instant | null;
    waiting: number;
  }[];
  putAside: number;
  unopened: { count: number; oldestAt: Instant | null };
  /** Entries of the log that no other node has cosigned, since. */
  unwitnessedSince: Instant | null;
  /** Entries of the log without a time stamp, since; null also where none are asked for. */
  unstampedSince: Instant | null;
  keys: readonly KeyEnd[];
  frozenFeeds: readonly { owner: string; feed: string; at: Instant }[];
  splitViews: readonly { node: string; at: Instant }[];
  /** Of the last comparison with a node: signed words that a log does not hold, and whose log. */
  notInLogs: readonly { node: string; whose: 'own' | 'peer'; at: Instant; count: number }[];
  recoveringSince: Instant | null;
}

/** An own key in use without a successor. */
export interface KeyEnd {
  use: KeyUse;
  holder: string;
  kid: string;
  /** Begin, in UTC, of the day by which it must be changed. */
  endsAt: Instant;
}

const hour = 3_600_000;
/** How long each may last before somebody is told, in milliseconds. */
export const alarmAfter = {
  waits: 4 * hour,
  unopened: hour,
  /** Others hear of a new key thirty days before: what is left then is the time to announce one. */
  keyEnd: 60 * 24 * hour,
  /** @source exchange.md section 9: one cosignature within 24 hours */
  unwitnessed: 24 * hour,
  /** @source exchange.md section 9: alarm at one hour */
  unstamped: hour,
} as const;

/** Decides what is an alarm now; the gravest first. */
export function decideAlarms(seen: Watched, now: Instant): Alarm[] {
  const lasts = (since: Instant | null, most: number): since is Instant =>
    since !== null && Date.parse(now) - Date.parse(since) >= most;
  const one = (code: string, since: Instant | null, more: Partial<Alarm> = {}): Alarm => ({
    code,
    peer: null,
    since,
    count: 1,
    ...more,
  });
  return [
    ...(seen.recoveringSince ? [one('exchange.history-went-back', seen.recoveringSince)] : []),
    ...seen.splitViews.map(({ node, at }) => one('exchange.split-view', at, { peer: node })),
    ...seen.notInLogs.map(({ node, whose, at, count }) =>
      one(whose === 'own' ? 'exchange.not-in-own-log' : 'exchange.not-in-log', at, { peer: node, count }),
    ),
    ...seen.frozenFeeds.map(({ owner, feed, at }) => one('records.equivocation', at, { peer: owner, what: feed })),
    ...seen.peers.flatMap((peer) => [
      ...(peer.alarmCode ? [one(peer.alarmCode, peer.alarmAt, { peer: peer.node })] : []),
      ...(lasts(peer.oldestQueuedAt, alarmAfter.waits)
        ? [one('exchange.waits-long', peer.oldestQueuedAt, { peer: peer.node, count: peer.waiting })]
        : []),
    ]),
    ...(seen.putAside > 0 ? [one('exchange.put-aside', null, { count: seen.putAside })] : []),
    ...(lasts(seen.unopened.oldestAt, alarmAfter.unopened)
      ? [one('exchange.not-opened', seen.unopened.oldestAt, { count: seen.unopened.count })]
      : []),
    ...seen.keys.flatMap(({ use, holder, endsAt }) => {
      const left = Date.parse(endsAt) - Date.parse(now);
      const what = `${use} ${holder}`;
      if (left <= 0) return [one('exchange.key-ended', endsAt, { what })];
      return left <= alarmAfter.keyEnd ? [one('exchange.key-ends', endsAt, { what })] : [];
    }),
    ...(lasts(seen.unwitnessedSince, alarmAfter.unwitnessed)
      ? [one('exchange.not-witnessed', seen.unwitnessedSince)]
      : []),
    ...(lasts(seen.unstampedSince, alarmAfter.unstamped) ? [one('exchange.not-stamped', seen.unstampedSince)] : []),
  ];
}
