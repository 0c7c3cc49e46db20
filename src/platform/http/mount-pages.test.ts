import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import {
  effects,
  makeEffects,
  mounted,
  note,
  type Mounted,
  type SmallContext,
  type SmallView,
} from '../../../tests/support/mounted.ts';
import { Invalid } from '../errors.ts';
import { securityHeaders } from './headers.ts';
import { page, redirect, type PostedForm, type Route } from './routes.ts';

let database: TestDatabase;
let app: Mounted;
let lastForm: PostedForm | undefined;

const routes: Route<SmallContext, SmallView>[] = [
  {
    kind: 'page',
    method: 'get',
    path: '/notes',
    permission: 'known',
    handler: async ({ view }) => page(`<h1>Notes of ${view.who}</h1>`),
  },
  {
    kind: 'page',
    method: 'post',
    path: '/notes',
    permission: 'known',
    audit: 'notes.add',
    async handler({ ctx, form }) {
      lastForm = form;
      const text = form.values.text?.[0] ?? '';
      const taken = await ctx.transaction(async (tx) => {
        if (text === 'wrong') return false;
        await note(tx, text);
        return true;
      });
      return taken ? redirect('/notes?added=1') : page('<h1>Error: notes</h1>', 422);
    },
  },
  {
    kind: 'page',
    method: 'post',
    path: '/throws',
    permission: 'public',
    handler: async () => {
      throw new Invalid('notes.bad');
    },
  },
  {
    kind: 'page',
    method: 'get',
    path: '/go',
    permission: 'public',
    handler: async ({ query }) => redirect(query.to ?? ''),
  },
  {
    kind: 'page',
    method: 'get',
    path: '/paper',
    permission: 'public',
    handler: async () => ({
      type: 'file',
      inline: true,
      file: { bytes: Buffer.from('%PDF'), mediaType: 'application/pdf', fileName: 'طلب "1".pdf' },
    }),
  },
  {
    kind: 'page',
    method: 'get',
    path: '/dies',
    permission: 'public',
    handler: async () => {
      throw new Error('harbour-secret');
    },
  },
];

beforeAll(async () => {
  database = await testDatabase();
  await makeEffects(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  app = mounted(database, routes);
  lastForm = undefined;
  await sql`truncate effects restart identity`.execute(database.owner);
  await sql`delete from http_writes`.execute(database.owner);
});

const amina = { 'x-who': 'amina' };
const proof: [string, string] = ['_csrf', 'csrf-amina'];
const key = (value: string): [string, string] => ['_key', value];

describe('who has not signed in', () => {
  test('is led to sign-in and from there back to the page asked for', async () => {
    const response = await app.ask('GET', '/notes?page=2&q=a%26b');
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent('/notes?page=2&q=a%26b')}`);
    expect(app.denied).toEqual(['known /notes']);
  });

  test('does not lose the form that was typed when the session ended', async () => {
    const response = await app.form('/notes', [['text', 'two\r\nlines'], ['text', 'more'], proof]);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(`/sign-in?next=${encodeURIComponent('/kept/1')}`);
    expect(app.kept).toMatchObject([{ path: '/notes', form: { values: { text: ['two\nlines', 'more'] } } }]);
    expect(await effects(database)).toEqual([]);
  });

  test('keeps no form that another site sent', async () => {
    const response = await app.form('/notes', [['text', 'a']], { Origin: 'https://elsewhere.example' });
    expect(response.status).toBe(403);
    expect(app.kept).toEqual([]);
  });
});

describe('a form', () => {
  test('without the proof against other sites changes nothing, and what was typed stands on the page', async () => {
    for (const fields of [
      [['text', 'long work']],
      [
        ['text', 'long work'],
        ['_csrf', 'csrf-bruno'],
      ],
    ] as [string, string][][]) {
      const response = await app.form('/notes', fields, amina);
      expect(response.status).toBe(403);
      expect(await response.text()).toContain('<textarea>long work</textarea>');
    }
    expect(app.reports.map((one) => one.code)).toEqual(['http.form-expired', 'http.form-expired']);
    expect(app.reports[1]!.typed!.values).toEqual({ text: ['long work'] });
    expect(await effects(database)).toEqual([]);
  });

  test('sent twice takes effect once and leads to the same page both times', async () => {
    const fields: [string, string][] = [['text', 'a'], proof, key('form-key-000001')];
    const answers = [await app.form('/notes', fields, amina), await app.form('/notes', fields, amina)];
    expect(answers.map((one) => [one.status, one.headers.get('location')])).toEqual([
      [303, '/notes?added=1'],
      [303, '/notes?added=1'],
    ]);
    expect(await effects(database)).toEqual(['a']);
  });

  test('sent again with other content under one key is refused with its text', async () => {
    await app.form('/notes', [['text', 'a'], proof, key('form-key-000001')], amina);
    const response = await app.form('/notes', [['text', 'b'], proof, key('form-key-000001')], amina);
    expect(response.status).toBe(422);
    expect(app.reports.at(-1)).toMatchObject({ code: 'idempotency.key-reused', typed: { values: { text: ['b'] } } });
    expect(await effects(database)).toEqual(['a']);
  });

  test('shown again with its problems may be mended and sent under the same key', async () => {
    const wrong = await app.form('/notes', [['text', 'wrong'], proof, key('form-key-000001')], amina);
    expect(wrong.status).toBe(422);
    const mended = await app.form('/notes', [['text', 'mended'], proof, key('form-key-000001')], amina);
    expect(mended.status).toBe(303);
    expect(await effects(database)).toEqual(['mended']);
  });

  test('with a key that cannot be stored is refused, and is no fault of ours', async () => {
    for (const bad of ['a\u0000bcdefgh', 'x'.repeat(10_000), 'short']) {
      expect((await app.form('/notes', [['text', 'a'], proof, key(bad)], amina)).status).toBe(422);
    }
    expect(await effects(database)).toEqual([]);
  });

  test('with fields named after prototypes is harmless', async () => {
    const fields: [string, string][] = [
      ['__proto__', 'polluted'],
      ['constructor', 'x'],
      ['toString', 'y'],
      ['text', 'a'],
      proof,
      key('form-key-000001'),
    ];
    expect((await app.form('/notes', fields, amina)).status).toBe(303);
    expect(Object.getOwnPropertyNames(lastForm!.values).sort()).toEqual([
      '__proto__',
      'constructor',
      'text',
      'toString',
    ]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  test('never shows the handler its proof or its key', async () => {
    await app.form('/notes', [['text', 'a'], proof, key('form-key-000001')], amina);
    expect(Object.keys(lastForm!.values)).toEqual(['text']);
  });

  test('brings files with their names and bytes', async () => {
    const body = new FormData();
    body.set('text', 'with file');
    body.set('_csrf', 'csrf-amina');
    body.set('file', new File([new Uint8Array([1, 2, 3])], 'صورة.png'));
    body.set('empty', new File([], ''));
    const response = await app.ask('POST', '/notes', { headers: amina, body });
    expect(response.status).toBe(303);
    expect(lastForm!.files).toEqual([{ field: 'file', fileName: 'صورة.png', bytes: new Uint8Array([1, 2, 3]) }]);
  });

  test('that is too large or of another kind is refused', async () => {
    const large = await app.form('/notes', [['text', 'x'.repeat(65_536)], proof], amina);
    expect(large.status).toBe(413);
    const plain = await app.ask('POST', '/notes', {
      headers: { ...amina, 'Content-Type': 'text/plain' },
      body: 'text=a',
    });
    expect(plain.status).toBe(422);
    const torn = await app.ask('POST', '/notes', {
      headers: { ...amina, 'Content-Type': 'multipart/form-data; boundary=x' },
      body: '--y',
    });
    expect(torn.status).toBe(422);
    expect(await effects(database)).toEqual([]);
  });

  test('that a rule refuses stands again on the error page', async () => {
    const response = await app.form('/throws', [
      ['text', 'my words'],
      ['_csrf', 'csrf-'],
    ]);
    expect(response.status).toBe(422);
    expect(await response.text()).toContain('<textarea>my words</textarea>');
  });
});

test('a program with a token opens no pages', async () => {
  expect((await app.ask('GET', '/notes', { headers: { ...amina, 'x-token': 'yes' } })).status).toBe(403);
});

test('a redirect never leaves this node', async () => {
  const away = [
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/.//evil.example',
    '/a/..//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '',
  ];
  for (const to of away) {
    const response = await app.ask('GET', `/go?to=${encodeURIComponent(to)}`);
    expect([to, response.status, response.headers.get('location')]).toEqual([to, 303, '/']);
  }
  for (const [to, location] of [
    ['/notes?a=1#b', '/notes?a=1#b'],
    ['/law?q=عقد', '/law?q=%D8%B9%D9%82%D8%AF'],
    ['/kept/abc', '/kept/abc'],
  ] as const) {
    const response = await app.ask('GET', `/go?to=${encodeURIComponent(to)}`);
    expect(response.headers.get('location')).toBe(location);
  }
});

test('a document shown in the page carries its name in both forms', async () => {
  const response = await app.ask('GET', '/paper');
  expect(response.headers.get('content-disposition')).toBe(
    `inline; filename="_____1_.pdf"; filename*=UTF-8''%D8%B7%D9%84%D8%A8%20%221%22.pdf`,
  );
  expect(response.headers.get('content-type')).toBe('application/pdf');
});

test('pages that are not there and pages that fail carry the security headers and tell nothing', async () => {
  for (const [path, status] of [
    ['/nothing', 404],
    ['/dies', 500],
  ] as const) {
    const response = await app.ask('GET', path);
    expect(response.status).toBe(status);
    for (const [name, value] of Object.entries(securityHeaders)) expect(response.headers.get(name), name).toBe(value);
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await response.text()).not.toContain('harbour-secret');
  }
  expect(app.reports.map((one) => [one.status, one.code, one.reference])).toEqual([
    [404, 'http.not-found', 'REF42'],
    [500, 'http.problem', 'REF42'],
  ]);
});
