import { z } from 'zod';
import { Conflict, NotAllowed } from '../../../platform/errors.ts';
import {
  fail,
  ok,
  problem,
  type Instant,
  type Problem,
  type Result,
  type TextIn,
} from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import { actorSetting } from '../create-context.ts';
import { PersonName, SignInName, type Office, type Person, type Proposal } from '../schema.ts';
import {
  endInvitations,
  endSessions,
  findPersonBySignInName,
  getPerson,
  insertOffice,
  insertOidcLink,
  insertPerson,
  listOffices,
  listOpenProposals,
  listPeople,
  setPersonStatus,
} from '../store/index.ts';
import { after, beyondOwnRows, newId, type IdentityNode } from './node.ts';
import { makeLink } from './links.ts';
import { giveRole, proposalMillis } from './roles.ts';

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
