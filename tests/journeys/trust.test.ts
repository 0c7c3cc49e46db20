import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toGroups } from '../../src/platform/crypto/index.ts';
import { fingerprintOf } from '../../src/modules/exchange/trust/index.ts';
import { axeFindings } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNetwork, type Network } from '../support/network.ts';
import { sampleWorld, type SampleWorld } from '../support/sample-people.ts';

let network: Network;
let browser: Browser;
let world: SampleWorld;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'], strangers: true });
  world = await sampleWorld(network.of('XA'));
  browser = await launchBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await network?.stop();
}, 60_000);

const address = (path: string) => `${network.of('XA').origin}${path}`;

/** Administrators have no desk: they are let in wherever they land. */
async function administrator(
  links: SampleWorld,
  name: 'mira' | 'rafi',
  options: { scripts?: boolean; lang?: 'en' | 'ar' } = {},
): Promise<BrowserContext> {
  const context = await browser.newContext({
    javaScriptEnabled: options.scripts ?? true,
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(address(`${links.links.get(name)}?lang=${options.lang ?? 'en'}`));
  await page.locator('main form button').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  await page.close();
  return context;
}

async function accessible(page: Page): Promise<void> {
  expect(await axeFindings(page, { tags: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).toEqual([]);
}

describe('two administrators of Alba', () => {
  test('K5: take Borea in, one who proposes and one who types what is read aloud, without scripts', async () => {
    const borea = network.of('XB').exchange;
    const card = await borea.system.transaction((tx) => borea.trust.ownCard(tx));
    const first = await administrator(world, 'mira', { scripts: false });
    const page = await first.newPage();
    await page.goto(address('/system/trust'));
    await page.getByRole('link', { name: 'Add a State' }).click();
    await page.getByRole('button', { name: 'Propose' }).click();
    await expect(page.getByRole('alert').first().textContent()).resolves.toContain('Paste the root card');
    await page.getByLabel('Root card').fill(JSON.stringify(card));
    await page.getByLabel('by telephone').check();
    await page.getByLabel('Day', { exact: true }).fill(network.of('XA').node.clock.today('UTC'));
    await page.getByLabel('Post of who gives it').fill('Head of the central authority');
    await page.getByRole('button', { name: 'Propose' }).click();
    await page.waitForURL(/done=proposed/);
    expect(await page.getByText('You proposed this').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Confirm' }).count()).toBe(0);
    // The fingerprint is shown to nobody who could copy it.
    expect(await page.content()).not.toContain(toGroups(fingerprintOf(card))[0]! + '</bdi>');
    await first.close();

    const second = await administrator(world, 'rafi', { scripts: false });
    const other = await second.newPage();
    await other.goto(address('/system/trust'));
    await other.getByLabel('Groups as they are read to you').fill('0000 '.repeat(16));
    await other.getByRole('button', { name: 'Confirm' }).click();
    await expect(other.getByRole('alert').first().textContent()).resolves.toContain('misheard');
    await other.getByLabel('Groups as they are read to you').fill(toGroups(fingerprintOf(card)).join(' '));
    await other.getByRole('button', { name: 'Confirm' }).click();
    await other.waitForURL(/done=confirmed/);
    const feeds = await borea.system.transaction(async (tx) => [
      await borea.trust.feed(tx, 'XB', 'nodes', 0),
      await borea.trust.feed(tx, 'XB', 'directory', 0),
    ]);
    for (const text of feeds) {
      await other.getByLabel('Take records from a file').fill(text ?? '');
      await other.getByRole('button', { name: 'Take records' }).click();
      await other.waitForURL(/done=taken/);
    }
    const row = other.getByRole('row', { name: /Borea/ });
    await expect(row.textContent()).resolves.toContain('https://borea.localhost');
    await second.close();
  }, 180_000);

  test.each(['en', 'ar'] as const)(
    'read both pages in %s, and every part of them is accessible',
    async (lang) => {
      const links = await sampleWorld(network.of('XA'));
      const context = await administrator(links, 'mira', { lang });
      const page = await context.newPage();
      for (const path of ['/system/trust', '/system/trust/add', '/system/keys', '/system/keys/signed']) {
        await page.goto(address(`${path}?lang=${lang}`));
        expect(await page.locator('h1').count()).toBe(1);
        await accessible(page);
        await page.setViewportSize({ width: 360, height: 800 });
        const wide = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(wide, path).toBeLessThanOrEqual(360);
        await page.setViewportSize({ width: 1280, height: 900 });
      }
      await context.close();
    },
    180_000,
  );

  test('announce the next key and take one back on the page of keys', async () => {
    const links = await sampleWorld(network.of('XA'));
    const context = await administrator(links, 'rafi', { scripts: false });
    const page = await context.newPage();
    await page.goto(address('/system/keys'));
    await page
      .getByRole('row', { name: /signature of the node/ })
      .getByRole('button', { name: 'Announce the next' })
      .click();
    await page.waitForURL(/done=announced/);
    expect(await page.getByRole('row', { name: /signature of the node/ }).count()).toBe(2);
    await page
      .getByRole('row', { name: /sealing/ })
      .getByRole('link', { name: 'Take back' })
      .click();
    await page.getByRole('button', { name: 'Take back' }).click();
    await expect(page.getByRole('alert').first().textContent()).resolves.toContain('Choose why');
    await page.getByLabel('Another took its place').check();
    await page.getByRole('button', { name: 'Take back' }).click();
    await page.waitForURL(/done=revoked/);
    expect(await page.getByText('Taken back from').count()).toBe(1);
    await context.close();
  }, 180_000);
});
