import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { contextFor } from '../../src/app/node.ts';
import { buildDevelopmentPack, importPack, removePack } from '../../src/modules/packs/index.ts';
import { confirmReading } from '../../src/modules/treaties/index.ts';
import { axeFindings, expectAccessible } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNode, type TestNode } from '../support/node.ts';

let alba: TestNode;
let browser: Browser;
beforeAll(async () => {
  [alba, browser] = await Promise.all([startNode(), launchBrowser()]);
});
afterAll(async () => {
  await browser?.close();
  await alba?.stop();
});

async function open(path: string, options: { scripts?: boolean } = {}) {
  const context: BrowserContext = await browser.newContext({
    javaScriptEnabled: options.scripts ?? true,
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  const response = await page.goto(alba.origin + path);
  return { page, response, close: () => context.close() };
}

describe.each([true, false])('with scripts %s', (scripts) => {
  test('a reader learns who was party to UNTOC on 29 March 2013 and why the published total differs', async () => {
    const { page, close } = await open('/', { scripts });
    await page.getByRole('link', { name: 'Who was party to UNTOC on 29 March 2013?' }).click();
    await page.getByText('174 participants had deposited: 173 States and 1 organization').waitFor();
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('Transnational Organized Crime');
    await page.getByRole('textbox', { name: 'Status on' }).fill('2 April 2013');
    await page.getByRole('button', { name: 'Show' }).click();
    await page.getByText('175 participants had deposited').waitFor();
    await close();
  });

  test('an ambiguous day is asked back with both readings and what was typed', async () => {
    const { page, close } = await open('/law/XVIII-12?on=03/04/2013', { scripts });
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.getByRole('alert').or(page.locator('.error-summary')).first().textContent()).toMatch(
      /3 April 2013.*4 March 2013/,
    );
    expect(await page.getByRole('textbox', { name: 'Status on' }).inputValue()).toBe('03/04/2013');
    await close();
  });

  test('the basis page says that Barbados was not bound by UNTOC before 11 December 2014', async () => {
    const { page, close } = await open('/law/basis?from=AGO&to=BRB&measure=mla&on=2014-11-20', { scripts });
    const untoc = page.locator('#basis-XVIII-12');
    await untoc.waitFor();
    expect(await untoc.textContent()).toContain('11 December 2014');
    await close();
  });
});

describe.each(['en', 'ar'])('in %s', (lang) => {
  test.each([
    '/',
    '/law',
    '/law/XVIII-12?on=2013-03-29',
    '/law/XVIII-12-c?on=2013-03-29',
    '/law/XVIII-12?on=2026-03-29&show=unknown',
    '/law/XVIII-12/map?on=2013-03-29',
    '/law/XVIII-12/articles',
    '/law/XVIII-12/18',
    '/law/XVIII-12/99',
    '/law/XVIII-12/declarations',
    '/law/XVIII-12/totals',
    '/law/about',
    '/law/states/LVA?on=2014-07-10',
    '/law/basis',
    '/law/basis?from=XA&to=XB&measure=freezing&on=2026-05-14&offence=laundering',
    '/law/basis?from=XA&to=XA',
    '/packs',
    '/api',
    '/accessibility',
    '/nothing-here',
  ])('axe finds nothing on %s, wide and narrow, and nothing scrolls sideways', async (path) => {
    const { page, close } = await open(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
    expect(await page.locator('html').getAttribute('dir')).toBe(lang === 'ar' ? 'rtl' : 'ltr');
    await expectAccessible(page);
    await close();
  });
});

describe.each([true, false])('articles, with scripts %s', (scripts) => {
  test('an article shows our digest, says that the official text is not installed, and leads to its neighbours', async () => {
    const { page, close } = await open('/law/XVIII-12/articles', { scripts });
    await page.getByRole('link', { name: 'Article 18', exact: true }).click();
    await page.getByRole('heading', { level: 1, name: 'Article 18' }).waitFor();
    expect(await page.locator('#digest').textContent()).toContain('central authorities');
    expect(await page.locator('#text').textContent()).toContain('The official text is not installed here.');
    await page.getByRole('link', { name: 'Where to get it and how' }).click();
    await page.getByRole('heading', { name: 'Official texts' }).waitFor();
    await close();
  });

  test('the table narrows to those that only signed, and the count stands on the link', async () => {
    const { page, close } = await open('/law/XVIII-12?on=2013-03-29', { scripts });
    await page.getByRole('link', { name: 'Signed only 10' }).click();
    expect(await page.locator('#participants tbody tr').count()).toBe(10);
    expect(await page.locator('#participants').textContent()).toContain('Angola');
    await close();
  });
});

test('an article that does not exist answers 404 with the nearest ones, and a paragraph leads to its article', async () => {
  const { page, response, close } = await open('/law/XVIII-12/99');
  expect(response?.status()).toBe(404);
  await page.getByRole('link', { name: 'Article 34' }).waitFor();
  await close();
  const paragraph = await alba.get('/law/UNTOC/18(9)');
  expect(paragraph.headers.get('location')).toBe('/law/XVIII-12/18#p9');
});

test('with a pack the article quotes the official text in English, left to right, with pack and licence', async (test) => {
  const folder = mkdtempSync(join(tmpdir(), 'comity-pack-'));
  const pack = await buildDevelopmentPack(join(folder, 'pack'));
  if (!pack) return test.skip('the development texts are not beside the project');
  const operator = contextFor(alba.node, { kind: 'system', id: 'cli' }, 'en');
  await importPack(operator, alba.node.config.packsFolder, join(folder, 'pack'));
  const { page, close } = await open('/law/XVIII-12/18?lang=ar');
  const text = page.locator('.treaty-text');
  expect(await text.getAttribute('lang')).toBe('en');
  expect(await text.getAttribute('dir')).toBe('ltr');
  expect(await page.locator('#p9').count()).toBe(1);
  expect(await page.locator('#text .source').textContent()).toContain(pack.licence);
  expect(await axeFindings(page)).toEqual([]);
  await close();
  await removePack(operator, alba.node.config.packsFolder, pack.id, pack.version);
  rmSync(folder, { recursive: true, force: true });
});

test('the search offers terms while one types, and answers without scripts as well', async () => {
  const { knowledge } = alba.running.live;
  // Terms of the thesaurus are there without any pack.
  await knowledge.needs.index.work();
  for (const scripts of [true, false]) {
    const { page, close } = await open('/knowledge?lang=en', { scripts });
    const field = page.locator('#search input[type=search]');
    await field.fill('confis');
    if (scripts) await page.locator('#search option[value="confiscation"]').waitFor({ state: 'attached' });
    await field.fill('UNTOC 18(55)');
    await field.press('Enter');
    await page.getByText('UNTOC art. 18(55) does not exist.').waitFor();
    await close();
  }
  const { page, close } = await open('/knowledge?q=confiscation&lang=ar');
  await expectAccessible(page);
  await close();
}, 240_000);

describe('a reading of a declaration', () => {
  test('is shown to everybody as not confirmed, and an official confirms it once for all answers', async () => {
    const read = async () => (await alba.get('/api/treaties/states/LVA?on=2014-07-10')).json() as Promise<unknown>;
    const found = /"id":"([0-9a-f-]{36})","state":"LVA","instrument":"XVIII-12","provision":"16\(5\)\(a\)"/.exec(
      JSON.stringify(await read()),
    );
    const { page, close } = await open(`/law/readings/${found![1]!}`);
    await page.getByText('Reading not confirmed by an official').waitFor();
    expect(await page.getByRole('button', { name: 'Confirm this reading' }).count()).toBe(0);
    expect(await axeFindings(page)).toEqual([]);
    const officer = contextFor(alba.node, { kind: 'system', id: 'cli' }, 'en');
    await confirmReading(officer, alba.modules.treatyData, found![1]!);
    await page.reload();
    await page.getByText('Reading confirmed by an official').waitFor();
    await close();
    expect((await alba.get('/law/imports')).status).not.toBe(200);
  });
});

test('the API answers as the page and the command line do', async () => {
  const answer = await (await alba.get('/api/treaties/instruments/XVIII-12/parties?on=2013-03-29')).json();
  expect(answer).toMatchObject({
    kind: 'treaties.parties',
    version: 1,
    count: { deposited: 174, states: 173, organizations: 1 },
  });
});

test('every answer carries the headers of the content-security policy, errors included', async () => {
  for (const path of ['/', '/law', '/nothing', '/api/nothing', '/api/openapi.json', '/healthz']) {
    const response = await alba.get(path);
    expect(response.headers.get('content-security-policy'), path).toContain("default-src 'none'");
    expect(response.headers.get('x-content-type-options'), path).toBe('nosniff');
  }
});
