import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient, type Client } from '../support/client.ts';
import type { NewCaseFile } from '../../src/modules/evidence/index.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from '../support/office-people.ts';

let alba: TestNode;
let admin: TestPerson;
let visitor: Client;
let caseFileId: string;

const handling: NewCaseFile['handling'] = {
  tlp: 'AMBER+STRICT',
  originator: 'XA:central-authority',
  groups: [],
  purposes: [],
  judicialUse: 'free',
  onward: 'on-request',
};

beforeAll(async () => {
  alba = await startNode();
  const officeId = await addTestOffice(alba, 'Operations');
  admin = await addTestPerson(alba, { signInName: 'ada', officeId, roles: ['administrator', 'prosecutor'] });
  visitor = createClient(alba.running);
  caseFileId = (await alba.running.live.evidence.openCaseFile(admin.ctx, { title: 'First', handling })).id;
});
afterAll(() => alba?.stop());

const escaped = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** What browsers, databases, templates, shells and spreadsheets have read as an order. */
const hostile = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `'"--></style></script><svg onload=alert(1)>`,
  `javascript:alert(1)`,
  `</textarea><script>alert(1)</script>`,
  `&lt;script&gt;`,
  `'; DROP TABLE case_files; --`,
  `' OR '1'='1`,
  `1; SELECT pg_sleep(5)`,
  `$1 \${7*7} {{7*7}} <%= 7*7 %> #{7*7}`,
  `=HYPERLINK("http://evil.example";"a")`,
  `@SUM(1+1)*cmd|' /C calc'!A0`,
  `../../../../etc/passwd`,
  `%00%0d%0aSet-Cookie: a=b`,
  `\u202Egnp.exe`,
  `a\u200Bb\uFEFFc`,
  `Zoë Łukasz-O’Brien, محمد بن عبد الله, 李小龍, נֹעָה, ไพลิน, 𠮷野家`,
  `Null`,
  `0x1F`,
  `🏴‍☠️👩‍👩‍👧‍👦`,
];

describe('what was typed is text, whatever it looks like', () => {
  test.each(hostile)('as the name of an office: %s', async (text) => {
    const answer = await admin.client.post('/system/people/offices', { officeName: text, authority: '' });
    expect(answer.status).toBe(303);
    const page = await admin.client.get('/system/people');
    expect(page.status).toBe(200);
    if (/[<>"']/.test(text)) expect(page.text).not.toContain(text);
    expect(page.text).toContain(escaped(text.trim()));
    const people = await alba.database.owner.selectFrom('identity_offices').select('name').execute();
    expect(people.map((row) => row.name.en)).toContain(text.trim());
  });

  test.each(hostile)('as the title of a case file: %s', async (text) => {
    const opened = await admin.client.api('POST', '/api/case-files', { title: text, handling });
    if (opened.status === 422) {
      // A documented refusal names the field; nothing else may refuse.
      expect(opened.json<{ problems: { path: string[] }[] }>().problems[0]?.path).toEqual(['title']);
      return;
    }
    expect(opened.status).toBe(201);
    const { caseFile } = opened.json<{ caseFile: { id: string; title: string } }>();
    expect(caseFile.title).toBe(text.trim());
    const read = await admin.client.get(`/api/case-files/${caseFile.id}`);
    expect(read.json<{ caseFile: { title: string } }>().caseFile.title).toBe(text.trim());
    expect(read.headers['content-type']).toMatch(/^application\/json/);
  });

  test('in the address of a page: nothing of it is read as markup', async () => {
    for (const text of hostile) {
      const value = encodeURIComponent(text);
      for (const path of [
        `/law/basis?from=${value}&to=${value}&on=${value}`,
        `/law/XVIII-12?on=${value}`,
        `/authorities?state=${value}&purpose=${value}`,
        `/law/${value.replaceAll('%00', '')}`,
        `/sign-in?next=${value}`,
      ]) {
        const page = await visitor.get(path);
        expect(page.status, path).toBeLessThan(500);
        for (const part of ['<script>alert', '<img src=x', '<svg onload', 'onerror=alert(1)>'])
          expect(page.text, path).not.toContain(part);
      }
    }
  });
});

test('orders in a query are values: no answer takes longer, none holds more', async () => {
  const sleeps = ["' AND 1=(SELECT 1 FROM pg_sleep(3))--", '1 OR pg_sleep(3)', "'||pg_sleep(3)||'"];
  const reads = alba.running.app.routes.filter((route) => route.method === 'get' && route.kind === 'api');
  for (const order of sleeps) {
    const value = encodeURIComponent(order);
    for (const route of reads) {
      const began = performance.now();
      const path = `${route.path.replaceAll(/:\w+/g, value)}?state=${value}&after=${value}&on=${value}&q=${value}&limit=${value}&status=${value}`;
      const answer = await admin.client.get(path);
      expect(answer.status, path).toBeLessThan(500);
      expect(performance.now() - began, path).toBeLessThan(2500);
    }
  }
}, 120_000);

describe('names of the prototype', () => {
  const names = [
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
    '__defineGetter__',
    'valueOf',
    'then',
  ];

  test.each(names)('%s in a form or a body is a field like any other', async (name) => {
    const plain: Record<string, unknown> = {};
    await admin.client.post('/system/people/offices', {
      [name]: 'polluted',
      [`${name}[admin]`]: 'polluted',
      [`${name}.admin`]: 'polluted',
      officeName: 'Plain',
    });
    const body = `{"title":"Plain","handling":${JSON.stringify(handling)},${JSON.stringify(name)}:{"admin":true,"polluted":"yes"}}`;
    const csrf = await admin.client.csrf();
    const headers = {
      'Content-Type': 'application/json',
      'X-CSRF-Token': csrf,
      'Idempotency-Key': `proto-${name}-key`,
    };
    const answer = await admin.client.call('POST', '/api/case-files', { headers, body });
    expect([422, 201]).toContain(answer.status);
    await visitor.get(`/law/basis?${name}=polluted&${name}[x]=polluted`);
    expect(plain['polluted']).toBeUndefined();
    expect(plain['admin']).toBeUndefined();
    expect({}.toString()).toBe('[object Object]');
    expect((await admin.client.get('/profile')).status).toBe(200);
  });

  test('the same name many times takes the first or refuses, and gives nobody more', async () => {
    const body = new URLSearchParams([
      ['_csrf', await admin.client.csrf()],
      ['theme', 'dark'],
      ['theme', 'light'],
      ['locale', 'en'],
      ['locale', 'xx'],
      ['density', 'compact'],
    ]).toString();
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const answer = await admin.client.call('POST', '/profile/preferences', { headers, body });
    expect([303, 422]).toContain(answer.status);
  });
});

describe('too much', () => {
  const timed = async <T>(work: () => Promise<T>): Promise<{ value: T; took: number; grew: number }> => {
    const [began, memory] = [performance.now(), process.memoryUsage().rss];
    const value = await work();
    return { value, took: performance.now() - began, grew: process.memoryUsage().rss - memory };
  };

  test('a megabyte in one field is refused, and given back to copy', async () => {
    const { value, took } = await timed(() =>
      admin.client.post('/system/people/offices', { officeName: 'x'.repeat(1_048_576) }),
    );
    expect(value.status).toBe(422);
    expect(took).toBeLessThan(2000);
    expect(value.text).toContain('xxxxxxxxxx');
    expect(value.text).toContain('200,000');
  });

  test('ten megabytes of JSON are refused before they are read', async () => {
    const { value, took } = await timed(() =>
      admin.client.api('POST', '/api/requests/check', { text: 'x'.repeat(10_485_760) }),
    );
    expect(value.status).toBe(413);
    expect(took).toBeLessThan(2000);
  });

  test.each([
    ['10,000 fields of a form', () => Array.from({ length: 10_000 }, (_, n) => `f${n}=1`).join('&')],
    ['10,000 values of one field', () => Array.from({ length: 10_000 }, () => 'f=1').join('&')],
  ])('%s are refused in a second', async (_what, fields) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const body = `_csrf=${await admin.client.csrf()}&${fields()}`;
    const { value, took } = await timed(() => admin.client.call('POST', '/profile/preferences', { headers, body }));
    expect(value.status).toBe(413);
    expect(took).toBeLessThan(1000);
  });

  test('10,000 parameters of an address are refused in a second', async () => {
    const query = Array.from({ length: 1500 }, (_, n) => `a${n}=1`).join('&');
    const { value, took } = await timed(() => visitor.get(`/law/basis?${query}`));
    expect(value.status).toBe(422);
    expect(took).toBeLessThan(1000);
    expect((await visitor.get(`/api/treaties/basis?${query}`)).status).toBe(422);
    const longer = Array.from({ length: 10_000 }, (_, n) => `a${n}=1`).join('&');
    expect((await visitor.get(`/law/basis?${longer}`)).status).toBeGreaterThanOrEqual(400);
  });

  test.each([
    ['nested a million deep', '['.repeat(500_000) + ']'.repeat(500_000)],
    ['with a million items', `{"a":[${'1,'.repeat(500_000)}1]}`],
    ['with 100,000 names', `{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`).join(',')}}`],
  ])('JSON %s is refused in a second', async (_what, body) => {
    const headers = { 'Content-Type': 'application/json' };
    const { value, took } = await timed(() => visitor.call('POST', '/api/requests/check', { headers, body }));
    expect(value.status).toBeGreaterThanOrEqual(400);
    expect(value.status).toBeLessThan(500);
    expect(took).toBeLessThan(1500);
  });
});

test('fields that a write does not know are refused or left alone, and change nothing', async () => {
  const before = await admin.client.get(`/api/case-files/${caseFileId}`);
  const { version } = before.json<{ caseFile: { version: number } }>().caseFile;
  for (const extra of [
    { id: 'x' },
    { createdBy: 'x' },
    { officeId: 'x' },
    { erased: true },
    { members: [] },
    { wrapped_key: 'x' },
  ]) {
    const answer = await admin.client.api('PUT', `/api/case-files/${caseFileId}`, { version, ...extra });
    expect(answer.status, JSON.stringify(extra)).toBe(422);
  }
  const after = await admin.client.get(`/api/case-files/${caseFileId}`);
  expect(after.json<{ caseFile: object }>().caseFile).toEqual(before.json<{ caseFile: object }>().caseFile);
});
