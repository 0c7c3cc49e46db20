import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { sql } from 'kysely';
import { z } from 'zod';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import {
  effects,
  makeEffects,
  mounted,
  note,
  type Mounted,
  type SmallContext,
} from '../../../tests/support/mounted.ts';
import { Conflict, Invalid } from '../errors.ts';
import { problem } from '../values/index.ts';
import { securityHeaders } from './headers.ts';
import { apiRoute, type Route } from './routes.ts';

let database: TestDatabase;
let app: Mounted;
/** Lets a test hold a handler until the second request has arrived. */
let gate: { opened: Promise<void>; open(): void; entered: Promise<void>; enter(): void };

const route = apiRoute<SmallContext>();
const Note = z.strictObject({ text: z.string().max(200), inner: z.unknown().optional() });
const write = {
  method: 'post',
  permission: 'known',
  audit: 'notes.add',
  tag: 'notes',
  summary: 'Adds a note',
} as const;
const Answer = z.object({ said: z.string(), nth: z.number() });

async function addNote(ctx: SmallContext, text: string): Promise<{ said: string; nth: number }> {
  return ctx.transaction(async (tx) => {
    await note(tx, text);
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from effects`.execute(tx);
    return { said: text, nth: rows[0]!.n };
  });
}

const routes: Route<SmallContext, { who: string }>[] = [
  route({
    ...write,
    path: '/api/notes',
    status: 201,
    input: { body: Note },
    output: Answer,
    handler: ({ ctx, body }) => addNote(ctx, body.text),
  }),
  route({
    ...write,
    path: '/api/dies-after',
    input: { body: Note },
    output: Answer,
    handler: async ({ ctx, body }) => {
      await addNote(ctx, body.text);
      throw new Error('The node lost its breath after the commit');
    },
  }),
  route({
    ...write,
    path: '/api/refuses',
    input: { body: Note },
    output: Answer,
    handler: async ({ ctx, body }) => {
      const decided = await ctx.transaction(async () => body.text === 'mended');
      if (!decided) throw new Invalid('notes.bad', { problems: [problem('notes.no-facts', ['text'])] });
      return addNote(ctx, body.text);
    },
  }),
  route({
    ...write,
    path: '/api/slow',
    input: { body: Note },
    output: Answer,
    handler: async ({ ctx, body }) => {
      gate.enter();
      await gate.opened;
      return addNote(ctx, body.text);
    },
  }),
  route({
    ...write,
    path: '/api/conflict',
    input: {},
    output: Answer,
    handler: async () => {
      throw new Conflict('notes.changed');
    },
  }),
  route({
    method: 'get',
    path: '/api/notes/:id',
    permission: 'public',
    tag: 'notes',
    summary: 'One note',
    input: {
      params: z.object({ id: z.string().regex(/^\d+$/) }),
      query: z.strictObject({ full: z.string().optional() }),
    },
    output: z.object({ id: z.string() }),
    handler: async ({ params }) => ({ id: params.id }),
  }),
  route({
    method: 'get',
    path: '/api/broken',
    permission: 'public',
    tag: 'notes',
    summary: 'Answers otherwise than declared',
    input: {},
    output: z.object({ id: z.string() }),
    handler: async () => ({ id: 7 }),
  }),
  route({
    method: 'get',
    path: '/api/nobody',
    permission: 'nobody',
    tag: 'notes',
    summary: 'Admits none',
    input: {},
    output: z.object({}),
    handler: async () => ({}),
  }),
  route({
    method: 'get',
    path: '/api/file',
    permission: 'public',
    tag: 'notes',
    summary: 'A file',
    input: { query: z.strictObject({ name: z.string() }) },
    output: { files: ['text/plain'] },
    handler: async ({ query }) => ({ bytes: Buffer.from('x'), mediaType: 'text/plain', fileName: query.name }),
  }),
];

beforeAll(async () => {
  database = await testDatabase();
  await makeEffects(database);
});
afterAll(() => database.close());
beforeEach(async () => {
  app = mounted(database, routes);
  await sql`truncate effects restart identity`.execute(database.owner);
  await sql`delete from http_writes`.execute(database.owner);
  let open = () => {};
  let enter = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  const entered = new Promise<void>((resolve) => (enter = resolve));
  gate = { opened, entered, open, enter };
});

const amina = (key?: string) => ({
  'x-who': 'amina',
  'x-csrf-token': 'csrf-amina',
  ...(key === undefined ? {} : { 'Idempotency-Key': key }),
});
async function problemOf(response: Response): Promise<Record<string, unknown>> {
  return (await response.json()) as Record<string, unknown>;
}

describe('what comes in', () => {
  const refused = async (body: unknown, status: number, code: string, headers: Record<string, string> = {}) => {
    const response = await app.json('/api/notes', body, { ...amina('key-00000001'), ...headers });
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ status, code });
    expect(await effects(database)).toEqual([]);
  };

  test('a body that names one key twice is refused', () =>
    refused('{"text":"a","text":"b"}', 422, 'http.duplicate-key'));
  test('a body nested thirty-three levels deep is refused', () =>
    refused(`{"text":"a","inner":${'['.repeat(32)}${']'.repeat(32)}}`, 422, 'http.too-deep'));
  test('a body that is not JSON is refused', () => refused('text=a', 422, 'http.not-json'));
  test('a body over one mebibyte is refused before it is read', () =>
    refused(JSON.stringify({ text: 'x'.repeat(1_048_577) }), 413, 'http.too-large'));
  test('another content type is refused', () =>
    refused('{"text":"a"}', 422, 'http.json-needed', { 'Content-Type': 'text/plain' }));
  test('a content type that only begins like JSON is refused', () =>
    refused('{"text":"a"}', 422, 'http.json-needed', { 'Content-Type': 'application/json-seq' }));

  test('a field that the route does not know is named', async () => {
    const response = await app.json('/api/notes', { text: 'a', isAdmin: true }, amina('key-00000001'));
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({
      code: 'http.malformed',
      problems: [{ code: 'http.unknown-field', path: ['isAdmin'], message: 'Words of http.unknown-field' }],
    });
  });

  test('a key named __proto__ is an unknown field and changes no prototype', async () => {
    const response = await app.json('/api/notes', '{"text":"a","__proto__":{"isAdmin":true}}', amina('key-00000001'));
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ problems: [{ code: 'http.unknown-field' }] });
    expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  });

  test('missing and wrong values are told apart, with every problem at once', async () => {
    const missing = await problemOf(await app.json('/api/notes', {}, amina('key-00000001')));
    expect(missing).toMatchObject({ problems: [{ code: 'http.missing-value', path: ['text'] }] });
    const wrong = await problemOf(await app.json('/api/notes', { text: 7 }, amina('key-00000001')));
    expect(wrong).toMatchObject({ problems: [{ code: 'http.wrong-value', path: ['text'] }] });
    const both = await problemOf(await app.ask('GET', '/api/notes/abc?other=1'));
    expect(both).toMatchObject({ problems: [{ path: ['other'] }, { path: ['id'] }] });
  });

  test('a body longer than it said is cut off at one mebibyte', async () => {
    const parts = Array.from({ length: 20 }, () => new Uint8Array(65_536).fill(0x20));
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = parts.pop();
        if (part) controller.enqueue(part);
        else controller.close();
      },
    });
    const request = new Request('https://alba.example/api/notes', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...amina('key-00000001') },
      body: stream,
      ...{ duplex: 'half' },
    });
    const response = await app.hono.request(request);
    expect(response.status).toBe(413);
  });

  test('bytes that are no UTF-8 are refused, not replaced', async () => {
    const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')]);
    const response = await app.ask('POST', '/api/notes', {
      headers: { 'Content-Type': 'application/json', ...amina('key-00000001') },
      body,
    });
    expect(response.status).toBe(422);
    expect(await problemOf(response)).toMatchObject({ code: 'http.not-json' });
    expect(await effects(database)).toEqual([]);
  });
});

describe('who sends it', () => {
  test('a write from another site is refused by its origin or by the browser’s own word', async () => {
    const elsewhere: Record<string, string>[] = [
      { Origin: 'https://elsewhere.example' },
      { Origin: 'null' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
    ];
    for (const headers of elsewhere) {
      const response = await app.json('/api/notes', { text: 'a' }, { ...amina('key-00000001'), ...headers });
      expect(response.status).toBe(403);
      expect(await problemOf(response)).toMatchObject({ code: 'http.other-site' });
    }
    expect(await effects(database)).toEqual([]);
  });

  test('a write from this node’s own page is taken', async () => {
    const own = { Origin: 'https://alba.example', 'Sec-Fetch-Site': 'same-origin' };
    expect((await app.json('/api/notes', { text: 'a' }, { ...amina('key-00000001'), ...own })).status).toBe(201);
  });

  test('a session without the proof against other sites is refused; a program with a token needs none', async () => {
    const without = { 'x-who': 'amina', 'Idempotency-Key': 'key-00000001' };
    const response = await app.json('/api/notes', { text: 'a' }, without);
    expect(response.status).toBe(403);
    expect(await problemOf(response)).toMatchObject({ code: 'http.form-expired' });
    expect((await app.json('/api/notes', { text: 'a' }, { ...without, 'x-token': 'yes' })).status).toBe(201);
  });

  test('who has not signed in gets 401, who may not gets 403, and each refusal is recorded once', async () => {
    const unknown = await app.ask('GET', '/api/nobody');
    expect([unknown.status, (await problemOf(unknown)).code]).toEqual([401, 'http.sign-in-needed']);
    const known = await app.ask('GET', '/api/nobody', { headers: amina() });
    expect([known.status, (await problemOf(known)).code]).toEqual([403, 'http.not-allowed']);
    expect(app.denied).toEqual(['nobody /api/nobody', 'nobody /api/nobody']);
  });

  test('while the disk is full nothing is written', async () => {
    app.setReadOnly(true);
    const response = await app.json('/api/notes', { text: 'a' }, amina('key-00000001'));
    expect([response.status, (await problemOf(response)).code]).toEqual([503, 'http.read-only']);
    expect((await app.ask('GET', '/api/notes/1')).status).toBe(200);
  });
});

describe('the same write twice', () => {
  test('a write without a key, or with a key of the wrong form, is refused', async () => {
    for (const headers of [amina(), amina('short'), amina('x'.repeat(101))]) {
      const response = await app.json('/api/notes', { text: 'a' }, headers);
      expect([response.status, (await problemOf(response)).code]).toEqual([422, 'idempotency.key-needed']);
    }
  });

  test('one key and one body have one effect and the same answer', async () => {
    const first = await app.json('/api/notes', { text: 'a' }, amina('key-00000001'));
    const second = await app.json('/api/notes', { text: 'a' }, amina('key-00000001'));
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(await second.json()).toEqual(await first.json());
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(second.headers.get('content-security-policy')).not.toBeNull();
    expect(await effects(database)).toEqual(['a']);
  });

  test('a kept answer is not readable in the database', async () => {
    await app.json('/api/notes', { text: 'harbour' }, amina('key-00000001'));
    const rows = await database.owner.selectFrom('http_writes').selectAll().execute();
    expect(rows).toHaveLength(1);
    expect(Buffer.from(rows[0]!.body_sealed!).toString('utf8')).not.toContain('harbour');
  });

  test('one key with another body is refused', async () => {
    await app.json('/api/notes', { text: 'a' }, amina('key-00000001'));
    const response = await app.json('/api/notes', { text: 'b' }, amina('key-00000001'));
    expect([response.status, (await problemOf(response)).code]).toEqual([422, 'idempotency.key-reused']);
    expect(await effects(database)).toEqual(['a']);
  });

  test('the same key of another person is another key', async () => {
    const bruno = { 'x-who': 'bruno', 'x-csrf-token': 'csrf-bruno', 'Idempotency-Key': 'key-00000001' };
    await app.json('/api/notes', { text: 'a' }, amina('key-00000001'));
    expect((await app.json('/api/notes', { text: 'b' }, bruno)).status).toBe(201);
    expect(await effects(database)).toEqual(['a', 'b']);
  });

  test('a handler that dies after its commit is not repeated', async () => {
    const first = await app.json('/api/dies-after', { text: 'once' }, amina('key-00000001'));
    expect(first.status).toBe(500);
    const second = await app.json('/api/dies-after', { text: 'once' }, amina('key-00000001'));
    expect(second.status).toBe(200);
    expect(await second.json()).toEqual({ kind: 'write', version: 1, state: 'done' });
    expect(await effects(database)).toEqual(['once']);
  });

  test('a refusal is not taken for a finished write: it is refused again, and the mended body may use the key', async () => {
    for (let time = 1; time <= 2; time += 1) {
      const refused = await app.json('/api/refuses', { text: 'wrong' }, amina('key-00000001'));
      expect([refused.status, (await problemOf(refused)).code]).toEqual([422, 'notes.bad']);
    }
    const mended = await app.json('/api/refuses', { text: 'mended' }, amina('key-00000001'));
    expect(mended.status).toBe(200);
    expect(await effects(database)).toEqual(['mended']);
  });

  test('a second arrival while the first is worked on waits its turn', async () => {
    const first = app.json('/api/slow', { text: 'slow' }, amina('key-00000001'));
    await gate.entered;
    const second = await app.json('/api/slow', { text: 'slow' }, amina('key-00000001'));
    expect([second.status, (await problemOf(second)).code]).toEqual([409, 'idempotency.running']);
    gate.open();
    expect((await first).status).toBe(200);
    expect((await app.json('/api/slow', { text: 'slow' }, amina('key-00000001'))).status).toBe(200);
    expect(await effects(database)).toEqual(['slow']);
  });

  test('the claim of a process that died is free again after two minutes', async () => {
    await database.owner
      .insertInto('http_writes')
      .values({
        scope: 'person:amina',
        key: 'key-00000001',
        request_sha256: 'x',
        at: app.clock.now(),
        committed: false,
        status: null,
        location: null,
        body_sealed: null,
      })
      .execute();
    app.clock.advance(119_000);
    expect((await app.json('/api/notes', { text: 'a' }, amina('key-00000001'))).status).toBe(422);
    app.clock.advance(2_000);
    expect((await app.json('/api/notes', { text: 'a' }, amina('key-00000001'))).status).toBe(201);
  });
});

describe('what goes out', () => {
  const hasHeaders = (response: Response) => {
    for (const [name, value] of Object.entries(securityHeaders)) expect(response.headers.get(name), name).toBe(value);
    expect(response.headers.get('cache-control')).toBe('no-store');
  };

  test('answers, refusals and faults all carry the security headers and are not stored', async () => {
    for (const [path, status] of [
      ['/api/notes/1', 200],
      ['/api/nothing', 404],
      ['/nothing', 404],
      ['/api/broken', 500],
      ['/api/nobody', 401],
    ] as const) {
      const response = await app.ask('GET', path);
      expect(response.status).toBe(status);
      hasHeaders(response);
    }
  });

  test('when not even the reader can be found out, the answer is still whole', async () => {
    app.breakVisits(true);
    for (const path of ['/api/notes/1', '/nothing']) {
      const response = await app.ask('GET', path);
      expect(response.status).toBe(500);
      hasHeaders(response);
      expect(await response.text()).not.toContain('database away');
    }
  });

  test('problem details hold type, title, status, code, problems and a reference, and nothing of the fault', async () => {
    const refused = await app.json('/api/refuses', { text: 'wrong' }, amina('key-00000001'));
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(await refused.json()).toEqual({
      type: '/problems/notes.bad',
      title: 'Words of notes.bad',
      status: 422,
      code: 'notes.bad',
      problems: [{ code: 'notes.no-facts', severity: 'block', path: ['text'], message: 'Words of notes.no-facts' }],
      reference: 'REF42',
    });
    const fault = await app.ask('GET', '/api/broken');
    expect(await fault.json()).toEqual({
      type: '/problems/http.problem',
      title: 'Words of http.problem',
      status: 500,
      code: 'http.problem',
      problems: [],
      reference: 'REF42',
    });
    expect((await app.json('/api/conflict', {}, amina('key-00000002'))).status).toBe(409);
  });

  test('a file name cannot break out of its header', async () => {
    for (const name of [
      'a"; filename="evil.exe',
      'تقرير (1).pdf',
      "O'Neil*.txt",
      'a\r\nSet-Cookie: x=1',
      '\ud800.txt',
    ]) {
      const response = await app.ask('GET', `/api/file?name=${encodeURIComponent(Buffer.from(name).toString('utf8'))}`);
      expect(response.status).toBe(200);
      const header = response.headers.get('content-disposition')!;
      expect(header).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''[A-Za-z0-9!#$&+.^_`|~%-]+$/);
      expect(decodeURIComponent(header.split("filename*=UTF-8''")[1]!)).toBe(Buffer.from(name).toString('utf8'));
      expect(response.headers.get('set-cookie')).toBeNull();
    }
  });
});
