import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fileReader } from '../../src/modules/evidence/container/read.ts';
import { verifyContainer } from '../../src/modules/evidence/index.ts';
import { addDays } from '../../src/platform/values/index.ts';
import { axeFindings, sidewaysScroll } from '../support/accessibility.ts';
import { launchBrowser } from '../support/browser.ts';
import { isNightly } from '../support/nightly.ts';
import { startNetwork, type Network, type NetworkNode } from '../support/network.ts';
import { openCompleteRequest, sampleWorld, signedIn, type SampleWorld } from '../support/sample-people.ts';

/** Megabytes of the file that the results bring: small in the suite, large at night; without scripts a form takes 64. */
const evidenceMegabytes = (scripts: boolean) => (isNightly ? (scripts ? 300 : 60) : 8);
const certificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const arrives = { timeout: 90_000, interval: 400 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

async function checkPage(page: Page, scripts: boolean): Promise<void> {
  expect(await page.locator('h1').count(), page.url()).toBe(1);
  if (!scripts) return;
  expect(await axeFindings(page)).toEqual([]);
  expect(await sidewaysScroll(page), page.url()).toBeLessThanOrEqual(0);
}

/** People of one node, each signed in once. */
function people(node: NetworkNode, world: SampleWorld, lang: 'en' | 'ar', scripts: boolean) {
  const contexts = new Map<string, { context: BrowserContext; page: Page }>();
  return {
    async page(name: string): Promise<Page> {
      let known = contexts.get(name);
      if (!known) {
        const context = await signedIn(node, browser, world, name, { lang, scripts });
        known = { context, page: await context.newPage() };
        contexts.set(name, known);
      }
      return known.page;
    },
    async close() {
      for (const { context } of contexts.values()) await context.close();
    },
  };
}

/** A day some days ahead by the clock of a node, as forms read it. */
function dayFrom(node: NetworkNode, days: number): string {
  return addDays(node.node.clock.today('UTC'), days);
}

/** Certificates of roots as the authority itself keeps them, for who checks a pack of it. */
function rootsOf(node: NetworkNode): X509Certificate[] {
  const folder = join(node.node.config.dataFolder, 'keys');
  return readdirSync(folder)
    .filter((name) => name.endsWith('.pem'))
    .map((name) => readFileSync(join(folder, name), 'utf8').match(certificates)?.at(-1))
    .flatMap((pem) => (pem ? [new X509Certificate(pem)] : []));
}

const said = {
  en: {
    note: 'Is the link between account and offence clear enough?',
    remark: 'The link between account and offence is not stated.',
    question: 'Which invoice belongs to the transfer of 2 April 2026?',
    why: 'The court asks for it.',
    answer: 'Invoice HQ-402 of 28 March 2026.',
    changed: 'The account was opened on 3 January 2026 by the director himself.',
    changeWhy: 'The opening file was found.',
    secret: 'The second chamber sits until 16:00 and knows the bank well.',
    executed: 'The bank froze the account and handed over its records.',
    forward: 'Attorney General, Organized Crime Unit',
  },
  ar: {
    note: 'هل الصلة بين الحساب والجريمة واضحة بما يكفي؟',
    remark: 'الصلة بين الحساب والجريمة غير مذكورة.',
    question: 'أي فاتورة تخص تحويل 2 نيسان/أبريل 2026؟',
    why: 'تطلبها المحكمة.',
    answer: 'الفاتورة HQ-402 المؤرخة 28 آذار/مارس 2026.',
    changed: 'فتح المدير نفسه الحساب في 3 كانون الثاني/يناير 2026.',
    changeWhy: 'عُثر على ملف الفتح.',
    secret: 'تنعقد الدائرة الثانية حتى 16:00 وتعرف المصرف جيداً.',
    executed: 'جمّد المصرف الحساب وسلّم سجلاته.',
    forward: 'النائب العام، وحدة الجريمة المنظمة',
  },
} as const;

describe.each([
  ['en', true],
  ['ar', false],
] as const)('a request over the border in %s, scripts %s', (lang, scripts) => {
  const words = said[lang];
  let network: Network;
  let alba: NetworkNode;
  let borea: NetworkNode;
  let here: ReturnType<typeof people>;
  let there: ReturnType<typeof people>;
  let reference: string;
  /** Reference of the same request at Borea. */
  let reference2: string;
  /** SHA-256 of the file that the results bring. */
  let hash: string;

  beforeAll(async () => {
    network = await startNetwork({ states: ['XA', 'XB'] });
    [alba, borea] = [network.of('XA'), network.of('XB')];
    const [ours, theirs] = [await sampleWorld(alba), await sampleWorld(borea)];
    here = people(alba, ours, lang, scripts);
    there = people(borea, theirs, lang, scripts);
    reference = await openCompleteRequest(alba, ours);
  }, 180_000);
  afterAll(async () => {
    await here?.close();
    await there?.close();
    await network?.stop();
  });

  /** Opens the page of an act, fills it and presses its one button. */
  async function act(
    page: Page,
    node: NetworkNode,
    ref: string,
    action: string,
    fill: (page: Page) => Promise<void> = async () => {},
  ): Promise<void> {
    await page.goto(`${node.origin}/requests/${ref}/act/${action}`);
    await checkPage(page, scripts);
    await fill(page);
    await page.locator('main form .actions button').first().click();
    expect(page.url(), (await page.locator('main').textContent()) ?? '').toContain(`?done=${action}`);
    await checkPage(page, scripts);
  }

  /** Comes back to a page until it shows something: what is on its way needs a moment. */
  async function shows(page: Page, address: string, text: string): Promise<void> {
    await expect
      .poll(async () => {
        await page.goto(address);
        return (await page.locator('body').textContent()) ?? '';
      }, arrives)
      .toContain(text);
  }

  test('the draft is shown to Borea, whose remark comes back beside its paragraph', async () => {
    const amara = await here.page('amara');
    await act(amara, alba, reference, 'share-draft', (page) => page.locator('[name=note]').fill(words.note));
    const ines = await there.page('ines');
    await shows(ines, `${borea.origin}/desk/incoming`, reference);
    await checkPage(ines, scripts);
    await ines.getByRole('link', { name: reference }).click();
    await checkPage(ines, scripts);
    expect(await ines.locator('main').textContent()).toContain(words.note);
    // A draft cannot be registered or executed: nothing on its page does.
    expect(await ines.locator('a[href*="/act/"]').count()).toBe(0);
    await ines.locator('[name="remarks.0.path"]').selectOption({ index: 1 });
    await ines.locator('[name="remarks.0.severity"]').first().check();
    await ines.locator('[name="remarks.0.text"]').fill(words.remark);
    await ines.locator('main form .actions button').last().click();
    expect(ines.url()).toContain('done=remark');
    await shows(amara, `${alba.origin}/requests/${reference}/request`, words.remark);
    await checkPage(amara, scripts);
    expect(await amara.locator('.cl-notes .remark').count()).toBe(1);
  }, 180_000);

  test('it is reviewed, cleared, signed and sent, and the receipt of Borea stands on its page', async () => {
    await act(await here.page('amara'), alba, reference, 'submit-for-review');
    await act(await here.page('teo'), alba, reference, 'review-pass');
    await act(await here.page('noor'), alba, reference, 'clear', (page) =>
      page.locator('input[value=none-found]').check(),
    );
    const deniz = await here.page('deniz');
    await deniz.goto(`${alba.origin}/requests/${reference}/sign`);
    await deniz.locator('[name=state]').first().fill('XB');
    await deniz.locator('main form button:not([type=button])').last().click();
    if (deniz.url().includes('/sign-in/step-up')) {
      await deniz.locator('main form button').last().click();
      await deniz.locator('[name=state]').first().fill('XB');
      await deniz.locator('main form button:not([type=button])').last().click();
    }
    expect(deniz.url(), (await deniz.locator('main').textContent()) ?? '').toContain('done=sign');
    const noor = await here.page('noor');
    await act(noor, alba, reference, 'transmit', (page) => page.locator('[name=waive]').check());
    const ines = await there.page('ines');
    await shows(ines, `${borea.origin}/desk/incoming?view=all`, 'XB-2');
    await checkPage(ines, scripts);
    reference2 = (await ines.locator('main a', { hasText: 'XB-2' }).first().textContent())?.trim() ?? '';
    expect(reference2).toMatch(/^XB-/);
    await expect
      .poll(async () => {
        await noor.goto(`${alba.origin}/requests/${reference}`);
        return noor.locator('.receipt:not(.receipt--waiting)').count();
      }, arrives)
      .toBe(1);
  }, 180_000);

  test('it is registered, checked and asked about; the answer and a note stay where they belong', async () => {
    const ines = await there.page('ines');
    await act(ines, borea, reference2, 'register');
    await ines.locator('[name=note]').fill(words.secret);
    await ines.locator('form[action$="/notes"] button').click();
    await ines.goto(`${borea.origin}/requests/${reference2}`);
    expect(await ines.locator('main, aside').first().textContent()).toContain(words.secret);
    await act(ines, borea, reference2, 'acknowledge');
    await act(ines, borea, reference2, 'assess', (page) => page.locator('[name=finding]').nth(1).check());
    await act(ines, borea, reference2, 'ask-information', async (page) => {
      // Nothing typed: the page says what is missing and keeps the rest.
      await page.locator('main form .actions button').first().click();
      expect(await page.title()).toMatch(lang === 'en' ? /^Error: / : /^خطأ/);
      await checkPage(page, scripts);
      await page.locator('[name="questions.0.path"]').selectOption({ index: 3 });
      await page.locator('[name="questions.0.text"]').fill(words.question);
      await page.locator('[name="questions.0.why"]').fill(words.why);
      await page.locator('[name="questions.0.by"]').fill(dayFrom(borea, 10));
    });
    const amara = await here.page('amara');
    await shows(amara, `${alba.origin}/requests/${reference}`, '1');
    await shows(amara, `${alba.origin}/requests/${reference}/messages`, words.question);
    await checkPage(amara, scripts);
    expect(await amara.locator('body').textContent()).not.toContain(words.secret);
    await amara.locator(`a[href^="/requests/${reference}/messages/"]`).first().click();
    await checkPage(amara, scripts);
    await amara.locator('[name=text]').fill(words.answer);
    await amara.locator('main form .actions button').first().click();
    expect(await amara.locator('main').textContent()).toContain(words.answer);
    await shows(ines, `${borea.origin}/requests/${reference2}/messages`, words.answer);
    await checkPage(ines, scripts);
    await ines.locator('form[action$="/settle"] button').click();
    await shows(amara, `${alba.origin}/requests/${reference}/messages`, words.answer);
  }, 180_000);

  test('a supplement is signed, compared and taken item by item before anything is executed', async () => {
    const amara = await here.page('amara');
    await amara.goto(`${alba.origin}/requests/${reference}/supplement`);
    await checkPage(amara, scripts);
    await amara.locator('[name="changes.0.path"]').selectOption('facts/0/text');
    await amara.locator('[name="changes.0.after"]').fill(words.changed);
    await amara.locator('[name="changes.0.why"]').fill(words.changeWhy);
    await amara.locator('main form .actions button').first().click();
    expect(amara.url(), (await amara.locator('main').textContent()) ?? '').toContain('/versions');
    await checkPage(amara, scripts);
    const deniz = await here.page('deniz');
    const send = async () => {
      await deniz.goto(`${alba.origin}/requests/${reference}/versions`);
      await deniz.locator('form[action$="/send"] button').click();
    };
    await send();
    if (deniz.url().includes('/sign-in/step-up')) {
      await deniz.locator('main form button').last().click();
      await send();
    }
    expect(deniz.url(), (await deniz.locator('main').textContent()) ?? '').toContain('done=supplement');
    const ines = await there.page('ines');
    await shows(ines, `${borea.origin}/requests/${reference2}/versions`, words.changeWhy);
    await checkPage(ines, scripts);
    // Execution waits: the only button of the next step is to look at the change.
    await ines.goto(`${borea.origin}/requests/${reference2}`);
    expect(await ines.locator('.next a').first().getAttribute('href')).toContain('acknowledge-change');
    await act(ines, borea, reference2, 'acknowledge-change');
    await shows(amara, `${alba.origin}/requests/${reference}/versions`, words.changed);
  }, 180_000);

  test('it is forwarded, executed with a large file, checked by a second person and answered', async () => {
    const ines = await there.page('ines');
    await act(ines, borea, reference2, 'forward', async (page) => {
      await page.locator('[name=to]').fill(words.forward);
      await page
        .locator('fieldset', { has: page.locator('[name=persons]') })
        .getByLabel(/Vera/)
        .check();
      await page
        .locator('fieldset', { has: page.locator('[name=persons]') })
        .getByLabel(/Tom/)
        .check();
    });
    const vera = await there.page('vera');
    await act(vera, borea, reference2, 'accept-execution');
    const bytes = randomBytes(evidenceMegabytes(scripts) * 1_000_000);
    hash = createHash('sha256').update(bytes).digest('hex');
    const folder = mkdtempSync(join(tmpdir(), 'comity-border-'));
    writeFileSync(join(folder, 'records.bin'), bytes);
    await vera.goto(`${borea.origin}/requests/${reference2}/evidence`);
    await checkPage(vera, scripts);
    await vera.locator('a[href^="/case-files/"]').first().click();
    await vera.locator('input[type=file]').first().setInputFiles(join(folder, 'records.bin'));
    await vera
      .locator('form', { has: vera.locator('input[type=file]') })
      .locator('button')
      .first()
      .click();
    await vera.getByText('records.bin').first().waitFor();
    rmSync(folder, { recursive: true });
    await act(vera, borea, reference2, 'report-executed', async (page) => {
      for (const row of [0, 1]) await page.locator(`[name="results.${row}.outcome"][value=executed]`).check();
      await page.locator('[name="results.0.note"]').fill(words.executed);
      await page.locator('.row').nth(1).getByLabel('records.bin').check();
      await page.locator('[name="results.1.form"]').selectOption('certified-copy');
      await page.locator('[name=followed][value=yes]').check();
      await page.locator('[name=freezeEnds]').fill(dayFrom(borea, 365));
    });
    const tomas = await there.page('tomas');
    await act(tomas, borea, reference2, 'check-results');
    await act(ines, borea, reference2, 'send-results', async (page) => {
      expect(await page.locator('main').textContent()).toContain(lang === 'en' ? 'Alba' : 'ألبا');
      if ((await page.locator('[name=state]').count()) > 0) await page.locator('[name=state]').fill('XA');
    });
    const amara = await here.page('amara');
    await shows(amara, `${alba.origin}/requests/${reference}/evidence`, words.executed);
    await checkPage(amara, scripts);
    expect(await amara.locator('main').textContent()).toContain(hash.slice(0, 16));
  }, 240_000);

  test('the results are confirmed hash by hash, and both sides show the same stages', async () => {
    const amara = await here.page('amara');
    await act(amara, alba, reference, 'confirm-results');
    const ines = await there.page('ines');
    await expect
      .poll(async () => {
        await ines.goto(`${borea.origin}/requests/${reference2}/history`);
        return (await ines.locator('main').textContent()) ?? '';
      }, arrives)
      .toContain(lang === 'en' ? 'Receipt of the results' : 'إيصال');
    await checkPage(ines, scripts);
    const stages = async (page: Page, address: string) => {
      await page.goto(address);
      return page.locator('.tracker li').evaluateAll((items) => items.map((one) => one.className));
    };
    const ours = await stages(amara, `${alba.origin}/requests/${reference}`);
    expect(ours).toEqual(await stages(ines, `${borea.origin}/requests/${reference2}`));
    expect(ours.slice(0, 5)).toEqual(['done', 'done', 'done', 'done', 'now']);
  }, 180_000);

  test('the proof packs of files and of the message are downloaded and hold without the node', async () => {
    const amara = await here.page('amara');
    await amara.goto(`${alba.origin}/requests/${reference}/evidence`);
    const links = amara.locator(`a[href^="/requests/${reference}/evidence/pack"]`);
    expect(await links.count()).toBe(2);
    for (const index of [0, 1]) {
      const [download] = await Promise.all([amara.waitForEvent('download'), links.nth(index).click()]);
      expect(download.suggestedFilename()).toMatch(/\.asice$/);
      const reader = await fileReader(await download.path());
      const roots = rootsOf(alba);
      const report = await verifyContainer(reader, { roots, stampRoots: roots, now: alba.node.clock.now() });
      await reader.close();
      expect(report.findings.filter((one) => one.severity === 'block')).toEqual([]);
      expect(report.status).toBe('holds');
    }
  }, 180_000);
});
