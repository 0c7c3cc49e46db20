import type { Answer, InstrumentId, Offence, OffenceCode } from '../schema/index.ts';
import { combine, combineOffences, highestPenalty, say, type Asking, type Condition } from './basis/condition.ts';

/** Offences that a Convention or Protocol makes its own. */
const own: Readonly<Record<string, readonly OffenceCode[]>> = {
  'XVIII-12': ['participation-in-group', 'laundering', 'corruption-public-official', 'obstruction'],
  'XVIII-12-a': ['trafficking-persons'],
  'XVIII-12-b': ['smuggling-migrants'],
  'XVIII-12-c': ['firearms'],
  'XVIII-14': ['corruption', 'corruption-public-official'],
  'VI-19': ['drugs'],
  'VI-18': ['drugs'],
  'VI-16': ['drugs'],
  'VI-15': ['drugs'],
  'VI-17': ['drugs'],
  'XVIII-11': ['terrorist-financing'],
  'XVIII-9': ['terrorist-bombing'],
  'IX-4-a': ['illicit-tobacco'],
  'IX-4': ['illicit-tobacco'],
  'XXVII-3': ['hazardous-waste'],
  'XXVII-14': ['hazardous-chemicals'],
};

/** Offences that fall under an instrument only when tied to its own ones. */
const perhaps: Readonly<Record<string, readonly OffenceCode[]>> = {
  'XVIII-14': ['laundering', 'obstruction'],
  'VI-19': ['laundering'],
  'IX-4-a': ['goods-smuggling', 'excise'],
};

export function isOwnOffence(id: InstrumentId, code: OffenceCode): boolean {
  return own[id]?.includes(code) ?? false;
}

export function mayBeOwnOffence(id: InstrumentId, code: OffenceCode): boolean {
  return perhaps[id]?.includes(code) ?? false;
}

/**
 * Organized criminal group: reasonable grounds to suspect suffice for assistance.
 * @source UNTOC art. 2(a)
 * @source UNTOC art. 18(1)
 */
function groupTest({ question }: Asking, article: string): Condition {
  if (question.group === null)
    return { code: 'S03', answer: 'unknown', article, say: say('s03-unknown'), missing: 'group' };
  if (question.group === 'no') return { code: 'S03', answer: 'no', article, say: say('s03-no') };
  if (question.group === 'suspected' && question.measure !== 'mla')
    return { code: 'S03', answer: 'unknown', article, say: say('s03-suspected'), missing: 'group' };
  return { code: 'S03', answer: 'yes', article, say: say(question.group === 'suspected' ? 's05-group' : 's03-yes') };
}

/**
 * Transnational: any of the four tests; for assistance also victims, witnesses, proceeds, instrumentalities or
 * evidence in the requested State.
 * @source UNTOC art. 3(2)
 * @source UNTOC art. 18(1)
 */
function borderTest({ question }: Asking, article: string): Condition {
  const tests = question.transnational;
  if (tests.length === 0)
    return { code: 'S04', answer: 'unknown', article, say: say('s04-unknown'), missing: 'transnational' };
  const found = tests.filter(
    (test) => test !== 'no' && (test !== 'victims-witnesses-proceeds-evidence-there' || question.measure === 'mla'),
  );
  if (found.length > 0) return { code: 'S04', answer: 'yes', article, say: say('s04-yes') };
  if (tests.includes('no')) return { code: 'S04', answer: 'no', article, say: say('s04-no') };
  return { code: 'S04', answer: 'unknown', article, say: say('s04-only-there'), missing: 'transnational' };
}

/**
 * The offence itself: a Convention offence needs no penalty test (S01), any other a maximum of four years or more
 * in the law of the requesting State (S02).
 * @source UNTOC art. 3(1)(a)
 * @source UNTOC art. 3(1)(b)
 * @source UNTOC art. 2(b)
 */
function seriousness(offence: Offence): Condition {
  if (isOwnOffence('XVIII-12' as InstrumentId, offence.code)) {
    return { code: 'S01', answer: 'yes', article: '3(1)(a)', say: say('s01-yes', { offence: offence.code }) };
  }
  const years = highestPenalty(offence);
  const article = '2(b)';
  if (years === null)
    return {
      code: 'S02',
      answer: 'unknown',
      article,
      say: say('s02-unknown', { offence: offence.code }),
      missing: 'penalty',
    };
  return {
    code: 'S02',
    answer: years >= 4 ? 'yes' : 'no',
    article,
    say: say(years >= 4 ? 's02-yes' : 's02-no', { offence: offence.code, years }),
  };
}

/**
 * Extradition: the person is in the requested State and the act is punishable in both; no separate border test.
 * @source UNTOC art. 16(1)
 */
function extraditionTests({ question }: Asking, offence: Offence | null): Condition[] {
  const article = '16(1)';
  const conditions: Condition[] = [];
  if (offence === null || !isOwnOffence('XVIII-12' as InstrumentId, offence.code))
    conditions.push(groupTest({ question } as Asking, article));
  conditions.push(personTest(question, article));
  conditions.push(dualCriminality(offence, article));
  return conditions;
}

function personTest(question: Asking['question'], article: string): Condition {
  if (question.personIn === null)
    return {
      code: 'S06',
      answer: 'unknown',
      article,
      say: say('s06-person-unknown', { state: question.to }),
      missing: 'person-location',
    };
  const there = question.personIn === question.to;
  return {
    code: 'S06',
    answer: there ? 'yes' : 'no',
    article,
    say: say(there ? 's06-person-yes' : 's06-person-no', { state: question.to }),
  };
}

function dualCriminality(offence: Offence | null, article: string): Condition {
  const both = offence !== null && offence.maxPenaltyYearsTo !== null && offence.maxPenaltyYearsTo > 0;
  if (both) return { code: 'S06', answer: 'yes', article, say: say('s06-dual-yes') };
  return { code: 'S06', answer: 'unknown', article, say: say('s06-dual-unknown'), missing: 'dual-criminality' };
}

function offenceNeeded(code: string, article: string): Condition {
  return { code, answer: 'unknown', article, say: say('offence-unknown'), missing: 'offence' };
}

export interface Scope {
  conditions: Condition[];
  offences: { code: string; answer: Answer }[];
}

/** One answer per offence and a combined one; the conditions that do not depend on the offence stand beside it. */
function perOffence(
  asking: Asking,
  test: (offence: Offence) => Condition[],
  none: Condition[],
  shared: Condition[],
): Scope {
  const { offences, measure } = asking.question;
  if (offences.length === 0) return { conditions: [...none, ...shared], offences: [] };
  const tested = offences.map((offence) => ({ offence, found: test(offence) }));
  const each = tested.map(({ offence, found }) => ({ code: offence.code, answer: combine(found) }));
  if (tested.length === 1) return { conditions: [...tested[0]!.found, ...shared], offences: each };
  const mixed = measure === 'extradition' || measure === 'provisional-arrest';
  const listed = tested.flatMap(({ found }) => found.map((condition) => ({ ...condition, bar: false as const })));
  const together: Condition = {
    code: 'S07',
    answer: combineOffences(each.map((one) => one.answer)),
    ...(mixed ? { article: '16(2)' } : {}),
    say: say('s07-together', { count: offences.length }),
  };
  return { conditions: [...listed, together, ...shared], offences: each };
}

/**
 * Scope of UNTOC: serious crime or Convention offence, group, border (S01 to S07).
 * @source UNTOC art. 3
 */
export function untocScope(asking: Asking): Scope {
  const extradition = asking.question.measure === 'extradition' || asking.question.measure === 'provisional-arrest';
  if (extradition) {
    return perOffence(
      asking,
      (offence) => [seriousness(offence), ...extraditionTests(asking, offence)],
      [offenceNeeded('S01', '3(1)'), ...extraditionTests(asking, null)],
      [],
    );
  }
  const mla = asking.question.measure === 'mla';
  const shared = [groupTest(asking, mla ? '18(1)' : '3(1)'), borderTest(asking, mla ? '18(1)' : '3(2)')];
  return perOffence(asking, (offence) => [seriousness(offence)], [offenceNeeded('S01', '3(1)')], shared);
}

/**
 * Scope of a Protocol: its own offence, counted as a Convention offence, with group and border (S08).
 * @source UNTOC art. 37(4)
 * @source UNTOC-a art. 4
 * @source UNTOC-b art. 4
 * @source UNTOC-c art. 4
 */
export function protocolScope(asking: Asking, id: InstrumentId): Scope {
  const extradition = asking.question.measure === 'extradition' || asking.question.measure === 'provisional-arrest';
  const test = (offence: Offence): Condition[] => [
    {
      code: 'S08',
      answer: isOwnOffence(id, offence.code) ? 'yes' : 'no',
      article: '1(3)',
      say: say(isOwnOffence(id, offence.code) ? 's08-yes' : 'offence-outside', {
        offence: offence.code,
        instrument: id,
      }),
    },
    ...(extradition ? [personTest(asking.question, 'UNTOC 16(1)'), dualCriminality(offence, 'UNTOC 16(1)')] : []),
  ];
  return perOffence(
    asking,
    test,
    [offenceNeeded('S08', '4')],
    [groupTest(asking, '4'), ...(extradition ? [] : [borderTest(asking, '4')])],
  );
}

/** Scope of the other instruments: the offence alone; no group, no border (S10 to S12). */
export function offenceScope(asking: Asking, id: InstrumentId, code: string, article: string): Scope {
  return perOffence(
    asking,
    (offence) => {
      if (isOwnOffence(id, offence.code))
        return [
          { code, answer: 'yes', article, say: say('offence-inside', { offence: offence.code, instrument: id }) },
        ];
      if (mayBeOwnOffence(id, offence.code)) {
        return [
          {
            code,
            answer: 'unknown',
            article,
            say: say('offence-perhaps', { offence: offence.code, instrument: id }),
            missing: 'offence-detail',
          },
        ];
      }
      return [{ code, answer: 'no', article, say: say('offence-outside', { offence: offence.code, instrument: id }) }];
    },
    [offenceNeeded(code, article)],
    [],
  );
}
