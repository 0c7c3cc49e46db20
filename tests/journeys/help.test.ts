import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleWorld } from '../../src/app/sample-world.ts';
import { axeFindings, expectAccessible } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { createClient, type Client } from '../support/client.ts';
import { startNode, type TestNode } from '../support/node.ts';

let alba: TestNode;
let browser: Browser;
let visitor: Client;
const links = new Map<string, string>();
beforeAll(async () => {
  [alba, browser] = await Promise.all([startNode(), launchBrowser()]);
  for (const { person, link } of await loadSampleWorld(alba.node, alba.running.live))
    links.set(person.signInName, link);
  visitor = createClient(alba.running);
});
afterAll(async () => {
  await browser?.close();
  await alba?.stop();
});

async function signedIn(name: string): Promise<Client> {
  const client = createClient(alba.running);
  await client.enter(links.get(name)!);
  return client;
}

test('a reference that is typed with a wrong check letter is told before any look-up; a right one leads to its page', async () => {
  const wrong = await visitor.get('/search?q=XA-2026-05-0172-A');
  expect(wrong.status).toBe(422);
  expect(wrong.text).toContain('does not fit');
  const right = await visitor.get('/search?q=xa2026050172d');
  expect(right.status).toBe(303);
  expect(right.headers.location).toBe('/requests/XA-2026-05-0172-D');
});

test('a State, a treaty and an authority are found by name, code or id, in both languages', async () => {
  expect((await visitor.get('/search?q=borea')).text).toContain('href="/law/states/XB"');
  expect((await visitor.get('/search?q=ken')).text).toContain('href="/law/states/KEN"');
  expect((await visitor.get('/search?q=UNTOC')).text).toContain('href="/law/XVIII-12"');
  expect((await visitor.get('/search?q=XB:central-authority')).text).toContain('/authorities/XB%3Acentral-authority');
  expect((await visitor.get(`/search?lang=ar&q=${encodeURIComponent('كينيا')}`)).text).toContain(
    'href="/law/states/KEN"',
  );
});

test('what is written in a case file is not found, by members nor by strangers', async () => {
  const amara = await signedIn('amara');
  for (const client of [amara, visitor]) {
    const page = await client.get(`/search?lang=en&q=${encodeURIComponent('Accounts of Alba Trading')}`);
    expect(page.text).toContain('Nothing has this name');
    expect(page.text).not.toContain('AC-17');
  }
});

test('help shows the tasks of one’s own roles, colleagues to officials only, and numbers to those who may read them', async () => {
  const noor = await signedIn('noor');
  const public_ = await visitor.get('/help');
  expect(public_.text).toContain('href="/law/basis"');
  expect(public_.text).not.toContain('href="/system/people"');
  expect((await noor.get('/help')).text).toContain('href="/requests/new"');
  expect((await noor.get('/help/ask')).text).toContain('Teo Lindqvar');
  expect((await visitor.get('/help/ask')).text).not.toContain('Lindqvar');
  expect((await noor.get('/help/duty')).text).toMatch(/href="tel:\+\d+"/);
  expect((await visitor.get('/help/duty')).text).not.toMatch(/href="tel:/);
});

test('the gallery stands in demo only', async () => {
  expect((await visitor.get('/gallery')).status).toBe(200);
  expect((await visitor.get('/gallery/desk')).status).toBe(200);
  const training = await startNode({ profile: 'training' });
  try {
    expect((await createClient(training.running).get('/gallery')).status).toBe(404);
  } finally {
    await training.stop();
  }
});

describe.each(['en', 'ar'])('in %s', (lang) => {
  test.each([
    '/help',
    '/help/ask',
    '/help/duty',
    '/search',
    '/search?q=al',
    '/search?q=XA-2026-05-0172-A',
    '/search?q=zzzz',
    '/gallery',
  ])('axe finds nothing on %s, wide and narrow, and nothing scrolls sideways', async (path) => {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    await page.goto(`${alba.origin}${path}${path.includes('?') ? '&' : '?'}lang=${lang}`);
    expect(await page.locator('h1').count()).toBe(1);
    await expectAccessible(page);
    await context.close();
  });
});

test('the look itself finds a picture without words and grey on white', async () => {
  const page = await browser.newPage();
  await page.setContent(
    '<html lang="en"><title>t</title><main><h1>t</h1><img src="data:,"><p style="color:#bbb">pale words</p></main>',
  );
  const found = await axeFindings(page);
  expect(found.map((line) => line.split(' ')[2])).toEqual(expect.arrayContaining(['image-alt:', 'color-contrast:']));
  await page.close();
});
