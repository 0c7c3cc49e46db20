import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyContainer } from '../../src/modules/evidence/index.ts';
import { Handling, sha256 } from '../../src/platform/values/index.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { launchBrowser } from '../support/browser.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { contextOf, sampleWorld, signedIn, type SampleWorld } from '../support/sample-people.ts';
import { X509Certificate } from 'node:crypto';
import { inspectNames } from '../../src/modules/evidence/archive/inspect.ts';
import { listZip } from '../../src/modules/evidence/archive/zip.ts';

let alba: TestNode;
let browser: Browser;
let world: SampleWorld;
let caseFile: string;
const clock = fakeClock('2026-05-14T08:00:00.000Z');

beforeAll(async () => {
  [alba, browser] = await Promise.all([startNode({ clock }), launchBrowser()]);
  world = await sampleWorld(alba);
  const amara = await contextOf(alba, world, 'amara');
  const handling = Handling.parse({ tlp: 'AMBER', originator: 'XA' });
  const opened = await alba.running.live.evidence.openCaseFile(amara, {
    title: 'Harbour',
    handling,
    members: ['noor', 'deniz', 'teo'].map((name) => world.ids.get(name)!),
  });
  caseFile = opened.id;
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await alba?.stop();
});

test('an officer adds a large file while the line breaks, and nothing of it is sent twice', async () => {
  const context = await signedIn(alba, browser, world, 'amara');
  const page = await context.newPage();
  const bytes = randomBytes(20_000_000);
  let patches = 0;
  await page.route('**/api/uploads/**', async (route) => {
    if (route.request().method() === 'PATCH' && (patches += 1) === 2) return route.abort('connectionreset');
    return route.continue();
  });
  await page.goto(`${alba.origin}/case-files/${caseFile}`);
  await page.getByLabel('Add a file').setInputFiles({ name: 'disk.img', mimeType: 'application/x', buffer: bytes });
  await page.getByRole('button', { name: 'Add the file' }).click();
  await page.getByText('goes on by itself').waitFor();
  await page.waitForURL('**?stored=*', { timeout: 120_000 });
  await page.getByText('disk.img is stored and hashed.').waitFor();
  expect(await page.getByText(sha256(bytes)).count()).toBe(1);
  expect(patches).toBeGreaterThan(2);
  await context.close();
});

test('F5: a file is handed out as an attachment in a sandbox that runs nothing, under a name of RFC 6266', async () => {
  const context = await signedIn(alba, browser, world, 'noor', { scripts: false });
  const page = await context.newPage();
  await page.goto(`${alba.origin}/case-files/${caseFile}`);
  const html = Buffer.from('<script>alert(1)</script>');
  await page.getByLabel('Add a file').setInputFiles({ name: 'أمر "x".html', mimeType: 'text/html', buffer: html });
  await page.getByRole('button', { name: 'Add the file' }).click();
  await page.getByText('is stored and hashed').waitFor();
  await page
    .locator('li', { hasText: '.html' })
    .getByRole('link', { name: /^Download/ })
    .click();
  await page.getByLabel('To check the file itself').check();
  const answered = page.waitForResponse((one) => one.request().method() === 'POST');
  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download the file' }).click();
  const headers = await (await answered).allHeaders();
  expect(headers['content-security-policy']).toBe("sandbox; default-src 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-type']).toBe('application/octet-stream');
  expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''%D8%A3/);
  expect(readFileSync(await (await downloading).path()).equals(html)).toBe(true);
  await context.close();
});

test('A7: the custody page makes a proof pack that holds, without scripts and in Arabic as well', async () => {
  for (const [name, locale] of [
    ['teo', 'en'],
    ['deniz', 'ar'],
  ] as const) {
    const context = await signedIn(alba, browser, world, name, { scripts: false, lang: locale, width: 360 });
    const page = await context.newPage();
    await page.goto(`${alba.origin}/case-files/${caseFile}`);
    const link = locale === 'en' ? /^Custody and proof pack disk/ : /^سلسلة الحيازة وحزمة الإثبات disk/;
    await page.getByRole('link', { name: link }).click();
    expect(await page.locator('.custody-chain > li').count()).toBeGreaterThanOrEqual(2);
    const downloading = page.waitForEvent('download');
    await page.getByRole('button', { name: locale === 'en' ? 'Make proof pack' : 'أعدّ حزمة إثبات' }).click();
    const bytes = readFileSync(await (await downloading).path());
    const reader = {
      size: bytes.length,
      read: async (start: number, length: number) => bytes.subarray(start, start + length),
    };
    const { entries } = await listZip(reader, 100);
    expect(inspectNames(entries)).toEqual([]);
    const root = new X509Certificate(
      readFileSync(`${alba.node.config.dataFolder}/keys/authority-sign.pem`, 'utf8').split(
        /(?<=END CERTIFICATE-----\n)/,
      )[1]!,
    );
    const stampRoot = new X509Certificate(
      readFileSync(`${alba.node.config.dataFolder}/keys/development-stamps.pem`, 'utf8').split(
        /(?<=END CERTIFICATE-----\n)/,
      )[1]!,
    );
    const report = await verifyContainer(reader, { roots: [root], stampRoots: [stampRoot], now: clock.now() });
    expect(report).toMatchObject({ status: 'holds', findings: [], stamps: [{}] });
    await context.close();
  }
});
