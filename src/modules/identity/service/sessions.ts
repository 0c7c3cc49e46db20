import { NotFound } from '../../../platform/errors.ts';
import { secret } from '../../../platform/random.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { fail, ok, problem, sha256, type Instant, type Problem, type Result } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Actor, Context } from '../context.ts';
import type { Permission } from '../policy.ts';
import { policy } from '../policy.ts';
import { graceMillis, stateOfSession } from '../rules/index.ts';
import type { Preferences, SessionMethod, SessionShown } from '../schema.ts';
import {
  endSessions,
  findOffice,
  findPerson,
  findSession,
  findToken,
  insertSession,
  listOpenSessions,
  listRolesHeld,
  markTokenUsed,
  rotateSession,
  setSessionOffice,
  touchSession,
  type PersonRow,
  type SessionRow,
} from '../store/index.ts';
import { cookie, endCookie, readCookie, sessionCookie, visitorCookie } from './cookies.ts';
import { asIdentity, isSame, newId, type IdentityNode } from './node.ts';

type PersonActor = Extract<Actor, { kind: 'person' }>;

/** Where a sign-in comes from. */
export interface Client {
  address: string;
  userAgent: string;
}

/** Who reads: a signed-in person, or a visitor. */
export interface Visitor {
  actor: Actor;
  session: SessionRow | null;
  person: (PersonRow & { officeName: Record<string, string> }) | null;
  preferences: Preferences | null;
  /** Goes into every form and the `x-csrf-token` header of scripts. */
  csrf: string;
  isCsrfRight(token: string): boolean;
  /** `Set-Cookie` values to send with the answer. */
  cookies: string[];
  /** Why a session that the browser still carries is over; null when there was none. */
  ended: 'idle' | 'absolute' | 'ended' | null;
}

/** The person's roles of today in an office: in the one asked for when they still hold any there, else in the first. */
export async function actorOf(
  tx: Tx,
  person: PersonRow,
  officeId: string | null,
  at: Instant,
): Promise<PersonActor | undefined> {
  const held = await listRolesHeld(tx, person.id, at);
  const place = held.find((one) => one.officeId === officeId) ?? held[0];
  if (!place) return undefined;
  const office = await findOffice(tx, place.officeId);
  return {
    kind: 'person',
    id: person.id,
    name: person.name,
    officeId: place.officeId,
    authority: office?.authority ?? null,
    roles: place.roles,
  };
}

/** Opens a session and gives its cookie: always a new one, whatever cookie came before. */
export async function openSession(
  tx: Tx,
  node: IdentityNode,
  person: PersonRow,
  method: SessionMethod,
  client: Client,
  freshFactor: boolean,
): Promise<Result<{ cookie: string; actor: PersonActor; sessionId: string }, Problem>> {
  const at = node.clock.now();
  const actor = await actorOf(tx, person, null, at);
  if (!actor) return fail(problem('identity.no-office'));
  const token = secret(node.random);
  const id = newId(node);
  await insertSession(tx, {
    id,
    tokenSha256: sha256(token),
    personId: person.id,
    officeId: actor.officeId,
    method,
    at,
    steppedUpAt: freshFactor ? at : null,
    address: client.address.slice(0, 60),
    userAgent: client.userAgent.slice(0, 200),
  });
  await recordAudit(
    tx,
    { ...node, actor },
    'identity.sign-in',
    { kind: 'person', id: person.id },
    { method, session: id },
  );
  return ok({ cookie: cookie(sessionCookie, token), actor, sessionId: id });
}

const nobody = { actor: { kind: 'public' } as const, session: null, person: null, preferences: null };

/** Finds out who reads, from the cookie header. Roles are read afresh: a role taken away is gone at this call. */
export async function resolveVisitor(node: IdentityNode, cookieHeader: string): Promise<Visitor> {
  const token = readCookie(cookieHeader, sessionCookie);
  const found = token === undefined ? null : await findLiveSession(node, token);
  if (found && typeof found === 'object') {
    const csrf = node.mac(`csrf:${found.session.id}`);
    return {
      ...found,
      preferences: found.person.preferences,
      csrf,
      isCsrfRight: (given) => isSame(given, csrf),
      ended: null,
    };
  }
  const known = readCookie(cookieHeader, visitorCookie);
  const isOurs = known !== undefined && /^[\w-]{43}$/.test(known);
  const visitor = isOurs ? known : secret(node.random);
  const cookies = [
    ...(isOurs ? [] : [cookie(visitorCookie, visitor)]),
    ...(token === undefined ? [] : [endCookie(sessionCookie)]),
  ];
  const csrf = node.mac(`csrf-visitor:${visitor}`);
  return { ...nobody, csrf, isCsrfRight: (given) => isSame(given, csrf), cookies, ended: found };
}

type Found = Pick<Visitor, 'cookies'> & {
  actor: PersonActor;
  session: SessionRow;
  person: NonNullable<Visitor['person']>;
};

async function findLiveSession(
  node: IdentityNode,
  token: string,
): Promise<Found | 'idle' | 'absolute' | 'ended' | null> {
  const at = node.clock.now();
  const tokenSha256 = sha256(token);
  return asIdentity(node, async (tx) => {
    const session = await findSession(tx, tokenSha256);
    if (!session) return null;
    if (session.byPrevious && Date.parse(at) - Date.parse(session.rotatedAt ?? at) > graceMillis) return 'ended';
    const state = stateOfSession(session, at);
    if (state !== 'live') {
      if (state !== 'ended') await endSessions(tx, session.personId, { id: session.id }, at, state);
      return state;
    }
    const person = await findPerson(tx, session.personId);
    const actor = person?.status === 'active' ? await actorOf(tx, person, session.officeId, at) : undefined;
    if (!person || !actor) {
      await endSessions(tx, session.personId, { id: session.id }, at, 'suspended');
      return 'ended';
    }
    const cookies: string[] = [];
    if (session.rotate && !session.byPrevious) {
      const next = secret(node.random);
      if (await rotateSession(tx, session.id, tokenSha256, sha256(next), at)) cookies.push(cookie(sessionCookie, next));
    } else if (Date.parse(at) - Date.parse(session.lastSeenAt) > 30_000) await touchSession(tx, session.id, at);
    const office = await findOffice(tx, actor.officeId);
    const steppedUpAt = session.steppedUpAt ?? undefined;
    return {
      actor: { ...actor, steppedUpAt },
      session,
      person: { ...person, officeName: office?.name ?? {} },
      cookies,
    };
  });
}

/** The person for whom an API token acts, within its scopes; undefined when the header carries no good token. */
export async function apiTokenActor(
  node: IdentityNode,
  authorization: string | undefined,
): Promise<PersonActor | undefined> {
  const token = /^Bearer (comity_[\w-]{43})$/i.exec(authorization ?? '')?.[1];
  if (token === undefined) return undefined;
  const at = node.clock.now();
  return asIdentity(node, async (tx) => {
    const row = await findToken(tx, sha256(token), at);
    const person = row && (await findPerson(tx, row.personId));
    if (!row || person?.status !== 'active') return undefined;
    const held = await listRolesHeld(tx, person.id, at);
    const place = held.find((one) => one.officeId === row.officeId);
    if (!place) return undefined;
    if (row.lastUsedAt === null || Date.parse(at) - Date.parse(row.lastUsedAt) > 60_000)
      await markTokenUsed(tx, row.id, at);
    const office = await findOffice(tx, row.officeId);
    const scopes = row.scopes.filter((scope): scope is Permission => scope in policy);
    return {
      kind: 'person',
      id: person.id,
      name: person.name,
      officeId: row.officeId,
      authority: office?.authority ?? null,
      roles: place.roles,
      scopes,
    };
  });
}

function ownId(ctx: Context): string {
  ctx.allow('identity.own-account');
  if (ctx.actor.kind !== 'person') throw new NotFound('identity.not-found');
  return ctx.actor.id;
}

/** Open sessions of the actor, newest first. */
export async function listOwnSessions(ctx: Context): Promise<SessionShown[]> {
  return ctx.transaction(async (tx) => {
    const at = ctx.clock.now();
    const rows = await listOpenSessions(tx, ownId(ctx));
    return rows
      .filter((row) => stateOfSession(row, at) === 'live')
      .map(({ id, method, createdAt, lastSeenAt, address, userAgent }) => ({
        id,
        method,
        createdAt,
        lastSeenAt,
        address,
        userAgent,
        current: id === ctx.sessionId,
      }));
  });
}

/** Ends one session of the actor. Throws `NotFound` when it is not theirs or over. */
export async function endOwnSession(ctx: Context, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const ended = await endSessions(
      tx,
      ownId(ctx),
      { id },
      ctx.clock.now(),
      id === ctx.sessionId ? 'signed-out' : 'ended-by-owner',
    );
    if (ended === 0) throw new NotFound('identity.not-found');
    await recordAudit(tx, ctx, id === ctx.sessionId ? 'identity.sign-out' : 'identity.end-session', {
      kind: 'session',
      id,
    });
  });
}

/** Ends every session of the actor but the present one. Returns how many ended. */
export async function endOtherSessions(ctx: Context): Promise<number> {
  return ctx.transaction(async (tx) => {
    const id = ownId(ctx);
    const ended = await endSessions(tx, id, { except: ctx.sessionId }, ctx.clock.now(), 'ended-by-owner');
    await recordAudit(tx, ctx, 'identity.end-sessions', { kind: 'person', id }, { ended });
    return ended;
  });
}

/** Offices in which the actor holds roles today. */
export async function ownOffices(
  ctx: Context,
): Promise<{ id: string; name: Record<string, string>; current: boolean }[]> {
  return ctx.transaction(async (tx) => {
    const held = await listRolesHeld(tx, ownId(ctx), ctx.clock.now());
    const present = ctx.actor.kind === 'person' ? ctx.actor.officeId : '';
    const offices = [];
    for (const { officeId } of held) {
      const office = await findOffice(tx, officeId);
      if (office) offices.push({ id: office.id, name: office.name, current: office.id === present });
    }
    return offices;
  });
}

/** Acts in another office in which the person holds roles, for the rest of the session. */
export async function switchOffice(ctx: Context, officeId: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    const id = ownId(ctx);
    const held = await listRolesHeld(tx, id, ctx.clock.now());
    if (!ctx.sessionId || !held.some((one) => one.officeId === officeId)) throw new NotFound('identity.not-found');
    await setSessionOffice(tx, ctx.sessionId, officeId);
    await recordAudit(tx, ctx, 'identity.switch-office', { kind: 'office', id: officeId });
  });
}

/** How the actor's present session began; null for tokens. */
export async function sessionMethod(ctx: Context): Promise<SessionMethod | null> {
  return ctx.transaction(
    async (tx) => (await listOpenSessions(tx, ownId(ctx))).find((one) => one.id === ctx.sessionId)?.method ?? null,
  );
}
