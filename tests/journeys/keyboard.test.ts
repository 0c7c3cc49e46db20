import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fakeClock } from '../../src/platform/clock.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { openCompleteRequest, sampleWorld, signedIn, type SampleWorld } from '../support/sample-people.ts';

let alba: TestNode;
let browser: Browser;
let world: SampleWorld;
beforeAll(async () => {
  [alba, browser] = await Promise.all([startNode({ clock: fakeClock('2026-05-14T08:00:00.000Z') }), launchBrowser()]);
  world = await sampleWorld(alba);
});
afterAll(async () => {
  await browser?.close();
  await alba?.stop();
});

const most = 90;

/** Presses Tab until the focus stands on a control with these words; fails when the page has no such way. */
async function tabTo(page: Page, words: string | RegExp): Promise<void> {
  for (let presses = 0; presses < most; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const on = document.activeElement;
      if (!(on instanceof HTMLElement)) return null;
      const box = on.getBoundingClientRect();
      return {
        name: (on.getAttribute('aria-label') ?? on.innerText ?? '').trim(),
        seen: box.width > 0 && box.height > 0,
      };
    });
    const fits = typeof words === 'string' ? focused?.name === words : words.test(focused?.name ?? '');
    if (focused && fits) {
      expect(focused.seen).toBe(true);
      return;
    }
  }
  throw new Error(`Tab does not reach ${String(words)} on ${page.url()}`);
}

test('a drafter finds the request and sends it to review by keyboard alone', async () => {
  const reference = await openCompleteRequest(alba, world);
  const context = await signedIn(alba, browser, world, 'amara');
  const page = await context.newPage();
  await page.goto(`${alba.origin}/desk?view=all`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the main content');
  await page.keyboard.press('Enter');
  await tabTo(page, reference);
  await page.keyboard.press('Enter');
  await page.waitForURL(`**/requests/${reference}`);
  await tabTo(page, 'Submit for review');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/act/submit-for-review');
  await tabTo(page, /^Confirm: Submit for review/);
  await page.keyboard.press('Enter');
  await page.waitForURL('**?done=submit-for-review');
  await page.getByText('In review').first().waitFor();
  await context.close();
});

test('a reader asks for the law on a day by keyboard alone', async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${alba.origin}/law/XVIII-12`);
  await tabTo(page, /Show/);
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('29 March 2013');
  await page.keyboard.press('Enter');
  await page.getByText('174 participants').first().waitFor();
  await context.close();
});
