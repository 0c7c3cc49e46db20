import { z } from 'zod';
import { Invalid } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { Instant } from '../../platform/values/index.ts';
import type { Context } from './context.ts';
import { admits } from './decide.ts';
import { policy, roles, type Permission } from './policy.ts';
import { Office, PasskeyShown, Person, Preferences, Proposal, SessionShown, TokenShown } from './schema.ts';
import {
  decideOnProposal,
  endOtherSessions,
  endOwnSession,
  endOwnToken,
  endSessionsOf,
  grantRole,
  invitePerson,
  listOwnPasskeys,
  listOwnSessions,
  listOwnTokens,
  makeToken,
  proposeReset,
  readPeople,
  resumePerson,
  revokeRole,
  savePreferences,
  suspendPerson,
  type IdentityNode,
} from './service/index.ts';

const route = apiRoute<Context>();
const tag = 'Identity';
const Id = z.strictObject({ id: z.string().max(100) });
const Done = z.object({ kind: z.literal('identity.done'), version: z.literal(1) });
const done = { kind: 'identity.done', version: 1 } as const;
const Link = z.object({ link: z.string().describe('Path of the one-time link; shown once'), expiresAt: Instant });
const Grant = z.strictObject({ personId: z.uuid(), officeId: z.uuid(), role: z.enum(roles) });

/** Own account, and people for administrators. */
export function identityApi(node: IdentityNode): ApiRoute<Context>[] {
  return [...ownRoutes(), ...peopleRoutes(node)];
}

function ownRoutes(): ApiRoute<Context>[] {
  const own = { tag, permission: 'identity.own-account' } as const;
  return [
    route({
      ...own,
      method: 'get',
      path: '/api/me',
      summary: 'Who I am, in which office, and what my roles allow',
      input: {},
      output: z.object({
        kind: z.literal('identity.me'),
        version: z.literal(1),
        id: z.string(),
        name: z.string(),
        officeId: z.string(),
        authority: z.string().nullable(),
        roles: z.array(z.string()),
        permissions: z.array(z.string()),
      }),
      async handler({ ctx }) {
        ctx.allow('identity.own-account');
        if (ctx.actor.kind !== 'person') throw new Error('A signed-in actor is a person');
        const { id, name, officeId, authority, roles: held } = ctx.actor;
        const permissions = (Object.keys(policy) as Permission[]).filter((permission) => admits(ctx.actor, permission));
        return { kind: 'identity.me', version: 1, id, name, officeId, authority, roles: [...held], permissions };
      },
    }),
    route({
      ...own,
      method: 'get',
      path: '/api/me/sessions',
      summary: 'Where I am signed in',
      input: {},
      output: z.object({
        kind: z.literal('identity.sessions'),
        version: z.literal(1),
        sessions: z.array(SessionShown),
      }),
      handler: async ({ ctx }) => ({ kind: 'identity.sessions', version: 1, sessions: await listOwnSessions(ctx) }),
    }),
    route({
      ...own,
      method: 'delete',
      path: '/api/me/sessions/:id',
      audit: 'identity.end-session',
      summary: 'End one session, or all others with the id `others`',
      input: { params: Id },
      output: Done,
      async handler({ ctx, params }) {
        if (params.id === 'others') await endOtherSessions(ctx);
        else await endOwnSession(ctx, params.id);
        return done;
      },
    }),
    route({
      ...own,
      method: 'get',
      path: '/api/me/passkeys',
      summary: 'My passkeys',
      input: {},
      output: z.object({
        kind: z.literal('identity.passkeys'),
        version: z.literal(1),
        passkeys: z.array(PasskeyShown),
      }),
      handler: async ({ ctx }) => ({ kind: 'identity.passkeys', version: 1, passkeys: await listOwnPasskeys(ctx) }),
    }),
    route({
      ...own,
      method: 'put',
      path: '/api/me/preferences',
      audit: 'identity.save-preferences',
      summary: 'Language, theme and density',
      input: { body: Preferences },
      output: Preferences,
      handler: ({ ctx, body }) => savePreferences(ctx, body),
    }),
    route({
      ...own,
      method: 'get',
      path: '/api/me/tokens',
      summary: 'My API tokens, without the tokens themselves',
      input: {},
      output: z.object({ kind: z.literal('identity.tokens'), version: z.literal(1), tokens: z.array(TokenShown) }),
      handler: async ({ ctx }) => ({ kind: 'identity.tokens', version: 1, tokens: await listOwnTokens(ctx) }),
    }),
    route({
      ...own,
      method: 'post',
      path: '/api/me/tokens',
      audit: 'identity.make-token',
      summary: 'Make a token; it is answered once',
      status: 201,
      input: {
        body: z.strictObject({ label: z.string().max(60), scopes: z.array(z.string()).max(200), days: z.int() }),
      },
      output: z.object({ id: z.string(), token: z.string() }),
      async handler({ ctx, body }) {
        const made = await makeToken(ctx, body);
        if (!made.ok) throw new Invalid(made.error[0]!.code, { problems: made.error });
        return made.value;
      },
    }),
    route({
      ...own,
      method: 'delete',
      path: '/api/me/tokens/:id',
      audit: 'identity.end-token',
      summary: 'End a token',
      input: { params: Id },
      output: Done,
      async handler({ ctx, params }) {
        await endOwnToken(ctx, params.id);
        return done;
      },
    }),
  ];
}

function peopleRoutes(node: IdentityNode): ApiRoute<Context>[] {
  const manage = { tag, permission: 'identity.manage-people', method: 'post' } as const;
  return [
    route({
      tag,
      permission: 'identity.read-people',
      method: 'get',
      path: '/api/people',
      summary: 'People, offices, roles held, and proposals that await a second person',
      input: {},
      output: z.object({
        kind: z.literal('identity.people'),
        version: z.literal(1),
        people: z.array(Person),
        offices: z.array(Office),
        proposals: z.array(Proposal),
      }),
      handler: async ({ ctx }) => ({ kind: 'identity.people', version: 1, ...(await readPeople(ctx)) }),
    }),
    route({
      ...manage,
      path: '/api/people',
      audit: 'identity.invite',
      status: 201,
      summary: 'Invite a person',
      input: {
        body: z.strictObject({
          name: z.string().max(300),
          signInName: z.string().max(200),
          email: z.string().max(300).optional(),
        }),
      },
      output: Link.extend({ personId: z.string() }),
      async handler({ ctx, body }) {
        const made = await invitePerson(ctx, node, body);
        if (!made.ok) throw new Invalid(made.error[0]!.code, { problems: made.error });
        return made.value;
      },
    }),
    route({
      ...manage,
      path: '/api/people/:id/suspend',
      audit: 'identity.suspend',
      summary: 'Suspend a person; every session ends',
      input: { params: Id },
      output: Done,
      async handler({ ctx, params }) {
        await suspendPerson(ctx, params.id);
        return done;
      },
    }),
    route({
      ...manage,
      path: '/api/people/:id/resume',
      audit: 'identity.resume',
      summary: 'Let a suspended person sign in again',
      input: { params: Id },
      output: Done,
      async handler({ ctx, params }) {
        await resumePerson(ctx, params.id);
        return done;
      },
    }),
    route({
      ...manage,
      path: '/api/people/:id/end-sessions',
      audit: 'identity.end-sessions',
      summary: 'End every session of a person',
      input: { params: Id },
      output: z.object({ ended: z.int() }),
      handler: async ({ ctx, params }) => ({ ended: await endSessionsOf(ctx, params.id) }),
    }),
    route({
      ...manage,
      path: '/api/people/:id/reset',
      audit: 'identity.propose-reset',
      status: 201,
      summary: 'Propose to reset lost factors; a second person confirms',
      input: { params: Id },
      output: z.object({ proposalId: z.string() }),
      handler: async ({ ctx, params }) => ({ proposalId: await proposeReset(ctx, params.id) }),
    }),
    route({
      ...manage,
      permission: 'identity.grant-roles',
      path: '/api/roles/grant',
      audit: 'identity.grant',
      status: 201,
      summary: 'Grant a role; a sensitive one becomes a proposal',
      input: { body: Grant.extend({ until: Instant.optional() }) },
      output: z.object({ proposalId: z.string().nullable() }),
      handler: ({ ctx, body }) => grantRole(ctx, body),
    }),
    route({
      ...manage,
      path: '/api/roles/revoke',
      audit: 'identity.revoke',
      summary: 'Take a role away',
      input: { body: Grant },
      output: Done,
      async handler({ ctx, body }) {
        await revokeRole(ctx, body);
        return done;
      },
    }),
    route({
      ...manage,
      permission: 'identity.confirm-proposal',
      path: '/api/proposals/:id',
      audit: 'identity.confirm-proposal',
      summary: 'Decide a proposal as the second person; a confirmed reset answers a one-time link',
      input: { params: Id, body: z.strictObject({ decision: z.enum(['confirmed', 'refused']) }) },
      output: z.object({ link: Link.nullable() }),
      handler: async ({ ctx, params, body }) => ({ link: await decideOnProposal(ctx, node, params.id, body.decision) }),
    }),
  ];
}
