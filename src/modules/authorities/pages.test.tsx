import { parse as parseCsv } from 'csv-parse/sync';
import { IntlMessageFormat } from 'intl-messageformat';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testDatabase, type TestDatabase } from '../../../tests/support/database.ts';
import { testView } from '../../../tests/support/view.ts';
import { fakeClock } from '../../platform/clock.ts';
import type { OfferedLocale } from '../../platform/i18n/index.ts';
import { createLog } from '../../platform/log.ts';
import type { ApiRoute, PageAnswer, PageRoute } from '../../platform/http/routes.ts';
import { systemRandom } from '../../platform/random.ts';
import { stateCode } from '../../platform/values/index.ts';
import type { View } from '../../web/index.ts';
import { createContext, type Actor, type Context, type Role } from '../identity/index.ts';
import { authoritiesApi } from './api.ts';
import { authoritiesCommands } from './cli.ts';
import { safeCell, toCsv, toVCard } from './exports.ts';
import { authoritiesMessages, loadCustodianEntries, loadSampleDirectory, readSamples, type Entry } from './index.ts';
import { itemCodes } from './schema/index.ts';
import { words } from './messages/index.ts';
import { authoritiesPages } from './pages/index.tsx';

const { en, ar } = words;
const clock = fakeClock('2026-05-14T06:12:00.000Z');
let database: TestDatabase;
const needs = { ownLanguages: ['en'] };
const pages = authoritiesPages(needs);
const api = authoritiesApi(needs);

function context(actor: Actor, state = 'XB'): Context {
  return createContext({
    db: database.db,
    actor,
    clock,
    random: systemRandom,
    log: createLog('silent'),
    locale: 'en',
    state: stateCode(state),
    zone: 'America/Montevideo',
    profile: 'demo',
  });
}
const person = (id: string, roles: Role[]): Actor => ({
  kind: 'person',
  id,
  name: 'Test',
  officeId: '01890000-0000-7000-8000-0000000000aa',
  authority: 'XB:central-authority',
  roles,
});
const editor = () => context(person('01890000-0000-7000-8000-000000000001', ['directory-editor']));
const publisher = () => context(person('01890000-0000-7000-8000-000000000002', ['directory-publisher']));
const officer = () => context(person('01890000-0000-7000-8000-000000000003', ['central-authority-officer']));
const nobody = () => context({ kind: 'public' });

interface Ask {
  ctx?: Context;
  query?: Record<string, string>;
  params?: Record<string, string>;
  form?: Record<string, string | string[]>;
  files?: { field: string; fileName: string; bytes: Uint8Array }[];
  locale?: OfferedLocale;
}
function routeOf(method: string, path: string): PageRoute<Context, View> {
  return pages.find((one) => one.method === method && one.path === path)!;
}
async function answer(method: string, path: string, ask: Ask = {}): Promise<PageAnswer> {
  const view = testView({ locale: ask.locale ?? 'en', catalogues: [authoritiesMessages], path });
  const values = Object.fromEntries(Object.entries(ask.form ?? {}).map(([field, value]) => [field, [value].flat()]));
  return routeOf(method, path).handler({
    ctx: ask.ctx ?? nobody(),
    view,
    params: ask.params ?? {},
    query: ask.query ?? {},
    queries: {},
    client: { cookie: '', userAgent: '', address: '' },
    form: { values, files: ask.files ?? [] },
  });
}
async function html(path: string, ask: Ask = {}): Promise<string> {
  const given = await answer('get', path, ask);
  if (given.type !== 'page') throw new Error(given.type);
  return String(await given.html);
}
async function call(
  path: string,
  more: { query?: object; params?: object; body?: object; ctx?: Context; method?: string } = {},
): Promise<unknown> {
  const found = api.find((one) => one.path === path && one.method === (more.method ?? 'get')) as ApiRoute<Context>;
  const query = found.input.query ? found.input.query.parse(more.query ?? {}) : {};
  const params = found.input.params ? found.input.params.parse(more.params ?? {}) : {};
  const body = found.input.body ? found.input.body.parse(more.body) : undefined;
  const given = await found.handler({ ctx: more.ctx ?? nobody(), query, params, body } as Parameters<
    typeof found.handler
  >[0]);
  return 'files' in found.output ? given : found.output.parse(given);
}

beforeAll(async () => {
  database = await testDatabase();
  const ctx = context({ kind: 'system', id: 'test' });
  await ctx.transaction(async (tx) => {
    await loadSampleDirectory(tx, ctx);
    await loadCustodianEntries(tx, ctx);
  });
});
afterAll(async () => {
  await database?.close();
});

describe('pages', () => {
  test('finding the desk for an urgent freezing in Borea shows desk, duty desk, language and reasons', async () => {
    const page = await html('/authorities', {
      query: { state: 'XB', purpose: 'confiscation', instrument: 'XVIII-12', urgent: 'yes' },
    });
    for (const words of [
      'Central Authority of Borea',
      'Duty desk',
      'English',
      'A certified translation',
      'Designated under UNTOC',
      'Confirmed by the State 12 days ago',
    ])
      expect(page).toContain(words);
  });
  test('no authority of Cordia for controlled delivery: the page names its central authority', async () => {
    const page = await html('/authorities', {
      query: { state: 'XC', purpose: 'controlled-delivery', instrument: 'XVIII-12' },
    });
    expect(page).toContain('for controlled delivery. The last resort is the diplomatic channel.');
    expect(page).toContain('Central Authority of Cordia');
  });
  test('Latvia without a stage shows two desks', async () => {
    const page = await html('/authorities', { query: { state: 'LVA', purpose: 'mla', instrument: 'XVIII-12' } });
    expect(page).toContain('Two desks fit. Choose one');
    expect(page).toContain('Ministry of Justice');
    const trial = await html('/authorities', {
      query: { state: 'LVA', purpose: 'mla', instrument: 'XVIII-12', stage: 'trial' },
    });
    expect(trial).toContain('Serves the stage: Trial');
  });
  test('a State, purpose or day that cannot be read is told at its field', async () => {
    const given = await answer('get', '/authorities', {
      query: { state: 'Nowhere', purpose: 'magic', on: 'tomorrow' },
    });
    expect(given).toMatchObject({ type: 'page', status: 422 });
    const page = await html('/authorities', { query: { state: 'Nowhere', purpose: 'magic', on: 'tomorrow' } });
    for (const anchor of ['#f-state', '#f-purpose', '#f-on']) expect(page).toContain(`href="${anchor}"`);
  });
  test('the card shows numbers to an official and none to the public', async () => {
    const params = { id: 'XC:central-authority' };
    expect(await html('/authorities/:id', { params })).not.toMatch(/\+1555\d{4}/);
    expect(await html('/authorities/:id', { params, ctx: officer() })).toContain('+15550300');
  });
  test('every page is complete in both languages: no key without words', async () => {
    for (const locale of ['en', 'ar'] as const) {
      const all = [
        await html('/authorities', { locale }),
        await html('/authorities', {
          locale,
          query: { state: 'XB', purpose: 'mla', instrument: 'XVIII-12', urgent: 'yes' },
        }),
        await html('/authorities', { locale, query: { state: 'XD', purpose: 'tobacco' } }),
        await html('/authorities/:id', { locale, ctx: officer(), params: { id: 'XC:northern-prosecutor' } }),
        await html('/authorities/:id', { locale, params: { id: 'AND:ministry-interior' } }),
        ...(await Promise.all(
          ['XA', 'XB', 'XC', 'XD', 'IRL'].map((state) =>
            html('/authorities/states/:state', { locale, params: { state } }),
          ),
        )),
        await html('/authorities/states/:state/profile', { locale, params: { state: 'XB' } }),
        await html('/authorities/health', { locale, ctx: editor() }),
        await html('/authorities/mine', { locale, ctx: editor() }),
        await html('/authorities/mine/:id/edit', { locale, ctx: editor(), params: { id: 'XB:coastguard' } }),
      ];
      for (const page of all) expect(page.match(/>[^<]*\bauthorities\.[a-z][a-zA-Z0-9.-]*[^<]*</)?.[0]).toBeUndefined();
    }
  });
  test('a change by form: faults at their fields, then saved, and published by another', async () => {
    const params = { id: 'XB:coastguard' };
    const field = (page: string, name: string) =>
      new RegExp(`name="${name}"[^>]*>([^<]*)</textarea>`).exec(page)?.[1] ??
      new RegExp(`name="${name}"[^>]*value="([^"]*)"`).exec(page)?.[1] ??
      '';
    const page = await html('/authorities/mine/:id/edit', { ctx: editor(), params });
    const names = [
      'names',
      'department',
      'postal',
      'street',
      'postcode',
      'city',
      'website',
      'fax',
      'urgentPhone',
      'timeZone',
      'nodeId',
      'emails',
      'phones',
      'officeHours',
      'languages',
      'validFrom',
      'notes',
    ];
    const form = Object.fromEntries(names.map((name) => [name, field(page, name)]));
    expect(form['names']).toContain('Prefectura Naval');
    const bad = await answer('post', '/authorities/mine/:id/edit', {
      ctx: editor(),
      params,
      form: { ...form, phones: '0555', timeZone: 'Mars/Olympus' },
    });
    expect(bad).toMatchObject({ status: 422 });
    expect(bad.type === 'page' && String(await bad.html)).toMatch(
      /href="#f-phones".*href="#f-timeZone"|href="#f-timeZone".*href="#f-phones"/s,
    );
    const saved = await answer('post', '/authorities/mine/:id/edit', {
      ctx: editor(),
      params,
      form: { ...form, city: 'Harbour Town' },
    });
    expect(saved).toEqual({ type: 'redirect', to: '/authorities/mine?done=saved' });
    const list = await html('/authorities/mine', { ctx: publisher() });
    const draft = /name="draft" value="([^"]+)"/.exec(list)?.[1] ?? '';
    const done = await answer('post', '/authorities/mine/publish', { ctx: publisher(), form: { draft } });
    expect(done).toEqual({ type: 'redirect', to: '/authorities/mine?done=published' });
    const card = await html('/authorities/:id', { params, ctx: officer() });
    expect(card).toContain('Harbour Town');
    expect(card).toContain('+15550260');
  });
  test('confirming needs a post, then stands', async () => {
    const refused = await answer('post', '/authorities/mine/confirm', {
      ctx: officer(),
      form: { id: 'XB:duty-desk', 'post-duty-desk': '' },
    });
    expect(refused).toMatchObject({ status: 422 });
    const done = await answer('post', '/authorities/mine/confirm', {
      ctx: officer(),
      form: { id: 'XB:duty-desk', 'post-duty-desk': 'Head of desk' },
    });
    expect(done).toMatchObject({ type: 'redirect' });
  });
});

describe('keeping the own State’s records', () => {
  const state = { state: 'XB' };
  const drafts = async () =>
    [...(await html('/authorities/mine', { ctx: publisher() })).matchAll(/href="\/authorities\/drafts\/([^"]+)"/g)].map(
      (one) => one[1] ?? '',
    );
  test('two answers of the profile wait as one draft, which a second official sees and publishes', async () => {
    const p17 = { params: { ...state, item: 'P17' }, ctx: editor() };
    const empty = await answer('post', '/authorities/profiles/:state/edit/:item', { ...p17, form: {} });
    expect(empty).toMatchObject({ status: 422 });
    const page = empty.type === 'page' ? String(await empty.html) : '';
    expect(page).toContain('href="#f-source"');
    await answer('post', '/authorities/profiles/:state/edit/:item', {
      ...p17,
      form: { minDaysBeforeHearing: '33', source: 'Service act of Borea', validFrom: '1 March 2026' },
    });
    await answer('post', '/authorities/profiles/:state/edit/:item', {
      params: { ...state, item: 'P12' },
      ctx: editor(),
      form: { evidenceStandard: 'none', source: 'Extradition act of Borea', validFrom: '' },
    });
    const open = await drafts();
    expect(open).toHaveLength(1);
    const change = await html('/authorities/drafts/:draft', { ctx: publisher(), params: { draft: open[0]! } });
    for (const words of ['33', 'Service act of Borea', 'Extradition act of Borea']) expect(change).toContain(words);
    expect(await html('/authorities/states/:state', { params: state })).not.toContain('Service act of Borea');
    await answer('post', '/authorities/mine/publish', { ctx: publisher(), form: { draft: open[0]! } });
    expect(await html('/authorities/states/:state', { params: state })).toContain('Service act of Borea');
  });
  test('an editor keeps the profile of the own State only', async () => {
    await expect(
      html('/authorities/profiles/:state/edit', { ctx: editor(), params: { state: 'XC' } }),
    ).rejects.toMatchObject({ code: 'authorities.unknown-state' });
  });
  test('days are added, taken from a file and removed, as one draft', async () => {
    const path = '/authorities/calendars/:id/edit';
    const params = { id: 'XB:national' };
    const bad = await answer('post', path, { ctx: editor(), params, form: { act: 'add', on: '31/31/2027' } });
    expect(bad).toMatchObject({ status: 422 });
    await answer('post', path, {
      ctx: editor(),
      params,
      form: { act: 'add', on: '9 March 2027', 'names.en': 'Harbour Day', status: 'announced', source: 'Gazette' },
    });
    const ics =
      'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270310\r\nSUMMARY:Lantern Day\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20270309\r\nSUMMARY:Harbour Day\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n';
    const taken = await answer('post', path, {
      ctx: editor(),
      params,
      form: { act: 'import' },
      files: [{ field: 'file', fileName: 'feasts.ics', bytes: new TextEncoder().encode(ics) }],
    });
    expect(taken).toEqual({ type: 'redirect', to: '/authorities/calendars/XB:national/edit?taken=1-1' });
    await answer('post', path, { ctx: editor(), params, form: { act: 'remove', on: '2027-03-09', half: '' } });
    const page = await html(path, { ctx: editor(), params });
    expect(page).toContain('Lantern Day');
    expect(page).not.toContain('Harbour Day');
    expect(await drafts()).toHaveLength(1);
  });
  test('asking twice to confirm is one question, which the owner answers', async () => {
    const ask = () => answer('post', '/authorities/:id/ask', { ctx: officer(), params: { id: 'XB:duty-desk' } });
    await ask();
    expect(await ask()).toMatchObject({ to: '/authorities/XB:duty-desk?done=asked' });
    const open = await html('/authorities/feedback', { ctx: editor() });
    expect(open.match(/name="feedback"/g)).toHaveLength(1);
    expect(open).toContain('asks you to confirm');
    const feedback = /name="feedback" value="([^"]+)"/.exec(open)?.[1] ?? '';
    expect(await answer('post', '/authorities/feedback', { ctx: editor(), form: { feedback } })).toMatchObject({
      status: 422,
    });
    await answer('post', '/authorities/feedback', {
      ctx: editor(),
      form: { feedback, [`answer-${feedback}`]: 'Confirmed today.' },
    });
    expect(await html('/authorities/feedback', { ctx: editor() })).toContain('Confirmed today.');
  });
  test('a report without words is told at its field', async () => {
    const path = '/authorities/:id/feedback';
    const params = { id: 'XC:coastguard' };
    expect(await answer('post', path, { ctx: officer(), params, form: { text: ' ' } })).toMatchObject({ status: 422 });
    expect(await answer('post', path, { ctx: officer(), params, form: { text: 'Closed', field: 'phones' } })).toEqual({
      type: 'redirect',
      to: '/authorities/XC:coastguard?done=reported',
    });
  });
  test('the pages of keepers are complete in both languages', async () => {
    for (const locale of ['en', 'ar'] as const) {
      const all = [
        await html('/authorities/profiles/:state/edit', { locale, ctx: editor(), params: state }),
        ...(await Promise.all(
          itemCodes.map((item) =>
            html('/authorities/profiles/:state/edit/:item', { locale, ctx: editor(), params: { ...state, item } }),
          ),
        )),
        await html('/authorities/calendars/:id/edit', { locale, ctx: editor(), params: { id: 'XB:national' } }),
        await html('/authorities/feedback', { locale, ctx: editor() }),
        await html('/authorities/:id/feedback', { locale, ctx: officer(), params: { id: 'XC:coastguard' } }),
      ];
      for (const page of all) expect(page.match(/>[^<]*\bauthorities\.[a-z][a-zA-Z0-9.-]*[^<]*</)?.[0]).toBeUndefined();
    }
  });
});

describe('routes', () => {
  test('the booklet is a PDF in both languages, the same bytes at the same moment', async () => {
    const booklet = async (lang: string) =>
      (await call('/api/authorities/export', { query: { format: 'pdf', state: 'XC', lang } })) as {
        bytes: Uint8Array;
        fileName: string;
      };
    const [first, again, arabic] = [await booklet('en'), await booklet('en'), await booklet('ar')];
    expect(Buffer.from(first.bytes).subarray(0, 5).toString()).toBe('%PDF-');
    expect(Buffer.from(first.bytes).equals(Buffer.from(again.bytes))).toBe(true);
    expect(arabic.fileName).toBe('authorities-XC-2026-05-14-ar.pdf');
    expect(Buffer.from(arabic.bytes).equals(Buffer.from(first.bytes))).toBe(false);
  });
  test('a table reads back as it was written, formulas as text', async () => {
    const versions = readSamples(clock.today('UTC'), ['cordia'])
      .filter((one) => one.kind === 'authority-entry')
      .map(({ body }) => ({
        entry: { ...(body as Entry), department: '=cmd()', names: [{ text: '=1+1', script: 'Latn', original: true }] },
        version: 1,
        hash: 'sha256:00' as never,
        recordedAt: clock.now(),
        op: 'put' as const,
      }));
    const rows = parseCsv(toCsv(versions as never), { columns: true }) as Record<string, string>[];
    expect(rows.map((row) => row['id'])).toEqual(versions.map((one) => one.entry.id));
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(rows[0]?.['name']).toBe("'=1+1");
  });
  test('records that are no record file are refused by the API with the reason', async () => {
    await expect(
      call('/api/authorities/import', {
        method: 'post',
        ctx: editor(),
        body: { file: Buffer.from('nothing').toString('base64'), root: { kty: 'OKP' } },
      }),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^(records|authorities)\./) as string });
  });
  test('the choice answers in its declared shape', async () => {
    expect(
      await call('/api/authorities/choice', {
        query: { state: 'XB', measure: 'T9', instrument: 'XVIII-12', on: '2026-05-14', urgent: 'true' },
      }),
    ).toMatchObject({
      kind: 'authorities.choice',
      desk: { authority: 'XB:central-authority' },
      question: { measure: 'freezing', function: 'confiscation' },
    });
  });
  test('lists, cards, history, hours, profiles, calendars and health answer in their declared shapes, and without numbers', async () => {
    const answers = [
      await call('/api/authorities', { query: { state: 'XC' } }),
      await call('/api/authorities/:id', { params: { id: 'XC:central-authority' } }),
      await call('/api/authorities/:id/history', { params: { id: 'XC:central-authority' } }),
      await call('/api/authorities/:id/hours', { params: { id: 'XC:central-authority' } }),
      await call('/api/authorities/profiles/:state', { params: { state: 'XB' } }),
      await call('/api/authorities/calendars/:state', { params: { state: 'XC' } }),
      await call('/api/authorities/health'),
    ];
    for (const one of answers) expect(JSON.stringify(one)).not.toMatch(/\+1555\d{4}/);
    for (const format of ['json', 'csv']) {
      const file = (await call('/api/authorities/export', { query: { format } })) as { bytes: Uint8Array };
      expect(new TextDecoder().decode(file.bytes)).not.toMatch(/\+1555\d{4}/);
    }
    const card = (await call('/api/authorities/:id/card.vcf', { params: { id: 'XC:central-authority' } })) as {
      bytes: Uint8Array;
    };
    expect(new TextDecoder().decode(card.bytes)).not.toMatch(/\+1555\d{4}/);
  });
  test('words that mean nothing are refused with what was given', async () => {
    await expect(
      call('/api/authorities/choice', { query: { state: 'Nowhere', measure: 'mla' } }),
    ).rejects.toMatchObject({ code: 'authorities.unknown-state' });
    await expect(call('/api/authorities/choice', { query: { state: 'XB', measure: 'magic' } })).rejects.toMatchObject({
      code: 'authorities.unknown-purpose',
    });
    await expect(call('/api/authorities', { query: { on: '2026-02-30' } })).rejects.toMatchObject({
      code: 'authorities.bad-day',
    });
  });
  test('a draft with faults names them all', async () => {
    const body = {
      ...(readSamples(clock.today('UTC'), ['borea']).find((one) => one.kind === 'authority-entry')!.body as Entry),
      phones: ['x'],
      emails: ['y'],
    };
    await expect(call('/api/authorities', { method: 'post', ctx: editor(), body: { body } })).rejects.toMatchObject({
      problems: [{ code: 'authorities.bad-email' }, { code: 'authorities.bad-phone' }],
    });
  });
});

describe('commands', () => {
  const commands = authoritiesCommands(needs);
  const run = (verb: string, args: string[], options: Record<string, string> = {}) =>
    commands
      .find((one) => one.verb === verb)!
      .run({
        ctx: context({ kind: 'system', id: 'cli' }),
        args,
        options,
        lists: {},
        switches: new Set(),
        say: () => undefined,
      });
  test('choose, find, show, history, hours, profile, calendar and verify answer', async () => {
    expect(
      await run('choose', [], { state: 'XB', measure: 'freezing', instrument: 'XVIII-12', on: '2026-05-14' }),
    ).toMatchObject({ exit: 0, json: { desk: { authority: 'XB:central-authority' } } });
    expect(await run('choose', [], { state: 'CAN', measure: 'mla', instrument: 'XVIII-14' })).toMatchObject({
      exit: 1,
    });
    expect((await run('find', [], { state: 'XD', function: 'mla' })).text).toContain('XD:central-authority');
    for (const verb of ['show', 'history', 'hours'])
      expect((await run(verb, ['XB:central-authority'])).text.length).toBeGreaterThan(10);
    expect((await run('profile', ['XD'])).text).toContain('P09 authorities.item.P09: not-coded');
    expect((await run('calendar', ['XC'], { year: '2026' })).text).toContain('weekly rest: 5, 6');
    expect((await run('verify', [])).text).toMatch(/XB {2}\d+ entries/);
  });
  test('checking a data file of another shape says every fault', async () => {
    expect(await run('check', ['data/authorities/custodian.json'])).toMatchObject({ exit: 1 });
  });
});

describe('exports', () => {
  test('a cell that a spreadsheet would compute is told to be text', () => {
    for (const text of ['=1+1', '+1', '-1', '@x', '\tx', '\rx']) expect(safeCell(text)).toBe(`'${text}`);
    expect(safeCell('Borea')).toBe('Borea');
  });
  test('the vCard escapes and folds, and holds what the layer holds', () => {
    const entry = readSamples(clock.today('UTC'), ['cordia'])
      .map((one) => one.body as Entry)
      .find((one) => one.id === 'XC:central-authority')!;
    const card = toVCard({ ...entry, city: 'A; B, C\nD' });
    expect(card).toContain('A\\; B\\, C\\nD');
    expect(card).toContain('TEL;TYPE=work:+15550300');
    for (const line of card.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
  });
  test('holidays as iCalendar carry each day once and say which are expected', async () => {
    const file = (await call('/api/authorities/calendars/:state/holidays.ics', { params: { state: 'XC' } })) as {
      bytes: Uint8Array;
    };
    const text = new TextDecoder().decode(file.bytes);
    expect(text.match(/BEGIN:VEVENT/g)).toHaveLength(13);
    expect(text).toContain('DTSTART;VALUE=DATE:20260527');
    expect(text).toContain('X-COMITY-STATUS:expected');
  });
});

describe('words', () => {
  test('no text is over thirty words, and none pleads or shouts', () => {
    for (const [key, text] of Object.entries(en)) {
      const longest = text.includes('select') || text.includes('plural') ? 0 : text.split(/\s+/).length;
      expect(longest, key).toBeLessThanOrEqual(30);
      expect(text, key).not.toMatch(/\bplease\b|\binvalid\b|!|click here/i);
    }
  });
  test('the Arabic words take the same parameters as the English', () => {
    const names = (text: string) => {
      const found = new Set<string>();
      const walk = (parts: ReturnType<IntlMessageFormat['getAst']>): void => {
        for (const part of parts) {
          // Plain text, the # of a plural, and tags name no parameter.
          if (part.type === 0 || part.type === 7 || part.type === 8) continue;
          found.add(part.value);
          if ('options' in part) for (const option of Object.values(part.options)) walk(option.value);
        }
      };
      walk(new IntlMessageFormat(text, 'en', undefined, { ignoreTag: true }).getAst());
      return [...found].sort();
    };
    const different = Object.keys(en).filter(
      (key) => names(ar[key as keyof typeof en]).join() !== names(en[key as keyof typeof en]).join(),
    );
    expect(different).toEqual([]);
  });
});
