import { describe, expect, test } from 'vitest';
import { detectCitations, type DetectContext } from './detect.ts';
import { createInstrumentNames } from './instruments.ts';
import { readChineseNumber } from './reference/index.ts';
import type { UnitTree } from './schema.ts';

/** An instrument with as many articles and paragraphs as told, each paragraph with items a to d of numerals i to iii. */
function tree(instrument: string, articles: number, paragraphs: number): UnitTree {
  const below = (path: readonly string[]): string[][] => {
    const marks = [
      Array.from({ length: articles }, (_, n) => String(n + 1)),
      Array.from({ length: paragraphs }, (_, n) => String(n + 1)),
      ['a', 'b', 'c', 'd'],
      ['i', 'ii', 'iii'],
    ][path.length];
    return (marks ?? []).map((mark) => [...path, mark]);
  };
  const has = (path: readonly string[]): boolean =>
    path.length > 0 && path.every((mark, n) => below(path.slice(0, n)).some((one) => one[n] === mark));
  return { instrument, has, children: (path) => (path.length === 0 || has(path) ? below(path) : []) };
}

const trees = new Map(
  [tree('I-1', 60, 30), tree('I-1-a', 20, 5), tree('I-2', 80, 30)].map((one) => [one.instrument, one]),
);
const names = createInstrumentNames([
  { id: 'I-1', title: 'Convention against Invented Crime', aliases: ['CIC', 'Invented Crime Convention'] },
  { id: 'I-1-a', title: 'Protocol on Invented Goods', aliases: [], parent: 'I-1' },
  { id: 'I-2', title: 'Convention on Invented Assets', aliases: ['the Assets Convention', 'Twin Convention'] },
  { id: 'I-3', title: 'Second Convention on Twins', aliases: ['Twin Convention'] },
]);
const base: DetectContext = { names, tree: (id) => trees.get(id), standing: { instrument: 'I-1', path: ['18', '3'] } };

const articlesIn = (text: string, context: Partial<DetectContext> = {}) =>
  detectCitations(text, { ...base, ...context })
    .filter((one) => one.type === 'article')
    .map((one) => one.target.map(({ id, article }) => `${id} ${article ?? ''}`).join('; ') || (one.reason ?? ''));

describe('C5: articles, paragraphs and items', () => {
  const cases: readonly [string, string[]][] = [
    ['article 18, paragraph 15 (a)', ['I-1 18(15)(a)']],
    ['art. 18(15)(a)', ['I-1 18(15)(a)']],
    ['Arts. 5 and 6', ['I-1 5; I-1 6']],
    ['articles 5, 6, 8 and 23 of this Convention', ['I-1 5; I-1 6; I-1 8; I-1 23']],
    ['articles 16 to 18', ['I-1 16; I-1 17; I-1 18']],
    ['paragraphs 9 to 11 of this article', ['I-1 18(9); I-1 18(10); I-1 18(11)']],
    ['paragraph 1 a) of this article', ['I-1 18(1)(a)']],
    ['paragraph 2', ['I-1 18(2)']],
    ['the preceding paragraph', ['I-1 18(2)']],
    ['the preceding paragraphs', ['I-1 18(1); I-1 18(2)']],
    ['subparagraphs (a), (b) and (c) of paragraph 1 of article 3', ['I-1 3(1)(a); I-1 3(1)(b); I-1 3(1)(c)']],
    ['article 5, paragraph 1 (a) (i) and (ii) and (b)', ['I-1 5(1)(a)(i); I-1 5(1)(a)(ii); I-1 5(1)(b)']],
    ['articles 31, paragraph 1, and 54, paragraph 1 (a)', ['I-1 31(1); I-1 54(1)(a)']],
    ['article 7, paragraph 1, subparagraph (c), or paragraph 2, subparagraph (d)', ['I-1 7(1)(c)', 'I-1 7(2)(d)']],
    ['paragraph 3 and paragraph 4 of article 12', ['I-1 12(3)', 'I-1 12(4)']],
    ['article 12, as well as the measures of paragraph 2 of that article', ['I-1 12', 'I-1 12(2)']],
    ['subparagraph (b)', ['I-1 18(3)(b)']],
    ['article 61', ['no-such-unit']],
    ['article 5 of the Charter of Invented Nations', ['unknown-instrument']],
    ['article 46 of the Convention on Invented Assets', ['I-2 46']],
    ['article 5, 2003 persons', ['I-1 5']],
    ['the article on invented crime', []],
    ['25 articles of clothing', []],
  ]; // prettier-ignore
  test.each(cases)('%s', (text, expected) => {
    expect(articlesIn(text)).toEqual(expected);
  });

  test('"the Convention" in a protocol is the one it supplements', () => {
    const standing = { instrument: 'I-1-a', path: ['11', '6'] };
    expect(articlesIn('Without prejudice to article 27 of the Convention', { standing })).toEqual(['I-1 27']);
    expect(articlesIn('article 6 of this Protocol', { standing })).toEqual(['I-1-a 6']);
  });

  test('a short form that the document defines holds from there on', () => {
    const text =
      'The Convention on Invented Assets (hereinafter "the Convention") applies. See article 70 of the Convention.';
    expect(articlesIn(text, { standing: {} })).toEqual(['I-2 70']);
  });

  test('a name that two instruments share keeps both and links to neither for certain', () => {
    const [found] = detectCitations('article 3 of the Twin Convention', { ...base, standing: {} });
    expect(found).toMatchObject({ type: 'article', status: 'ambiguous' });
  });

  test('without a text to stand in, a bare paragraph says so', () => {
    expect(articlesIn('as paragraph 3 requires', { standing: {} })).toEqual(['no-context']);
  });

  const others: readonly [string, string][] = [
    ['au paragraphe 1 a) de l’article 5 de la présente Convention', 'I-1 5(1)(a)'],
    ['l’article 18, paragraphe 15, alinéa a)', 'I-1 18(15)(a)'],
    ['el párrafo 15 del artículo 18', 'I-1 18(15)'],
    ['пункт 15 статьи 18', 'I-1 18(15)'],
    ['الفقرة ١٥ من المادة ١٨', 'I-1 18(15)'],
    ['第十八条第十五款', 'I-1 18(15)'],
  ];
  test.each(others)('in other languages: %s', (text, expected) => {
    expect(articlesIn(text)).toEqual([expected]);
  });

  test('spans are those of the text as given, digits and marks included', () => {
    const given = 'عملا بالفقرة ١٥ من المادة ١٨ من هذه الاتفاقية';
    const [found] = detectCitations(given, base);
    expect(given.slice(found!.span[0], found!.span[1])).toBe(found!.found);
    expect(found!.found).toContain('١٨');
  });
});

describe('other citations', () => {
  const of = (text: string, context: Partial<DetectContext> = {}) =>
    detectCitations(text, { ...base, ...context }).map(
      (one) => `${one.type} ${one.target.map((target) => target.id).join(',') || (one.reason ?? '')}`,
    );
  const cases: readonly [string, string[]][] = [
    ['A/RES/55/25', ['resolution A/RES/55/25']],
    ['General Assembly resolution 55/25 of 15 November 2000', ['resolution A/RES/55/25']],
    ['the General Assembly, in its resolutions 64/179 and 65/169', ['resolution A/RES/64/179', 'resolution A/RES/65/169']],
    ['Security Council resolution 2195 (2014)', ['resolution S/RES/2195 (2014)']],
    ['S/RES/2195 (2014)', ['resolution S/RES/2195 (2014)']],
    ['la résolution 58/4 de l’Assemblée générale', ['resolution A/RES/58/4']],
    ['AGN/69/RES/6', ['resolution AGN/69/RES/6']],
    ['CTOC/COP/2012/15.', ['document CTOC/COP/2012/15']],
    ['E/2009/28, chap. I, sect. C', ['document E/2009/28']],
    ['United Nations, Treaty Series, vols. 2225, 2237 and 2326, No. 39574', ['treaty-series unts:2225:39574,unts:2237:39574,unts:2326:39574']],
    ['United Nations, Treaty Series, vol. 2225, No. 39574. Ibid., vol. 1019, No. 14956', ['treaty-series unts:2225:39574', 'treaty-series unts:1019:14956']],
    ['Ibid., vol. 1019, No. 14956', ['treaty-series footnote-missing']],
    ['target 16.4 of the Sustainable Development Goals', ['goal sdg-16.4']],
    ['target 16.4 of the sales plan', []],
    ['the Invented Crime Convention', ['instrument I-1']],
  ]; // prettier-ignore
  test.each(cases)('%s', (text, expected) => {
    expect(of(text)).toEqual(expected);
  });

  test('a bare resolution belongs to the document’s own body', () => {
    expect(of('Recalling its resolution 10/4', { ownBody: 'CTOC/COP' })).toEqual(['resolution CTOC/COP/RES/10/4']);
    expect(of('Recalling its resolution 10/4')).toEqual(['resolution unknown-body']);
  });
});

test('Chinese numbers read as numbers', () => {
  expect(['十八', '一百零二', '二十', '五', '18'].map(readChineseNumber)).toEqual(['18', '102', '20', '5', '18']);
});

test('no text makes it throw, and every span lies inside the text', () => {
  for (const text of [
    '',
    '(',
    'article',
    'article (',
    'paragraph )))',
    '第条',
    '‏المادة',
    'article 999999999999999999',
    'a'.repeat(20_000),
  ])
    for (const { span } of detectCitations(text, base))
      expect(span[0] >= 0 && span[1] <= text.length && span[0] < span[1]).toBe(true);
});
