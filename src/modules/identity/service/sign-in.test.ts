import { authenticator } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { secret, systemRandom } from '../../../platform/random.ts';
import { StateCode } from '../../../platform/values/index.ts';
import type { Actor, Context } from '../context.ts';
import { createContext } from '../create-context.ts';
import type { Role } from '../policy.ts';
import {
  acceptInvitation,
  addOffice,
  apiTokenActor,
  asIdentity,
  createDemoLink,
  decideOnProposal,
  endOtherSessions,
  endOwnSession,
  enterByDemoLink,
  finishSignIn,
  firstStart,
  grantRole,
  identitySecrets,
  invitePerson,
  listOwnSessions,
  makeToken,
  proposeReset,
  readCookie,
  readInvitation,
  renewInvitation,
  resolveVisitor,
  revokeRole,
  safeNext,
  startSignIn,
  stepUpWithCode,
  suspendPerson,
  type IdentityNode,
} from './index.ts';

let database: TestDatabase;
let node: IdentityNode;
const clock = fakeClock('2026-05-14T08:00:00.000Z');
const log = createLog('silent');
const client = { address: '192.0.2.7', userAgent: 'Test browser' };
const password = 'lamp river seventeen moss';
let officeId = '';
let firstId = '';
const operator: Actor = { kind: 'system', id: 'operator' };

function contextOf(actor: Actor, sessionId?: string): Context {
  const { db, random } = node;
  return createContext({
    actor,
    db,
    clock,
    random,
    log,
    state: StateCode.parse('XA'),
    zone: 'UTC',
    profile: node.profile,
    locale: 'en',
    sessionId,
  });
}

interface Account {
  id: string;
  signInName: string;
  totp: string;
  recoveryCodes: string[];
}

const codeNow = (account: Account) => authenticator.clone({ epoch: Date.parse(clock.now()) }).generate(account.totp);
const secretIn = (link: string) => link.split('/').at(-1)!;

async function setUp(link: string, id: string, signInName: string): Promise<Account> {
  const shown = await readInvitation(node, secretIn(link));
  const totp = shown!.secretText.replaceAll(' ', '');
  const account = { id, signInName, totp, recoveryCodes: [] as string[] };
  const accepted = await acceptInvitation(node, secretIn(link), {
    password,
    repeated: password,
    code: codeNow(account),
  });
  if (!accepted.ok) throw new Error(JSON.stringify(accepted.error));
  clock.advance(31_000);
  return { ...account, recoveryCodes: accepted.value.recoveryCodes };
}

async function makeAccount(signInName: string, roles: Role[]): Promise<Account> {
  const invited = await invitePerson(contextOf(operator), node, { name: `Person ${signInName}`, signInName });
  if (!invited.ok) throw new Error(JSON.stringify(invited.error));
  for (const role of roles) await grantRole(contextOf(operator), { personId: invited.value.personId, officeId, role });
  return setUp(invited.value.link, invited.value.personId, signInName);
}

const cookieHeader = (cookies: string[]) => cookies.map((one) => one.split(';')[0]).join('; ');

async function signIn(account: Account, from = client): Promise<string> {
  clock.advance(31_000);
  const started = await startSignIn(node, { name: account.signInName, password }, from);
  if (!started.ok) throw new Error(started.error.code);
  const done = await finishSignIn(
    node,
    { cookieHeader: cookieHeader(started.value.cookies), code: codeNow(account) },
    from,
  );
  if (!done.ok) throw new Error(done.error.code);
  return cookieHeader(done.value.cookies.slice(0, 1));
}

async function visit(cookies: string): Promise<Context> {
  const visitor = await resolveVisitor(node, cookies);
  return contextOf(visitor.actor, visitor.session?.id);
}

beforeAll(async () => {
  database = await testDatabase();
  node = {
    db: database.db,
    clock,
    random: systemRandom,
    log,
    profile: 'production',
    origin: 'https://alba.example',
    name: 'Alba',
    passwordCost: { memoryKiB: 1024, passes: 1 },
    ...identitySecrets(systemRandom.bytes(32), systemRandom),
  };
});
afterAll(() => database.close());

describe('first start', () => {
  let link = '';
  test('prints one link that dies after 30 minutes', async () => {
    const begun = await firstStart(contextOf(operator), node, {
      officeName: { en: 'Central Authority' },
      authority: 'XA:central-authority',
      name: 'Ada Test',
      signInName: 'ada',
    });
    officeId = begun.officeId;
    firstId = begun.personId;
    link = begun.link;
    expect(await readInvitation(node, secretIn(link))).toMatchObject({ name: 'Ada Test', purpose: 'first-start' });
    clock.advance(30 * 60_000);
    expect(await readInvitation(node, secretIn(link))).toBeUndefined();
    expect(
      await acceptInvitation(node, secretIn(link), { password, repeated: password, code: '000000' }),
    ).toMatchObject({ ok: false, error: [{ code: 'identity.link-over' }] });
  });

  test('is refused once anybody is there, and to people', async () => {
    const again = { officeName: { en: 'X' }, authority: null, name: 'Bo Test', signInName: 'bo' };
    await expect(firstStart(contextOf(operator), node, again)).rejects.toThrow('identity.already-started');
    await expect(firstStart(contextOf({ kind: 'public' }), node, again)).rejects.toThrow();
  });
});

describe('an invitation', () => {
  test('sets up password, code generator and ten recovery codes, once', async () => {
    const invited = await invitePerson(contextOf(operator), node, {
      name: 'Cleo Test',
      signInName: 'cleo@alba.example',
    });
    if (!invited.ok) throw new Error('not invited');
    const { link, personId } = invited.value;
    const account = await setUp(link, personId, 'cleo@alba.example');
    expect(new Set(account.recoveryCodes).size).toBe(10);
    expect(account.recoveryCodes[0]).toMatch(/^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$/);
    expect(
      await acceptInvitation(node, secretIn(link), { password, repeated: password, code: codeNow(account) }),
    ).toMatchObject({ ok: false });
  });

  test('names everything that is wrong at once and stays good', async () => {
    const invited = await invitePerson(contextOf(operator), node, { name: 'Dora Test', signInName: 'dora' });
    if (!invited.ok) throw new Error('not invited');
    const wrong = await acceptInvitation(node, secretIn(invited.value.link), {
      password: 'short',
      repeated: 'other',
      code: '12',
    });
    expect(wrong.ok ? [] : wrong.error.map((one) => one.code)).toEqual([
      'identity.password-short',
      'identity.password-differs',
      'identity.code-wrong',
    ]);
    expect(await readInvitation(node, secretIn(invited.value.link))).toBeDefined();
  });

  test('a name that looks like another account is refused', async () => {
    const same = await invitePerson(contextOf(operator), node, { name: 'Cleo Two', signInName: 'CLEO@alba.example' });
    expect(same).toMatchObject({ ok: false, error: [{ code: 'identity.sign-in-name-taken' }] });
    const hidden = await invitePerson(contextOf(operator), node, { name: 'Cleo\u202e', signInName: 'cleo2' });
    expect(hidden).toMatchObject({ ok: false, error: [{ code: 'identity.name-hidden-characters' }] });
  });
});

describe('signing in', () => {
  let account: Account;
  beforeAll(async () => {
    account = await makeAccount('emil', ['prosecutor']);
  });

  test('takes name, password and code, and gives a cookie that no page can read', async () => {
    clock.advance(31_000);
    const started = await startSignIn(node, { name: ' EMIL ', password, next: '/requests' }, client);
    if (!started.ok) throw new Error(started.error.code);
    const done = await finishSignIn(
      node,
      { cookieHeader: cookieHeader(started.value.cookies), code: codeNow(account).replace(/(...)/, '$1 ') },
      client,
    );
    expect(done).toMatchObject({ ok: true, value: { next: '/requests' } });
    const cookie = done.ok ? done.value.cookies[0]! : '';
    expect(cookie).toMatch(/^__Host-comity=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
    const visitor = await resolveVisitor(node, cookieHeader([cookie]));
    expect(visitor.actor).toMatchObject({ kind: 'person', id: account.id, officeId, roles: ['prosecutor'] });
  });

  test('a cookie set before is never taken over', async () => {
    const planted = secret(systemRandom);
    const before = await resolveVisitor(node, `__Host-comity=${planted}`);
    expect(before.actor.kind).toBe('public');
    const after = await signIn(account);
    expect(readCookie(after, '__Host-comity')).not.toBe(planted);
    expect((await resolveVisitor(node, `__Host-comity=${planted}`)).actor.kind).toBe('public');
  });

  test('the same words for an unknown name, a wrong password and an invited person', async () => {
    const answers = [];
    for (const name of ['nobody-at-all', 'emil', 'dora', ''])
      answers.push(
        await startSignIn(node, { name, password: 'wrong password here' }, { ...client, address: '192.0.2.50' }),
      );
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]).toMatchObject({ ok: false, error: { code: 'identity.not-signed-in' } });
  });

  test('the same time for known and unknown names', async () => {
    const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] };
    for (let n = 0; n < 40; n += 1) {
      const which = n % 2 ? 'known' : 'unknown';
      clock.advance(3_700_000);
      const begun = performance.now();
      const name = which === 'known' ? 'emil' : `nobody-${n}`;
      await startSignIn(node, { name, password: 'wrong password here' }, { ...client, address: `192.0.2.${60 + n}` });
      times[which].push(performance.now() - begun);
    }
    const median = (list: number[]) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)]!;
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(10);
  });

  test('a code counts once, and none before it afterwards', async () => {
    clock.advance(60_000);
    const begin = async () => {
      const started = await startSignIn(node, { name: 'emil', password }, client);
      return started.ok ? cookieHeader(started.value.cookies) : '';
    };
    const code = codeNow(account);
    const older = authenticator.clone({ epoch: Date.parse(clock.now()) - 30_000 }).generate(account.totp);
    expect(await finishSignIn(node, { cookieHeader: await begin(), code }, client)).toMatchObject({ ok: true });
    for (const replayed of [code, older]) {
      expect(await finishSignIn(node, { cookieHeader: await begin(), code: replayed }, client)).toMatchObject({
        ok: false,
        error: { code: 'identity.code-wrong' },
      });
    }
  });

  test('two at once with one code: one gets in', async () => {
    clock.advance(60_000);
    const steps = await Promise.all([1, 2].map(() => startSignIn(node, { name: 'emil', password }, client)));
    const code = codeNow(account);
    const done = await Promise.all(
      steps.map((step) =>
        finishSignIn(node, { cookieHeader: step.ok ? cookieHeader(step.value.cookies) : '', code }, client),
      ),
    );
    expect(done.filter((one) => one.ok)).toHaveLength(1);
  });

  test('a code two steps away is refused', async () => {
    clock.advance(120_000);
    const started = await startSignIn(node, { name: 'emil', password }, client);
    const far = authenticator.clone({ epoch: Date.parse(clock.now()) + 60_000 }).generate(account.totp);
    expect(
      await finishSignIn(
        node,
        { cookieHeader: started.ok ? cookieHeader(started.value.cookies) : '', code: far },
        client,
      ),
    ).toMatchObject({ ok: false });
  });

  test('a recovery code opens once', async () => {
    const use = async () => {
      const started = await startSignIn(node, { name: 'emil', password }, client);
      return finishSignIn(
        node,
        {
          cookieHeader: started.ok ? cookieHeader(started.value.cookies) : '',
          code: account.recoveryCodes[0]!.toLowerCase(),
        },
        client,
      );
    };
    expect(await use()).toMatchObject({ ok: true });
    expect(await use()).toMatchObject({ ok: false, error: { code: 'identity.code-wrong' } });
  });

  test('a step ends after five codes or ten minutes', async () => {
    clock.advance(3_700_000);
    const fresh = await startSignIn(node, { name: 'emil', password }, client);
    const header = fresh.ok ? cookieHeader(fresh.value.cookies) : '';
    for (let n = 0; n < 5; n += 1) await finishSignIn(node, { cookieHeader: header, code: '000000' }, client);
    clock.advance(31_000);
    expect(await finishSignIn(node, { cookieHeader: header, code: codeNow(account) }, client)).toMatchObject({
      ok: false,
      error: { code: 'identity.step-over' },
    });
    clock.advance(3_700_000);
    const late = await startSignIn(node, { name: 'emil', password }, client);
    clock.advance(600_000);
    expect(
      await finishSignIn(
        node,
        { cookieHeader: late.ok ? cookieHeader(late.value.cookies) : '', code: codeNow(account) },
        client,
      ),
    ).toMatchObject({ error: { code: 'identity.step-over' } });
  });

  test.each([
    ['https://evil.example/', '/'],
    ['//evil.example', '/'],
    ['/\\evil.example', '/'],
    ['/requests/XA-1?tab=2', '/requests/XA-1?tab=2'],
    ['/sign-out', '/'],
    [undefined, '/'],
  ])('after sign-in %s leads to %s', (next, to) => {
    expect(safeNext(next)).toBe(to);
  });
});

describe('guessing', () => {
  test('10 000 tries from many addresses are slowed; the owner is in after 15 minutes at most, and at once from where they work', async () => {
    const account = await makeAccount('fara', ['prosecutor']);
    await signIn(account, { ...client, address: '198.51.100.4' });
    let looked = 0;
    let waits = 0;
    for (let n = 0; n < 10_000; n += 1) {
      // One try a second for nearly three hours, each from another address; those that must wait are never looked at.
      clock.advance(1000);
      const answer =
        waits > 0 && n % 100 !== 0
          ? null
          : await startSignIn(
              node,
              { name: 'fara', password: `guess number ${n} of many` },
              { ...client, address: `203.0.113.${n % 250}` },
            );
      if (!answer) continue;
      if (!answer.ok && answer.error.code === 'identity.wait') {
        waits += 1;
        expect(answer.error.params!.minutes).toBeLessThanOrEqual(15);
      } else looked += 1;
    }
    expect(looked).toBeLessThan(30);
    expect(waits).toBeGreaterThan(50);
    const atWork = await startSignIn(node, { name: 'fara', password }, { ...client, address: '198.51.100.4' });
    expect(atWork.ok).toBe(true);
    clock.advance(15 * 60_000);
    expect((await startSignIn(node, { name: 'fara', password }, { ...client, address: '198.51.100.99' })).ok).toBe(
      true,
    );
    const alerts = await database.db
      .selectFrom('audit_entries')
      .select('entry')
      .where('action', '=', 'identity.sign-in-alert')
      .execute();
    expect(alerts.length).toBeGreaterThan(0);
  });

  test('one password over many names is slowed by address, known names and unknown alike', async () => {
    const from = { ...client, address: '203.0.113.251' };
    const codes = [];
    for (let n = 0; n < 80; n += 1) {
      const answer = await startSignIn(
        node,
        { name: n % 2 ? 'emil' : `unknown-${n}`, password: 'spring is here again' },
        from,
      );
      codes.push(answer.ok ? 'in' : answer.error.code);
    }
    expect(codes.slice(-15).every((code) => code === 'identity.wait')).toBe(true);
  });

  test('a hundred at once are counted one by one', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        startSignIn(node, { name: 'gale', password: 'wrong password here' }, { ...client, address: `198.51.100.${n}` }),
      ),
    );
    expect(answers.filter((one) => !one.ok && one.error.code === 'identity.not-signed-in').length).toBeLessThanOrEqual(
      5,
    );
  });
});

describe('a session', () => {
  let account: Account;
  beforeAll(async () => {
    account = await makeAccount('hana', ['prosecutor', 'reviewer']);
  });

  test('ends after 15 idle minutes and after 10 hours in all', async () => {
    const idle = await signIn(account);
    clock.advance(15 * 60_000 - 1);
    expect((await resolveVisitor(node, idle)).actor.kind).toBe('person');
    clock.advance(15 * 60_000);
    expect(await resolveVisitor(node, idle)).toMatchObject({ actor: { kind: 'public' }, ended: 'idle' });
    const long = await signIn(account);
    for (let n = 0; n < 42; n += 1) {
      clock.advance(14 * 60_000);
      expect((await resolveVisitor(node, long)).actor.kind).toBe('person');
    }
    clock.advance(12 * 60_000);
    expect(await resolveVisitor(node, long)).toMatchObject({ actor: { kind: 'public' }, ended: 'absolute' });
  });

  test('a copied cookie is seen in the list and ended at once', async () => {
    const [own, copied] = [await signIn(account), await signIn(account, { address: '192.0.2.99', userAgent: 'Other' })];
    const ctx = await visit(own);
    const seen = await listOwnSessions(ctx);
    const foreign = seen.find((one) => one.address === '192.0.2.99')!;
    expect(foreign).toMatchObject({ current: false, userAgent: 'Other' });
    await endOwnSession(ctx, foreign.id);
    expect((await resolveVisitor(node, copied)).ended).toBe('ended');
    expect((await resolveVisitor(node, own)).actor.kind).toBe('person');
    await expect(endOwnSession(ctx, foreign.id)).rejects.toThrow('identity.not-found');
  });

  test('all others end at once; signing out ends the own', async () => {
    const [own, other] = [await signIn(account), await signIn(account)];
    const ctx = await visit(own);
    expect(await endOtherSessions(ctx)).toBeGreaterThanOrEqual(1);
    expect((await resolveVisitor(node, other)).actor.kind).toBe('public');
    await endOwnSession(ctx, ctx.sessionId!);
    expect(await resolveVisitor(node, own)).toMatchObject({ ended: 'ended' });
  });

  test('nobody ends or sees the sessions of another', async () => {
    const [own, other] = [await visit(await signIn(account)), await makeAccount('ivo', ['prosecutor'])];
    const stranger = await visit(await signIn(other));
    await expect(endOwnSession(stranger, own.sessionId!)).rejects.toThrow('identity.not-found');
    const rows = await stranger.transaction((tx) => tx.selectFrom('identity_sessions').select('person_id').execute());
    expect(new Set(rows.map((row) => row.person_id))).toEqual(new Set([other.id]));
  });

  test('a role taken away is gone at the next call, and the cookie changes', async () => {
    const header = await signIn(account);
    expect((await visit(header)).may('requests.list')).toBe(true);
    await revokeRole(contextOf(operator), { personId: account.id, officeId, role: 'prosecutor' });
    const visitor = await resolveVisitor(node, header);
    expect(visitor.actor).toMatchObject({ roles: ['reviewer'] });
    expect(visitor.cookies).toHaveLength(1);
    const renewed = cookieHeader(visitor.cookies);
    expect(renewed).not.toBe(header);
    expect((await resolveVisitor(node, header)).actor.kind).toBe('person');
    clock.advance(10_001);
    expect((await resolveVisitor(node, header)).actor.kind).toBe('public');
    expect((await resolveVisitor(node, renewed)).actor.kind).toBe('person');
  });

  test('a suspended person is out at the next call', async () => {
    const jan = await makeAccount('jan', ['analyst']);
    const header = await signIn(jan);
    await suspendPerson(contextOf(operator), jan.id);
    expect((await resolveVisitor(node, header)).actor.kind).toBe('public');
    expect(await startSignIn(node, { name: 'jan', password }, client)).toMatchObject({
      ok: false,
      error: { code: 'identity.not-signed-in' },
    });
  });

  test('a form of one session is no form of another', async () => {
    const [one, two] = [
      await resolveVisitor(node, await signIn(account)),
      await resolveVisitor(node, await signIn(account)),
    ];
    expect(one.isCsrfRight(one.csrf)).toBe(true);
    expect(one.isCsrfRight(two.csrf)).toBe(false);
    const visitor = await resolveVisitor(node, '');
    const back = await resolveVisitor(node, cookieHeader(visitor.cookies));
    expect(back.isCsrfRight(visitor.csrf)).toBe(true);
    expect((await resolveVisitor(node, '')).isCsrfRight(visitor.csrf)).toBe(false);
  });
});

describe('acts that need two persons', () => {
  let first: Context;
  let second: Context;
  let third: Account;
  beforeAll(async () => {
    // The first administrator's link died unused; the operator makes another.
    const renewed = await renewInvitation(contextOf(operator), node, firstId);
    const [kim, lea] = [await setUp(renewed.link, firstId, 'ada'), await makeAccount('lea', ['administrator'])];
    third = await makeAccount('mara', ['prosecutor']);
    const [one, two] = [await signIn(kim), await signIn(lea)];
    [first, second] = [await visit(one), await visit(two)];
  });

  test('a sensitive role is held only when another person has confirmed it', async () => {
    const { proposalId } = await grantRole(first, { personId: third.id, officeId, role: 'signatory' });
    expect(proposalId).not.toBeNull();
    await expect(decideOnProposal(first, node, proposalId!, 'confirmed')).rejects.toThrow('identity.why-took-part');
    const header = await signIn(third);
    expect((await visit(header)).actor).toMatchObject({ roles: ['prosecutor'] });
    await decideOnProposal(second, node, proposalId!, 'confirmed');
    expect((await visit(header)).actor).toMatchObject({ roles: ['prosecutor', 'signatory'] });
    await expect(decideOnProposal(second, node, proposalId!, 'confirmed')).rejects.toThrow('identity.no-such-proposal');
  });

  test('the one it concerns may not confirm it', async () => {
    if (second.actor.kind !== 'person') throw new Error('no person');
    const { proposalId } = await grantRole(first, { personId: second.actor.id, officeId, role: 'oversight' });
    await expect(decideOnProposal(second, node, proposalId!, 'confirmed')).rejects.toThrow('identity.why-took-part');
  });

  test('once two people administer the node the operator alone cannot make a third', async () => {
    expect(
      (await grantRole(contextOf(operator), { personId: third.id, officeId, role: 'administrator' })).proposalId,
    ).not.toBeNull();
  });

  test('role grants ask a second factor not older than five minutes', async () => {
    clock.advance(300_001);
    if (first.actor.kind !== 'person') throw new Error('no person');
    const stale = contextOf(first.actor, first.sessionId);
    await expect(grantRole(stale, { personId: third.id, officeId, role: 'analyst' })).rejects.toThrow(
      'identity.step-up-needed',
    );
    const denied = await database.db
      .selectFrom('audit_entries')
      .select('action')
      .where('outcome', '=', 'denied')
      .where('action', '=', 'identity.grant-roles')
      .execute();
    expect(denied).toHaveLength(1);
  });

  test('a second factor checked again makes the session fresh', async () => {
    const account = await makeAccount('nora', ['reviewer']);
    const header = await signIn(account);
    clock.advance(400_000);
    const ctx = await visit(header);
    expect(ctx.may('identity.change-factors')).toBe(false);
    expect(
      await stepUpWithCode(ctx, node, { password: 'wrong password here', code: codeNow(account) }, client),
    ).toMatchObject({ ok: false });
    expect(await stepUpWithCode(ctx, node, { password, code: codeNow(account) }, client)).toMatchObject({ ok: true });
    expect((await visit(header)).may('identity.change-factors')).toBe(true);
  });

  test('a lost factor is reset by two persons: all factors and sessions go, a new link comes', async () => {
    const account = await makeAccount('olga', ['reviewer']);
    const header = await signIn(account);
    const proposalId = await proposeReset(first, account.id);
    await expect(decideOnProposal(contextOf(operator), node, proposalId, 'confirmed')).rejects.toThrow();
    if (second.actor.kind !== 'person') throw new Error('no person');
    const fresh = contextOf({ ...second.actor, steppedUpAt: clock.now() }, second.sessionId);
    const reset = await decideOnProposal(fresh, node, proposalId, 'confirmed');
    expect((await resolveVisitor(node, header)).actor.kind).toBe('public');
    expect(await startSignIn(node, { name: 'olga', password }, client)).toMatchObject({ ok: false });
    await setUp(reset!.link, account.id, 'olga');
    expect((await startSignIn(node, { name: 'olga', password }, client)).ok).toBe(true);
  });
});

describe('other ways in', () => {
  test('a token acts within its scopes, dies when ended, and is stored hashed', async () => {
    const account = await makeAccount('petra', ['prosecutor']);
    const ctx = await visit(await signIn(account));
    const wide = await makeToken(ctx, { label: 'Script', scopes: ['requests.sign'], days: 30 });
    expect(wide).toMatchObject({ ok: false, error: [{ code: 'identity.token-scopes-wrong' }] });
    const made = await makeToken(ctx, { label: 'Script', scopes: ['requests.list'], days: 30 });
    if (!made.ok) throw new Error('no token');
    const actor = await apiTokenActor(node, `Bearer ${made.value.token}`);
    const byToken = contextOf(actor!);
    expect(byToken.may('requests.list')).toBe(true);
    expect(byToken.may('evidence.open-case-file')).toBe(false);
    expect(byToken.may('identity.own-account')).toBe(false);
    expect(await apiTokenActor(node, 'Bearer comity_guess')).toBeUndefined();
    const stored = await asIdentity(node, (tx) => tx.selectFrom('identity_tokens').selectAll().execute());
    expect(JSON.stringify(stored)).not.toContain(made.value.token);
    clock.advance(31 * 86_400_000);
    expect(await apiTokenActor(node, `Bearer ${made.value.token}`)).toBeUndefined();
  });

  test('a demo link signs in once, and in the demo profile only', async () => {
    const account = await makeAccount('quin', ['prosecutor']);
    const production = contextOf(operator);
    await expect(production.transaction((tx) => createDemoLink(tx, production, account.id))).rejects.toThrow(
      'identity.demo-only',
    );
    const demo = { ...node, profile: 'demo' as const };
    const ctx: Context = { ...contextOf(operator), profile: 'demo' };
    const link = await ctx.transaction((tx) => createDemoLink(tx, ctx, account.id));
    expect(await enterByDemoLink(node, secretIn(link), client)).toMatchObject({ ok: false });
    expect(await enterByDemoLink(demo, secretIn(link), client)).toMatchObject({ ok: true });
    expect(await enterByDemoLink(demo, secretIn(link), client)).toMatchObject({
      ok: false,
      error: { code: 'identity.link-over' },
    });
  });

  test('without a named actor the database shows no credential', async () => {
    for (const table of [
      'identity_passwords',
      'identity_totp',
      'identity_sessions',
      'identity_recovery_codes',
      'identity_tokens',
    ] as const) {
      expect(await database.db.selectFrom(table).selectAll().execute()).toEqual([]);
    }
  });

  test('nothing stored shows a password, a code or a cookie', async () => {
    const account = await makeAccount('rosa', ['prosecutor']);
    const header = await signIn(account);
    const rows = await asIdentity(node, async (tx) => [
      await tx.selectFrom('identity_passwords').selectAll().execute(),
      await tx.selectFrom('identity_totp').selectAll().execute(),
      await tx.selectFrom('identity_sessions').selectAll().execute(),
      await tx.selectFrom('identity_recovery_codes').selectAll().execute(),
      await tx.selectFrom('audit_entries').selectAll().execute(),
    ]);
    const text = JSON.stringify(rows, (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
    );
    for (const canary of [password, account.totp, readCookie(header, '__Host-comity')!, account.recoveryCodes[1]!])
      expect(text).not.toContain(canary);
  });

  test('an office is added by who manages people', async () => {
    expect(await addOffice(contextOf(operator), { name: { en: 'Customs' }, authority: null })).toMatch(
      /^[0-9a-f-]{36}$/,
    );
    await expect(addOffice(contextOf({ kind: 'public' }), { name: { en: 'X' }, authority: null })).rejects.toThrow();
  });
});
