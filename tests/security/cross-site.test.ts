import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, hiddenValue, send, type Client } from '../support/client.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { addTestOffice, addTestPerson, demoLink, type TestPerson } from '../support/office-people.ts';

let alba: TestNode;
let admin: TestPerson;
let visitor: Client;
beforeAll(async () => {
  alba = await startNode();
  const officeId = await addTestOffice(alba, 'Operations');
  admin = await addTestPerson(alba, { signInName: 'ada', officeId, roles: ['administrator'] });
  visitor = createClient(alba.running);
});
afterAll(() => alba?.stop());

const offices = async () => {
  const rows = await alba.database.owner.selectFrom('identity_offices').select('id').execute();
  return rows.length;
};

describe('a form sent from another site', () => {
  test.each([
    ['another origin', { Origin: 'https://evil.example' }],
    ['the same host on another port', { Origin: 'http://alba.localhost:1' }],
    ['a host that begins alike', { Origin: 'http://alba.localhost.evil.example' }],
    ['no origin it would name', { Origin: 'null' }],
    ['a browser that says cross-site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a browser that says same-site', { 'Sec-Fetch-Site': 'same-site' }],
  ])('is refused from %s, with every proof right', async (_what, headers) => {
    const before = await offices();
    const answer = await admin.client.post(
      '/system/people/offices',
      { officeName: 'Cuckoo' },
      headers as Record<string, string>,
    );
    expect(answer.status).toBe(403);
    expect(await offices()).toBe(before);
    const call = await admin.client.api(
      'POST',
      '/api/people',
      { name: 'X', signInName: 'cuckoo' },
      headers as Record<string, string>,
    );
    expect(call.status).toBe(403);
  });

  test.each([
    ['no proof', ''],
    ['a proof of another session', 'other'],
    ['a proof of nobody', 'x'.repeat(43)],
  ])('does nothing with %s', async (_what, proof) => {
    const before = await offices();
    const csrf = proof === 'other' ? await visitor.csrf() : proof;
    const answer = await admin.client.post('/system/people/offices', { officeName: 'Cuckoo', _csrf: csrf });
    expect(answer.status).toBe(403);
    expect(answer.text).toContain('Cuckoo');
    expect(await offices()).toBe(before);
  });

  test.each(['text/plain', 'application/json', 'multipart/mixed', 'application/x-www-form-urlencoded; charset=utf-7'])(
    'as %s changes nothing without its proof',
    async (type) => {
      const before = await offices();
      const body = type === 'application/json' ? '{"officeName":"Cuckoo"}' : 'officeName=Cuckoo';
      const answer = await admin.client.call('POST', '/system/people/offices', {
        headers: { 'Content-Type': type },
        body,
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(await offices()).toBe(before);
    },
  );

  test('cannot sign somebody in to another account', async () => {
    const victim = createClient(alba.running);
    const link = await demoLink(alba, admin.id);
    const attacker = createClient(alba.running);
    const proof = hiddenValue((await attacker.get(link)).text, '_csrf') ?? '';
    await victim.get('/sign-in');
    const answer = await victim.post(link, { _csrf: proof });
    expect(answer.status).toBe(403);
    expect(victim.cookies.has('__Host-comity')).toBe(false);
  });
});

test('opening an address changes nothing', async () => {
  const tables = ['identity_offices', 'identity_people', 'identity_holdings', 'case_files', 'requests'] as const;
  const rows = async () => {
    const counts = [];
    for (const table of tables) {
      const { count } = await alba.database.admin
        .selectFrom(table)
        .select((one) => one.fn.countAll<string>().as('count'))
        .executeTakeFirstOrThrow();
      counts.push(count);
    }
    return counts;
  };
  const before = await rows();
  for (const route of alba.running.app.routes) {
    const path = route.path.replaceAll(/:(\w+)/g, 'x');
    if (route.method === 'get') await admin.client.get(path);
    else expect((await admin.client.get(path)).status, path).not.toBe(201);
  }
  expect(await rows()).toEqual(before);
});

describe('a way out of the node', () => {
  const away = ['//evil.example', '/\\evil.example', 'https://evil.example', '\\\\evil.example', '/%09/evil.example', '/\t/evil.example',
    '/\n/evil.example', 'javascript:alert(1)', '/sign-in@evil.example', 'http:evil.example', '///evil.example', '/..//evil.example', '/./\\evil.example']; // prettier-ignore

  test.each(away)('is not taken after sign-in: %s', async (next) => {
    const client = createClient(alba.running);
    await client.enter(await demoLink(alba, admin.id));
    for (const path of [
      `/sign-in?next=${encodeURIComponent(next)}`,
      `/sign-in?next=${next.replaceAll(/[\s\\]/g, '%5c')}`,
    ]) {
      const { location } = (await client.get(path)).headers;
      expect(new URL(location ?? '/', alba.origin).host).toBe(new URL(alba.origin).host);
    }
    const answer = await client.post('/profile/display', { theme: 'dark', return: next });
    expect(new URL(answer.headers.location ?? '/', alba.origin).host).toBe(new URL(alba.origin).host);
  });
});

describe('the name of the host', () => {
  test('never reaches an answer, nor a cookie, nor a way to go on', async () => {
    for (const host of [
      'evil.example',
      'alba.localhost@evil.example',
      'evil.example:80',
      '"><script>',
      'alba.localhost\tevil',
    ]) {
      const answer = await send(alba.running.port, 'GET', '/law', { Host: host }).catch(() => undefined);
      if (!answer) continue;
      expect(answer.text).not.toContain('evil.example');
      expect(answer.text).not.toContain('<script>');
      expect(answer.headers.location ?? '/').toMatch(/^\//);
      expect(answer.status).toBeLessThan(500);
    }
  });

  test('is not taken from headers that a proxy would set', async () => {
    const headers = {
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Proto': 'https',
      Forwarded: 'host=evil.example',
      'X-Original-URL': '/system/people',
      'X-Rewrite-URL': '/system/people',
    };
    const answer = await visitor.get('/law', headers);
    expect(answer.status).toBe(200);
    expect(answer.text).not.toContain('evil.example');
    expect((await visitor.get('/system/people', headers)).headers.location).toMatch(
      /^\/sign-in\?next=%2Fsystem%2Fpeople$/,
    );
  });

  test('cannot make a foreign origin one of our own when the address is configured', async () => {
    const fixed = await startNode({ environment: { COMITY_ORIGIN: 'http://alba.localhost:8080' } });
    try {
      const officeId = await addTestOffice(fixed, 'Operations');
      const { client } = await addTestPerson(fixed, { signInName: 'ada', officeId, roles: ['administrator'] });
      const evil = { Host: 'evil.example', Origin: 'http://evil.example' };
      expect((await client.post('/system/people/offices', { officeName: 'Cuckoo' }, evil)).status).toBe(403);
      const right = { Origin: 'http://alba.localhost:8080' };
      expect((await client.post('/system/people/offices', { officeName: 'Annex' }, right)).status).toBe(303);
    } finally {
      await fixed.stop();
    }
  });
});

test('a method in a header or a field does not replace the method of the call', async () => {
  const session = await admin.client.api('GET', '/api/me/sessions');
  expect(session.status).toBe(200);
  for (const name of ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override']) {
    const answer = await admin.client.get('/api/me/sessions/none', { [name]: 'DELETE' });
    expect(answer.status).toBe(404);
  }
  expect((await admin.client.post('/api/me/sessions/none?_method=DELETE', { _method: 'DELETE' })).status).toBe(404);
  expect((await admin.client.get('/api/me/sessions')).status).toBe(200);
});
