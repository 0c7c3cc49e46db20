import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleWorld } from '../../src/app/sample-world.ts';
import { expectAccessible } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNode, type TestNode } from '../support/node.ts';

let alba: TestNode;
let browser: Browser;
/** Signed-in state of Noor, who edits, and Deniz, who publishes. */
const signedIn: Record<string, Awaited<ReturnType<BrowserContext['storageState']>>> = {};

beforeAll(async () => {
  [alba, browser] = await Promise.all([startNode(), launchBrowser()]);
  const links = await loadSampleWorld(alba.node, alba.running.live);
  for (const { person, link } of links.filter((one) => ['noor', 'deniz'].includes(one.person.signInName))) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(alba.origin + link);
    await page.locator('main form button').first().click();
    await page.waitForLoadState();
    signedIn[person.signInName] = await context.storageState();
    await context.close();
  }
});
afterAll(async () => {
  await browser?.close();
  await alba?.stop();
});

interface Reader {
  who?: 'noor' | 'deniz';
  scripts?: boolean;
}

async function open(path: string, { who, scripts = true }: Reader = {}) {
  const context = await browser.newContext({
    javaScriptEnabled: scripts,
    viewport: { width: 1280, height: 900 },
    ...(who && { storageState: signedIn[who] }),
  });
  const page = await context.newPage();
  const response = await page.goto(alba.origin + path);
  return { page, response, close: () => context.close() };
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).textContent();
const phone = /\+1555\d{4}/;

describe.each([true, false])('with scripts %s', (scripts) => {
  test('who handles mutual legal assistance in Borea is answered on the third page from home', async () => {
    const { page, close } = await open('/', { scripts });
    await page
      .getByRole('link', { name: 'Find an authority' })
      .or(page.locator('.doors a[href="/authorities"]'))
      .first()
      .click();
    await page.getByLabel('State', { exact: true }).selectOption({ label: 'Borea' });
    await page.getByLabel('Purpose').selectOption({ label: 'Mutual legal assistance' });
    await page.getByRole('button', { name: 'Find the desk' }).click();
    expect(await heading(page)).toBe(
      'Write to Central Authority of Borea in English, sealed from authority to authority.',
    );
    const side = page.getByRole('complementary', { name: 'Hours' });
    expect(await side.textContent()).toMatch(/\d\d:\d\dMontevideo.*\d\d:\d\dVienna/);
    expect(await side.textContent()).toMatch(/Open now|Closed/);
    expect(await page.locator('#why li').count()).toBeGreaterThanOrEqual(6);
    await page.getByRole('link', { name: 'See all of this desk' }).click();
    expect(await heading(page)).toBe('Central Authority of Borea');
    expect(await page.locator('#designations').textContent()).toContain('UNTOC art. 18(13)');
    expect(await page.locator('.hours').textContent()).toContain('Monday to Friday09:00–17:00');
    await close();
  });

  test('the page of Cordia shows its federal unit, its Friday and Saturday rest, and what is unknown', async () => {
    const { page, close } = await open('/authorities/states/XC', { scripts });
    expect(await page.locator('#desks').textContent()).toMatch(/Public Prosecution of the Northern Region.*XC-N/);
    expect(await page.locator('#calendar').textContent()).toContain('Weekly rest: Friday and Saturday');
    expect(await page.getByRole('complementary').textContent()).toContain('10 items of 27 are not entered yet');
    await close();
  });

  test('of Delmar nobody has entered anything, and the page says so instead of showing blanks', async () => {
    const { page, close } = await open('/authorities/states/XD', { scripts });
    expect(await page.locator('#profile').textContent()).toContain('Nobody has entered what Delmar requires');
    expect(await page.locator('#calendar').textContent()).toContain('No calendar is entered');
    await page.goto(`${alba.origin}/authorities/XD:central-authority`);
    const card = await page.locator('main').textContent();
    expect(card).toContain('Nobody has entered this yet');
    expect(card).toContain('Hours not known');
    await close();
  });

  test('the two desks of Latvia stand side by side and the stage tells them apart', async () => {
    const { page, close } = await open('/authorities/choose?state=LVA&purpose=mla&instrument=XVIII-12', { scripts });
    expect(await heading(page)).toMatch(/^Two desks fit/);
    await page.getByRole('link', { name: 'For the stage: Before trial' }).click();
    expect(await heading(page)).toContain('Prosecutor General');
    await page.getByLabel('Stage of the proceeding').selectOption({ label: 'Trial' });
    await page.getByRole('button', { name: 'Find the desk' }).click();
    expect(await heading(page)).toContain('Ministry of Justice');
    await close();
  });

  test('a question without State or purpose says both at their fields and keeps the day', async () => {
    const { page, close } = await open('/authorities', { scripts });
    await page.getByLabel('On the day').fill('14 May 2026');
    await page.getByRole('button', { name: 'Find the desk' }).click();
    expect(await page.title()).toMatch(/^Error: /);
    for (const field of ['state', 'purpose']) await page.locator(`a[href="#f-${field}"]`).waitFor();
    expect(await page.getByLabel('On the day').inputValue()).toBe('14 May 2026');
    await close();
  });

  test('Noor changes an entry, sees that she cannot publish it, and Deniz publishes it as second person', async () => {
    const town = scripts ? 'Upper Harbour' : 'Lower Harbour';
    const noor = await open('/authorities/mine/XA:coastguard/edit', { who: 'noor', scripts });
    await noor.page.getByLabel('Address: town').fill(town);
    await noor.page.getByRole('button', { name: 'Save the change' }).click();
    await noor.page.getByText('A second official can publish it now').waitFor();
    expect(await noor.page.getByRole('button', { name: 'Publish' }).count()).toBe(0);
    await noor.close();
    const deniz = await open('/authorities/mine', { who: 'deniz', scripts });
    await deniz.page.getByRole('link', { name: 'See what changes' }).first().click();
    expect(await deniz.page.locator('main').textContent()).toContain(town);
    await deniz.page.getByRole('button', { name: 'Publish' }).click();
    await deniz.page.getByText('Published.').waitFor();
    await deniz.close();
    const reader = await open('/authorities/XA:coastguard', { scripts });
    expect(await reader.page.locator('#address').textContent()).toContain(town);
    await reader.close();
  });
});

test('Noor answers a question of the profile, tests it, and Deniz sees and publishes it', async () => {
  const noor = await open('/authorities/profiles/XA/edit', { who: 'noor', scripts: false });
  await noor.page.getByRole('link', { name: 'Change Days before a hearing for service' }).click();
  await noor.page.getByLabel('Days before the hearing').fill('soon');
  await noor.page.getByRole('button', { name: 'Save and go on' }).click();
  expect(await noor.page.title()).toMatch(/^Error: /);
  await noor.page.getByLabel('Days before the hearing').fill('35');
  await noor.page.getByLabel('Where this is laid down').fill('Service act of Alba');
  await noor.page.getByRole('button', { name: 'Save and go on' }).click();
  await noor.page.goto(`${alba.origin}/authorities/profiles/XA/edit`);
  await noor.page.getByText('Service act of Alba').waitFor();
  await noor.page.getByRole('link', { name: 'Test your profile' }).click();
  await noor.page.getByLabel('The sample request asks for').selectOption({ label: 'Service of documents' });
  await noor.page.getByRole('button', { name: 'Run the test' }).click();
  const row = noor.page.getByRole('row', { name: /Days before a hearing for service/ });
  expect(await row.textContent()).toMatch(/35.*V48.*Switched on/);
  await noor.close();
  const deniz = await open('/authorities/mine', { who: 'deniz', scripts: false });
  await deniz.page.getByRole('link', { name: 'See what changes' }).first().click();
  expect(await deniz.page.locator('#changes').textContent()).toContain('35');
  await deniz.page.getByRole('button', { name: 'Publish' }).click();
  await deniz.page.getByText('Published.').waitFor();
  await deniz.close();
  const reader = await open('/authorities/states/XA');
  expect(await reader.page.locator('#profile').textContent()).toContain('Service act of Alba');
  await reader.close();
});

test('Noor asks Delmar to confirm its stale entry and reports an error on it', async () => {
  const { page, close } = await open('/authorities/XD:central-authority', { who: 'noor', scripts: false });
  await page.getByRole('button', { name: 'Ask to confirm' }).click();
  await page.getByText('The State sees your request').waitFor();
  await page.getByRole('link', { name: 'Report an error' }).click();
  await page.getByLabel('What is wrong, and what is right?').fill('The office moved.');
  await page.getByRole('button', { name: 'Send the report' }).click();
  await page.getByText('ten working days').waitFor();
  await close();
});

test('Noor adds a holiday, sees it in the draft and takes it away again', async () => {
  const { page, close } = await open('/authorities/calendars/XA:national/edit', { who: 'noor', scripts: false });
  await page.getByLabel('Day', { exact: true }).fill('9 March 2027');
  await page.getByLabel('Name in English').fill('Lantern Day');
  await page.getByLabel('Where this is laid down').fill('Gazette 12');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page
    .getByRole('row', { name: /Lantern Day/ })
    .getByRole('button', { name: 'Remove' })
    .click();
  expect(await page.getByRole('row', { name: /Lantern Day/ }).count()).toBe(0);
  await page.getByRole('button', { name: 'Discard' }).click();
  await close();
});

test('the booklet is one click away from the page of a State and is a PDF', async () => {
  const { page, close } = await open('/authorities/states/XC');
  const href = await page.getByRole('link', { name: 'Booklet (PDF)' }).getAttribute('href');
  const answer = await alba.get(href ?? '');
  expect(answer.headers.get('content-type')).toBe('application/pdf');
  expect(
    Buffer.from(await answer.arrayBuffer())
      .subarray(0, 5)
      .toString(),
  ).toBe('%PDF-');
  await close();
});

test('a public reader sees no phone in pages, API, exports and error texts; an official does', async () => {
  const places = [
    '/authorities/XC:central-authority',
    '/authorities/states/XC',
    '/authorities/health',
    '/authorities/choose?state=XC&purpose=mla&urgent=yes',
    '/api/authorities?state=XC',
    '/api/authorities/XC:central-authority',
    '/api/authorities/XC:central-authority/card.vcf',
    '/api/authorities/XC:central-authority/history',
    '/api/authorities/export?format=json',
    '/api/authorities/export?format=csv',
    '/authorities/XC:nobody',
    '/api/authorities/XC:nobody',
    '/api/authorities/export?format=phones',
    '/authorities/mine/XC:central-authority/edit',
  ];
  for (const path of places) {
    const text = await (await alba.get(path)).text();
    expect(text, path).not.toMatch(phone);
    expect(text, path).not.toContain('@cordia.example');
  }
  const { page, close } = await open('/authorities/XC:central-authority', { who: 'noor' });
  expect(await page.locator('#contact').textContent()).toMatch(phone);
  await close();
});

describe.each(['en', 'ar'])('in %s', (lang) => {
  const asPublic = [
    '/authorities',
    '/authorities/choose?state=XB&purpose=confiscation&instrument=XVIII-12&urgent=yes',
    '/authorities/choose?state=LVA&purpose=mla&instrument=XVIII-12',
    '/authorities/choose?state=XC&purpose=controlled-delivery&instrument=XVIII-12',
    '/authorities/choose?state=&purpose=',
    '/authorities/XB:central-authority',
    '/authorities/XD:central-authority',
    '/authorities/states/XC',
    '/authorities/states/XD',
    '/authorities/states/XB/profile?measure=search',
    '/authorities/health',
  ];
  const asEditor = [
    '/authorities',
    '/authorities/mine',
    '/authorities/mine/XA:coastguard/edit',
    '/authorities/XD:central-authority',
    '/authorities/XB:central-authority/feedback',
    '/authorities/feedback',
    '/authorities/profiles/XA/edit',
    '/authorities/profiles/XA/edit/P05',
    '/authorities/profiles/XA/edit/P20',
    '/authorities/profiles/XA/edit/P26',
    '/authorities/calendars/XA:national/edit',
  ];
  const all = [
    ...asPublic.map((path) => ({ path, who: undefined })),
    ...asEditor.map((path) => ({ path, who: 'noor' as const })),
  ];
  test.each(all)(
    'axe finds nothing on $path, wide and narrow, and nothing scrolls sideways ($who)',
    async ({ path, who }) => {
      const { page, close } = await open(`${path}${path.includes('?') ? '&' : '?'}lang=${lang}`, who && { who });
      expect(await page.locator('html').getAttribute('dir')).toBe(lang === 'ar' ? 'rtl' : 'ltr');
      await expectAccessible(page);
      await close();
    },
  );
});
