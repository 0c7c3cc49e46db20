import type { Tx } from '../../../platform/db/index.ts';
import { Instant, toInstant } from '../../../platform/values/index.ts';
import {
  findNewestCheckpoint,
  findOrigin,
  getHead,
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
import { listLogFindings } from '../store/reconcile.ts';
import { findRecovery } from '../store/recovery.ts';
import { keyAges } from '../trust/rotation.ts';
import { listFeedStates, listOwnKeys } from '../trust/store/index.ts';

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
): Promise<{
  figures: ExchangeFigures;
  watched: Pick<Watched, 'frozenFeeds' | 'splitViews' | 'notInLogs' | 'recoveringSince'>;
}> {
  const origin = await findOrigin(tx);
  const head = await getHead(tx, 'exchange');
  const signed = origin === undefined ? undefined : await findNewestCheckpoint(tx, 'exchange', origin);
  const witnesses = (await listWitnesses(tx)).map(({ witness, size, at }) => ({ node: witness, size, at }));
  const stamps = origin === undefined ? null : await logStamps(tx, origin);
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
      notInLogs: await listLogFindings(tx),
      recoveringSince: (await findRecovery(tx))?.foundAt ?? null,
    },
  };
}

/**
 * The policy `stamp.block-after`: whether messages may still leave while the log waits for its time stamp.
 * @param hours after which they may not; 0: they always may
 */
export async function isStampedInTime(tx: Tx, now: Instant, hours: number): Promise<boolean> {
  const origin = hours === 0 ? undefined : await findOrigin(tx);
  if (origin === undefined) return true;
  const since = await firstSignedAfter(tx, (await logStamps(tx, origin))?.stamped ?? 0);
  return since === null || Date.parse(now) - Date.parse(since) < hours * hour;
}
