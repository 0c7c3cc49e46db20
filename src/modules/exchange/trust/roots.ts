import { kidOf, publicKeyProblem, fromGroups } from '../../../platform/crypto/index.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import type { PlainDate } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { fingerprintOf, RootCard, type Channel, type OwnNode, type TrustRoot } from './schema.ts';
import { holdOwner, listRoots, saveRoot, trustChanged } from './store/index.ts';

/** After so many wrong fingerprints a proposal ends: it is asked for again by its owner. */
export const mostFailures = 5;

export function actorId(ctx: Context): string {
  return ctx.actor.kind === 'person' ? ctx.actor.id : ctx.actor.kind === 'system' ? `system:${ctx.actor.id}` : 'public';
}

/** Reads a root card as it was pasted. Throws `Invalid` `trust.bad-card`. */
export function readCard(text: string): RootCard {
  try {
    return RootCard.parse(JSON.parse(text));
  } catch (cause) {
    throw new Invalid('trust.bad-card', { cause });
  }
}

export interface Said {
  /** By which other way than the network the fingerprint was given. */
  channel: Channel;
  /** Day on which it was given. */
  on: PlainDate;
  /** Post of who gave it. */
  by: string;
}

/**
 * Proposes the root key of another owner. Nothing of that owner counts before a second person has confirmed it.
 * Throws `Invalid` `trust.bad-card`, `trust.key-…`, `trust.own-owner`, `trust.future-day`; `Conflict` `trust.root-known`, `trust.key-of-another`.
 */
export async function proposeRoot(ctx: Context, own: OwnNode, card: RootCard, said: Said): Promise<TrustRoot> {
  return ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    if (card.owner === own.owner) throw new Invalid('trust.own-owner');
    if (said.on > ctx.today()) throw new Invalid('trust.future-day');
    const problem = publicKeyProblem(card.key);
    if (problem) throw new Invalid(problem);
    await holdOwner(tx, card.owner);
    const kid = await kidOf(card.key);
    const roots = await listRoots(tx);
    const same = roots.find((root) => root.kid === kid && root.owner === card.owner);
    if (same && same.status !== 'refused') throw new Conflict('trust.root-known', { params: { owner: card.owner } });
    if (roots.some((root) => root.kid === kid && root.owner !== card.owner)) throw new Conflict('trust.key-of-another');
    const proposed: TrustRoot = {
      owner: card.owner,
      kid,
      publicKey: card.key,
      fingerprint: fingerprintOf(card),
      own: false,
      status: 'proposed',
      channel: said.channel,
      saidOn: said.on,
      saidBy: said.by,
      proposedBy: actorId(ctx),
      proposedAt: ctx.clock.now(),
      confirmedBy: null,
      confirmedAt: null,
      failed: 0,
    };
    await saveRoot(tx, proposed);
    await recordAudit(tx, ctx, 'exchange.propose-trust', { kind: 'trust-root', id: kid }, { owner: card.owner });
    return proposed;
  });
}

/**
 * Confirms a proposed root as a second person, who types the groups that were read aloud to them.
 * A wrong fingerprint is counted and audited; after five the proposal ends.
 * @returns what came of it: `confirmed`, `differs` or `ended`
 */
export async function confirmRoot(
  ctx: Context,
  owner: string,
  kid: string,
  groups: string,
): Promise<'confirmed' | 'differs' | 'ended'> {
  return ctx.transaction(async (tx) => {
    await holdOwner(tx, owner);
    const root = (await listRoots(tx, owner)).find((one) => one.kid === kid && !one.own);
    if (!root) throw new NotFound('trust.no-such-root');
    ctx.allow('exchange.confirm-trust', { createdBy: root.proposedBy });
    if (root.status !== 'proposed') throw new Conflict('trust.root-decided');
    const subject = { kind: 'trust-root', id: kid };
    if (fromGroups(groups) !== root.fingerprint) {
      const failed = root.failed + 1;
      const ended = failed >= mostFailures;
      await saveRoot(tx, { ...root, failed, status: ended ? 'refused' : 'proposed' });
      await recordAudit(tx, ctx, 'exchange.fingerprint-differs', subject, { owner, failed });
      return ended ? 'ended' : 'differs';
    }
    await saveRoot(tx, { ...root, status: 'confirmed', confirmedBy: actorId(ctx), confirmedAt: ctx.clock.now() });
    await recordAudit(tx, ctx, 'exchange.confirm-trust', subject, { owner });
    await trustChanged(tx);
    return 'confirmed';
  });
}

/** Takes a proposal back, or says no to it. One person is enough to refuse. */
export async function refuseRoot(ctx: Context, owner: string, kid: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    await holdOwner(tx, owner);
    const root = (await listRoots(tx, owner)).find((one) => one.kid === kid && !one.own);
    if (!root) throw new NotFound('trust.no-such-root');
    if (root.status !== 'proposed') throw new Conflict('trust.root-decided');
    await saveRoot(tx, { ...root, status: 'refused' });
    await recordAudit(tx, ctx, 'exchange.refuse-trust', { kind: 'trust-root', id: kid }, { owner });
  });
}

/** Stops trusting a confirmed root: what it signed counts no more from now on. One person is enough to stop. */
export async function endRoot(ctx: Context, owner: string, kid: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-trust');
    await holdOwner(tx, owner);
    const root = (await listRoots(tx, owner)).find((one) => one.kid === kid && !one.own);
    if (!root) throw new NotFound('trust.no-such-root');
    if (root.status !== 'confirmed') throw new Conflict('trust.root-decided');
    await saveRoot(tx, { ...root, status: 'ended' });
    await recordAudit(tx, ctx, 'exchange.end-trust', { kind: 'trust-root', id: kid }, { owner });
    await trustChanged(tx);
  });
}
