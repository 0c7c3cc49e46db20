import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

const css = readFileSync(join(packageRoot, 'src/web/styles/tokens.css'), 'utf8');

function tokensOf(selector: string): Record<string, string> {
  const start = css.indexOf(`${selector} {`);
  if (start < 0) throw new Error(`No rule ${selector}`);
  const body = css.slice(start, css.indexOf('}', start));
  return Object.fromEntries(
    [...body.matchAll(/(--[a-z0-9-]+):\s*(#[0-9a-f]{3,6});/giu)].map(([, name = '', value = '']) => [name, value]),
  );
}

function luminance(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const [r = 0, g = 0, b = 0] = parts.map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return Math.round(((high + 0.05) / (low + 0.05)) * 100) / 100;
}

const light = tokensOf(':root,\n.paper');
const dark = { ...light, ...tokensOf(":root[data-theme='dark']") };
const darkBySystem = { ...light, ...tokensOf(":root:not([data-theme='light'])") };

// Token, then contrast on page, card and sunken in light and in dark.
const table: [string, number[], number[]][] = [
  ['--ink', [15.56, 16.52, 14.14], [14.78, 13.36, 11.8]],
  ['--ink-muted', [7.08, 7.51, 6.43], [8.57, 7.75, 6.85]],
  ['--line-control', [4.21, 4.47, 3.82], [4.28, 3.87, 3.42]],
  ['--accent', [7.36, 7.81, 6.68], [9.12, 8.24, 7.28]],
  ['--seal', [7.61, 8.08, 6.92], [8.12, 7.33, 6.48]],
  ['--warning', [6.98, 7.41, 6.34], [10.54, 9.52, 8.42]],
  ['--success', [7.01, 7.44, 6.37], [9.38, 8.48, 7.49]],
  ['--info', [7.87, 8.35, 7.15], [9.1, 8.22, 7.27]],
  ['--brass', [2.12, 2.25, 1.93], [8.03, 7.26, 6.42]],
];
const grounds = ['--page', '--card', '--sunken'];

function measured(tokens: Record<string, string>, name: string): number[] {
  return grounds.map((ground) => contrast(tokens[name] ?? '', tokens[ground] ?? ''));
}

describe('colours keep the contrast that was promised', () => {
  test.each(table)('%s on page, card and sunken, light and dark', (name, inLight, inDark) => {
    expect(measured(light, name)).toEqual(inLight);
    expect(measured(dark, name)).toEqual(inDark);
  });

  test('words on filled buttons and bands reach 4.5 to 1', () => {
    for (const tokens of [light, dark]) {
      const pairs = [
        ['--on-accent', '--accent'],
        ['--on-accent', '--accent-strong'],
        ['--on-seal', '--seal'],
        ['--on-band', '--band'],
      ];
      for (const [ink = '', ground = ''] of pairs)
        expect(contrast(tokens[ink] ?? '', tokens[ground] ?? '')).toBeGreaterThanOrEqual(4.5);
      for (const soft of ['--accent-soft', '--warning-soft', '--seal-soft']) {
        expect(contrast(tokens['--ink'] ?? '', tokens[soft] ?? '')).toBeGreaterThanOrEqual(6.1);
      }
    }
  });

  test('the dark theme is the same whether chosen or taken from the device', () => {
    expect(darkBySystem).toEqual(dark);
  });
});
