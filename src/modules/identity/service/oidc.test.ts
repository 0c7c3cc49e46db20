import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { systemClock } from '../../../platform/clock.ts';
import { createLog } from '../../../platform/log.ts';
import { systemRandom } from '../../../platform/random.ts';
import { StateCode } from '../../../platform/values/index.ts';
import { createContext } from '../create-context.ts';
import {
  addSampleOffice,
  addSamplePerson,
  awaitsCode,
  finishProviderSignIn,
  identitySecrets,
  linkToProvider,
  resolveVisitor,
  startProviderSignIn,
  suspendPerson,
  type IdentityNode,
} from './index.ts';

let database: TestDatabase;
let server: Server;
let node: IdentityNode;
let personId = '';
/** Who signs in at the provider next, and by which methods. */
let login: { accountId: string; amr: string[] } = { accountId: 'sub-ada', amr: ['mfa'] };
const client = { address: '192.0.2.7', userAgent: 'Test browser' };
const log = createLog('silent');
const state = StateCode.parse('XA');
const operator = () => {
  const { db, clock, random } = node;
  return createContext({
    actor: { kind: 'system', id: 'operator' },
    db,
    clock,
    random,
    log,
    state,
    zone: 'UTC',
    profile: 'demo',
    locale: 'en',
  });
};

/** A real OpenID Connect provider on the loopback address; its pages answer themselves. */
async function startProvider(): Promise<string> {
  let handle: (request: IncomingMessage, response: ServerResponse) => Promise<void> = async () => {};
  server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'comity',
        client_secret: 'a secret of the test',
        redirect_uris: ['https://alba.example/sign-in/provider/callback'],
        token_endpoint_auth_method: 'client_secret_basic',
      },
    ],
    claims: { openid: ['sub', 'amr'] },
    cookies: { keys: ['test'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
    pkce: { required: () => true },
  });
  const callback = provider.callback();
  handle = async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return void (await callback(request, response));
    const { params } = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: login.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope('openid');
    const result = { login: { ...login, remember: false }, consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
  };
  return issuer;
}

/** The browser at the provider: follows redirects and keeps cookies until it is sent back to us. */
async function atProvider(address: string): Promise<string> {
  const jar = new Map<string, string>();
  for (let url = address, steps = 0; steps < 10; steps += 1) {
    const answer = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...jar].map(([key, value]) => `${key}=${value}`).join('; ') },
    });
    for (const one of answer.headers.getSetCookie()) {
      const [key = '', ...value] = (one.split(';')[0] ?? '').split('=');
      jar.set(key, value.join('='));
    }
    const to = answer.headers.get('location');
    if (!to) throw new Error(`The provider answered ${answer.status}: ${await answer.text()}`);
    url = new URL(to, url).href;
    if (url.startsWith('https://alba.example/')) return new URL(url).search.slice(1);
  }
  throw new Error('The provider never sent the browser back');
}

const cookieOf = (cookies: string[]) => cookies[0]!.split(';')[0]!;

async function goAndComeBack(next?: string) {
  const started = await startProviderSignIn(node, next);
  return { cookieHeader: cookieOf(started.cookies), query: await atProvider(started.address), started };
}

beforeAll(async () => {
  database = await testDatabase();
  const [clock, random] = [systemClock, systemRandom];
  const oidc = {
    issuer: await startProvider(),
    clientId: 'comity',
    clientSecret: 'a secret of the test',
    name: 'Ministry account',
    allowPlainHttp: true,
  };
  node = {
    db: database.db,
    clock,
    random,
    log,
    profile: 'production',
    origin: 'https://alba.example',
    name: 'Alba',
    oidc,
    ...identitySecrets(random.bytes(32), random),
  };
  const ctx = operator();
  personId = await ctx.transaction(async (tx) => {
    const officeId = await addSampleOffice(tx, ctx, { name: { en: 'Central Authority' }, authority: null });
    return addSamplePerson(tx, ctx, { name: 'Ada Test', signInName: 'ada', officeId, roles: ['prosecutor'] });
  });
  await linkToProvider(operator(), oidc.issuer, 'sub-ada', personId);
});
afterAll(async () => {
  server.close();
  await database.close();
});

describe("sign-in by the State's identity provider", () => {
  test('asks with state, nonce and PKCE, in a cookie that survives the way back', async () => {
    const { address, cookies } = await startProviderSignIn(node, '/requests');
    const asked = new URL(address).searchParams;
    expect(asked.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked.get(name)?.length).toBeGreaterThanOrEqual(43);
    expect(cookies[0]).toMatch(/^__Host-comity-oidc=.*SameSite=Lax/);
  });

  test('signs in the person of that subject, and goes where they wanted', async () => {
    const back = await goAndComeBack('/requests');
    const done = await finishProviderSignIn(node, back, client);
    if (!done.ok) throw new Error(done.error.code);
    expect(done.value.next).toBe('/requests');
    const visitor = await resolveVisitor(node, cookieOf(done.value.cookies));
    expect(visitor).toMatchObject({ actor: { id: personId }, session: { method: 'oidc', steppedUpAt: null } });
  });

  test('an answer counts once', async () => {
    const back = await goAndComeBack();
    expect((await finishProviderSignIn(node, back, client)).ok).toBe(true);
    expect(await finishProviderSignIn(node, back, client)).toMatchObject({
      ok: false,
      error: { code: 'identity.not-signed-in' },
    });
  });

  test('an answer in another browser, with another state, another issuer or a made-up code is refused', async () => {
    const [one, two] = [await goAndComeBack(), await goAndComeBack()];
    expect((await finishProviderSignIn(node, { cookieHeader: '', query: one.query }, client)).ok).toBe(false);
    expect((await finishProviderSignIn(node, { cookieHeader: one.cookieHeader, query: two.query }, client)).ok).toBe(
      false,
    );
    for (const [name, value] of [
      ['state', 'x'],
      ['iss', 'https://elsewhere.test'],
      ['code', 'made-up'],
    ] as const) {
      const back = await goAndComeBack();
      const query = new URLSearchParams(back.query);
      query.set(name, value);
      expect((await finishProviderSignIn(node, { ...back, query: query.toString() }, client)).ok, name).toBe(false);
    }
  });

  test('a subject nobody is tied to opens nothing, whatever its name', async () => {
    login = { accountId: 'ada', amr: ['mfa'] };
    expect((await finishProviderSignIn(node, await goAndComeBack(), client)).ok).toBe(false);
    login = { accountId: 'sub-ada<!-- -->', amr: ['mfa'] };
    expect((await finishProviderSignIn(node, await goAndComeBack(), client)).ok).toBe(false);
  });

  test('where the provider does not speak of two factors our own code is asked', async () => {
    login = { accountId: 'sub-ada', amr: ['pwd'] };
    const done = await finishProviderSignIn(node, await goAndComeBack(), client);
    if (!done.ok) throw new Error(done.error.code);
    expect(done.value.next).toBe('/sign-in/code');
    expect(await awaitsCode(node, cookieOf(done.value.cookies))).toBe(true);
    expect((await resolveVisitor(node, cookieOf(done.value.cookies))).actor.kind).toBe('public');
  });

  test('a suspended person is out, and a provider that is away is said', async () => {
    login = { accountId: 'sub-ada', amr: ['mfa'] };
    const back = await goAndComeBack();
    await suspendPerson(operator(), personId);
    expect((await finishProviderSignIn(node, back, client)).ok).toBe(false);
    const away = { ...node, oidc: { ...node.oidc!, issuer: 'http://127.0.0.1:1' } };
    await expect(startProviderSignIn(away, '/')).rejects.toThrow('identity.provider-not-reached');
  });
});
