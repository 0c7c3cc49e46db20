import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeFindings } from '../../tests/support/accessibility.ts';
import { launchBrowser } from '../../tests/support/browser.ts';
import { galleryServer, type GalleryServer } from '../../tests/support/gallery-server.ts';
import { testView } from '../../tests/support/view.ts';
import { packageRoot } from '../platform/paths.ts';
import { galleryPage } from './index.ts';
import { specimens } from './gallery/index.tsx';

const names = Object.keys(specimens);
const looks = [
  { locale: 'en', theme: 'light', width: 1440 },
  { locale: 'ar', theme: 'dark', width: 1440 },
  { locale: 'en', theme: 'dark', width: 360 },
  { locale: 'ar', theme: 'light', width: 360 },
] as const;

let browser: Browser;
let server: GalleryServer;

beforeAll(async () => {
  if (!existsSync(join(packageRoot, 'dist/assets/manifest.json'))) {
    spawnSync(process.execPath, ['scripts/build.mjs', '--assets'], { cwd: packageRoot, stdio: 'inherit' });
  }
  [browser, server] = await Promise.all([launchBrowser(), galleryServer()]);
});

afterAll(async () => {
  await browser.close();
  await server.close();
});

describe('every part of the kit, in both languages and themes, wide and narrow', () => {
  test.each(names)(
    '%s: axe finds nothing, nothing runs off sideways, no rule of the content-security policy is broken',
    async (name) => {
      for (const { locale, theme, width } of looks) {
        const context = await browser.newContext({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
        const page = await context.newPage();
        const complaints: string[] = [];
        page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
        page.on('pageerror', (error) => complaints.push(error.message));
        await page.goto(server.address(name, { locale, theme }));
        // As tall as the page, so that the bottom bar covers nothing.
        const tall = await page.evaluate(() => document.documentElement.scrollHeight);
        await page.setViewportSize({ width, height: Math.max(900, tall) });
        const where = await axeFindings(page, { tags: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        expect({ locale, theme, width, where, complaints }).toEqual({
          locale,
          theme,
          width,
          where: [],
          complaints: [],
        });
        const tooWide = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        expect(tooWide).toBe(0);
        await context.close();
      }
    },
  );

  test.each(names)('%s: nothing inline, one first heading, one main part, unique ids', async (name) => {
    for (const locale of ['en', 'ar'] as const) {
      const html = String(await galleryPage(testView({ locale }), name));
      expect(html).not.toMatch(/\sstyle=|<style|\son[a-z]+=/u);
      expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/u);
      expect(html.match(/<h1[\s>]/gu)).toHaveLength(1);
      expect(html.match(/<main[\s>]/gu)).toHaveLength(1);
      const ids = [...html.matchAll(/\sid="([^"]+)"/gu)].map(([, id]) => id);
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      expect(html.match(/<html[^>]*>/u)?.[0]).toContain(locale === 'ar' ? 'dir="rtl"' : 'dir="ltr"');
    }
  });

  test('the error summary takes the focus and leads to the field', async () => {
    const page = await browser.newPage();
    await page.goto(server.address('question', { locale: 'en', theme: 'light' }));
    expect(await page.title()).toBe(
      'Error: What is the offence, and what is the penalty? – XA-2026-05-0172-D – Comity',
    );
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('error-summary');
    await page.getByRole('link', { name: 'Enter the highest penalty for the offence.' }).click();
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('f-penalty');
    await page.close();
  });

  test('a list is walked with J and K, and letters typed elsewhere do nothing', async () => {
    const page = await browser.newPage();
    await page.goto(server.address('desk', { locale: 'en', theme: 'light' }));
    const links = page.locator('[data-open]');
    await links.first().focus();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    expect(await links.nth(1).evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press('x');
    expect(await page.locator('[data-row] input').nth(1).isChecked()).toBe(true);
    await page.locator('a.search').focus();
    await page.keyboard.press('j');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('search');
    await page.close();
  });

  test('without scripts the error summary, the menu and every link still work', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(server.address('question', { locale: 'en', theme: 'light' }));
    await page.locator('details.person-menu > summary').click();
    await page.getByRole('button', { name: 'Sign out' }).waitFor();
    expect(await page.getByRole('link', { name: 'العربية' }).getAttribute('href')).toContain('lang=ar');
    await context.close();
  });
});
