import { describe, expect, test } from 'vitest';
import { loadCitationFacts } from './facts.ts';
import { readCitationQuery, type QueryOptions } from './query/index.ts';

const facts = loadCitationFacts();

/** `XVIII-12 18(15)`, or `A/RES/55/25`: everything a query may mean, best first. */
const read = (query: string, options?: QueryOptions, locale = 'en') =>
  readCitationQuery(query, locale, facts, options)?.targets.map(
    ({ work, article, exists, nearest }) =>
      `${work}${article === undefined ? '' : ` ${article}`}${exists === false ? ` missing, near ${nearest?.article ?? 'none'}` : ''}`,
  );

describe('a query that is a citation leads to its unit', () => {
  const one: readonly [string, string][] = [
    ['UNTOC 18(15)', 'XVIII-12 18(15)'],
    ['18.15 untoc', 'XVIII-12 18(15)'],
    ['UNTOC 18.15.a', 'XVIII-12 18(15)(a)'],
    ['untoc art 18 para 15 (a)', 'XVIII-12 18(15)(a)'],
    ['UNTOC art 18 § 15', 'XVIII-12 18(15)'],
    ['article 18, paragraph 15, of the Organized Crime Convention', 'XVIII-12 18(15)'],
    ['organised crime convention 18 15', 'XVIII-12 18(15)'],
    ['paragraph 15 (a) of article 18 of the Palermo Convention', 'XVIII-12 18(15)(a)'],
    ['XVIII-12 art 18', 'XVIII-12 18'],
    ['xviii-12-a 5', 'XVIII-12-a 5'],
    ['art. 46 UNCAC', 'XVIII-14 46'],
    ['UNCAC 46 9 b', 'XVIII-14 46(9)(b)'],
    ['UNTOC 2(b)', 'XVIII-12 2(b)'],
    ['1988 Convention art 3(1)(b)(i)', 'VI-19 3(1)(b)(i)'],
    ['21 bis, 1961 Convention as amended', 'VI-18 21 bis'],
    ['XVIII-12 art_18__para_15__list_1__point_a', 'XVIII-12 18(15)(a)'],
    ['/akn/xa/act/2011-06-03/14#art_3', '/akn/xa/act/2011-06-03/14 3'],
    ['A/RES/55/25', 'A/RES/55/25'],
    ['a/res/55/25', 'A/RES/55/25'],
    ['GA res. 55/25', 'A/RES/55/25'],
    ['resolution 55/25 of the General Assembly', 'A/RES/55/25'],
    ['res 2195 (2014)', 'S/RES/2195 (2014)'],
    ['CND res 56/3', 'CND/RES/56/3'],
    ['CTOC/COP/2012/15', 'CTOC/COP/2012/15'],
    ['E/2009/28, chap. I, sect. C', 'E/2009/28 chap. I, sect. C'],
    ['UNTOC', 'XVIII-12'],
    ['convention contre la corruption', 'XVIII-14'],
    // In the six languages, with accents or without.
    ["paragraphe 15 de l'article 18 de la Convention contre la criminalité organisée", 'XVIII-12 18(15)'],
    ['art. 18, par. 15, convention de palerme', 'XVIII-12 18(15)'],
    ["résolution 55/25 de l'Assemblée générale", 'A/RES/55/25'],
    ['párrafo 15 del artículo 18 de la Convención de Palermo', 'XVIII-12 18(15)'],
    ['articulo 46 convencion contra la corrupcion', 'XVIII-14 46'],
    ['пункт 15 статьи 18 Палермской конвенции', 'XVIII-12 18(15)'],
    ['ст. 46 п. 9 Конвенции против коррупции', 'XVIII-14 46(9)'],
    ['резолюция 55/25 Генеральной Ассамблеи', 'A/RES/55/25'],
    ['الفقرة ١٥ من المادة ١٨ من اتفاقية باليرمو', 'XVIII-12 18(15)'],
    ['المادة 46 من اتفاقية مكافحة الفساد', 'XVIII-14 46'],
    ['قرار الجمعية العامة 55/25', 'A/RES/55/25'],
    ['有组织犯罪公约第十八条第十五款第(一)项', 'XVIII-12 18(15)(a)'],
    ['反腐败公约第46条', 'XVIII-14 46'],
    ['UNTOC第18条', 'XVIII-12 18'],
    ['大会第55/25号决议', 'A/RES/55/25'],
  ];
  test.each(one)('%s', (query, expected) => {
    expect(read(query)?.[0]).toBe(expected);
  });

  test('several places are all of them', () => {
    expect(read('articles 5, 6, 8 and 23 of the Organized Crime Convention')).toEqual(
      ['5', '6', '8', '23'].map((article) => `XVIII-12 ${article}`),
    );
    expect(read('UNTOC 5-8')).toEqual(['5', '6', '7', '8'].map((article) => `XVIII-12 ${article}`));
  });
});

describe('a place that does not exist comes with the nearest that does', () => {
  const missing: readonly [string, string][] = [
    ['UNTOC 18(55)', 'XVIII-12 18(55) missing, near 18'],
    ['UNTOC 18(15)(z)', 'XVIII-12 18(15)(z) missing, near 18(15)'],
    ['UNTOC art. 99', 'XVIII-12 99 missing, near 41'],
    ['article 72 of the Convention against Corruption', 'XVIII-14 72 missing, near 71'],
    ['第九十九条 反腐败公约', 'XVIII-14 99 missing, near 71'],
  ];
  test.each(missing)('%s', (query, expected) => {
    expect(read(query)).toEqual([expected]);
  });
});

describe('what may mean several says so', () => {
  test('a number without a body: bodies that count so, those at hand first', () => {
    expect(read('res 55/25')?.[0]).toBe('A/RES/55/25');
    expect(read('res 10/4')?.[0]).toBe('CTOC/COP/RES/10/4');
    expect(read('res 10/4', { knows: (work) => work === 'CCPCJ/RES/10/4' })?.[0]).toBe('CCPCJ/RES/10/4');
    expect(readCitationQuery('55/25', 'en', facts)?.loose).toBe(true);
  });

  test('a place without an instrument: every instrument that has it', () => {
    expect(read('article 60')).toEqual(['XVIII-14 60']);
    expect(readCitationQuery('article 18', 'en', facts)).toMatchObject({ loose: true });
  });

  test('the Single Convention is read as amended first, whose text is known', () => {
    expect(read('1961 Convention art 36')).toEqual(['VI-18 36', 'VI-15 36']);
  });
});

test.each([
  'extradition',
  'UNTOC money laundering',
  'money laundering article 6',
  'article',
  '18(15)',
  '12 States',
  '(((',
  '',
  ' ',
  '\u202e\u0000',
  'article '.repeat(100),
  'a'.repeat(10_000),
  '1'.repeat(199),
])('no citation: %s', (query) => {
  expect(readCitationQuery(query, 'en', facts)).toBeUndefined();
});

test('every unit of the outlines is found by its address, its short form and its words', () => {
  let tried = 0;
  for (const instrument of facts.outlined) {
    const tree = facts.tree(instrument)!;
    const name = facts.printName(instrument);
    const walk = (path: readonly string[]): void => {
      const [article = '', ...rest] = path;
      const short = `${article}${rest.map((one) => `(${one})`).join('')}`;
      for (const query of [
        `${name} ${short}`,
        `art. ${short} ${name}`,
        `${instrument} ${short.replaceAll('(', ' (')}`,
      ]) {
        tried += 1;
        expect(read(query)?.[0], query).toBe(`${instrument} ${short}`);
      }
      for (const below of tree.children(path)) walk(below);
    };
    for (const article of tree.children([])) walk(article);
  }
  expect(tried).toBeGreaterThan(4000);
});

test('the label is in the reader’s language', () => {
  const label = (locale: string) => readCitationQuery('UNTOC 18', locale, facts)?.targets[0]?.label;
  expect(['en', 'ru', 'ar', 'zh'].map(label)).toEqual([
    'UNTOC art. 18',
    'UNTOC ст. 18',
    'UNTOC المادة 18',
    'UNTOC 第18条',
  ]);
});
