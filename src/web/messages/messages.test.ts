import { describe, expect, test } from 'vitest';
import { createTranslators } from '../../platform/i18n/index.ts';
import { webMessages } from './index.ts';
import { ar } from './ar.ts';
import { en } from './en.ts';

const t = createTranslators([webMessages]);

function placeholders(text: string): string[] {
  return [...new Set([...text.matchAll(/\{(\w+)[,}]/gu)].map(([, name = '']) => name))].toSorted();
}

describe('words of the kit', () => {
  test.each(Object.keys(en))('%s takes the same values in Arabic', (key) => {
    const typed = key as keyof typeof en;
    const names = (text: string) => placeholders(text.replace(/(zero|one|two|few|many|other|=\d+) \{[^{}]*\}/gu, ''));
    const extra = names(ar[typed]).filter((name) => !names(en[typed]).includes(name));
    expect(extra).toEqual([]);
    for (const name of placeholders(en[typed])) expect(ar[typed]).toContain(`{${name}`);
  });

  test('no word that the house does not use, and no long sentence', () => {
    for (const text of Object.values(en)) {
      expect(text).not.toMatch(/\b(please|invalid|oops|click here)\b|!/iu);
      expect(text.split(' ').length).toBeLessThanOrEqual(30);
    }
  });

  test('problems are counted in the six forms of Arabic', () => {
    const said = [0, 1, 2, 3, 11, 100].map((count) => t.ar('web.problems', { count }));
    expect(new Set(said).size).toBe(6);
    expect(t.en('web.problems', { count: 1 })).toBe('There is 1 problem');
    expect(t.en('web.problems', { count: 2 })).toBe('There are 2 problems');
  });
});
