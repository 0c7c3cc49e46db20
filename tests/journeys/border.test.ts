import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const arrives = { timeout: isNightly ? 300_000 : 90_000, interval: 400 };

let browser: Browser;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

/** Pages looked at, whatever request they show: the same page again is the same page. */
const looked = new Set<string>();

async function checkPage(page: Page, scripts: boolean): Promise<void> {
  expect(await page.locator('h1').count(), page.url()).toBe(1);
  const which = `${page.url().replaceAll(/X[AB]-\d{4}-\d{2}-\d+-[A-Z]/g, 'REF')} ${await page.title()}`;
  if (!scripts || looked.has(which)) return;
  looked.add(which);
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

/** A file of random bytes, written in pieces, with its SHA-256. */
function writeRandom(path: string, megabytes: number): string {
  const sum = createHash('sha256');
  for (let n = 0; n < megabytes; n += 1) {
    const piece = randomBytes(1_000_000);
    sum.update(piece);
    appendFileSync(path, piece);
  }
  return sum.digest('hex');
}

/**
 * The shell commands of the container's own VERIFY.txt in a bare folder. Where unzip or openssl is missing nothing is
 * claimed here: the lane of containers fails with the name of the package.
 */
function followScript(container: string, roots: readonly X509Certificate[]): void {
  const missing = spawnSync('sh', ['-c', 'command -v unzip && command -v openssl && command -v basenc']).status !== 0;
  if (missing) return;
  const folder = mkdtempSync(join(tmpdir(), 'comity-bare-'));
  try {
    const unpacked = spawnSync('unzip', ['-q', container, '-d', join(folder, 'x')], { encoding: 'utf8' });
    expect(unpacked.stderr).toBe('');
    writeFileSync(join(folder, 'roots.pem'), roots.map((one) => one.toString()).join(''));
    const env = { PATH: '/usr/bin:/bin', ROOT: '../roots.pem', TSAROOT: '../roots.pem', LC_ALL: 'C' };
    const done = spawnSync('sh', ['VERIFY.txt'], { cwd: join(folder, 'x'), env, encoding: 'utf8' });
    expect(done.stdout + done.stderr).toMatch(/HOLDS\n$/);
    expect(done.status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
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
    interferes: 'A hearing of witnesses in our own case would be endangered.',
    how: 'Video call',
    harm: 'It would harm an ongoing operation that essential interests depend on.',
    secrecy: 'Bank secrecy forbids us to tell.',
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
    interferes: 'يعرض للخطر سماع شهود في قضيتنا.',
    how: 'مكالمة مرئية',
    harm: 'يضر بعملية جارية تتوقف عليها مصالح أساسية.',
    secrecy: 'تمنعنا السرية المصرفية من القول.',
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
  let ours: SampleWorld;
  let reference: string;
  /** Reference of the same request at Borea. */
  let reference2: string;
  /** SHA-256 of the file that the results bring. */
  let hash: string;

  beforeAll(async () => {
    network = await startNetwork({ states: ['XA', 'XB'] });
    [alba, borea] = [network.of('XA'), network.of('XB')];
    ours = await sampleWorld(alba);
    const theirs = await sampleWorld(borea);
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
    await proveAgain(page);
    expect(page.url(), (await page.locator('main').textContent()) ?? '').toContain(`?done=${action}`);
    await checkPage(page, scripts);
  }

  /** Where the last proof is older than five minutes: a new one, then what was typed is sent from where it was kept. */
  async function proveAgain(page: Page): Promise<void> {
    if (!page.url().includes('/sign-in/step-up')) return;
    await page.locator('main form button').last().click();
    expect(page.url()).toContain('/kept/');
    await checkPage(page, scripts);
    await page.locator('main form button').last().click();
  }

  /** The signatory reads, types the letters of the State and signs. */
  async function sign(ref: string): Promise<void> {
    const deniz = await here.page('deniz');
    const press = async () => {
      await deniz.goto(`${alba.origin}/requests/${ref}/sign`);
      await deniz.locator('[name=state]').first().fill('XB');
      await deniz.locator('main form button:not([type=button])').last().click();
    };
    await press();
    if (deniz.url().includes('/sign-in/step-up')) {
      await deniz.locator('main form button').last().click();
      await press();
    }
    expect(deniz.url(), (await deniz.locator('main').textContent()) ?? '').toContain('done=sign');
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
    await sign(reference);
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
    expect(await ines.locator('.next-do a').first().getAttribute('href')).toContain('acknowledge-change');
    await act(ines, borea, reference2, 'acknowledge-change');
    await shows(amara, `${alba.origin}/requests/${reference}/versions`, words.changed);
  }, 180_000);

  test('it is postponed for a proceeding of Borea after a consultation, and taken up again', async () => {
    const ines = await there.page('ines');
    await act(ines, borea, reference2, 'start-postponement', (page) =>
      page.locator('[name=reason]').fill(words.interferes),
    );
    await act(ines, borea, reference2, 'record-consultation', async (page) => {
      await page.locator('[name=with]').fill('Noor Haddad');
      await page.locator('[name=on]').fill(dayFrom(borea, 0));
      await page.locator('[name=how]').fill(words.how);
    });
    await act(ines, borea, reference2, 'postpone', async (page) => {
      await page.locator('[name=proceeding]').fill('BC-9/2026');
      await page.locator('[name=ground]').fill(words.interferes);
      await page.locator('[name=consultation]').last().check();
      await page.locator('[name=review]').fill(dayFrom(borea, 30));
    });
    const amara = await here.page('amara');
    await shows(amara, `${alba.origin}/requests/${reference}`, words.interferes);
    await checkPage(amara, scripts);
    await act(ines, borea, reference2, 'resume');
  }, 180_000);

  test('it is taken over at the desk, put aside and taken up again', async () => {
    const ines = await there.page('ines');
    const desk = `${borea.origin}/requests/${reference2}`;
    await ines.goto(desk);
    const hand = ines.locator(`form[action="/requests/${reference2}/desk"]`);
    await ines
      .locator('details summary')
      .filter({ hasText: lang === 'en' ? 'Give to' : 'أسند' })
      .click();
    await hand.locator('[name=wait]').last().fill(dayFrom(borea, 3));
    await hand
      .filter({ has: ines.locator('[name=wait]') })
      .locator('button')
      .last()
      .click();
    await ines.goto(`${borea.origin}/desk/incoming?view=waiting`);
    expect(await ines.locator('main').textContent()).toContain(reference2);
    await ines.goto(desk);
    await hand
      .filter({ has: ines.locator('[name=wait][value=""]') })
      .locator('button')
      .first()
      .click();
    await ines.goto(`${borea.origin}/desk/incoming?view=waiting`);
    expect(await ines.locator('main').textContent()).not.toContain(reference2);
  }, 120_000);

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
    const folder = mkdtempSync(join(tmpdir(), 'comity-border-'));
    hash = writeRandom(join(folder, 'records.bin'), evidenceMegabytes(scripts));
    const began = performance.now();
    await vera.goto(`${borea.origin}/requests/${reference2}/evidence`);
    await checkPage(vera, scripts);
    await vera.locator('a[href^="/case-files/"]').first().click();
    await vera.locator('input[type=file]').first().setInputFiles(join(folder, 'records.bin'));
    await vera
      .locator('form', { has: vera.locator('input[type=file]') })
      .locator('button')
      .first()
      .click();
    await vera.getByText('records.bin').first().waitFor({ timeout: 300_000 });
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
    if (isNightly)
      console.info(
        `${evidenceMegabytes(scripts)} MB from upload to the other desk in ${Math.round((performance.now() - began) / 1000)} s, both nodes and the test resident in ${Math.round(process.memoryUsage().rss / 1e6)} MB`,
      );
  }, 600_000);

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
      followScript(await download.path(), roots);
    }
  }, 180_000);

  test('another request is refused with ground and reasons by a second person; bank secrecy is no ground', async () => {
    const other = await openCompleteRequest(alba, ours);
    await act(await here.page('amara'), alba, other, 'submit-for-review');
    await act(await here.page('teo'), alba, other, 'review-pass');
    const noor = await here.page('noor');
    await act(noor, alba, other, 'clear', (page) => page.locator('input[value=none-found]').check());
    await sign(other);
    await act(noor, alba, other, 'transmit', (page) => page.locator('[name=waive]').check());
    const ines = await there.page('ines');
    await shows(ines, `${borea.origin}/desk/incoming?view=new`, other);
    const row = ines.locator('main tr, main li').filter({ hasText: other });
    const theirs = (await row.first().locator('a').first().textContent())?.trim() ?? '';
    await act(ines, borea, theirs, 'register');
    await act(ines, borea, theirs, 'acknowledge');
    await act(ines, borea, theirs, 'assess', (page) => page.locator('[name=finding]').last().check());
    await act(ines, borea, theirs, 'start-refusal', (page) => page.locator('[name=reason]').fill(words.harm));
    await act(ines, borea, theirs, 'record-consultation', async (page) => {
      await page.locator('[name=with]').fill('Noor Haddad');
      await page.locator('[name=on]').fill(dayFrom(borea, 0));
      await page.locator('[name=how]').fill(words.how);
    });
    // Whoever began it does not decide it.
    await ines.goto(`${borea.origin}/requests/${theirs}`);
    expect(await ines.locator(`main a[href$="/act/refuse"], aside a[href$="/act/refuse"]`).count()).toBe(0);
    const tomas = await there.page('tomas');
    await act(tomas, borea, theirs, 'refuse', async (page) => {
      const grounds = page.locator('[name="grounds.0.ground"] option');
      expect(await grounds.evaluateAll((all) => all.map((one) => (one as HTMLOptionElement).value))).not.toContain(
        'bank-secrecy',
      );
      await page.locator('[name="grounds.0.ground"]').selectOption('18.21.b');
      await page.locator('[name="grounds.0.reasons"]').fill(words.secrecy);
      await page.locator('[name=consultation]').last().check();
      if ((await page.locator('[name=state]').count()) > 0) await page.locator('[name=state]').fill('XA');
      await page.locator('main form .actions button').first().click();
      expect(await page.title()).toMatch(lang === 'en' ? /^Error: / : /^خطأ/);
      await checkPage(page, scripts);
      await page.locator('[name="grounds.0.reasons"]').fill(words.harm);
      if ((await page.locator('[name=state]').count()) > 0) await page.locator('[name=state]').fill('XA');
    });
    const amara = await here.page('amara');
    await shows(amara, `${alba.origin}/requests/${other}`, words.harm);
    await checkPage(amara, scripts);
  }, 240_000);
});
