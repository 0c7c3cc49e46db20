import { describe, expect, test } from 'vitest';
import type { CaseRegister } from './cases.ts';
import { detectCitations, type DetectContext } from './detect.ts';
import { loadCitationFacts } from './facts.ts';
import { readOutline, treeOf } from './outline.ts';
import { readCitationQuery } from './query/index.ts';
import type { StatuteRegister } from './statutes.ts';

const acts = '/akn/xa/act/2011-06-03/14';
const statutes: StatuteRegister = {
  states: new Map([
    ['alba', 'XA'],
    ['borea', 'XB'],
  ]),
  statutes: [
    {
      work: acts,
      state: 'XA',
      number: '14',
      year: 2011,
      titles: ['Asset Recovery Act'],
      enacted: '2011-06-03',
      tree: treeOf(acts, [...readOutline('1', ''), ...readOutline('3', '1(a b) 2'), ...readOutline('12', '1 2')]),
    },
    {
      work: '/akn/xb/act/2011-01-09/14',
      state: 'XB',
      number: '14',
      year: 2011,
      titles: ['Customs Act'],
      enacted: '2011-01-09',
    },
    {
      work: '/akn/xa/act/2020-02-02/5',
      state: 'XA',
      number: '5',
      year: 2020,
      titles: ['Customs Act'],
      enacted: '2020-02-02',
    },
  ],
};
const cases: CaseRegister = {
  cases: [
    {
      id: 'ECLI:XA:SC:2019:12',
      citations: ['[2019] XASC 12', '[2019] 2 XALR 310'],
      courts: ['Supreme Court of Alba', 'Supreme Court'],
      dockets: ['45/2018'],
      decided: '2019-05-03',
    },
    {
      id: 'ECLI:XA:HC:2019:7',
      citations: [],
      courts: ['High Court of Alba', 'High Court'],
      dockets: ['45/2018'],
      decided: '2019-01-11',
    },
  ],
};
const context: DetectContext = { ...loadCitationFacts({ statutes, cases }) };
const of = (type: string, text: string, more: Partial<DetectContext> = {}) =>
  detectCitations(text, { ...context, ...more })
    .filter((one) => one.type === type)
    .map(
      (one) =>
        `${one.found.trim()} = ${one.status === 'unresolved' ? (one.reason ?? '') : one.target.map(({ id, article }) => id + (article ? ` ${article}` : '')).join(' | ')}`,
    );

describe('C6: statutes of a State', () => {
  const found: readonly [string, string[]][] = [
    ['under Act No. 14 of 2011 of Alba', [`Act No. 14 of 2011 of Alba = ${acts}`]],
    ['see Act 14 of 2011 (Alba) s 3', [`Act 14 of 2011 (Alba) s 3 = ${acts} 3`]],
    [
      'section 3(1)(a) of Act No. 14 of 2011 (Alba)',
      [`section 3(1)(a) of Act No. 14 of 2011 (Alba) = ${acts} 3(1)(a)`],
    ],
    ['the Asset Recovery Act 2011, section 12(2),', [`Asset Recovery Act 2011, section 12(2) = ${acts} 12(2)`]],
    ['Law 14/2011 of Borea', ['Law 14/2011 of Borea = /akn/xb/act/2011-01-09/14']],
    ['Ley 14/2011 de Alba, artículo 3', [`Ley 14/2011 de Alba, artículo 3 = ${acts} 3`]],
    ['la loi n° 2011-14', [`loi n° 2011-14 = ${acts} | /akn/xb/act/2011-01-09/14`]],
    ['القانون رقم 14 لسنة 2011', [`القانون رقم 14 لسنة 2011 = ${acts} | /akn/xb/act/2011-01-09/14`]],
    ['§ 40 of Act No. 14 of 2011 (Alba)', ['§ 40 of Act No. 14 of 2011 (Alba) = no-such-unit']],
    ['Act No. 99 of 1999', ['Act No. 99 of 1999 = not-in-register']],
    ['the act of 14 persons in 2011', []],
    ['an act of 2011', []],
    ['Article 14 of 2011 pages', []],
  ];
  test.each(found)('%s', (text, expected) => {
    expect(of('statute', text)).toEqual(expected);
  });

  test('an Act of one number in two States is the citing State’s when none is named, else both', () => {
    expect(of('statute', 'Act 14 of 2011', { state: 'XB' })).toEqual(['Act 14 of 2011 = /akn/xb/act/2011-01-09/14']);
    const [both] = detectCitations('Act 14 of 2011', context);
    expect(both).toMatchObject({ status: 'ambiguous', confidence: 0.5 });
  });

  test('a work cannot cite a later one', () => {
    expect(of('statute', 'the Customs Act 2020', { citedOn: '2019-12-31' })).toEqual([
      'Customs Act 2020 = cites-later-work',
    ]);
    expect(of('statute', 'the Customs Act 2020', { citedOn: '2020-02-02' })).toEqual([
      'Customs Act 2020 = /akn/xa/act/2020-02-02/5',
    ]);
  });
});

describe('C7: cases', () => {
  const found: readonly [string, string[]][] = [
    ['ECLI:XA:SC:2019:12.', ['ECLI:XA:SC:2019:12 = ECLI:XA:SC:2019:12']],
    ['ECLI:XB:AC:2001:3 of Borea', ['ECLI:XB:AC:2001:3 = ECLI:XB:AC:2001:3']],
    ['as held in [2019] XASC 12 at 14', ['[2019] XASC 12 = ECLI:XA:SC:2019:12']],
    ['[2018] XASC 99', ['[2018] XASC 99 = not-in-register']],
    [
      'Supreme Court of Alba, Case No. 45/2018, judgment of 3 May 2019',
      ['Supreme Court of Alba, Case No. 45/2018, judgment of 3 May 2019 = ECLI:XA:SC:2019:12'],
    ],
    ['High Court, case no. 45/2018', ['High Court, case no. 45/2018 = ECLI:XA:HC:2019:7']],
    // The number alone is of two courts: both are kept and neither is linked.
    ['case No. 45/2018', ['case No. 45/2018 = ECLI:XA:SC:2019:12 | ECLI:XA:HC:2019:7']],
    ['in case 3 of 2018', []],
    ['case file 12/2018', []],
  ];
  test.each(found)('%s', (text, expected) => {
    expect(of('case', text)).toEqual(expected);
  });

  test('parallel citations of one case are one citation with one target', () => {
    expect(of('case', 'see [2019] XASC 12; ECLI:XA:SC:2019:12; [2019] 2 XALR 310.')).toEqual([
      '[2019] XASC 12; ECLI:XA:SC:2019:12; [2019] 2 XALR 310 = ECLI:XA:SC:2019:12',
    ]);
    expect(of('case', '[2019] XASC 12 and ECLI:XB:AC:2001:3')).toHaveLength(2);
  });
});

describe('C8: goals, and what only looks like them', () => {
  const found: readonly [string, string[]][] = [
    ['target 16.4 of the Sustainable Development Goals', ['16.4 = sdg-16.4']],
    ['Goal 16 of the 2030 Agenda', ['16 = sdg-16']],
    ['targets 16.4 and 16.a of the 2030 Agenda', ['16.4 = sdg-16.4', '16.a = sdg-16.a']],
    ['l’objectif 16 du Programme 2030', ['16 = sdg-16']],
    ['la meta 16.4 de los Objetivos de Desarrollo Sostenible', ['16.4 = sdg-16.4']],
    ['target 16.4 of the sales plan', []],
    ['Goal 18 of the 2030 Agenda', []],
    ['a target of 16.4 per cent of the 2030 Agenda', []],
    ['target 16.4% of sustainable development spending', []],
    [`Goal 16. ${'Other words follow here. '.repeat(30)}The 2030 Agenda`, []],
  ];
  test.each(found)('%s', (text, expected) => {
    expect(of('goal', text)).toEqual(expected);
  });
});

test('queries find statutes and cases of the registers', () => {
  const facts = loadCitationFacts({ statutes, cases });
  const read = (query: string) => {
    const [first] = readCitationQuery(query, 'en', facts)?.targets ?? [];
    return first && `${first.work} ${first.article ?? ''}`.trim();
  };
  expect(read('Act 14 of 2011 (Alba) s 3')).toBe(`${acts} 3`);
  expect(read('ecli:xa:sc:2019:12')).toBe('ECLI:XA:SC:2019:12');
  expect(read('[2019] XASC 12')).toBe('ECLI:XA:SC:2019:12');
});
