import { z } from 'zod';
import { secret } from '../../../platform/random.ts';
import { Conflict, NotAllowed, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import {
  fail,
  ok,
  problem,
  sha256,
  type Instant,
  type Problem,
  type Result,
  type TextIn,
} from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import { actorSetting } from '../create-context.ts';
import { roles, sensitiveRoles, type Role } from '../policy.ts';
import { PersonName, SignInName, type Office, type Person, type Proposal } from '../schema.ts';
import {
  decideProposal,
  deleteFactors,
  endHolding,
  endInvitations,
  endSessions,
  findOffice,
  findPersonBySignInName,
  getPerson,
  insertDemoLink,
  insertHolding,
  insertInvitation,
  insertOffice,
  insertOidcLink,
  insertPerson,
  insertProposal,
  listOffices,
  listOpenProposals,
  listPeople,
  lockProposal,
  markForRotation,
  setPersonStatus,
  type InvitationPurpose,
} from '../store/index.ts';
import { newTotpSecret } from './codes.ts';
import { after, beyondOwnRows, newId, type IdentityNode } from './node.ts';

const proposalMillis = 7 * 86_400_000;
/** First start and reset: 30 minutes. An invitation waits three days for its reader. */
const linkMillis: Record<InvitationPurpose, number> = {
  'first-start': 30 * 60_000,
  reset: 30 * 60_000,
  invitation: 72 * 3_600_000,
};

export function isRole(text: string): text is Role {
  return (roles as readonly string[]).includes(text);
}

/** Everyone, what they hold, offices, and what awaits a second person. */
export async function readPeople(
  ctx: Context,
): Promise<{ people: Person[]; offices: Office[]; proposals: Proposal[] }> {
  return ctx.transaction(async (tx) => {
    ctx.allow('identity.read-people');
    const at = ctx.clock.now();
    return {
      people: await listPeople(tx, at),
      offices: await listOffices(tx),
      proposals: await listOpenProposals(tx, after(at, -proposalMillis)),
    };
  });
}

export async function addOffice(ctx: Context, given: { name: TextIn; authority: string | null }): Promise<string> {
  return ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    const id = newId(ctx);
    await insertOffice(tx, { id, ...given });
    await recordAudit(tx, ctx, 'identity.add-office', { kind: 'office', id }, { authority: given.authority });
    return id;
  });
}

const NewPerson = z.object({
  name: PersonName,
  signInName: SignInName,
  email: z.union([z.literal(''), z.email('identity.email-wrong').max(200)]).optional(),
});

/** Adds a person and makes the one-time link that sets up their account. The link is shown once. */
export async function invitePerson(
  ctx: Context,
  node: IdentityNode,
  given: { name: string; signInName: string; email?: string },
): Promise<Result<{ personId: string; link: string; expiresAt: Instant }, Problem[]>> {
  return ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    const parsed = NewPerson.safeParse(given);
    if (!parsed.success)
      return fail(parsed.error.issues.map((issue) => problem(issue.message, issue.path.map(String))));
    if (await findPersonBySignInName(tx, parsed.data.signInName))
      return fail([problem('identity.sign-in-name-taken', ['signInName'])]);
    const personId = newId(ctx);
    await insertPerson(tx, {
      id: personId,
      name: parsed.data.name,
      signInName: parsed.data.signInName,
      email: parsed.data.email || null,
      at: ctx.clock.now(),
    });
    await recordAudit(tx, ctx, 'identity.invite', { kind: 'person', id: personId });
    return ok({ personId, ...(await makeLink(tx, ctx, node, personId, 'invitation')) });
  });
}

async function makeLink(
  tx: Tx,
  ctx: Context,
  node: IdentityNode,
  personId: string,
  purpose: InvitationPurpose,
): Promise<{ link: string; expiresAt: Instant }> {
  const at = ctx.clock.now();
  const expiresAt = after(at, linkMillis[purpose]);
  const linkSecret = secret(ctx.random);
  await beyondOwnRows(tx, ctx.actor, async () => {
    await endInvitations(tx, personId, at);
    const totpSealed = node.seal(Buffer.from(newTotpSecret(ctx.random)));
    await insertInvitation(tx, sha256(linkSecret), { personId, purpose, totpSealed, at, expiresAt });
  });
  return { link: `/invitation/${linkSecret}`, expiresAt };
}

/** A fresh link for a person who has not set up an account yet; the one before dies. */
export async function renewInvitation(
  ctx: Context,
  node: IdentityNode,
  personId: string,
): Promise<{ link: string; expiresAt: Instant }> {
  return ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    const person = await getPerson(tx, personId);
    if (person.status !== 'invited') throw new Conflict('identity.already-active');
    await recordAudit(tx, ctx, 'identity.invite', { kind: 'person', id: personId });
    return makeLink(tx, ctx, node, personId, 'invitation');
  });
}

/** Suspends a person: every session ends in the same transaction. */
export async function suspendPerson(ctx: Context, personId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    const person = await getPerson(tx, personId);
    if (ctx.actor.kind === 'person' && ctx.actor.id === personId) throw new Conflict('identity.not-yourself');
    await setPersonStatus(tx, person.id, 'suspended');
    await beyondOwnRows(tx, ctx.actor, async () => {
      await endSessions(tx, personId, {}, ctx.clock.now(), 'suspended');
      await endInvitations(tx, personId, ctx.clock.now());
    });
    await recordAudit(tx, ctx, 'identity.suspend', { kind: 'person', id: personId });
  });
}

export async function resumePerson(ctx: Context, personId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    if ((await getPerson(tx, personId)).status !== 'suspended') throw new Conflict('identity.not-suspended');
    await setPersonStatus(tx, personId, 'active');
    await recordAudit(tx, ctx, 'identity.resume', { kind: 'person', id: personId });
  });
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

async function giveRole(tx: Tx, ctx: Context, grant: Grant, by: string, confirmedBy: string | null): Promise<void> {
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

/** Ends every session of a person, as the operator or an administrator. */
export async function endSessionsOf(ctx: Context, personId: string): Promise<number> {
  return ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    await getPerson(tx, personId);
    const ended = await beyondOwnRows(tx, ctx.actor, () =>
      endSessions(tx, personId, {}, ctx.clock.now(), 'ended-by-administrator'),
    );
    await recordAudit(tx, ctx, 'identity.end-sessions', { kind: 'person', id: personId }, { ended });
    return ended;
  });
}

/** Ties a person to a subject at the State's identity provider. */
export async function linkToProvider(ctx: Context, issuer: string, subject: string, personId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('identity.manage-people');
    await getPerson(tx, personId);
    await beyondOwnRows(tx, ctx.actor, () => insertOidcLink(tx, issuer, subject, personId, ctx.clock.now()));
    await recordAudit(tx, ctx, 'identity.link-provider', { kind: 'person', id: personId }, { issuer });
  });
}

/**
 * First start: an office, a first administrator, and a link printed once that dies in 30 minutes.
 * Refused as soon as anybody is there. The second administrator is named by the operator the same way.
 */
export async function firstStart(
  ctx: Context,
  node: IdentityNode,
  given: { officeName: TextIn; authority: string | null; name: string; signInName: string },
): Promise<{ personId: string; officeId: string; link: string; expiresAt: Instant }> {
  return ctx.transaction(async (tx) => {
    if (ctx.actor.kind !== 'system') throw new NotAllowed('identity.why-no-role');
    const at = ctx.clock.now();
    if ((await listPeople(tx, at)).length > 0) throw new Conflict('identity.already-started');
    const [officeId, personId] = [newId(ctx), newId(ctx)];
    await insertOffice(tx, { id: officeId, name: given.officeName, authority: given.authority });
    await insertPerson(tx, {
      id: personId,
      name: PersonName.parse(given.name),
      signInName: SignInName.parse(given.signInName),
      email: null,
      at,
    });
    await giveRole(tx, ctx, { personId, officeId, role: 'administrator' }, actorSetting(ctx.actor), null);
    await recordAudit(tx, ctx, 'identity.first-start', { kind: 'person', id: personId }, { office: officeId });
    return { personId, officeId, ...(await makeLink(tx, ctx, node, personId, 'first-start')) };
  });
}

/** Sample world only: a person with roles and no factor, who enters by demo links. */
export async function addSamplePerson(
  tx: Tx,
  ctx: Context,
  given: { name: string; signInName: string; officeId: string; roles: readonly Role[]; locale?: 'en' | 'ar' },
): Promise<string> {
  if (ctx.profile !== 'demo') throw new NotAllowed('identity.demo-only');
  const id = newId(ctx);
  const at = ctx.clock.now();
  await insertPerson(tx, { id, name: given.name, signInName: given.signInName, email: null, at });
  await setPersonStatus(tx, id, 'active');
  for (const role of given.roles) {
    await insertHolding(tx, {
      id: newId(ctx),
      personId: id,
      officeId: given.officeId,
      role,
      from: at,
      until: null,
      grantedBy: actorSetting(ctx.actor),
      confirmedBy: null,
    });
  }
  await recordAudit(tx, ctx, 'identity.add-sample-person', { kind: 'person', id });
  return id;
}

export async function addSampleOffice(
  tx: Tx,
  ctx: Context,
  office: { name: TextIn; authority: string | null },
): Promise<string> {
  if (ctx.profile !== 'demo') throw new NotAllowed('identity.demo-only');
  const id = newId(ctx);
  await insertOffice(tx, { id, ...office });
  await recordAudit(tx, ctx, 'identity.add-office', { kind: 'office', id }, { authority: office.authority });
  return id;
}

/** One-time sign-in link of a sample person, `/enter/…`; profile demo only. */
export async function createDemoLink(tx: Tx, ctx: Context, personId: string): Promise<string> {
  if (ctx.profile !== 'demo') throw new NotAllowed('identity.demo-only');
  const linkSecret = secret(ctx.random);
  await beyondOwnRows(tx, ctx.actor, () => insertDemoLink(tx, sha256(linkSecret), personId, ctx.clock.now()));
  return `/enter/${linkSecret}`;
}
