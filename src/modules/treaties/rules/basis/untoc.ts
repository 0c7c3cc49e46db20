import type { InstrumentId, Measure } from '../../schema/index.ts';
import type { Reading } from '../facts.ts';
import { overlaps, findArticlePath } from '../provision.ts';
import { say, type Asking, type Condition, type Notice, type Plan } from './condition.ts';

/** Articles whose content is repeated beside every request for assistance (R13). */
const assistanceNotices: readonly Notice[] = [
  ['18(8)', 'bank-secrecy'],
  ['18(13)', 'authority'],
  ['18(14)', 'language'],
  ['18(15)', 'content'],
  ['18(19)', 'use'],
  ['18(20)', 'secrecy'],
  ['18(21)', 'grounds'],
  ['18(22)', 'fiscal'],
  ['18(23)', 'reasons'],
  ['18(25)', 'delay'],
  ['18(26)', 'consult'],
].map(([article, key]) => ({ article: article!, say: say(`notice-${key!}`) }));

const extraditionNotices: readonly Notice[] = [
  ['16(7)', 'requested-law'],
  ['16(10)', 'nationals'],
  ['16(14)', 'persecution'],
  ['16(15)', 'fiscal'],
  ['16(16)', 'consult'],
].map(([article, key]) => ({ article: article!, say: say(`notice-${key!}`) }));

/**
 * Assistance and another treaty: it governs when there is one, the paragraphs of the Convention apply when there is
 * none, and the general duty holds while nobody has said (R11).
 * @source UNTOC art. 18(6)
 * @source UNTOC art. 18(7)
 */
export function otherTreaty(asking: Asking, code: string, article: string): Condition {
  if (asking.agreement === 'none') return { code, answer: 'yes', article, say: say('r11-none') };
  if (asking.agreement !== null) return { code, answer: 'needs-consent', article, say: say('r11-governs') };
  return { code, answer: 'yes', article, say: say('r11-unknown'), missing: 'other-treaty' };
}

/**
 * Without dual criminality the requested State may decline, or help at its discretion: asked only where it may
 * matter, and never a bar (R12).
 * @source UNTOC art. 18(9)
 */
export function dualCriminalityNote(asking: Asking, code: string, article: string): Condition[] {
  const named = asking.to?.dualCriminalityFor;
  const asked = named ? named.includes(asking.question.measure) : asking.question.coercive === true;
  const shown =
    asking.question.offences.length > 0 &&
    asking.question.offences.every((offence) => (offence.maxPenaltyYearsTo ?? 0) > 0);
  if (!asked || shown) return [];
  return [{ code, answer: 'unknown', article, say: say('r12-unknown'), missing: 'dual-criminality', bar: false }];
}

/** @source UNTOC art. 18(1) @source UNTOC art. 18(2) */
function assistance(asking: Asking): Condition[] {
  const legal = asking.question.legalPerson === true;
  return [
    { code: 'R10', answer: 'yes', article: legal ? '18(2)' : '18(1)', say: say(legal ? 'r10-legal-person' : 'r10') },
    otherTreaty(asking, 'R11', '18(7)'),
    ...dualCriminalityNote(asking, 'R12', '18(9)'),
  ];
}

/** The reading of a State's notification on a provision; undefined when none is in the data. */
export function findNotification(asking: Asking, id: InstrumentId, article: string): Reading | undefined {
  const path = findArticlePath(article)!;
  return asking.facts.readings
    .get(id)
    ?.get(asking.question.to)
    ?.find(
      (one) =>
        one.effect !== 'none' &&
        one.position !== 'reads-as' &&
        one.articles.some((other) => other.steps.length > 0 && overlaps(other, path)),
    );
}

export interface ExtraditionTexts {
  id: InstrumentId;
  codes: { agreement: string; treaty: string; mutual: string; conditions: string };
  listed: string;
  option: string;
  notified: string;
  mutual: string;
  conditions: string;
  /** Where no notification is owed the option stays with the requested State. */
  dutyToNotify: boolean;
}

/**
 * Extradition without a treaty of the two: the notification of the requested State decides; where none is in the
 * data the answer stays unknown, never yes (R20 to R23).
 * @source UNTOC art. 16(3)
 * @source UNTOC art. 16(4)
 * @source UNTOC art. 16(5)(a)
 * @source UNTOC art. 16(6)
 * @source UNTOC art. 16(7)
 */
export function extraditionConditions(asking: Asking, texts: ExtraditionTexts): Condition[] {
  const { codes } = texts;
  const state = asking.question.to;
  const conditions: Condition[] = [];
  if (asking.agreement !== null && asking.agreement !== 'none') {
    conditions.push({ code: codes.agreement, answer: 'yes', article: texts.listed, say: say('r20-listed') });
  } else {
    conditions.push(withoutTreaty(asking, texts));
    if (asking.agreement === null) {
      conditions.push({
        code: codes.agreement,
        answer: 'unknown',
        article: texts.listed,
        say: say('r20-unknown'),
        missing: 'other-treaty',
        bar: false,
      });
    }
  }
  const minimum = asking.to?.minimumPenaltyYears ?? null;
  const offences = asking.question.offences;
  if (minimum !== null && offences.length > 0) {
    const low = offences.some((offence) => offence.maxPenaltyYearsTo !== null && offence.maxPenaltyYearsTo < minimum);
    const open = offences.some((offence) => offence.maxPenaltyYearsTo === null);
    conditions.push({
      code: codes.conditions,
      answer: low ? 'no' : open ? 'unknown' : 'yes',
      article: texts.conditions,
      say: say('r23-minimum', { state, years: minimum }),
      ...(open && !low ? { missing: 'dual-criminality' as const } : {}),
    });
  }
  return conditions;
}

function withoutTreaty(asking: Asking, texts: ExtraditionTexts): Condition {
  const { codes } = texts;
  const state = asking.question.to;
  const required = asking.to?.treatyRequiredForExtradition ?? null;
  const ours = asking.from?.treatyRequiredForExtradition ?? null;
  const reading = findNotification(asking, texts.id, texts.notified);
  const confirmed = reading?.confirmed === true ? 'yes' : 'no';
  if (required === false) {
    if (ours === true)
      return {
        code: codes.mutual,
        answer: 'needs-consent',
        article: texts.option,
        say: say('r22-from-requires', { state: asking.question.from }),
      };
    return ours === false
      ? { code: codes.mutual, answer: 'yes', article: texts.mutual, say: say('r22-mutual') }
      : {
          code: codes.mutual,
          answer: 'unknown',
          article: texts.mutual,
          say: say('r22-unknown', { state: asking.question.from }),
          missing: 'treaty-requirement',
        };
  }
  if (reading?.position === 'takes-as-basis')
    return { code: codes.treaty, answer: 'yes', article: texts.notified, say: say('r21-takes', { state, confirmed }) };
  if (reading?.effect === 'excludes')
    return {
      code: codes.treaty,
      answer: 'no',
      article: texts.notified,
      say: say('r21-does-not-take', { state, confirmed }),
    };
  if (reading?.effect === 'modifies')
    return {
      code: codes.treaty,
      answer: 'needs-consent',
      article: texts.notified,
      say: say('r21-conditions', { state, confirmed }),
    };
  if (!texts.dutyToNotify)
    return { code: codes.treaty, answer: 'needs-consent', article: texts.option, say: say('r61-option', { state }) };
  const stated = asking.to?.conventionAsBasis ?? null;
  if (stated === 'yes')
    return { code: codes.treaty, answer: 'yes', article: texts.notified, say: say('r21-profile-takes', { state }) };
  if (stated === 'conditions')
    return {
      code: codes.treaty,
      answer: 'needs-consent',
      article: texts.notified,
      say: say('r21-profile-conditions', { state }),
    };
  if (stated === 'no')
    return { code: codes.treaty, answer: 'no', article: texts.notified, say: say('r21-profile-no', { state }) };
  return {
    code: codes.treaty,
    answer: 'unknown',
    article: texts.notified,
    say: say('r21-unknown', { state }),
    missing: 'notification',
  };
}

const untoc = 'XVIII-12' as InstrumentId;

const untocExtradition: ExtraditionTexts = {
  id: untoc,
  codes: { agreement: 'R20', treaty: 'R21', mutual: 'R22', conditions: 'R23' },
  listed: '16(3)',
  option: '16(4)',
  notified: '16(5)(a)',
  mutual: '16(6)',
  conditions: '16(7)',
  dutyToNotify: true,
};

function consent(code: string, article: string, key: string): Plan {
  return { article, touches: [article], conditions: () => [{ code, answer: 'needs-consent', article, say: say(key) }] };
}

/**
 * What UNTOC offers for each measure.
 * @source UNTOC art. 13(1)
 * @source UNTOC art. 13(6)
 * @source UNTOC art. 13(7)
 * @source UNTOC art. 14(1)
 * @source UNTOC art. 14(2)
 * @source UNTOC art. 16(9)
 * @source UNTOC art. 17
 * @source UNTOC art. 18(4)
 * @source UNTOC art. 19
 * @source UNTOC art. 20(2)
 * @source UNTOC art. 21
 * @source UNTOC art. 27(1)
 * @source UNTOC art. 27(2)
 */
export const untocPlans: Partial<Record<Measure, Plan>> = {
  mla: { article: '18', touches: ['18'], conditions: assistance, notices: assistanceNotices },
  extradition: {
    article: '16',
    touches: ['16'],
    conditions: (asking) => extraditionConditions(asking, untocExtradition),
    notices: extraditionNotices,
  },
  'provisional-arrest': {
    article: '16(9)',
    touches: ['16'],
    conditions: (asking) => [
      ...extraditionConditions(asking, untocExtradition),
      { code: 'R24', answer: 'needs-consent', article: '16(9)', say: say('r24') },
    ],
    notices: extraditionNotices,
  },
  freezing: {
    article: '13',
    touches: ['13'],
    conditions: () => [{ code: 'R30', answer: 'yes', article: '13(2)', say: say('r30') }],
  },
  confiscation: {
    article: '13',
    touches: ['13'],
    conditions: () => [{ code: 'R30', answer: 'yes', article: '13(1)', say: say('r30') }],
    notices: [
      { article: '13(7)', say: say('notice-outside') },
      { article: '13(8)', say: say('notice-third-parties') },
    ],
  },
  'asset-return': consent('R32', '14(2)', 'r32'),
  'joint-investigation': consent('R40', '19', 'r40'),
  'special-techniques': consent('R41', '20(2)', 'r41'),
  'controlled-delivery': consent('R41', '20(2)', 'r41'),
  'transfer-of-proceedings': consent('R42', '21', 'r42'),
  'transfer-of-sentenced-person': consent('R42', '17', 'r42'),
  'police-cooperation': {
    article: '27(1)',
    touches: ['27'],
    conditions: (asking) => [
      { code: 'R43', answer: 'yes', article: '27(1)', say: say('r43') },
      ...(asking.agreement !== null && asking.agreement !== 'none'
        ? []
        : [
            {
              code: 'R43',
              answer: 'needs-consent' as const,
              article: '27(2)',
              say: say('r43-sole'),
              bar: false as const,
            },
          ]),
    ],
  },
  'spontaneous-information': {
    article: '18(4)',
    touches: ['18'],
    conditions: () => [{ code: 'R44', answer: 'yes', article: '18(4)', say: say('r44') }],
  },
};

/**
 * What the Protocols add of their own; for everything else they carry the Convention's articles.
 * @source UNTOC-a art. 1(2)
 * @source UNTOC-b art. 8(2)
 * @source UNTOC-c art. 12(4)
 * @source UNTOC-c art. 4(2)
 */
export function protocolPlan(id: InstrumentId, measure: Measure): Plan | undefined {
  if (measure === 'vessel-boarding') return id === 'XVIII-12-b' ? consent('R45', '8(2)', 'r45') : undefined;
  if (measure === 'firearm-tracing') {
    if (id !== 'XVIII-12-c') return undefined;
    return {
      article: '12(4)',
      touches: ['12'],
      conditions: () => [{ code: 'R46', answer: 'yes', article: '12(4)', say: say('r46') }],
    };
  }
  const plan = untocPlans[measure];
  return plan ? { ...plan, article: '1(2)' } : undefined;
}
