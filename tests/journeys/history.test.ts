import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { enterRecovery } from '../../src/modules/exchange/service/recover.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { axeFindings } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNetwork, takeNotes, until, type Network } from '../support/network.ts';
import { sampleWorld } from '../support/sample-people.ts';

let network: Network;
let browser: Browser;

beforeAll(async () => {
  network = await startNetwork({ states: ['XA', 'XB'] });
  const [alba, borea] = [takeNotes(network.of('XA')), takeNotes(network.of('XB'))];
  await alba.send({ to: 'XB:central-authority', text: 'one' });
  await borea.send({ to: 'XA:central-authority', text: 'two' });
  const arrived = (notes: typeof alba) => notes.outcomes.some((one) => one.outcome === 'handed-over');
  await until(() => arrived(alba) && arrived(borea), 'both arrived');
  browser = await launchBrowser();
}, 240_000);
afterAll(async () => {
  await browser?.close();
  await network?.stop();
}, 60_000);

/** A page of an administrator, who has no desk to land on. */
async function pageOf(
  name: 'mira' | 'rafi',
  options: { lang?: 'en' | 'ar'; width?: number; scripts?: boolean } = {},
): Promise<Page> {
  const world = await sampleWorld(network.of('XA'));
  const context = await browser.newContext({
    javaScriptEnabled: options.scripts ?? false,
    viewport: { width: options.width ?? 1280, height: 900 },
  });
  const page = await context.newPage();
  await page.goto(`${network.of('XA').origin}${world.links.get(name)}?lang=${options.lang ?? 'en'}`);
  await page.locator('main form button').first().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/enter/'));
  await page.goto(address());
  return page;
}

const address = () => `${network.of('XA').origin}/system/reconcile`;

async function accessible(page: Page): Promise<void> {
  // On a small screen the bar at its foot lies over whatever stands there at the moment.
  await page.setViewportSize({ width: page.viewportSize()?.width ?? 1280, height: 3000 });
  expect(await axeFindings(page, { within: 'main', tags: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })).toEqual([]);
}

test('an administrator compares histories with Borea, without scripts', async () => {
  const page = await pageOf('mira');
  await page.getByRole('button', { name: 'Compare with xb' }).click();
  await page.getByText('Both hold the same').waitFor();
  await page.context().close();
}, 120_000);

test('D8: after history went back the page stops everything until two persons let the node go on; in English and Arabic', async () => {
  const { history } = network.of('XA').exchange;
  await withTransaction(history.parts.db, 'system:test', async (tx) => {
    const note = await history.parts.logs.checkpoint(tx);
    await enterRecovery(history.parts, tx, { from: 500, to: 12, what: 'shorter', note }, 'xb');
  });
  for (const lang of ['en', 'ar'] as const) {
    for (const width of [1280, 360]) {
      // Scripts are for the checker of the page alone.
      const page = await pageOf(width === 360 ? 'mira' : 'rafi', { lang, width, scripts: true });
      await accessible(page);
      await page.context().close();
    }
  }
  const first = await pageOf('mira');
  await first.getByRole('button', { name: 'Ask the other nodes what is missing' }).click();
  await first.getByRole('button', { name: 'Say that the node may go on' }).click();
  await first.getByText('another person confirms').first().waitFor();
  expect(await first.getByRole('button', { name: 'Confirm: the node goes on' }).count()).toBe(0);
  const second = await pageOf('rafi');
  await second.getByRole('button', { name: 'Confirm: the node goes on' }).click();
  await second.waitForURL(address());
  expect(await second.getByText('History went back').count()).toBe(0);
  expect(network.of('XA').exchange.trust.own.logOrigin).toBe('comity/XA/exchange/2');
}, 240_000);
