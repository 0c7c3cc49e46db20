import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileContentSecurityPolicy, securityHeaders } from '../../src/platform/http/headers.ts';
import { packageRoot } from '../../src/platform/paths.ts';
import { createClient, type Answer, type Client } from '../support/client.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from '../support/office-people.ts';

let alba: TestNode;
let visitor: Client;
let admin: TestPerson;
beforeAll(async () => {
  alba = await startNode();
  visitor = createClient(alba.running);
  const officeId = await addTestOffice(alba, 'Operations');
  admin = await addTestPerson(alba, { signInName: 'ada', officeId, roles: ['administrator', 'prosecutor'] });
});
afterAll(() => alba?.stop());

const leaks = [
  /\bat .+\.(ts|js|mjs):\d+/,
  /node_modules/,
  /\/(work|home|root|usr|var|tmp)\//,
  /\bselect\b.+\bfrom\b|insert into|violates|relation "|syntax error at/i,
  // Whole words: tokens are random letters.
  /\b(?:postgres\w*|kysely\w*|hono|zod(?:error)?)\b/i,
  /\bError: (?!<)/,
];

function expectNoLeak(answer: Answer, what: string): void {
  const text = answer.text.replaceAll(/<title>[^<]*<\/title>/g, '');
  for (const leak of leaks) expect(text, `${what} shows ${leak}`).not.toMatch(leak);
  expect(answer.headers['x-powered-by'], what).toBeUndefined();
  expect(answer.headers.server, what).toBeUndefined();
}

test('every answer carries every header, whatever was asked and however it ended', async () => {
  const asked: [string, Answer][] = [];
  const built = readdirSync(join(packageRoot, 'dist/assets')).filter((name) => /\.(css|js|woff2|svg)$/.test(name));
  const paths = [
    ...alba.running.app.routes.filter((route) => route.method === 'get').map((route) => route.path),
    ...built.slice(0, 6).map((name) => `/assets/${name}`),
    '/nothing', '/api/nothing', '/assets/nothing.css', '/assets/../main.js', '/healthz', '/readyz', '/metrics',
    '/api/openapi.json', '/%', '/%c0%ae', '//', '/law/%00', '/api/treaties/basis?on=yesterday',
  ]; // prettier-ignore
  for (const path of paths)
    for (const client of [visitor, admin.client]) asked.push([`GET ${path}`, await client.get(path)]);
  for (const method of ['HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND', 'POST'])
    for (const path of ['/', '/law', '/api/me', '/nothing'])
      asked.push([`${method} ${path}`, await visitor.call(method, path)]);
  expect(asked.length).toBeGreaterThan(200);
  for (const [what, answer] of asked) {
    // A file that is handed out runs nowhere at all.
    const isFile = answer.status === 200 && /^attachment\b/.test(String(answer.headers['content-disposition'] ?? ''));
    const own = isFile ? { 'Content-Security-Policy': fileContentSecurityPolicy } : {};
    for (const [name, value] of Object.entries({ ...securityHeaders, ...own }))
      expect(answer.headers[name.toLowerCase()], `${what} ${name}`).toBe(value);
    const isAsset = what.startsWith('GET /assets/') && answer.status === 200;
    const isTagged = answer.headers.etag !== undefined;
    const caching = answer.headers['cache-control'];
    if (isAsset) expect(caching, what).toBe('public, max-age=31536000, immutable');
    else if (!isTagged) expect(caching, what).toBe('no-store');
    else expect(caching, what).toBe('public, no-cache');
    expect(answer.status, what).toBeLessThan(500 + (what.includes('readyz') ? 100 : 0));
    if (answer.status >= 400) expectNoLeak(answer, what);
  }
  console.log(`${asked.length} answers, each with ${Object.keys(securityHeaders).length} headers`);
}, 120_000);

test('answers with an entity tag hold nothing of a person', async () => {
  for (const route of alba.running.app.routes) {
    if (route.kind === 'api' && route.etag)
      expect(route.permission).toMatch(/^(treaties\.read|requests\.definitions|authorities\.read-public|packs\.read)$/);
  }
});

describe('what is compressed', () => {
  const taking = { 'Accept-Encoding': 'gzip, br' };

  test('public pages and assets travel compressed', async () => {
    const page = await visitor.get('/law/XVIII-12?on=2013-03-29', taking);
    expect(page.headers['content-encoding']).toBe('gzip');
    expect(page.headers.vary).toContain('Accept-Encoding');
    const css = /\/assets\/app-\w+\.css/.exec((await visitor.get('/law')).text)?.[0] ?? '';
    expect((await visitor.get(css, taking)).headers['content-encoding']).toBe('br');
    expect(
      (await visitor.get(css, { 'Accept-Encoding': 'gzip;q=0, identity' })).headers['content-encoding'],
    ).toBeUndefined();
  });

  test('no page of a signed-in person and no page with a form proof is, so that its length tells no secret', async () => {
    for (const path of ['/profile', '/law/XVIII-12?on=2013-03-29', '/system/people', '/api/me'])
      expect((await admin.client.get(path, taking)).headers['content-encoding'], path).toBeUndefined();
    const signIn = await visitor.get('/sign-in', taking);
    expect(signIn.text).toContain('name="_csrf"');
    expect(signIn.headers['content-encoding']).toBeUndefined();
  });
});

test('a hundred forced errors show no stack, path, SQL or version, and the process answers as before', async () => {
  for (let n = 0; n < 100; n += 1) {
    const answer = await [
      () => visitor.get(`/law/none-${n}`),
      () => visitor.get(`/api/treaties/states/${n}`),
      () => admin.client.call('POST', '/system/people/offices', { body: `x=${n}`, headers: { 'Content-Type': 'text/csv' } }),
      () => admin.client.api('POST', '/api/people', { name: n }),
      () => admin.client.get(`/kept/none-${n}`),
      () => admin.client.post('/profile/preferences', { theme: `t${n}` }),
      () => visitor.call('POST', '/sign-in', { body: Buffer.from([0xff, 0xfe, n]), headers: { 'Content-Type': 'multipart/form-data; boundary=x' } }),
      () => visitor.api('POST', '/api/requests/check', { kind: n }),
    ][n % 8]!(); // prettier-ignore
    expect(answer.status, String(n)).toBeGreaterThanOrEqual(400);
    expect(answer.status, String(n)).toBeLessThan(500);
    expectNoLeak(answer, `error ${n}`);
  }
  expect((await visitor.get('/readyz')).status).toBe(200);
});

test('a fault of ours is told with a reference and nothing else, to people and to programs', async () => {
  // The database role may no longer read: what follows is a surprise to every use case.
  await alba.database.admin.schema.alterTable('case_files').renameTo('case_files_away').execute();
  try {
    const answer = await admin.client.get('/api/case-files');
    expect(answer.status).toBe(500);
    expect(answer.json()).toMatchObject({ status: 500, code: 'http.problem', problems: [] });
    expectNoLeak(answer, 'a fault');
  } finally {
    await alba.database.admin.schema.alterTable('case_files_away').renameTo('case_files').execute();
  }
  expect((await admin.client.get('/api/case-files')).status).toBe(200);
});

test('the public directory answers sixty calls a minute to one address, then says when to come back; people signed in go on', async () => {
  const guarded = await startNode();
  try {
    const someone = createClient(guarded.running);
    const answers: Answer[] = [];
    for (let n = 0; n < 70; n += 1) answers.push(await someone.get('/api/authorities/health'));
    const [passed, stopped] = [
      answers.filter((one) => one.status === 200),
      answers.filter((one) => one.status === 429),
    ];
    expect(passed.length).toBeGreaterThanOrEqual(60);
    expect(stopped.length).toBeGreaterThan(3);
    expect(Number(stopped[0]!.headers['retry-after'])).toBeGreaterThan(0);
    expect(stopped[0]!.json()).toMatchObject({ code: 'http.too-many', status: 429 });
    expect((await someone.get('/authorities')).status).toBe(200);
    expect((await someone.get('/api/treaties/instruments')).status).toBe(200);
    const officeId = await addTestOffice(guarded, 'Desk');
    const { client } = await addTestPerson(guarded, { signInName: 'bea', officeId, roles: ['prosecutor'] });
    expect((await client.get('/api/authorities/health')).status).toBe(200);
  } finally {
    await guarded.stop();
  }
});

test('the description of the API is whole: every route, and every part it points to', async () => {
  const answer = await visitor.get('/api/openapi.json');
  expect(answer.status).toBe(200);
  const document = answer.json<{
    openapi: string;
    paths: Record<string, object>;
    components: { schemas: Record<string, object> };
  }>();
  const described = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.keys(item).map((method) => `${method} ${path}`),
  );
  const declared = alba.running.app.routes.filter((route) => route.kind === 'api');
  expect(described.sort()).toEqual(
    declared.map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`).sort(),
  );
  const pointers = [...answer.text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, target]) => target!);
  expect(pointers.length).toBeGreaterThan(10);
  for (const target of pointers)
    expect(Object.keys(document.components.schemas)).toContain(target.replace('#/components/schemas/', ''));
});
