import { fromGroups } from '../../../platform/crypto/index.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { PlainDate } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { actorId } from './roots.ts';
import type { Channel, TrustChange } from './schema.ts';
import { decideChange, holdOwner, listChanges, trustChanged } from './store/index.ts';

async function getChange(tx: Tx, id: string): Promise<TrustChange> {
  const change = (await listChanges(tx)).find((one) => one.id === id);
  if (!change) throw new NotFound('trust.no-such-change');
  await holdOwner(tx, change.owner);
  return (await listChanges(tx)).find((one) => one.id === id) ?? change;
}

/** A first person says that the State itself confirmed this by another way. Unused still. */
export async function proposeChange(
  ctx: Context,
  id: string,
  said: { channel: Channel; on: PlainDate },
): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    const change = await getChange(tx, id);
    if (change.status !== 'held') throw new Conflict('trust.change-decided');
    if (said.on > ctx.today()) throw new Invalid('trust.future-day');
    await decideChange(tx, id, {
      ...change,
      status: 'proposed',
      channel: said.channel,
      saidOn: said.on,
      proposedBy: actorId(ctx),
      proposedAt: ctx.clock.now(),
    });
    await recordAudit(tx, ctx, 'exchange.propose-trust', { kind: 'trust-change', id }, { owner: change.owner });
  });
}

/**
 * A second person types the fingerprint of what is held, as the State reads it aloud; from then on it is used, until
 * the State signs something newer.
 */
export async function confirmChange(ctx: Context, id: string, groups: string): Promise<'confirmed' | 'differs'> {
  return ctx.transaction(async (tx) => {
    const change = await getChange(tx, id);
    ctx.allow('exchange.confirm-trust', { involved: change.proposedBy === null ? [] : [change.proposedBy] });
    if (change.status !== 'proposed') throw new Conflict('trust.change-decided');
    const subject = { kind: 'trust-change', id };
    if (fromGroups(groups) !== change.contentSha256) {
      await recordAudit(tx, ctx, 'exchange.fingerprint-differs', subject, { owner: change.owner });
      return 'differs';
    }
    await decideChange(tx, id, {
      ...change,
      status: 'confirmed',
      decidedBy: actorId(ctx),
      decidedAt: ctx.clock.now(),
    });
    await recordAudit(tx, ctx, 'exchange.confirm-trust', subject, { owner: change.owner });
    await trustChanged(tx);
    return 'confirmed';
  });
}

/** Says no to what is held. One person is enough. */
export async function refuseChange(ctx: Context, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    const change = await getChange(tx, id);
    if (change.status === 'confirmed' || change.status === 'refused') throw new Conflict('trust.change-decided');
    await decideChange(tx, id, {
      ...change,
      status: 'refused',
      decidedBy: actorId(ctx),
      decidedAt: ctx.clock.now(),
    });
    await recordAudit(tx, ctx, 'exchange.refuse-trust', { kind: 'trust-change', id }, { owner: change.owner });
  });
}
