import { Conflict, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { toInstant, type Instant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { appendOwnRecord } from './own-entry.ts';
import { publishOwnKeys, type PublishParts } from './publish.ts';
import { actorId } from './roots.ts';
import {
  endArchive,
  listArchiveKeys,
  proposeArchiveEnd,
  trustChanged,
  withdrawArchive,
  type ArchiveKey,
  type EndReason,
} from './store/index.ts';

/** A key that waits for its keepers, and an end that waits for a second person, lapse after so many days. */
export const waitDays = 30;
const dayMs = 86_400_000;

export type ArchiveStatus = 'waiting' | 'lapsed' | 'withdrawn' | 'in-use' | 'ending' | 'ended';

function lapsesAt(since: Instant): Instant {
  return toInstant(new Date(Date.parse(since) + waitDays * dayMs));
}

/** How an archive key stands at a moment. */
export function archiveStatus(key: ArchiveKey, now: Instant): ArchiveStatus {
  if (key.endedAt !== null) return 'ended';
  if (key.withdrawnAt !== null) return 'withdrawn';
  if (key.confirmedAt === null) return now < lapsesAt(key.madeAt) ? 'waiting' : 'lapsed';
  return key.endProposedAt !== null && now < lapsesAt(key.endProposedAt) ? 'ending' : 'in-use';
}

async function getKey(tx: Tx, kid: string): Promise<ArchiveKey> {
  const key = (await listArchiveKeys(tx)).find((one) => one.kid === kid);
  if (!key) throw new NotFound('trust.no-such-key');
  return key;
}

/**
 * Gives up an archive key that waits for its keepers, so that another can be made: a share was not copied, a keeper is
 * away. Nothing was sealed to it; one person is enough.
 * @throws NotFound `trust.no-such-key`, Conflict `trust.archive-not-waiting`
 */
export async function withdrawArchiveKey(ctx: Context, kid: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.manage-keys');
    const { authority } = await getKey(tx, kid);
    if (!(await withdrawArchive(tx, kid, actorId(ctx), ctx.clock.now())))
      throw new Conflict('trust.archive-not-waiting');
    await recordAudit(tx, ctx, 'exchange.withdraw-archive-key', { kind: 'key', id: kid }, { authority });
  });
}

/**
 * First of two persons: asks to take a published archive key back. It stays in use until a second agrees.
 * @throws Conflict `trust.archive-not-in-use`, `trust.archive-end-asked`
 */
export async function proposeEndOfArchive(ctx: Context, kid: string, reason: EndReason): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    const key = await getKey(tx, kid);
    const now = ctx.clock.now();
    const status = archiveStatus(key, now);
    if (status === 'ending') throw new Conflict('trust.archive-end-asked');
    if (status !== 'in-use') throw new Conflict('trust.archive-not-in-use');
    await proposeArchiveEnd(tx, kid, { by: actorId(ctx), at: now, reason });
    const { authority } = key;
    await recordAudit(tx, ctx, 'exchange.propose-archive-end', { kind: 'key', id: kid }, { authority, reason });
  });
}

/** Takes the question back, or says no to it. One person is enough. @throws Conflict `trust.archive-end-not-asked` */
export async function refuseEndOfArchive(ctx: Context, kid: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    const key = await getKey(tx, kid);
    if (archiveStatus(key, ctx.clock.now()) !== 'ending') throw new Conflict('trust.archive-end-not-asked');
    await proposeArchiveEnd(tx, kid, null);
    await recordAudit(tx, ctx, 'exchange.refuse-archive-end', { kind: 'key', id: kid }, { authority: key.authority });
  });
}

/**
 * Second of two persons: the key is taken back by a signed record and left out of the directory, so that nobody seals to
 * it any more. What was sealed to it before can still be opened with its shares.
 * @throws Conflict `trust.archive-end-not-asked`; NotAllowed for the person who asked
 */
export async function confirmEndOfArchive(ctx: Context, parts: PublishParts, kid: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const key = await getKey(tx, kid);
    if (key.endProposedBy === null || key.endReason === null) throw new Conflict('trust.archive-end-not-asked');
    ctx.allow('exchange.confirm-trust', { createdBy: key.endProposedBy });
    const now = ctx.clock.now();
    if (archiveStatus(key, now) !== 'ending') throw new Conflict('trust.archive-end-not-asked');
    await appendOwnRecord(tx, parts, {
      kind: 'key-revocation',
      recordId: kid,
      body: { key: kid, use: 'authority-seal', since: now, reason: key.endReason },
    });
    if (!(await endArchive(tx, kid, actorId(ctx), now))) throw new Conflict('trust.archive-end-not-asked');
    const { authority, endReason: reason } = key;
    await recordAudit(tx, ctx, 'exchange.end-archive-key', { kind: 'key', id: kid }, { authority, reason });
    await trustChanged(tx);
    await publishOwnKeys(tx, ctx, parts);
  });
}
