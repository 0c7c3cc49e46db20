import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import { actorSetting } from '../create-context.ts';
import { roles, sensitiveRoles, type Role } from '../policy.ts';
import type { Proposal } from '../schema.ts';
import {
  decideProposal,
  deleteFactors,
  endHolding,
  endSessions,
  findOffice,
  getPerson,
  insertHolding,
  insertProposal,
  listPeople,
  lockProposal,
  markForRotation,
} from '../store/index.ts';
import { after, beyondOwnRows, newId, type IdentityNode } from './node.ts';
import { makeLink } from './links.ts';

/** A proposal lapses after seven days. */
export const proposalMillis = 7 * 86_400_000;

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

export interface Grant {
  personId: string;
  officeId: string;
  role: Role;
  until?: Instant;
}

/** Until two people can administer the node, the operator names them alone. */
async function isFirstStart(tx: Tx, at: Instant): Promise<boolean> {
  const people = await listPeople(tx, at);
  return (
    people.filter((one) => one.status !== 'suspended' && one.holdings.some((held) => held.role === 'administrator'))
      .length < 2
  );
}

/**
 * Grants a role. A sensitive role becomes a proposal that another person confirms.
 * @returns the open proposal's id, or null when the role is held from now on
 */
export async function grantRole(ctx: Context, grant: Grant): Promise<{ proposalId: string | null }> {
  return ctx.transaction(async (tx) => {
    ctx.allow(ctx.actor.kind === 'system' ? 'identity.manage-people' : 'identity.grant-roles');
    await getPerson(tx, grant.personId);
    if (!(await findOffice(tx, grant.officeId))) throw new NotFound('identity.no-such-office');
    const at = ctx.clock.now();
    const by = actorSetting(ctx.actor);
    const needsTwo =
      sensitiveRoles.includes(grant.role) && !(ctx.actor.kind === 'system' && (await isFirstStart(tx, at)));
    const details = { office: grant.officeId, role: grant.role };
    if (!needsTwo) {
      await giveRole(tx, ctx, grant, by, null);
      await recordAudit(tx, ctx, 'identity.grant', { kind: 'person', id: grant.personId }, details);
      return { proposalId: null };
    }
    const id = newId(ctx);
    await insertProposal(tx, {
      id,
      kind: 'grant-role',
      personId: grant.personId,
      officeId: grant.officeId,
      role: grant.role,
      until: grant.until ?? null,
      proposedBy: by,
      proposedAt: at,
    });
    await recordAudit(
      tx,
      ctx,
      'identity.propose-grant',
      { kind: 'person', id: grant.personId },
      { ...details, proposal: id },
    );
    return { proposalId: id };
  });
}

/** Holds a role from now on; sessions change their cookie at the next call. */
export async function giveRole(
  tx: Tx,
  ctx: Context,
  grant: Grant,
  by: string,
  confirmedBy: string | null,
): Promise<void> {
  const at = ctx.clock.now();
  await endHolding(tx, grant.personId, grant.officeId, grant.role, at);
  await insertHolding(tx, {
    id: newId(ctx),
    ...grant,
    from: at,
    until: grant.until ?? null,
    grantedBy: by,
    confirmedBy,
  });
  await beyondOwnRows(tx, ctx.actor, () => markForRotation(tx, grant.personId));
}

/** Takes a role away: gone at the next call. One person suffices. Throws `NotFound` when it is not held. */
export async function revokeRole(ctx: Context, grant: Omit<Grant, 'until'>): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    if (!(await endHolding(tx, grant.personId, grant.officeId, grant.role, ctx.clock.now())))
      throw new NotFound('identity.role-not-held');
    await beyondOwnRows(tx, ctx.actor, () => markForRotation(tx, grant.personId));
    await recordAudit(
      tx,
      ctx,
      'identity.revoke',
      { kind: 'person', id: grant.personId },
      { office: grant.officeId, role: grant.role },
    );
  });
}

/** Proposes to reset the lost factors of a person; another person confirms. */
export async function proposeReset(ctx: Context, personId: string): Promise<string> {
  return ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    await getPerson(tx, personId);
    const id = newId(ctx);
    const proposal: Proposal = {
      id,
      kind: 'reset-factors',
      personId,
      officeId: null,
      role: null,
      proposedBy: actorSetting(ctx.actor),
      proposedAt: ctx.clock.now(),
    };
    await insertProposal(tx, { ...proposal, until: null });
    await recordAudit(tx, ctx, 'identity.propose-reset', { kind: 'person', id: personId }, { proposal: id });
    return id;
  });
}

/**
 * Decides a proposal as the second person: neither the one who proposed it nor the one it concerns.
 * A confirmed reset removes every factor, ends every session and makes a link for the person.
 */
export async function decideOnProposal(
  ctx: Context,
  node: IdentityNode,
  proposalId: string,
  decision: 'confirmed' | 'refused',
): Promise<{ link: string; expiresAt: Instant } | null> {
  return ctx.transaction(async (tx) => {
    const at = ctx.clock.now();
    const proposal = await lockProposal(tx, proposalId, after(at, -proposalMillis));
    if (!proposal) throw new NotFound('identity.no-such-proposal');
    ctx.allow('identity.confirm-proposal', { createdBy: proposal.proposedBy, involved: [proposal.personId] });
    const by = actorSetting(ctx.actor);
    await decideProposal(tx, proposalId, by, at, decision);
    const { personId, officeId, role } = proposal;
    await recordAudit(
      tx,
      ctx,
      `identity.${decision === 'confirmed' ? 'confirm' : 'refuse'}-proposal`,
      { kind: 'person', id: personId },
      { proposal: proposalId },
    );
    if (decision === 'refused') return null;
    if (proposal.kind === 'grant-role') {
      if (officeId === null || role === null || !isRole(role)) throw new Error(`Proposal ${proposalId} names no role`);
      await giveRole(
        tx,
        ctx,
        { personId, officeId, role, until: proposal.until ?? undefined },
        proposal.proposedBy,
        by,
      );
      return null;
    }
    await beyondOwnRows(tx, ctx.actor, async () => {
      await deleteFactors(tx, personId);
      await endSessions(tx, personId, {}, at, 'ended-by-administrator');
    });
    return makeLink(tx, ctx, node, personId, 'reset');
  });
}
