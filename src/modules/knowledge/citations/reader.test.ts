import { expect, test } from 'vitest';
import { createCitationReader, detectCitations, type DetectContext } from './detect.ts';
import { loadCitationFacts } from './facts.ts';

const facts = loadCitationFacts();
const show = (found: ReturnType<typeof detectCitations>) =>
  found.map(
    ({ type, target, reason }) =>
      `${type} ${target.map(({ id, article }) => id + (article ? ` ${article}` : '')).join(' | ') || (reason ?? '')}`,
  );
const read = (texts: readonly string[], more: Partial<DetectContext> = {}) => {
  const reader = createCitationReader({ ...facts, ...more });
  return texts.map((text) => show(reader.read(text)));
};

test('“the Convention” is what the document defined, else the convention it named first', () => {
  expect(
    read([
      'Recalling the United Nations Convention against Corruption (hereinafter “the Convention”),',
      'Mindful of article 5 of the Convention and of the Organized Crime Convention,',
      'Urges States parties to the Convention to act;',
    ]),
  ).toEqual([['instrument XVIII-14'], ['article XVIII-14 5', 'instrument XVIII-12'], ['instrument XVIII-14']]);
  expect(
    read(['The United Nations Convention against Transnational Organized Crime', 'article 30 of the Convention']),
  ).toEqual([['instrument XVIII-12'], ['article XVIII-12 30']]);
  expect(read(['States parties to the Convention'])).toEqual([['instrument not-defined-here']]);
});

test('the Protocols thereto and those instruments are sets', () => {
  const protocols = 'XVIII-12-a | XVIII-12-b | XVIII-12-c';
  expect(
    read([
      'the United Nations Convention against Transnational Organized Crime and the Protocols thereto, and urges States parties to implement those instruments',
    ]),
  ).toEqual([['instrument XVIII-12', `instrument ${protocols}`, `instrument XVIII-12 | ${protocols}`]]);
  expect(
    read([
      'the Convention on Psychotropic Substances of 1971,¹ the 1988 Convention² and the Organized Crime Convention, to use those instruments',
    ])[0]?.at(-1),
  ).toBe('instrument VI-16 | VI-19 | XVIII-12');
});

test('names of instruments that are not ours are not taken for ours', () => {
  expect(read(['the Inter-American Convention against Corruption'])).toEqual([['instrument unknown-instrument']]);
  expect(read(['article 5 of the Inter-American Convention against Corruption'])).toEqual([
    ['article unknown-instrument'],
  ]);
  expect(read(['Article 2 of the Charter of the United Nations'])).toEqual([['article I-1']]);
});

test('Ibid. in notes takes over the series, or the document with another place', () => {
  const reader = createCitationReader(facts);
  expect(show(reader.readNote('United Nations, Treaty Series, vols. 2225, 2237, 2241 and 2326, No. 39574.'))).toEqual([
    'treaty-series XVIII-12 | XVIII-12-a | XVIII-12-b | XVIII-12-c',
  ]);
  expect(show(reader.readNote('Ibid., vol. 1019, No. 14956.'))).toEqual(['treaty-series VI-16']);
  expect(show(reader.readNote('Ibid., vol. 999, No. 1.'))).toEqual(['treaty-series unts:999:1']);
  expect(show(reader.readNote('See E/2009/28, chap. I, sect. C.'))).toEqual(['document E/2009/28 chap. I, sect. C']);
  expect(show(reader.readNote('Ibid., annex, para. 4.'))).toEqual(['document E/2009/28 annex, para. 4']);
  expect(show(createCitationReader(facts).readNote('Ibid., para. 4.'))).toContain('document footnote-missing');
});

test('resolutions: bodies by one word, the document’s own, the said one, their annexes and paragraphs', () => {
  const own = { ownBody: 'CCPCJ' } as const;
  expect(
    read(
      [
        'Recalling General Assembly resolution 54/126 of 17 December 1999 and Assembly resolution 55/255 of 31 May 2001,',
        'Recalling also resolution 5/5 of 22 October 2010 of the Conference of the Parties to the United Nations Convention against Transnational Organized Crime, Conference resolution 6/1,',
        'adopted by the General Assembly in its resolution 64/182, and recalling its resolution 21/3,',
        'See General Assembly resolution 65/230, annex, para. 47.',
        'Recalling paragraph 5 of General Assembly resolution 67/189, and that resolution as a whole',
        'Reaffirming that resolution,',
      ],
      own,
    ).map((found) => found.filter((one) => one.startsWith('resolution'))),
  ).toEqual([
    ['resolution A/RES/54/126', 'resolution A/RES/55/255'],
    ['resolution CTOC/COP/RES/5/5', 'resolution CTOC/COP/RES/6/1'],
    ['resolution A/RES/64/182', 'resolution CCPCJ/RES/21/3'],
    ['resolution A/RES/65/230 annex, para. 47'],
    ['resolution A/RES/67/189 paragraph 5', 'resolution A/RES/67/189'],
    ['resolution A/RES/67/189'],
  ]);
});

test('a number over a number without its word is no resolution, a symbol may break at the end of a line', () => {
  expect(read(['12/15 of the members voted'])).toEqual([[]]);
  expect(read(['See CTOC/COP/\n2012/15, and A/RES/55/\n25.'])).toEqual([
    ['document CTOC/COP/2012/15', 'resolution A/RES/55/25'],
  ]);
});

test('short forms in the six languages', () => {
  const articles = (texts: readonly string[]) => read(texts).at(-1);
  expect(
    articles([
      'La Convention des Nations Unies contre la corruption (ci-après dénommée « la Convention »)',
      "l'article 46 de la Convention",
    ]),
  ).toEqual(['article XVIII-14 46']);
  expect(
    articles([
      'La Convención de las Naciones Unidas contra la Corrupción (en adelante “la Convención”)',
      'el artículo 46 de la Convención',
    ]),
  ).toEqual(['article XVIII-14 46']);
  expect(
    articles([
      'Конвенция Организации Объединенных Наций против коррупции (далее — «Конвенция»)',
      'в соответствии со статьей 46 Конвенции',
    ]),
  ).toEqual(['article XVIII-14 46']);
  expect(
    articles([
      'اتفاقية الأمم المتحدة لمكافحة الفساد (المشار إليها فيما بعد باسم "الاتفاقية")',
      'المادة ٤٦ من الاتفاقية',
    ]),
  ).toEqual(['article XVIII-14 46']);
  expect(articles(['《联合国反腐败公约》（以下简称“公约”）', '根据公约第四十六条第九款'])).toEqual([
    'article XVIII-14 46(9)',
  ]);
  expect(show(detectCitations('本公约第五条', { ...facts, standing: { instrument: 'XVIII-12' } }))).toEqual([
    'article XVIII-12 5',
  ]);
});

test('“its article” is that of the instrument named right before', () => {
  expect(read(['the Organized Crime Convention, pursuant to its article 32'])[0]).toEqual([
    'instrument XVIII-12',
    'article XVIII-12 32',
  ]);
  expect(read(['the Organized Crime Convention. The Conference, in its article 32'])[0]?.at(-1)).toBe(
    'article no-context',
  );
});

test('a full title is not its first noun', () => {
  expect(
    read([
      'the Protocol to Prevent, Suppress and Punish Trafficking in Persons, Especially Women and Children, supplementing the United Nations Convention against Transnational Organized Crime',
    ])[0],
  ).toEqual(['instrument XVIII-12-a']);
});

test('the name of the instrument may lead', () => {
  expect(read(['UNCAC, art. 46'])[0]).toEqual(['instrument XVIII-14', 'article XVIII-14 46']);
  expect(read(['UNTOC article 18(15)'])[0]).toEqual(['instrument XVIII-12', 'article XVIII-12 18(15)']);
  expect(read(['articles 12 and 13 and article 14 of the Organized Crime Convention'])[0]).toEqual([
    'article XVIII-12 12 | XVIII-12 13',
    'article XVIII-12 14',
  ]);
});
