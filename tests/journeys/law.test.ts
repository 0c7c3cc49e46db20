import AxeBuilder from '@axe-core/playwright';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
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

async function open(path: string, options: { scripts?: boolean; width?: number } = {}) {
  const context: BrowserContext = await browser.newContext({
    javaScriptEnabled: options.scripts ?? true,
    viewport: { width: options.width ?? 1280, height: 900 },
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
    await page.getByLabel('Status on').fill('2 April 2013');
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
    expect(await page.getByLabel('Status on').inputValue()).toBe('03/04/2013');
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
    '/law/states/LVA?on=2014-07-10',
    '/law/basis',
    '/law/basis?from=XA&to=XB&measure=freezing&on=2026-05-14&offence=laundering',
    '/law/basis?from=XA&to=XA',
    '/packs',
    '/api',
    '/accessibility',
    '/nothing-here',
  ])('axe finds nothing on %s, wide and narrow, and nothing scrolls sideways', async (path) => {
    for (const width of [1280, 360]) {
      const { page, close } = await open(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`, { width });
      expect(await page.locator('html').getAttribute('dir')).toBe(lang === 'ar' ? 'rtl' : 'ltr');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map((one) => `${one.id}: ${one.nodes[0]?.html}`)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
      await close();
    }
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
