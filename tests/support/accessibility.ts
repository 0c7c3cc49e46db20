import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export interface AxeScope {
  /** CSS selector of the part looked at; the whole page if absent. */
  within?: string;
  /** Only the rules of these tags. */
  tags?: string[];
  /** Rules left out. */
  without?: string[];
}

/**
 * What axe complains about, one line each: page, width, rule, place. Runs in the page alone and reports complaints only,
 * which takes a quarter of the time: no page of the product has frames (the content-security policy forbids them).
 */
export async function axeFindings(page: Page, { within, tags, without = [] }: AxeScope = {}): Promise<string[]> {
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  if (within) axe.include(within);
  if (tags) axe.withTags(tags);
  if (without.length > 0) axe.disableRules(without);
  const { violations } = await axe.analyze();
  const where = `${page.url()} ${page.viewportSize()?.width ?? '?'}`;
  return violations.map((one) => `${where} ${one.id}: ${one.nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`);
}

/** Pixels by which the page is wider than the window. */
export function sidewaysScroll(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

/** Axe finds nothing and nothing scrolls sideways, at each width. Colours are looked at once: no width changes them. */
export async function expectAccessible(
  page: Page,
  { widths = [1280, 360], ...scope }: AxeScope & { widths?: number[] } = {},
) {
  for (const [index, width] of widths.entries()) {
    await page.setViewportSize({ width, height: page.viewportSize()?.height ?? 900 });
    const without = index > 0 ? ['color-contrast', ...(scope.without ?? [])] : scope.without;
    expect(await axeFindings(page, { ...scope, ...(without && { without }) })).toEqual([]);
    expect(await sidewaysScroll(page), `${page.url()} ${width}`).toBeLessThanOrEqual(0);
  }
}
