import { Hono } from 'hono';
import { authenticator } from 'otplib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../../tests/support/database.ts';
import { testView } from '../../../../tests/support/view.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { mountRoutes, type MountOptions } from '../../../platform/http/mount.ts';
import { createTranslators, type OfferedLocale } from '../../../platform/i18n/index.ts';
import { createLog } from '../../../platform/log.ts';
import { systemRandom } from '../../../platform/random.ts';
import { StateCode } from '../../../platform/values/index.ts';
import { webMessages, type View } from '../../../web/index.ts';
import type { Actor, Context } from '../context.ts';
import {
  addSampleOffice,
  addSamplePerson,
  admits,
  apiTokenActor,
  createContext,
  createDemoLink,
  grantRole,
  identityApi,
  identityMessages,
  identityPages,
  identitySecrets,
  invitePerson,
  recordRouteDenied,
  resolveVisitor,
  type IdentityNode,
  type Permission,
  type Role,
} from '../index.ts';

let database: TestDatabase;
let node: IdentityNode;
let app: Hono;
let officeId = '';
const clock = fakeClock('2026-05-14T08:00:00.000Z');
const log = createLog('silent');
const origin = 'https://alba.example';
const password = 'lamp river seventeen moss';

function contextOf(actor: Actor, locale: OfferedLocale, sessionId?: string): Context {
  const { db, random } = node;
  return createContext({
    actor,
    db,
    clock,
    random,
    log,
    state: StateCode.parse('XA'),
    zone: 'UTC',
    profile: 'demo',
    locale,
    sessionId,
  });
}
const operator = () => contextOf({ kind: 'system', id: 'operator' }, 'en');

/** The mount as the application uses it, reduced to what this module shows. */
function mountOptions(): MountOptions<Context, View> {
  return {
    db: database.db,
    log,
    async visit(c) {
      const header = c.req.header('cookie') ?? '';
      const locale: OfferedLocale = c.req.query('lang') === 'ar' ? 'ar' : 'en';
      const byToken = await apiTokenActor(node, c.req.header('authorization'));
      const visitor = await resolveVisitor(node, byToken ? '' : header);
      const ctx = contextOf(byToken ?? visitor.actor, locale, visitor.session?.id);
      const person = visitor.person && { name: visitor.person.name, officeName: visitor.person.officeName.en ?? '' };
      const view = {
        ...testView({ locale, catalogues: [identityMessages], path: c.req.path }),
        csrf: visitor.csrf,
        person,
      };
      return {
        ctx,
        view,
        signedIn: ctx.actor.kind === 'person',
        byToken: byToken !== undefined,
        scope: visitor.csrf,
        isCsrfRight: visitor.isCsrfRight,
        cookies: visitor.cookies,
      };
    },
    admits: (ctx, permission) => admits(ctx.actor, permission as Permission),
    withTransaction: (ctx, transaction) => ({ ...ctx, transaction }),
    words: (view, code, params) => view.t.code(code, params),
    problemText: (view, problem) => view.problemText(problem),
    errorPage: (_view, report) => `<p>${report.code}</p>`,
    keepForm: async (path) => path,
    seal: (bytes) => bytes,
    open: (bytes) => bytes,
    recordDenied: (ctx, permission, path) => recordRouteDenied(node.db, ctx, permission as Permission, path),
    isReadOnly: () => false,
    reference: () => 'R-1',
    ownOrigins: () => [origin],
    maxBodyBytes: 1_048_576,
    maxFormBytes: 1_048_576,
    checkOutputs: true,
  };
}

/** A browser: keeps cookies, sends the hidden fields of the last page it was shown. */
class Browser {
  readonly jar = new Map<string, string>();
  html = '';
  status = 0;
  location: string | null = null;
  async #take(answer: Response): Promise<this> {
    for (const one of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = one.split('; ');
      const [name = '', value = ''] = pair.split('=');
      if (attributes.includes('Max-Age=0')) this.jar.delete(name);
      else this.jar.set(name, value);
    }
    this.status = answer.status;
    this.location = answer.headers.get('location');
    this.html = await answer.text();
    return this;
  }
  get cookie(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }
  async get(path: string): Promise<this> {
    return this.#take(await app.request(`${origin}${path}`, { headers: { cookie: this.cookie } }));
  }
  async post(
    path: string,
    fields: Record<string, string>,
    csrf = /name="_csrf" value="([^"]+)"/.exec(this.html)?.[1] ?? '',
  ): Promise<this> {
    const body = new URLSearchParams({ _csrf: csrf, ...fields }).toString();
    const headers = { cookie: this.cookie, origin, 'content-type': 'application/x-www-form-urlencoded' };
    return this.#take(await app.request(`${origin}${path}`, { method: 'POST', headers, body }));
  }
}

async function enter(roles: Role[], signInName: string): Promise<Browser> {
  const ctx = operator();
  const link = await ctx.transaction(async (tx) => {
    const id = await addSamplePerson(tx, ctx, { name: `Person ${signInName}`, signInName, officeId, roles });
    return createDemoLink(tx, ctx, id);
  });
  const browser = new Browser();
  await browser.get(link);
  await browser.post(link, {});
  expect(browser.status).toBe(303);
  return browser;
}

beforeAll(async () => {
  database = await testDatabase();
  const random = systemRandom;
  node = {
    db: database.db,
    clock,
    random,
    log,
    profile: 'demo',
    origin,
    name: 'Alba',
    passwordCost: { memoryKiB: 1024, passes: 1 },
    ...identitySecrets(random.bytes(32), random),
  };
  app = new Hono();
  mountRoutes(app, [...identityPages({ node }), ...identityApi(node)], mountOptions());
  const ctx = operator();
  officeId = await ctx.transaction((tx) =>
    addSampleOffice(tx, ctx, { name: { en: 'Central Authority' }, authority: 'XA:central-authority' }),
  );
});
afterAll(() => database.close());

describe('the way in', () => {
  test('from a one-time link over password, code app and recovery codes to a signed-in page', async () => {
    const invited = await invitePerson(operator(), node, { name: 'Cleo Test', signInName: 'cleo' });
    if (!invited.ok) throw new Error('not invited');
    await grantRole(operator(), { personId: invited.value.personId, officeId, role: 'prosecutor' });
    const browser = await new Browser().get(invited.value.link);
    expect(browser.html).toContain('<h1>Set up your account</h1>');
    const totp = /class="hash"[^>]*>([A-Z2-7 ]+)</.exec(browser.html)![1]!.replaceAll(' ', '');
    const code = () => authenticator.clone({ epoch: Date.parse(clock.now()) }).generate(totp);
    await browser.post(invited.value.link, { password: 'short', repeated: 'short', code: code() });
    expect(browser.status).toBe(422);
    expect(browser.html).toMatch(/<title>Error: /);
    expect(browser.html).toContain('Use at least 15 characters.');
    await browser.post(invited.value.link, { password, repeated: password, code: code() });
    expect(browser.html.match(/[A-Z2-7]{4}(-[A-Z2-7]{4}){3}/g)).toHaveLength(10);
    expect((await browser.get(invited.value.link)).status).toBe(404);

    clock.advance(31_000);
    await browser.get('/sign-in?next=/profile');
    await browser.post('/sign-in', { name: 'cleo', password: 'wrong password here', next: '/profile' });
    expect(browser.status).toBe(422);
    expect(browser.html).toContain('We could not sign you in.');
    await browser.post('/sign-in', { name: 'cleo', password, next: '/profile' });
    expect(browser).toMatchObject({ status: 303, location: '/sign-in/code' });
    await browser.get('/sign-in/code');
    await browser.post('/sign-in/code', { code: code() });
    expect(browser).toMatchObject({ status: 303, location: '/profile' });
    await browser.get('/profile');
    expect(browser.html).toContain('This device, now');
    expect(browser.html).toContain('10 codes are left.');

    const kept = browser.cookie;
    await browser.post('/sign-out', {});
    expect(browser.location).toBe('/sign-in');
    const answer = await app.request(`${origin}/profile`, { headers: { cookie: kept } });
    expect(answer.headers.get('location')).toBe('/sign-in?next=%2Fprofile');
  });

  test('a form from elsewhere signs nobody in', async () => {
    const browser = await new Browser().get('/sign-in');
    expect((await browser.post('/sign-in', { name: 'cleo', password }, 'planted')).status).toBe(403);
    const headers = {
      'content-type': 'application/x-www-form-urlencoded',
      origin: 'https://elsewhere.test',
      cookie: browser.cookie,
    };
    expect((await app.request(`${origin}/sign-in`, { method: 'POST', headers, body: '' })).status).toBe(403);
  });

  test('the sign-in page holds name, password and a passkey, works without scripts, and asks nothing to be copied', async () => {
    const { html } = await new Browser().get('/sign-in');
    expect(html.match(/<h1>/g)).toHaveLength(1);
    expect(html).toContain('autocomplete="username webauthn"');
    expect(html).toContain('autocomplete="current-password"');
    expect(html).toMatch(/<comity-passkey hidden/);
    expect(html).not.toContain('onpaste');
  });

  test('a link of the sample world shows a button first, then signs in once', async () => {
    const browser = await enter(['prosecutor'], 'emil');
    expect((await browser.get('/profile')).status).toBe(200);
    expect((await browser.get('/sign-in')).location).toBe('/');
  });
});

describe('pages of people and of the own account', () => {
  test('an administrator invites, and the link is shown once', async () => {
    const browser = await enter(['administrator'], 'ada');
    await browser.get('/system/people');
    await browser.post('/system/people/invite', { name: 'Dora Test', signInName: 'dora', email: '' });
    expect(browser.html).toMatch(/https:\/\/alba\.example\/invitation\/[\w-]{43}/);
    await browser.get('/system/people');
    await browser.post('/system/people/invite', { name: '', signInName: 'dora', email: 'x' });
    expect(browser.status).toBe(422);
    for (const words of ['Enter a name.', 'Enter an e-mail address']) expect(browser.html).toContain(words);
  });

  test('one administrator proposes a sensitive role, another confirms it', async () => {
    const [one, two] = [await enter(['administrator'], 'kim'), await enter(['administrator'], 'lea')];
    await one.get('/system/people');
    const personId = /value="([0-9a-f-]{36})"[^>]*>Dora Test/.exec(one.html)![1]!;
    await one.post('/system/people/grant', { personId, officeId, role: 'signatory' });
    expect((await one.get('/system/people')).html).toContain('Waiting for a second person');
    const id = /name="id" value="([0-9a-f-]{36})"/.exec(one.html)![1]!;
    expect((await one.post('/system/people/decide', { id, decision: 'confirmed' })).html).toContain(
      'identity.why-took-part',
    );
    await two.get('/system/people');
    expect((await two.post('/system/people/decide', { id, decision: 'confirmed' })).status).toBe(303);
    expect((await two.get('/system/people')).html).not.toContain('Waiting for a second person');
  });

  test('who is no administrator is refused, and the log says so', async () => {
    const browser = await enter(['prosecutor'], 'mara');
    expect((await browser.get('/system/people')).status).toBe(403);
    const denied = await database.db
      .selectFrom('audit_entries')
      .select('subject_id')
      .where('outcome', '=', 'denied')
      .where('action', '=', 'identity.read-people')
      .execute();
    expect(denied.at(-1)).toEqual({ subject_id: '/system/people' });
  });

  test('a second factor older than five minutes is asked again, and then the act goes on', async () => {
    const browser = await enter(['prosecutor'], 'nora');
    clock.advance(301_000);
    await browser.get('/profile');
    expect((await browser.post('/profile/recovery-codes', {})).html).toContain('identity.step-up-needed');
    await browser.get('/sign-in/step-up?next=/profile');
    expect((await browser.post('/sign-in/step-up', { demo: 'yes', next: '/profile' })).location).toBe('/profile');
    await browser.get('/profile');
    expect(
      (await browser.post('/profile/recovery-codes', {})).html.match(/[A-Z2-7]{4}(-[A-Z2-7]{4}){3}/g),
    ).toHaveLength(10);
  });

  test('a token is made on the page and answers as its owner', async () => {
    const browser = await enter(['prosecutor'], 'petra');
    await browser.get('/profile');
    await browser.post('/profile/tokens', { label: 'Script', scopes: 'requests.list', days: '30' });
    const token = /comity_[\w-]{43}/.exec(browser.html)![0];
    const refused = await app.request(`${origin}/api/me`, { headers: { authorization: `Bearer ${token}` } });
    expect(refused.status).toBe(403);
    const me = await app.request(`${origin}/api/me`, { headers: { cookie: browser.cookie } });
    expect(await me.json()).toMatchObject({ kind: 'identity.me', roles: ['prosecutor'] });
  });

  test('preferences are kept, and others are refused', async () => {
    const browser = await enter(['prosecutor'], 'quin');
    await browser.get('/profile');
    expect(
      (await browser.post('/profile/preferences', { locale: 'ar', theme: 'dark', density: 'compact' })).status,
    ).toBe(303);
    expect((await browser.get('/profile')).html).toMatch(/value="ar" selected/);
    expect(
      (await browser.post('/profile/preferences', { locale: 'xx', theme: 'dark', density: 'compact' })).status,
    ).toBe(422);
    await browser.get('/profile');
    expect((await browser.post('/profile/sessions/end', { id: "'; drop table" })).status).toBe(404);
  });

  test.each(['/sign-in', '/profile', '/system/people', '/sign-in/step-up'])(
    '%s speaks Arabic throughout',
    async (path) => {
      const browser =
        path === '/sign-in' ? new Browser() : await enter(['administrator'], `ivo${path.replaceAll('/', '')}`);
      await browser.get(`${path}?lang=ar`);
      expect(browser.status).toBe(200);
      expect(browser.html).toContain('dir="rtl"');
      expect(browser.html.replaceAll(/<script.*?<\/script>|<bdi.*?<\/bdi>/g, '')).not.toMatch(/identity\.[a-z-]+/);
    },
  );
});

describe('words', () => {
  test('every message is readable and no longer than 30 words in each language', () => {
    const words = createTranslators([webMessages, identityMessages]);
    const params = {
      state: 'X',
      provider: 'X',
      minutes: 3,
      host: 'x',
      until: 'x',
      shortest: 15,
      longest: 128,
      count: 3,
      role: 'x',
      name: 'x',
      link: 'x',
      proposal: 'x',
      id: 'x',
    };
    for (const locale of ['en', 'ar'] as const) {
      for (const key of Object.keys(identityMessages.words.en)) {
        const text = words[locale].code(key, params);
        expect(text, key).not.toMatch(/[{}!]|undefined/);
        expect(text.split(/\s+/).length, key).toBeLessThanOrEqual(30);
      }
    }
  });
});
