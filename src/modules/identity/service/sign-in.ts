import { secret } from '../../../platform/random.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { fail, ok, problem, sha256, type Instant, type Problem, type Result } from '../../../platform/values/index.ts';
import { recordAudit, recordDenied } from '../../audit/index.ts';
import { alertAfter, blockSeconds, failuresNow, longestBlockSeconds, type AttemptKind } from '../rules/index.ts';
import {
  clearAttempts,
  countStepTry,
  deleteOldSteps,
  deleteStep,
  findPasswordHash,
  findPerson,
  findPersonBySignInName,
  forgetOldTraces,
  hasSignedInFrom,
  insertStep,
  lockAttempt,
  lockStep,
  saveAttempt,
  setSteppedUp,
  signInKey,
  useDemoLink,
} from '../store/index.ts';
import type { Context } from '../context.ts';
import { useCode } from './codes.ts';
import { cookie, endCookie, readCookie, stepCookie } from './cookies.ts';
import { after, asIdentity, type IdentityNode } from './node.ts';
import { isPasswordRight } from './passwords.ts';
import { openSession, type Client } from './sessions.ts';

const stepMillis = 10 * 60_000;
const stepTries = 5;
const visitor = { kind: 'public' } as const;

/** What a finished sign-in sends: cookies, and where to go. */
export interface SignedIn {
  cookies: string[];
  next: string;
}

/** Only addresses of this node; anything else becomes the first page. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\s\\]*$/.test(next) && !next.startsWith('/sign-') ? next : '/';
}

/** Nobody's id: unknown names are looked up like known ones, so that time tells nothing. */
const nobodyId = '00000000-0000-0000-0000-000000000000';
const notSignedIn = problem('identity.not-signed-in');

interface Guess {
  keys: { kind: AttemptKind; key: string }[];
  account: string;
}

async function guessOf(
  tx: Tx,
  node: IdentityNode,
  name: string,
  personId: string | undefined,
  client: Client,
): Promise<Guess> {
  const account = node.mac(`account:${signInKey(name)}`).slice(0, 32);
  const address = node.mac(`address:${client.address}`).slice(0, 32);
  const month = after(node.clock.now(), -30 * 86_400_000);
  // From where the owner has signed in before, strangers' guesses elsewhere do not keep the owner out.
  const isKnown = await hasSignedInFrom(tx, personId ?? nobodyId, client.address, month);
  const own = isKnown
    ? { kind: 'pair' as const, key: `pair:${account}:${address}` }
    : { kind: 'account' as const, key: `account:${account}` };
  return { account, keys: [own, { kind: 'address', key: `address:${address}` }] };
}

/** Counts the try before it is looked at, so that many at once are slowed as well. A blocked try is not counted. */
async function takeTurn(tx: Tx, node: IdentityNode, guess: Guess): Promise<Problem | undefined> {
  const now = node.clock.now();
  const rows = [];
  for (const { kind, key } of guess.keys.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
    rows.push({ kind, row: await lockAttempt(tx, key, now) });
  const until = rows
    .map(({ row }) => row.blockedUntil)
    // A clock that ran ahead blocks nobody for longer than any block lasts.
    .filter((at): at is Instant => at !== null && at > now && at <= after(now, longestBlockSeconds * 1000))
    .sort()
    .at(-1);
  if (until)
    return problem('identity.wait', [], {
      params: { minutes: Math.ceil((Date.parse(until) - Date.parse(now)) / 60_000) },
    });
  for (const { kind, row } of rows) {
    const failures = failuresNow(row, now) + 1;
    const seconds = blockSeconds(kind, failures);
    await saveAttempt(tx, {
      key: row.key,
      failures,
      lastAt: now,
      blockedUntil: seconds > 0 ? after(now, seconds * 1000) : null,
    });
    if (failures === alertAfter && kind !== 'address') {
      await recordDenied(
        tx,
        { ...node, actor: visitor },
        'identity.sign-in-alert',
        { kind: 'account', id: guess.account },
        { failures },
      );
    }
  }
  return undefined;
}

/** The try was right: forgets the account's failures and takes this one back from the address. */
async function giveBack(tx: Tx, node: IdentityNode, guess: Guess): Promise<void> {
  for (const { kind, key } of guess.keys) {
    if (kind !== 'address') await clearAttempts(tx, [key]);
    else {
      const row = await lockAttempt(tx, key, node.clock.now());
      await saveAttempt(tx, { ...row, failures: Math.max(0, row.failures - 1), blockedUntil: null });
    }
  }
}

/**
 * First step: name and password. Answers alike, in words and in time, whether or not the name exists.
 * On success the step cookie leads to the code page.
 */
export async function startSignIn(
  node: IdentityNode,
  given: { name: string; password: string; next?: string },
  client: Client,
): Promise<Result<SignedIn, Problem>> {
  const name = given.name.slice(0, 200);
  const turn = await asIdentity(node, async (tx) => {
    const person = await findPersonBySignInName(tx, name);
    const guess = await guessOf(tx, node, name, person?.id, client);
    const wait = await takeTurn(tx, node, guess);
    const hash = await findPasswordHash(tx, person?.id ?? nobodyId);
    return { person, guess, wait, stored: person?.status === 'active' ? hash : undefined };
  });
  if (turn.wait) return fail(turn.wait);
  const right = await isPasswordRight(node, turn.stored, given.password);
  return asIdentity(node, async (tx) => {
    if (!right || !turn.person) {
      await recordDenied(tx, { ...node, actor: visitor }, 'identity.sign-in', {
        kind: 'account',
        id: turn.guess.account,
      });
      return fail(notSignedIn);
    }
    const at = node.clock.now();
    const token = secret(node.random);
    await deleteOldSteps(tx, after(at, -stepMillis));
    await insertStep(tx, sha256(token), {
      kind: 'code',
      personId: turn.person.id,
      next: safeNext(given.next),
      dataSealed: null,
      createdAt: at,
    });
    return ok({ cookies: [cookie(stepCookie, token, { maxAge: stepMillis / 1000 })], next: '/sign-in/code' });
  });
}

/** Makes the step that awaits a code, for ways in that have proved the first factor otherwise. */
export async function awaitCode(tx: Tx, node: IdentityNode, personId: string, next: string): Promise<SignedIn> {
  const token = secret(node.random);
  await insertStep(tx, sha256(token), {
    kind: 'code',
    personId,
    next: safeNext(next),
    dataSealed: null,
    createdAt: node.clock.now(),
  });
  return { cookies: [cookie(stepCookie, token, { maxAge: stepMillis / 1000 })], next: '/sign-in/code' };
}

/** Whether the browser has given a right password and awaits its code. */
export async function awaitsCode(node: IdentityNode, cookieHeader: string): Promise<boolean> {
  const token = readCookie(cookieHeader, stepCookie);
  if (token === undefined) return false;
  return asIdentity(
    node,
    async (tx) => (await lockStep(tx, sha256(token), 'code', after(node.clock.now(), -stepMillis))) !== undefined,
  );
}

/** Second step: a code of the generator, or a recovery code. Five tries, ten minutes. */
export async function finishSignIn(
  node: IdentityNode,
  given: { cookieHeader: string; code: string },
  client: Client,
): Promise<Result<SignedIn, Problem>> {
  const token = readCookie(given.cookieHeader, stepCookie);
  if (token === undefined) return fail(problem('identity.step-over'));
  const idSha256 = sha256(token);
  return asIdentity(node, async (tx) => {
    const at = node.clock.now();
    const step = await lockStep(tx, idSha256, 'code', after(at, -stepMillis));
    const person = step?.personId ? await findPerson(tx, step.personId) : undefined;
    if (!step || step.tries >= stepTries || person?.status !== 'active') {
      await deleteStep(tx, idSha256);
      return fail(problem('identity.step-over'));
    }
    const guess = await guessOf(tx, node, person.signInName, person.id, client);
    const method = await useCode(tx, node, person.id, given.code, at);
    if (!method) {
      await countStepTry(tx, idSha256);
      // A right password followed by wrong codes is guessing too.
      const wait = await takeTurn(tx, node, guess);
      await recordDenied(tx, { ...node, actor: visitor }, 'identity.sign-in-code', { kind: 'person', id: person.id });
      return fail(wait ?? problem('identity.code-wrong', ['code']));
    }
    await deleteStep(tx, idSha256);
    await giveBack(tx, node, guess);
    const opened = await openSession(
      tx,
      node,
      person,
      method === 'totp' ? 'password-totp' : 'password-recovery',
      client,
      true,
    );
    if (!opened.ok) return opened;
    return ok({ cookies: [opened.value.cookie, endCookie(stepCookie)], next: step.next });
  });
}

/** Checks the second factor again within a session: code, or in the sample world the link that opened it. */
export async function stepUpWithCode(
  ctx: Context,
  node: IdentityNode,
  given: { password: string; code: string },
  client: Client,
): Promise<Result<null, Problem>> {
  const { actor, sessionId } = ctx;
  if (actor.kind !== 'person' || sessionId === undefined) return fail(problem('identity.step-over'));
  const turn = await asIdentity(node, async (tx) => {
    const person = await findPerson(tx, actor.id);
    const guess = await guessOf(tx, node, person?.signInName ?? '', actor.id, client);
    return { guess, wait: await takeTurn(tx, node, guess), stored: await findPasswordHash(tx, actor.id) };
  });
  if (turn.wait) return fail(turn.wait);
  const right = await isPasswordRight(node, turn.stored, given.password);
  const used = right
    ? await ctx.transaction((tx) => useCode(tx, node, actor.id, given.code, node.clock.now()))
    : undefined;
  return asIdentity(node, async (tx) => {
    if (used !== 'totp') {
      await recordDenied(tx, ctx, 'identity.step-up', { kind: 'session', id: sessionId });
      return fail(notSignedIn);
    }
    await giveBack(tx, node, turn.guess);
    await markSteppedUp(tx, ctx, sessionId, 'password-totp');
    return ok(null);
  });
}

/** Sample world only: a session opened by a link has no factor to ask for. */
export async function stepUpInDemo(ctx: Context, node: IdentityNode, method: string): Promise<Result<null, Problem>> {
  const { sessionId } = ctx;
  if (node.profile !== 'demo' || method !== 'demo-link' || sessionId === undefined) return fail(notSignedIn);
  return asIdentity(node, async (tx) => {
    await markSteppedUp(tx, ctx, sessionId, 'demo-link');
    return ok(null);
  });
}

/** The second factor was checked now; the cookie changes at the next call. */
export async function markSteppedUp(tx: Tx, ctx: Context, sessionId: string, method: string): Promise<void> {
  await setSteppedUp(tx, sessionId, ctx.clock.now());
  await recordAudit(tx, ctx, 'identity.step-up', { kind: 'session', id: sessionId }, { method });
}

/** Signs a sample person in by a one-time link. Other profiles know no such links. */
export async function enterByDemoLink(
  node: IdentityNode,
  linkSecret: string,
  client: Client,
): Promise<Result<SignedIn, Problem>> {
  if (node.profile !== 'demo') return fail(problem('identity.link-over'));
  return asIdentity(node, async (tx) => {
    const personId = await useDemoLink(tx, sha256(linkSecret), node.clock.now());
    const person = personId && (await findPerson(tx, personId));
    if (!person || person.status !== 'active') return fail(problem('identity.link-over'));
    const opened = await openSession(tx, node, person, 'demo-link', client, true);
    return opened.ok ? ok({ cookies: [opened.value.cookie], next: '/' }) : opened;
  });
}

/** Daily: removes answered challenges, half-done sign-ins and failures older than a day. */
export async function tidyIdentity(node: IdentityNode): Promise<void> {
  await asIdentity(node, (tx) => forgetOldTraces(tx, after(node.clock.now(), -86_400_000)));
}
