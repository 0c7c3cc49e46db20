import type { Measure } from '../../../platform/http/operations.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Instant, toInstant } from '../../../platform/values/index.ts';
import {
  findNewestCheckpoint,
  getHead,
  getOrigin,
  listCheckpoints,
  listConflicts,
  listWitnesses,
} from '../../audit/index.ts';
import { logStamps } from '../../evidence/index.ts';
import type { KeyEnd, Watched } from '../rules/alarms.ts';
import {
  countRefusals,
  countUnopened,
  receiptFigures,
  type ReceiptFigures,
  type RefusalFigure,
} from '../store/figures.ts';
import { findRecovery } from '../store/recovery.ts';
import { keyAges } from '../trust/rotation.ts';
import { listFeedStates, listOwnKeys } from '../trust/store/index.ts';
import type { ExchangeStatus } from './operate.ts';

const hour = 3_600_000;

/** Figures beside the queues: how fast, how well witnessed and stamped, how long the keys last. */
export interface ExchangeFigures {
  /** Of the last hour, by peer. */
  receipts: ReceiptFigures[];
  refusals: RefusalFigure[];
  unopened: { count: number; oldestAt: Instant | null };
  log: { size: number; signed: number; signedAt: Instant | null };
  /** Newest cosignature of each witness. */
  witnesses: { node: string; size: number; at: Instant }[];
  unwitnessedSince: Instant | null;
  /** Null where no time-stamp authority was ever asked. */
  stamps: { stamped: number; at: Instant | null; waitingSince: Instant | null; lastCode: string | null } | null;
  /** Own keys in use without a successor, the first to end first. */
  keys: KeyEnd[];
}

/** When the first checkpoint was signed that holds more entries than this. */
async function firstSignedAfter(tx: Tx, size: number): Promise<Instant | null> {
  const [next] = await listCheckpoints(tx, 'exchange', size + 1, 1);
  return next?.at ?? null;
}

/** Reads the figures as the node itself. */
export async function exchangeFigures(
  tx: Tx,
  now: Instant,
): Promise<{ figures: ExchangeFigures; watched: Pick<Watched, 'frozenFeeds' | 'splitViews' | 'recoveringSince'> }> {
  const origin = await getOrigin(tx);
  const head = await getHead(tx, 'exchange');
  const signed = await findNewestCheckpoint(tx, 'exchange', origin);
  const witnesses = (await listWitnesses(tx)).map(({ witness, size, at }) => ({ node: witness, size, at }));
  const stamps = await logStamps(tx, origin);
  const seen = Math.max(0, ...witnesses.map((one) => one.size));
  const keys = keyAges(await listOwnKeys(tx), now)
    .filter((one) => one.inUse && !one.hasSuccessor && one.changeBy !== null)
    .map(({ key, changeBy }) => ({
      use: key.use,
      holder: key.holder,
      kid: key.kid,
      endsAt: Instant.parse(`${changeBy ?? ''}T00:00:00.000Z`),
    }))
    .sort((a, b) => (a.endsAt < b.endsAt ? -1 : 1));
  return {
    figures: {
      receipts: await receiptFigures(tx, toInstant(new Date(Date.parse(now) - hour))),
      refusals: await countRefusals(tx),
      unopened: await countUnopened(tx),
      log: { size: head.size, signed: signed?.size ?? 0, signedAt: signed?.at ?? null },
      witnesses,
      unwitnessedSince: await firstSignedAfter(tx, seen),
      stamps: stamps && { ...stamps, waitingSince: await firstSignedAfter(tx, stamps.stamped) },
      keys,
    },
    watched: {
      frozenFeeds: (await listFeedStates(tx)).flatMap(({ owner, feed, frozenAt }) =>
        frozenAt === null ? [] : [{ owner, feed, at: frozenAt }],
      ),
      splitViews: (await listConflicts(tx)).map(({ node, at }) => ({ node, at })),
      recoveringSince: (await findRecovery(tx))?.foundAt ?? null,
    },
  };
}

const breakerFigure = { closed: 0, probing: 1, open: 2 } as const;

/** The same as figures for Prometheus. Names and meanings stand in the operators' guide. */
export function exchangeMeasures({
  at,
  peers,
  parked,
  held,
  notUnderstood,
  alarms,
  figures,
}: ExchangeStatus): Measure[] {
  const age = (since: Instant | null) =>
    since === null ? 0 : Math.max(0, (Date.parse(at) - Date.parse(since)) / 1000);
  const { receipts, refusals, unopened, log, witnesses, unwitnessedSince, stamps, keys } = figures;
  return [
    ...peers.flatMap(({ node: peer, waiting, oldestQueuedAt, breaker, failures }) => [
      measure('queue', 'Messages to this peer without a receipt', waiting, { peer }),
      measure('queue_oldest_seconds', 'Age of the oldest of them', age(oldestQueuedAt), { peer }),
      measure(
        'breaker',
        '0 it answers, 1 it is tried, 2 it is left alone for a while',
        breakerFigure[breaker ?? 'closed'],
        { peer },
      ),
      measure('failures', 'Failures in a row', failures, { peer }),
    ]),
    ...receipts.flatMap(({ peer, count, medianSeconds, p95Seconds }) => [
      measure('receipts', 'Receipts of the last hour', count, { peer }),
      measure('receipt_seconds', 'From queued to receipt, of the last hour', medianSeconds, { peer, quantile: '0.5' }),
      measure('receipt_seconds', 'From queued to receipt, of the last hour', p95Seconds, { peer, quantile: '0.95' }),
    ]),
    ...refusals.map(({ direction, code, count }) =>
      measure('refused', 'Messages that ended with a signed no: out by them, in by us', count, { direction, code }),
    ),
    measure('put_aside', 'Messages put aside until a person decides', parked.out, { direction: 'out' }),
    measure('put_aside', 'Messages put aside until a person decides', parked.in, { direction: 'in' }),
    measure('held', 'Messages that came before their turn', held),
    measure('not_understood', 'Messages of a kind that this version does not know', notUnderstood),
    measure('unopened', 'Messages received and not opened', unopened.count),
    measure('unopened_oldest_seconds', 'Age of the oldest of them', age(unopened.oldestAt)),
    measure('log_entries', 'Entries of the exchange log', log.size),
    measure('log_signed', 'Entries that the newest checkpoint holds', log.signed),
    ...witnesses.map(({ node: witness, at: seen }) =>
      measure('witness_age_seconds', 'Since this node cosigned our log last', age(seen), { witness }),
    ),
    measure('log_unwitnessed_seconds', 'How long entries wait to be cosigned by another node', age(unwitnessedSince)),
    ...(stamps
      ? [
          measure('stamp_age_seconds', 'Since the time that the newest time stamp states', age(stamps.at)),
          measure('log_unstamped_seconds', 'How long entries wait for a time stamp', age(stamps.waitingSince)),
        ]
      : []),
    ...keys.map(({ use, holder, endsAt }) =>
      measure(
        'key_ends_seconds',
        'Until an own key without a successor ends; negative: ended',
        (Date.parse(endsAt) - Date.parse(at)) / 1000,
        { use, holder },
      ),
    ),
    ...[...new Set(alarms.map((alarm) => alarm.code))].map((code) =>
      measure('alarms', 'What needs somebody, by code', alarms.filter((alarm) => alarm.code === code).length, { code }),
    ),
  ];
}

function measure(name: string, help: string, value: number, labels: Record<string, string> = {}): Measure {
  return { name: `exchange_${name}`, help, value, labels };
}
