import { expect, test } from 'vitest';
import { instant } from '../../../platform/values/index.ts';
import { decideAlarms, type Watched } from './alarms.ts';

const now = instant('2026-05-14T12:00:00.000Z');
const calm: Watched = {
  peers: [{ node: 'xb', alarmCode: null, alarmAt: null, oldestQueuedAt: null, waiting: 0 }],
  putAside: 0,
  unopened: { count: 0, oldestAt: null },
  unwitnessedSince: null,
  unstampedSince: null,
  keys: [],
  frozenFeeds: [],
  splitViews: [],
  notInLogs: [],
  recoveringSince: null,
};
const codes = (change: Partial<Watched>) => decideAlarms({ ...calm, ...change }, now).map((alarm) => alarm.code);
const key = (endsAt: string) => ({ use: 'node-sign' as const, holder: 'xa', kid: 'k', endsAt: instant(endsAt) });
const peer = (oldestQueuedAt: string) => [{ ...calm.peers[0]!, oldestQueuedAt: instant(oldestQueuedAt), waiting: 3 }];

test('nothing is an alarm while everything runs', () => {
  expect(decideAlarms(calm, now)).toEqual([]);
});

test.each<[string, Partial<Watched>, string[]]>([
  ['a queue of just under four hours', { peers: peer('2026-05-14T08:00:00.001Z') }, []],
  ['a queue of four hours', { peers: peer('2026-05-14T08:00:00.000Z') }, ['exchange.waits-long']],
  ['what is put aside, at once', { putAside: 1 }, ['exchange.put-aside']],
  [
    'what is not opened for an hour',
    { unopened: { count: 2, oldestAt: instant('2026-05-14T11:00:00.000Z') } },
    ['exchange.not-opened'],
  ],
  ['a log not cosigned for 23 hours', { unwitnessedSince: instant('2026-05-13T13:00:00.000Z') }, []],
  [
    'a log not cosigned for a day',
    { unwitnessedSince: instant('2026-05-13T12:00:00.000Z') },
    ['exchange.not-witnessed'],
  ],
  ['a log not stamped for 59 minutes', { unstampedSince: instant('2026-05-14T11:01:00.000Z') }, []],
  ['a log not stamped for an hour', { unstampedSince: instant('2026-05-14T11:00:00.000Z') }, ['exchange.not-stamped']],
  ['a key that ends in 61 days', { keys: [key('2026-07-14T12:00:00.001Z')] }, []],
  ['a key that ends in 60 days', { keys: [key('2026-07-13T12:00:00.000Z')] }, ['exchange.key-ends']],
  ['a key that ended', { keys: [key('2026-05-14T12:00:00.000Z')] }, ['exchange.key-ended']],
])('%s', (_title, change, expected) => {
  expect(codes(change)).toEqual(expected);
});

test('what a log does not hold is told with the node it was compared with', () => {
  const notInLogs = [
    { node: 'xb', whose: 'peer' as const, at: now, count: 2 },
    { node: 'xb', whose: 'own' as const, at: now, count: 1 },
  ];
  expect(decideAlarms({ ...calm, notInLogs }, now)).toEqual([
    { code: 'exchange.not-in-log', peer: 'xb', since: now, count: 2 },
    { code: 'exchange.not-in-own-log', peer: 'xb', since: now, count: 1 },
  ]);
});

test('the gravest stand first: a restored node, two histories, two records with one number', () => {
  expect(
    codes({
      putAside: 1,
      frozenFeeds: [{ owner: 'XC', feed: 'directory', at: now }],
      splitViews: [{ node: 'xc', at: now }],
      recoveringSince: now,
    }),
  ).toEqual(['exchange.history-went-back', 'exchange.split-view', 'records.equivocation', 'exchange.put-aside']);
});
