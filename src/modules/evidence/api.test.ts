import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { folderBlobs } from '../../platform/blobs/index.ts';
import { exit, type CliCall } from '../../platform/cli/index.ts';
import { fakeClock } from '../../platform/clock.ts';
import { openFileKeyStore } from '../../platform/crypto/index.ts';
import type { ApiRoute, StreamedFile } from '../../platform/http/routes.ts';
import { createTranslators } from '../../platform/i18n/index.ts';
import { createLog } from '../../platform/log.ts';
import { systemRandom } from '../../platform/random.ts';
import { stateCode } from '../../platform/values/index.ts';
import { createContext, policy, type Context } from '../identity/index.ts';
import {
  createEvidence,
  evidenceApi,
  evidenceCommands,
  evidenceMessages,
  type CaseFile,
  type Evidence,
  type EvidenceFile,
} from './index.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-evidence-api-'));
const clock = fakeClock('2026-05-14T12:00:00.000Z');
let database: TestDatabase;
let evidence: Evidence;
let amina: Context;
let stranger: Context;
let routes: ApiRoute<Context>[];

beforeAll(async () => {
  database = await testDatabase();
  const keys = await openFileKeyStore({
    folder: join(base, 'keys'),
    passphraseFile: join(base, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  evidence = createEvidence({
    keys,
    blobs: folderBlobs(join(base, 'blobs'), systemRandom),
    random: systemRandom,
    maxFileBytes: 1_048_576,
  });
  routes = evidenceApi(evidence);
  const contextOf = (id: string) =>
    createContext({
      db: database.db,
      actor: { kind: 'person', id, name: 'Sample', officeId: 'office-1', authority: null, roles: ['prosecutor'] },
      clock,
      random: systemRandom,
      log: createLog('silent'),
      state: stateCode('XA'),
      zone: 'UTC',
      profile: 'demo',
      locale: 'en',
    });
  amina = contextOf('amina');
  stranger = contextOf('stranger');
});
afterAll(async () => {
  await database.close();
  rmSync(base, { recursive: true, force: true });
});

/** Calls a route as the mount does: parses what came in, and checks that the answer is of the declared shape. */
async function call(
  ctx: Context,
  method: string,
  path: string,
  input: { query?: unknown; params?: unknown; body?: unknown } = {},
): Promise<unknown> {
  const route = routes.find((one) => one.method === method && one.path === path);
  if (!route) throw new Error(`No route ${method} ${path}`);
  const answer = await route.handler({
    ctx,
    query: route.input.query?.parse(input.query ?? {}) ?? {},
    params: route.input.params?.parse(input.params ?? {}) ?? {},
    body: route.input.body?.parse(input.body),
  } as Parameters<typeof route.handler>[0]);
  return 'files' in route.output ? answer : route.output.parse(answer);
}

const body = { title: 'Harbour', handling: { tlp: 'AMBER', originator: 'XA' } };
const open = async () => ((await call(amina, 'post', '/api/case-files', { body })) as { caseFile: CaseFile }).caseFile;
const add = async (id: string, content = 'evidence') =>
  (
    (await call(amina, 'post', '/api/case-files/:id/files', {
      params: { id },
      body: { fileName: 'a.txt', content: Buffer.from(content).toString('base64') },
    })) as { file: EvidenceFile }
  ).file;

test('every answer has its declared shape', async () => {
  const { id, version } = await open();
  const params = { id };
  await call(amina, 'put', '/api/case-files/:id', { params, body: { version, title: 'Harbour, second' } });
  await call(amina, 'put', '/api/case-files/:id/members/:personId', { params: { id, personId: 'bruno' } });
  expect(await call(amina, 'get', '/api/case-files/:id', { params })).toMatchObject({
    caseFile: { title: 'Harbour, second', version: 2, members: [{ personId: 'amina' }, { personId: 'bruno' }] },
  });
  await call(amina, 'delete', '/api/case-files/:id/members/:personId', { params: { id, personId: 'bruno' } });
  const file = await add(id);
  expect(await call(amina, 'get', '/api/case-files/:id/files', { params })).toMatchObject({
    files: [{ id: file.id, fileName: 'a.txt' }],
  });
  const content = (await call(amina, 'get', '/api/evidence-files/:id/content', {
    params: { id: file.id },
  })) as StreamedFile;
  expect(content).toMatchObject({ mediaType: 'application/octet-stream', fileName: 'a.txt' });
  expect(await text(content.stream)).toBe('evidence');
  expect(await call(amina, 'get', '/api/evidence-files/:id/custody', { params: { id: file.id } })).toMatchObject({
    entries: [{ entry: { act: 'received' } }, { entry: { act: 'sealed' } }, { entry: { act: 'read' } }],
    problems: [],
  });
});

test('pages of the list join without gap or overlap', async () => {
  for (let n = 0; n < 5; n += 1) await open();
  const seen: string[] = [];
  for (let after: string | undefined; ;) {
    const page = (await call(amina, 'get', '/api/case-files', {
      query: { limit: '2', ...(after ? { after } : {}) },
    })) as { caseFiles: CaseFile[]; more: boolean };
    seen.push(...page.caseFiles.map((one) => one.id));
    after = page.caseFiles.at(-1)?.id;
    if (!page.more) break;
  }
  const all = (await evidence.listCaseFiles(amina, { limit: 200 })).caseFiles.map((one) => one.id);
  expect(seen).toEqual(all);
});

test('a stranger gets the same answer for a hidden case file and for none', async () => {
  const { id } = await open();
  const file = await add(id);
  const absent = '0199aaaa-0000-7000-8000-000000000000';
  const routesWithId = routes.filter((route) => route.path.includes(':id'));
  expect(routesWithId.length).toBeGreaterThan(7);
  for (const route of routesWithId) {
    const hiddenId = route.path.startsWith('/api/evidence-files') ? file.id : id;
    const given = route.path.endsWith('/files') ? { fileName: 'a', content: '' } : { version: 1 };
    const ask = (one: string) =>
      call(stranger, route.method, route.path, {
        params: { id: one, personId: 'x' },
        body: route.input.body ? given : undefined,
      }).catch((error: unknown) => error);
    const [hidden, none] = [await ask(hiddenId), await ask(absent)] as [Error, Error];
    expect([route.path, hidden.name]).toEqual([route.path, 'NotFound']);
    expect([none.name, none.message]).toEqual([hidden.name, hidden.message]);
  }
  expect(await call(stranger, 'get', '/api/case-files')).toMatchObject({ caseFiles: [] });
});

test('malformed input is refused before anything happens', async () => {
  const refused = [
    () => call(amina, 'post', '/api/case-files', { body: { ...body, title: '  ' } }),
    () => call(amina, 'post', '/api/case-files', { body: { ...body, unknown: 1 } }),
    () => call(amina, 'post', '/api/case-files', { body: { title: 'x' } }),
    () => call(amina, 'get', '/api/case-files/:id', { params: { id: "1' or '1'='1" } }),
    () => call(amina, 'get', '/api/case-files', { query: { limit: '100000' } }),
    () =>
      call(amina, 'post', '/api/case-files/:id/files', {
        params: { id: '0199aaaa-0000-7000-8000-000000000000' },
        body: { fileName: 'a', content: '%%%' },
      }),
  ];
  for (const one of refused) await expect(one()).rejects.toMatchObject({ name: 'ZodError' });
  await expect(
    call(amina, 'post', '/api/case-files', { body: { ...body, title: 'Har\u202Ebour' } }),
  ).rejects.toMatchObject({ code: 'evidence.not-taken' });
});

test('every route names a permission of the table, and every write and reading an audit action', () => {
  for (const route of routes) {
    expect(Object.keys(policy)).toContain(route.permission);
    if (route.path !== '/api/case-files' || route.method !== 'get')
      expect(route.audit, route.path).toMatch(/^evidence\./);
  }
});

test('both languages have words for every message', () => {
  const { en, ar } = evidenceMessages.words;
  expect(Object.keys(ar).sort()).toEqual(Object.keys(en).sort());
  expect(Object.entries(ar).filter(([, text]) => !/[\u0600-\u06FF]/.test(text))).toEqual([]);
});

test('the command line opens, lists and checks, and says by its exit code when a check fails', async () => {
  const translate = createTranslators([evidenceMessages]).en;
  const commands = evidenceCommands(
    () => evidence,
    () => translate,
  );
  const run = (verb: string, options: CliCall<Context>['options'] = {}, ctx = amina, args: string[] = []) => {
    const command = commands.find((one) => one.verb === verb);
    if (!command) throw new Error(verb);
    return command.run({ ctx, args, options, lists: {}, switches: new Set(), say: () => {} });
  };
  const opened = await run('open', { title: 'By hand', number: 'B 7' });
  expect(opened.text).toContain('B 7');
  await expect(run('open', { title: 'x', tlp: 'PURPLE' })).rejects.toMatchObject({ code: 'evidence.not-taken' });
  expect((await run('list')).text).toContain('By hand');
  await expect(run('files')).rejects.toMatchObject({ code: 'cli.argument-needed' });
  const operator = createContext({ ...amina, db: database.db, actor: { kind: 'system', id: 'operator' } });
  expect((await run('scrub', {}, operator)).exit).toBe(exit.done);
  rmSync(join(base, 'blobs'), { recursive: true });
  expect((await run('scrub', {}, operator)).exit).toBe(exit.negative);
});
