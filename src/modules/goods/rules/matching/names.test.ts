import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { scriptSamples, scriptTable } from '../../testing/scripts.ts';
import { parseName, type NamedAs } from './parse.ts';
import { scoreNames, similarityOf } from './score.ts';

function read(text: string, as: NamedAs) {
  const parsed = parseName(text, as);
  if (!parsed.ok) throw new Error(`${text} is no name`);
  return parsed.name;
}
const alike = (left: string, right: string, as: NamedAs = 'person') => similarityOf(left, right, as) ?? -1;
const tags = (text: string, as: NamedAs) => read(text, as).ways[0]?.map((part) => `${part.word}:${part.tag}`);

describe('a name in another script', () => {
  test.each(scriptSamples)('%s: %s is heard as %s', (_script, name, latin) => {
    expect(alike(name, latin)).toBeGreaterThanOrEqual(0.7);
    expect(alike(latin, name)).toBeGreaterThanOrEqual(0.7);
    expect(alike(name, latin)).toBeLessThan(1);
  });

  test('another name in that script stays below the line at which someone looks', () => {
    for (const [, name] of scriptSamples)
      for (const other of ['Wolfgang Achterberg', 'Thierry Quesnel']) expect(alike(name, other)).toBeLessThan(0.7);
  });
});

test('the page of the module shows the table of scripts as the engine reads them', () => {
  const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  expect(page).toContain(scriptTable());
});

describe('how names are written', () => {
  const equal: [string, string, NamedAs][] = [
    ['OKAFOR, Chidi', 'Chidi Okafor', 'person'],
    ['Abdul Rahman Nasser', 'Abdulrahman Naser', 'person'],
    ['Jean-Pierre Dupont', 'Jeanpierre Dupont', 'person'],
    ["O'Brien, Sean", 'Sean OBrien', 'person'],
    ['Bill Thornbury', 'William Thornbury', 'person'],
    ['Mohammed Yusuf', 'Muhammad Youssef', 'person'],
    ['Catherine Schmidt', 'Katherine Schmitt', 'person'],
    ['Borean Transit Lines Ltd', 'Borean Transit Line Limited', 'body'],
    ['Alba Steel GmbH', 'Alba Steel LLC', 'body'],
    ['OOO Cordia Trade', 'Cordia Trade Limited Liability Company', 'body'],
    ['Delmar & Sons, Inc.', 'Delmar and Sons Incorporated', 'body'],
    ['D.E.L. Marine Co.', 'DEL Marine Company', 'body'],
    ['M/V Northern Tern', 'NORTHERN TERN', 'vessel'],
    ['Alba Fund III', 'Alba Fund 3', 'body'],
  ];
  test.each(equal)('%s and %s are one name', (left, right, as) => {
    expect(alike(left, right, as)).toBeGreaterThanOrEqual(0.8);
  });

  const apart: [string, string, NamedAs][] = [
    ['Anselm Okafor', 'Chidi Okafor', 'person'],
    ['Chidi', 'Chidi Okafor Adeyemi', 'person'],
    ['Khalid Hamad Salim al-Alba', 'Khalid Hamad Salim al-Borea', 'person'],
    ['Alba Mining Company', 'Borea Mining Company', 'body'],
    ['Trading Company Ltd', 'Trading Dredging Timber Company LLC', 'body'],
    ['Alba Holdings (Borea) Ltd', 'Alba Holdings (Cordia) Ltd', 'body'],
    ['Tern', 'Fern Delta', 'vessel'],
  ];
  test.each(apart)('%s and %s are not', (left, right, as) => {
    expect(alike(left, right, as)).toBeLessThan(0.7);
  });

  test('a part left out costs less than a part that is another', () => {
    const whole = 'Khalid Hamad Salim Darwish';
    expect(alike('Khalid Hamad Darwish', whole)).toBeGreaterThan(alike('Khalid Hamad Boutros Darwish', whole));
  });

  test('a number that differs lowers, and is named', () => {
    const { similarity, reasons } = scoreNames(read('Alba Fund III LP', 'body'), read('Alba Fund IV LP', 'body'));
    expect(similarity).toBeLessThan(0.9);
    expect(reasons).toContainEqual(expect.objectContaining({ rule: 'numeral', left: '3', right: '4' }));
  });

  test('parts are told apart by what they are', () => {
    expect(tags('OKAFOR, Dr. Chidi Jr', 'person')).toEqual(['okafor:family', 'dr:honorific', 'chidi:given']);
    expect(tags('Salim bin Khalid al-Hamad', 'person')).toEqual([
      'salim:core',
      'bin:particle',
      'khalid:patronymic',
      'al:particle',
      'hamad:core',
    ]);
    expect(tags('The Alba Trading Company of Borea S.A. de C.V.', 'body')).toEqual([
      'the:particle',
      'alba:core',
      'trading:trade',
      'company:trade',
      'of:particle',
      'borea:core',
    ]);
    expect(read('株式会社山川', 'body').legal).toBe('stock');
    expect(read('ООО Север', 'body').legal).toBe('limited');
  });

  test('letters of another script that look alike are folded and noted', () => {
    expect(alike('Pаvel Mоrozov', 'Pavel Morozov')).toBeGreaterThan(0.95);
    expect(read('Pаvel Mоrozov', 'person').notes).toContain('mixed-scripts');
  });
});

describe('what cannot be a name, or hardly', () => {
  test.each(['', '   ', '—?!', '\u202e\u200b'])('%j is none', (text) => {
    expect(parseName(text, 'person')).toEqual({ ok: false, problem: 'empty' });
    expect(similarityOf(text, 'Chidi Okafor', 'person')).toBeUndefined();
  });

  test('half a surrogate pair is refused with its place in bytes', () => {
    expect(parseName('Żo\ud800x', 'person')).toEqual({ ok: false, problem: 'encoding', byteOffset: 3 });
  });

  test('direction marks are taken out and noted; a long name is cut and noted', () => {
    expect(read('\u202eChidi\u202c Okafor', 'person').notes).toEqual(['controls-stripped']);
    expect(read(`Chidi ${'a'.repeat(600)}`, 'person').notes).toEqual(['cut']);
  });

  test('a hundred parts are scored', () => {
    const words = Array.from({ length: 100 }, (_, n) => `part${String.fromCharCode(97 + (n % 26))}${n}`).join(' ');
    expect(alike(words, `${words} more`)).toBeGreaterThan(0.5);
  });
});

describe('any text', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 40 });
  const kinds = fc.constantFrom<NamedAs>('person', 'body', 'vessel');
  test('similarity lies between 0 and 1, is the same the other way round, and 1 only for the same letters', () => {
    fc.assert(
      fc.property(name, name, kinds, (left, right, as) => {
        const found = similarityOf(left, right, as);
        if (found === undefined) return;
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(1);
        expect(similarityOf(right, left, as)).toBe(found);
        const letters = (text: string) => text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim(); // prettier-ignore
        if (found === 1) expect(letters(left)).toBe(letters(right));
      }),
      { numRuns: 400 },
    );
  });

  // Halves of surrogate pairs, marks of direction, joiners, floods of marks: what files hold by accident or intent.
  const odd = fc.array(
    fc.oneof(
      fc.constantFrom('\ud800', '\udfff', '\u202e', '\u2066', '\u200d', '\u200c', '\u0301'.repeat(80), '٣', '々', 'ー', 'ﷺ', '𝔄', '·', '호', 'نور'), // prettier-ignore
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('Chidi ', 'عبد ', '山田', 'Okafor', ' '),
    ),
    { maxLength: 8 },
  );
  test('nothing throws, whatever the letters are; the answer is the same each time and both ways', () => {
    fc.assert(
      fc.property(odd, odd, kinds, (some, others, as) => {
        const [left, right] = [some.join(''), others.join('')];
        const found = similarityOf(left, right, as);
        expect(similarityOf(left, right, as)).toBe(found);
        expect(similarityOf(right, left, as)).toBe(found);
        if (found !== undefined) expect(found >= 0 && found <= 1).toBe(true);
        const plain = similarityOf(left, left.normalize('NFKC'), as);
        if (plain !== undefined && !/\p{Surrogate}/u.test(left)) expect(plain).toBe(1);
      }),
      { numRuns: 300 },
    );
  });

  test('a name is equal to itself', () => {
    fc.assert(
      fc.property(name, kinds, (text, as) => {
        const found = similarityOf(text, text, as);
        if (found !== undefined) expect(found).toBe(1);
      }),
      { numRuns: 300 },
    );
  });
});
