import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadSampleWorld } from '../../src/app/sample-world.ts';
import { expectAccessible } from '../support/accessibility.ts';
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

/** A browser of a sample person, signed in by a one-time link. */
async function enter(name: string, scripts = true): Promise<{ context: BrowserContext; page: Page }> {
  const links = await loadSampleWorld(alba.node, alba.running.live);
  const link = links.find(({ person }) => person.signInName === name)?.link ?? '';
  const context = await browser.newContext({ javaScriptEnabled: scripts, viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(alba.origin + link);
  await page.locator('main form button').last().click();
  await page.waitForURL((url) => !url.pathname.startsWith('/enter'));
  return { context, page };
}

/** axe and sideways scroll, wide and narrow. axe is a script: pages without scripts are not looked at twice. */
async function look(page: Page, widths = [1280, 360]): Promise<void> {
  await expectAccessible(page, { widths });
  await page.setViewportSize({ width: 1280, height: 900 });
}

async function type(page: Page, values: Record<string, string>): Promise<void> {
  for (const [name, value] of Object.entries(values)) {
    const control = page.locator(`[name="${name}"]`).first();
    if (await control.evaluate((element) => element.tagName === 'SELECT')) await control.selectOption(value);
    else await control.fill(value);
  }
}

async function press(page: Page, name: string | RegExp): Promise<void> {
  await page.getByRole('button', { name }).last().click();
  await page.waitForLoadState();
}

async function follow(page: Page, name: string | RegExp): Promise<void> {
  await page.locator('main').getByRole('link', { name }).first().click();
  await page.waitForLoadState();
}

/** The half-done request of the sample world. */
async function sampleRequest(page: Page): Promise<{ reference: string; caseFileId: string }> {
  return page.evaluate(async () => {
    const files = (await (await fetch('/api/case-files')).json()) as { caseFiles: { id: string; number: string }[] };
    const caseFile = files.caseFiles.find((one) => one.number === 'AC-17/2026');
    const answer = (await (await fetch('/api/requests')).json()) as {
      requests: { reference: string; caseFileId: string }[];
    };
    const found = answer.requests.find((one) => one.caseFileId === caseFile?.id);
    return { reference: found?.reference ?? '', caseFileId: found?.caseFileId ?? '' };
  });
}

const heading = (page: Page) => page.getByRole('heading', { level: 1 }).innerText();

describe.each([true, false])('with scripts %s', (scripts) => {
  test('a prosecutor opens a case file, starts a request to Borea and answers its questions', async () => {
    const { context, page } = await enter('amara', scripts);
    const seen = async () => {
      if (scripts) await look(page);
    };

    await page.goto(`${alba.origin}/case-files`);
    await seen();
    await follow(page, 'Open a case file');
    await press(page, 'Open the case file');
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.locator('.error-summary').innerText()).toContain('Give the case file a title.');
    await seen();
    await type(page, { title: 'Accounts at Kestrel Bank' });
    await press(page, 'Open the case file');
    expect(await heading(page)).toBe('Accounts at Kestrel Bank');

    await page
      .locator('[name="file"]')
      .setInputFiles({ name: 'order.txt', mimeType: 'text/plain', buffer: Buffer.from('Order of the court') });
    await press(page, 'Add the file');
    // With scripts the file goes up piece by piece, and the page shows it when it is there.
    await page.getByText('Not scanned: treat it as unsafe').first().waitFor();
    await seen();

    await follow(page, 'Ask another State for help');
    await type(page, { to: 'XB' });
    await press(page, 'Show what this State needs');
    expect(await page.getByRole('complementary').innerText()).toContain('Spanish and English');
    await press(page, 'Open the draft');
    expect(await page.locator('.error-summary').innerText()).toContain('Choose the help you need.');
    expect(await page.getByLabel('State you ask').inputValue()).toBe('XB');
    await seen();
    await page.getByLabel('Bank, corporate or business records').check();
    await page.getByLabel('Freezing or seizure').check();
    await press(page, 'Open the draft');
    expect(await heading(page)).toBe('Ask Borea for bank or business records and freezing or seizure');
    const tasks = new URL(page.url()).pathname;
    await seen();
    const done = async () => Number(/(\d) of 8 done/.exec(await page.locator('.progress-line').innerText())?.[1]);
    const before = await done();

    await page.goto(`${alba.origin}${tasks}/facts/office`);
    await type(page, {
      'requesting.conducting.name.en': 'Prosecutor’s Office of Alba City',
      'requesting.conducting.name.ar': 'النيابة العامة في مدينة ألبا',
      'requesting.conducting.functions.en': 'Investigates and prosecutes economic crime.',
      'requesting.conducting.functions.ar': 'تحقق في الجرائم الاقتصادية وتلاحق مرتكبيها.',
    });
    await press(page, 'Continue');
    expect(await heading(page)).toBe('Contact');
    await type(page, {
      'requesting.contact.post.en': 'Prosecutor',
      'requesting.contact.post.ar': 'مدعية عامة',
      'requesting.contact.line': '+15550100',
    });
    await press(page, 'Continue');
    await type(page, {
      'proceeding.subject.en': 'Laundering',
      'proceeding.subject.ar': 'غسل الأموال',
      'proceeding.nature.en': 'Criminal investigation',
      'proceeding.nature.ar': 'تحقيق جنائي',
      'proceeding.caseNumber': 'AC-17/2026',
    });
    await page
      .getByLabel('Before trial')
      .or(page.locator('[name="proceeding.stage"][value="pre-trial"]'))
      .first()
      .check();
    await type(page, {
      'proceeding.sameActsThere._blank': 'not-known',
      'proceeding.sameActsThere._why': 'Borea was not asked',
    });
    await press(page, 'Continue');

    expect(await heading(page)).toBe('What happened');
    await follow(page, 'Add an act');
    await type(page, {
      'when.on': '03/04/2026',
      'text.en': 'The company transferred EUR 148,000.00.',
      'text.ar': 'حوّلت الشركة 148,000.00 يورو.',
    });
    await press(page, 'Continue');
    expect(await page.title()).toMatch(/^Error: /);
    expect(await page.locator('.error-summary').innerText()).toMatch(/3 April 2026.*4 March 2026/);
    expect(await page.locator('[name="when.on"]').inputValue()).toBe('03/04/2026');
    expect(await page.locator('[name="text.ar"]').inputValue()).toBe('حوّلت الشركة 148,000.00 يورو.');
    await seen();
    await type(page, { 'when.on': '6 March 2026' });
    await press(page, 'Continue');
    expect(await page.locator('.entries').innerText()).toContain('6 March 2026');
    await follow(page, 'Continue');
    await type(page, { 'nexus.en': 'The account received the transfer.', 'nexus.ar': 'تلقى الحساب التحويل.' });
    await press(page, 'Save and come back');
    expect(await heading(page)).toContain('Ask Borea for');

    await page.goto(`${alba.origin}${tasks}/people/persons`);
    await follow(page, 'Add a person');
    await type(page, {
      'names.original': 'سليم فاركاند',
      'names.other': 'Selim Varkand',
      role: 'suspect',
      'born.on.on': '1971',
    });
    await type(page, { 'nationalities._blank': 'not-known', 'nationalities._why': 'No document was seen' });
    await type(page, { 'addresses.0.text.en': 'Harbour Tower, Port Borea', 'addresses.0.state': 'XB' });
    await seen();
    await press(page, 'Continue');
    expect(await page.locator('.entries').innerText()).toContain('Selim Varkand');

    await page.goto(`${alba.origin}${tasks}/offence/basis`);
    await type(page, { 'basis.primary.instrument': 'XVIII-12', 'basis.primary.article': '13(2), 18' });
    await press(page, 'Continue');
    await follow(page, 'Add an offence');
    await type(page, {
      'name.en': 'Money laundering',
      'name.ar': 'غسل الأموال',
      provision: 'Penal Code, article 300',
      'text.en': 'Whoever launders …',
      'text.ar': 'كل من غسل …',
      'penalty.minMonths': 'two',
      'penalty.maxMonths': '120',
    });
    await press(page, 'Continue');
    expect(await page.locator('.error-summary').innerText()).toContain('enter a whole number. You entered two.');
    await type(page, { 'penalty.minMonths': '24' });
    await press(page, 'Continue');
    expect(await page.locator('.entries').innerText()).toContain('Money laundering');

    await page.goto(`${alba.origin}${tasks}/need/T5`);
    await page
      .getByRole('button', { name: /^Add Accounts|^Add/ })
      .first()
      .click();
    await page.waitForLoadState();
    expect(await heading(page)).toBe('Account 1');
    await type(page, {
      'institution.en': 'Kestrel Bank',
      'institution.ar': 'مصرف كيستريل',
      iban: 'xb23 kest 0042 7719 3300 17',
    });
    await press(page, 'Continue');
    expect(await page.locator('main').innerText()).toContain('Kestrel Bank · XB23 KEST 0042 7719 3300 17');

    await page.goto(`${alba.origin}${tasks}/urgency/urgency`);
    await page.locator('[name="urgency.level"][value="urgent"]').check();
    await type(page, {
      'urgency.reason.en': 'Two withdrawals are announced.',
      'urgency.reason.ar': 'أُعلن عن عمليتي سحب.',
      'deadline.date': '20 December 2026',
    });
    await press(page, 'Save and come back');
    await page.goto(`${alba.origin}${tasks}/conditions/confidentiality`);
    await page.locator('[name="confidentiality.secret"][value="fact"]').check();
    await type(page, {
      'confidentiality.mayKnow.0.en': 'The executing court',
      'confidentiality.mayKnow.0.ar': 'المحكمة المنفذة',
    });
    await press(page, 'Save and come back');

    expect(await done()).toBeGreaterThan(before);
    expect(await page.locator('.tasks').first().innerText()).toMatch(/Describe the facts[\s\S]*Completed/);
    expect(await page.getByRole('complementary').innerText()).toContain('Still missing');

    await page.goto(`${alba.origin}${tasks}/check`);
    expect(await page.locator('.next').innerText()).toMatch(/things are missing/);
    expect(await page.getByRole('button', { name: 'Submit for review' }).count()).toBe(0);
    expect(await page.locator('.bi-doc').innerText()).toContain('حوّلت الشركة');
    const reason = page.locator('[name^="reason."]').first();
    await reason.fill('The other State was told by telephone');
    await press(page, 'Save the reasons');
    expect(await page.locator('[name^="reason."]').first().inputValue()).toBe('The other State was told by telephone');
    await context.close();
  }, 240_000);
});

test('an entry that was removed comes back by undo, and another member’s answer is never overwritten unseen', async () => {
  const amara = await enter('amara');
  const noor = await enter('noor');
  const { reference } = await sampleRequest(amara.page);
  const write = `${alba.origin}/requests/${reference}/write`;
  await amara.page.goto(`${write}/facts/acts`);
  const entries = await amara.page.locator('.entries > li').count();
  await amara.page
    .getByRole('button', { name: /^Remove/ })
    .first()
    .click();
  await amara.page.waitForURL(/removed=/);
  expect(await amara.page.locator('.entries > li').count()).toBe(entries - 1);
  await press(amara.page, 'Undo');
  expect(await amara.page.locator('.entries > li').count()).toBe(entries);

  await amara.page.goto(`${write}/facts/case`);
  await noor.page.goto(`${write}/facts/case`);
  await type(noor.page, { 'proceeding.caseNumber': 'AC-18/2026' });
  await press(noor.page, 'Save and come back');
  await type(amara.page, { 'proceeding.caseNumber': 'AC-19/2026' });
  await press(amara.page, 'Save and come back');
  expect(await heading(amara.page)).toBe('Two people changed this page');
  expect(await amara.page.locator('main').innerText()).toMatch(
    /AC-19\/2026[\s\S]*Theirs, by Noor Hadal[\s\S]*AC-18\/2026/,
  );
  await look(amara.page);
  await press(amara.page, 'Keep what is chosen');
  await amara.page.goto(`${write}/facts/case`);
  expect(await amara.page.locator('[name="proceeding.caseNumber"]').inputValue()).toBe('AC-19/2026');
  await Promise.all([amara.context.close(), noor.context.close()]);
}, 120_000);

test('in Arabic every page of the writer reads from the right and passes axe', async () => {
  const { context, page } = await enter('amara');
  const { reference, caseFileId } = await sampleRequest(page);
  const write = `/requests/${reference}/write`;
  for (const path of [
    `/case-files/${caseFileId}?lang=ar`,
    '/requests/new?to=XB',
    write,
    `${write}/facts`,
    `${write}/facts/acts/facts.f1`,
    `${write}/people/persons/persons.p2`,
    `${write}/need/T9`,
    `${write}/check`,
  ]) {
    const answer = await page.goto(alba.origin + path);
    expect(answer?.status(), path).toBe(200);
    expect(await page.locator('html').getAttribute('dir'), path).toBe('rtl');
    expect(await page.locator('main').innerText(), path).not.toMatch(/writer\.|casefile\.|requests\.[a-z]/);
    // The English walk looks at both widths; here the narrow one, where lines break first.
    await look(page, [360]);
  }
  await context.close();
}, 180_000);
