import type { Measure } from '../../../platform/http/operations.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { ExchangeStatus } from './operate.ts';

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
