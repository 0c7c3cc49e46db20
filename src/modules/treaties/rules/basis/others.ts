import type { InstrumentId, Measure } from '../../schema/index.ts';
import { say, type Condition, type Plan } from './condition.ts';
import { dualCriminalityNote, extraditionConditions, otherTreaty, type ExtraditionTexts } from './untoc.ts';

function fixed(
  code: string,
  article: string,
  answer: Condition['answer'],
  key: string,
  missing?: Condition['missing'],
): Plan {
  return {
    article,
    touches: [article.replace(/\(.*/, '')],
    conditions: () => [{ code, answer, article, say: say(key), ...(missing ? { missing } : {}) }],
  };
}

const uncacExtradition: ExtraditionTexts = {
  id: 'XVIII-14' as InstrumentId,
  codes: { agreement: 'R51', treaty: 'R51', mutual: 'R51', conditions: 'R51' },
  listed: '44(4)',
  option: '44(5)',
  notified: '44(6)(a)',
  mutual: '44(7)',
  conditions: '44(8)',
  dutyToNotify: true,
};

const drugsExtradition: ExtraditionTexts = {
  id: 'VI-19' as InstrumentId,
  codes: { agreement: 'R61', treaty: 'R61', mutual: 'R61', conditions: 'R61' },
  listed: '6(2)',
  option: '6(3)',
  notified: '6(3)',
  mutual: '6(4)',
  conditions: '6(5)',
  dutyToNotify: false,
};

/**
 * What UNCAC offers for each measure.
 * @source UNCAC art. 46(1)
 * @source UNCAC art. 46(7)
 * @source UNCAC art. 46(9)(b)
 * @source UNCAC art. 44(4)
 * @source UNCAC art. 44(6)(a)
 * @source UNCAC art. 44(7)
 * @source UNCAC art. 55(1)
 * @source UNCAC art. 55(6)
 * @source UNCAC art. 57(3)(a)
 * @source UNCAC art. 57(3)(b)
 * @source UNCAC art. 57(3)(c)
 * @source UNCAC art. 49
 * @source UNCAC art. 50
 * @source UNCAC art. 47
 * @source UNCAC art. 45
 */
const uncac: Partial<Record<Measure, Plan>> = {
  mla: {
    article: '46',
    touches: ['46'],
    conditions: (asking) => [
      { code: 'R50', answer: 'yes', article: '46(1)', say: say('r50') },
      otherTreaty(asking, 'R50', '46(7)'),
      ...dualCriminalityNote(asking, 'R50', '46(9)(b)'),
    ],
  },
  extradition: {
    article: '44',
    touches: ['44'],
    conditions: (asking) => extraditionConditions(asking, uncacExtradition),
  },
  freezing: fixed('R52', '55(2)', 'yes', 'r52'),
  confiscation: fixed('R52', '55(1)', 'yes', 'r52'),
  'asset-return': fixed('R53', '57(3)(c)', 'needs-consent', 'r53', 'final-judgment'),
  'joint-investigation': fixed('R54', '49', 'needs-consent', 'r54'),
  'special-techniques': fixed('R54', '50', 'needs-consent', 'r54'),
  'controlled-delivery': fixed('R54', '50', 'needs-consent', 'r54'),
  'transfer-of-proceedings': fixed('R54', '47', 'needs-consent', 'r54'),
  'transfer-of-sentenced-person': fixed('R54', '45', 'needs-consent', 'r54'),
};

/**
 * What the 1988 Convention offers for each measure.
 * @source 1988 Convention art. 7(1)
 * @source 1988 Convention art. 7(6)
 * @source 1988 Convention art. 6(2)
 * @source 1988 Convention art. 6(3)
 * @source 1988 Convention art. 6(4)
 * @source 1988 Convention art. 5(4)(a)
 * @source 1988 Convention art. 5(4)(f)
 * @source 1988 Convention art. 11(2)
 * @source 1988 Convention art. 8
 * @source 1988 Convention art. 6(12)
 * @source 1988 Convention art. 9(1)(c)
 * @source 1988 Convention art. 17(3)
 */
const drugs1988: Partial<Record<Measure, Plan>> = {
  mla: {
    article: '7',
    touches: ['7'],
    conditions: (asking) => [
      { code: 'R60', answer: 'yes', article: '7(1)', say: say('r60') },
      otherTreaty(asking, 'R60', '7(6)'),
    ],
  },
  extradition: {
    article: '6',
    touches: ['6'],
    conditions: (asking) => extraditionConditions(asking, drugsExtradition),
  },
  freezing: fixed('R62', '5(4)(b)', 'yes', 'r62'),
  confiscation: fixed('R62', '5(4)(a)', 'yes', 'r62'),
  'controlled-delivery': fixed('R63', '11(2)', 'needs-consent', 'r63'),
  'transfer-of-proceedings': fixed('R63', '8', 'needs-consent', 'r63'),
  'transfer-of-sentenced-person': fixed('R63', '6(12)', 'needs-consent', 'r63'),
  'joint-investigation': fixed('R63', '9(1)(c)', 'needs-consent', 'r63'),
  'vessel-boarding': fixed('R63', '17(3)', 'needs-consent', 'r63'),
};

/**
 * @source XVIII-11 art. 12(1)
 * @source XVIII-11 art. 12(2)
 * @source XVIII-11 art. 11(2)
 * @source XVIII-11 art. 13
 * @source XVIII-11 art. 14
 */
const financing: Partial<Record<Measure, Plan>> = {
  mla: {
    ...fixed('R70', '12(1)', 'yes', 'r70-mla'),
    notices: [
      { article: '12(2)', say: say('notice-bank-secrecy') },
      { article: '13', say: say('notice-fiscal') },
      { article: '14', say: say('notice-not-political') },
    ],
  },
  extradition: fixed('R70', '11(2)', 'needs-consent', 'r70-extradition'),
};

// The text is not among those read; the rule says so instead of guessing.
const notRead = (code: string, article: string): Plan =>
  fixed(code, article, 'unknown', 'article-not-read', 'article-not-read');

const bombing: Partial<Record<Measure, Plan>> = { mla: notRead('R70', '10'), extradition: notRead('R70', '9') };
const tobacco: Partial<Record<Measure, Plan>> = { mla: notRead('R71', '29'), extradition: notRead('R71', '30') };

/**
 * The older drug conventions, where the 1988 Convention is not common.
 * @source VI-18 art. 35
 * @source VI-18 art. 36(2)(b)
 * @source VI-16 art. 21
 * @source VI-16 art. 22(2)(b)
 */
const older: Record<string, Partial<Record<Measure, Plan>>> = {
  'VI-18': {
    mla: fixed('R72', '35', 'unknown', 'r72-mla', 'article-not-read'),
    extradition: fixed('R72', '36(2)(b)', 'needs-consent', 'r72-option'),
    'police-cooperation': fixed('R72', '35', 'needs-consent', 'r72-police'),
  },
  'VI-16': {
    mla: fixed('R72', '21', 'unknown', 'r72-mla', 'article-not-read'),
    extradition: fixed('R72', '22(2)(b)', 'needs-consent', 'r72-option'),
    'police-cooperation': fixed('R72', '21', 'needs-consent', 'r72-police'),
  },
  'VI-15': { mla: notRead('R72', '35'), extradition: notRead('R72', '36') },
};

const definesOnly: Plan = {
  article: '',
  touches: [],
  conditions: () => [{ code: 'R80', answer: 'no', say: say('r80') }],
};

/** How an instrument other than UNTOC and its Protocols answers a measure; undefined when it has nothing on it. */
export function otherPlan(id: InstrumentId, measure: Measure): Plan | undefined {
  if (id === 'XVIII-14') return uncac[measure];
  if (id === 'VI-19') return drugs1988[measure];
  if (id === 'XVIII-11') return financing[measure];
  if (id === 'XVIII-9') return bombing[measure];
  if (id === 'IX-4-a') return tobacco[measure];
  if (id === 'XXVII-3' || id === 'XXVII-14' || id === 'IX-4') return definesOnly;
  return older[id]?.[measure];
}

/** Code and article of the scope test of an instrument (S10 to S13). */
export function scopeOf(id: InstrumentId): { code: string; article: string } {
  if (id === 'XVIII-14') return { code: 'S10', article: '3(1)' };
  if (id === 'VI-19') return { code: 'S11', article: '3(1)' };
  if (id === 'XVIII-11') return { code: 'S12', article: '2' };
  if (id === 'XVIII-9') return { code: 'S12', article: '2' };
  return { code: 'S13', article: '' };
}
