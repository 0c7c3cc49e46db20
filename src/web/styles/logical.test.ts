import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../platform/paths.ts';

const folder = join(packageRoot, 'src/web/styles');
const sheets = readdirSync(folder).filter((name) => name.endsWith('.css'));

const physical =
  /(?:^|[\s;{])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*|left|right|top|bottom|(?:min-|max-)?(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:|(?:text-align|float|clear)\s*:\s*(?:left|right)/u;

/** Declarations only: media conditions and page margin boxes may name sides. */
function declarations(css: string): string[] {
  return css
    .replace(/\/\*[\s\S]*?\*\//gu, '')
    .split('\n')
    .filter((line) => !/^\s*@/u.test(line));
}

describe('the sheet turns round with the language', () => {
  test.each(sheets)('%s uses logical properties only', (name) => {
    const found = declarations(readFileSync(join(folder, name), 'utf8')).filter((line) => physical.test(line));
    expect(found).toEqual([]);
  });

  test('the rule finds what it is for', () => {
    for (const line of ['  margin-left: 4px;', 'width: 3rem;', 'text-align: right;', '  left: 0;'])
      expect(physical.test(line)).toBe(true);
    for (const line of [
      '  margin-inline-start: 4px;',
      'stroke-width: 2;',
      'border-inline-start-width: 1px;',
      'text-align: start;',
    ]) {
      expect(physical.test(line)).toBe(false);
    }
  });

  test('every sheet is imported, once', () => {
    const index = readFileSync(join(folder, 'index.css'), 'utf8');
    const imported = [...index.matchAll(/@import '\.\/(.+?)'/gu)].map(([, name]) => name);
    expect(imported.toSorted()).toEqual(sheets.filter((name) => name !== 'index.css').toSorted());
  });

  test('all sheets together stay under 30 kB compressed', () => {
    const all = sheets.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
    expect(gzipSync(all).length).toBeLessThan(30_000);
  });
});
