import type { BuiltRecord } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { problem } from '../../../platform/values/index.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import type { IntakeParts, IntakeReport } from './intake-parts.ts';
import { wentBack } from './own.ts';
import { findFeedState, listRecords, saveFeedState, saveRecords } from './store/index.ts';

/**
 * Own records that others bring are never taken: they are compared. Two of our own with one number mean that our key
 * is in other hands or that our history was forked; newer ones than ours mean that this node was put back to an older state.
 */
export async function compareWithOwn(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  feed: string,
  came: readonly BuiltRecord[],
  report: IntakeReport,
  from: string | null,
): Promise<IntakeReport> {
  const { owner } = parts.own;
  const at = ctx.clock.now();
  const source = parts.ownRecords[feed];
  const held =
    feed === 'nodes' || !source
      ? await listRecords(tx, { owner, feed, statuses: ['taken'] })
      : await source.after(tx, owner, 0);
  report.head = held.at(-1)?.record.seq ?? 0;
  const bySeq = new Map(held.map((one) => [one.record.seq, one]));
  report.known = came.filter((one) => bySeq.get(one.record.seq)?.hash === one.hash).length;
  const state = await findFeedState(tx, owner, feed);
  // What two persons have looked at stops nothing again.
  const looked = state?.frozenAt ? [] : await listRecords(tx, { owner, feed, statuses: ['conflicting'] });
  const settled = new Set(looked.map((one) => one.hash));
  const other = came.find(
    (one) => (bySeq.get(one.record.seq)?.hash ?? one.hash) !== one.hash && !settled.has(one.hash),
  );
  report.frozen = (state?.frozenAt ?? null) !== null;
  if (other) {
    const { seq } = other.record;
    report.problems.push(problem('records.equivocation', [], { params: { seq } }));
    report.frozen = true;
    if (state?.frozenAt) return report;
    await saveRecords(tx, [other], { status: 'conflicting', code: 'records.equivocation', at, from });
    await saveFeedState(tx, owner, feed, { frozenAt: at, frozenAfter: seq - 1 });
    await recordAudit(tx, ctx, 'exchange.equivocation', { kind: 'feed', id: `${owner}/${feed}` }, { seq });
    parts.log?.error({ event: 'records.equivocation', owner, feed, seq }, 'records.equivocation');
    return report;
  }
  const lost = came.filter((one) => one.record.seq > report.head && !settled.has(one.hash));
  const [ahead] = lost;
  if (!ahead) return report;
  // Kept until two persons take them back; not ours before.
  await saveRecords(tx, lost, { status: 'waiting', at, from });
  report.waiting = lost.length;
  if (state?.lastCode === wentBack) return report;
  report.problems.push(problem(wentBack, [], { params: { seq: ahead.record.seq } }));
  await saveFeedState(tx, owner, feed, { lastCode: wentBack });
  await recordAudit(
    tx,
    ctx,
    'exchange.history-went-back',
    { kind: 'feed', id: `${owner}/${feed}` },
    { seq: ahead.record.seq },
  );
  parts.log?.error({ event: wentBack, owner, feed, seq: ahead.record.seq }, wentBack);
  return report;
}
