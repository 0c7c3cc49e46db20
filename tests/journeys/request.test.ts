import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeClock } from '../../src/platform/clock.ts';
import { axeFindings, sidewaysScroll } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { openCompleteRequest, sampleWorld, signedIn, type SampleWorld } from '../support/sample-people.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Axe needs scripts in the page, so a run without them only looks at the width. */
async function checkPage(page: Page, scripts: boolean): Promise<void> {
  expect(await page.locator('h1').count(), page.url()).toBe(1);
  if (!scripts) return;
  expect(await axeFindings(page)).toEqual([]);
  expect(await sidewaysScroll(page), page.url()).toBeLessThanOrEqual(0);
}

const words = {
  en: {
    submit: 'Submit for review',
    review: 'Review the request',
    clear: 'Clear the request',
    sign: 'Sign the request',
    second: 'Sign with password and code',
    letters: /Type the two letters of Borea/,
    known: /unchanged/,
  },
  ar: {
    submit: 'إحالة إلى المراجعة',
    review: 'راجع الطلب',
    clear: 'أجز الطلب قانونياً',
    sign: 'وقّع الطلب',
    second: 'وقّع بكلمة السر والرمز',
    letters: /اكتب حرفي بوريا/,
    known: /دون تغيير/,
  },
} as const;

describe.each([
  ['en', true],
  ['ar', false],
] as const)('the complete request in %s, scripts %s', (lang, scripts) => {
  let alba: TestNode;
  let world: SampleWorld;
  let reference: string;
  const say = words[lang];
  beforeAll(async () => {
    alba = await startNode({ clock: fakeClock('2026-05-14T08:00:00.000Z') });
    world = await sampleWorld(alba);
    reference = await openCompleteRequest(alba, world);
  });
  afterAll(() => alba?.stop());

  async function act(name: string, button: string, path: string): Promise<void> {
    const context = await signedIn(alba, browser, world, name, { lang, scripts });
    const page = await context.newPage();
    await page.goto(`${alba.origin}/requests/${reference}`);
    await checkPage(page, scripts);
    await page.getByRole('link', { name: button, exact: true }).first().click();
    await page.waitForURL(`**/act/${path}`);
    await checkPage(page, scripts);
    if (path === 'clear') await page.locator('input[value=none-found]').check();
    await page.locator('main form button').first().click();
    expect(page.url(), (await page.locator('main').textContent()) ?? '').toContain(
      `/requests/${reference}?done=${path}`,
    );
    await context.close();
  }

  test('goes from the drafter to a second official, the central authority and the signatory, and its paper is known by its hash', async () => {
    await act('amara', say.submit, 'submit-for-review');
    await act('teo', say.review, 'review-pass');
    await act('noor', say.clear, 'clear');
    const context = await signedIn(alba, browser, world, 'deniz', { lang, scripts });
    const page = await context.newPage();
    await page.goto(`${alba.origin}/approvals`);
    await checkPage(page, scripts);
    await page.getByRole('link', { name: reference }).click();
    await page.getByRole('link', { name: say.sign, exact: true }).click();
    await checkPage(page, scripts);
    await page.getByLabel(say.letters).fill('XC');
    await page.getByRole('button', { name: say.second }).click();
    expect(await page.title()).toMatch(lang === 'en' ? /^Error: / : /^خطأ/);
    await page.getByLabel(say.letters).fill('xb');
    await page.getByRole('button', { name: say.second }).click();
    // The second factor of the demo link may have to be proved again; then the reader is back on the page.
    if (page.url().includes('/sign-in/step-up')) {
      await page.locator('main form button').last().click();
      await page.getByLabel(say.letters).fill('XB');
      await page.getByRole('button', { name: say.second }).click();
    }
    await page.waitForURL(`**/requests/${reference}?done=sign`);
    await checkPage(page, scripts);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.locator(`a[href$="/document/pdf"]`).first().click(),
    ]);
    const bytes = readFileSync(await download.path());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const hash = createHash('sha256').update(bytes).digest('hex');
    const visitor = await browser.newContext({ javaScriptEnabled: scripts });
    const check = await visitor.newPage();
    await check.goto(`${alba.origin}/verify?sha256=${hash}&lang=${lang}`);
    await checkPage(check, scripts);
    expect(await check.getByRole('heading', { level: 1 }).textContent()).toMatch(say.known);
    expect(await check.getByRole('heading', { level: 1 }).textContent()).toContain(reference);
    await check.goto(`${alba.origin}/verify?sha256=${'0'.repeat(64)}&lang=en`);
    await check.getByText('Not known here.').waitFor();
    await visitor.close();
    await context.close();
  });
});
