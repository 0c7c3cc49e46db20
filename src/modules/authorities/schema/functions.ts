import { z } from 'zod';

/** Instruments of the depositary that the function table names, by its number. */
export const parentInstrument: Readonly<Record<string, string>> = {
  'XVIII-12-a': 'XVIII-12',
  'XVIII-12-b': 'XVIII-12',
  'XVIII-12-c': 'XVIII-12',
  'IX-4-a': 'IX-4',
};

/** Instruments with a name of their own in the words of this module, in the order they are offered. */
export const instrumentCodes = [
  'XVIII-12',
  'XVIII-12-a',
  'XVIII-12-b',
  'XVIII-12-c',
  'XVIII-14',
  'VI-19',
  'XVIII-11',
  'IX-4-a',
] as const;

/**
 * What an authority may be designated for, with the articles that speak of it. `parent` is the function asked when
 * nobody holds this one.
 * @source UNTOC art. 18(13); UNCAC art. 46(13); 1988 Convention art. 7(8), 17(7); XVIII-12-b art. 8(6); XVIII-12-c art. 13(2)
 */
export const functions = {
  mla: {
    parent: null,
    articles: { 'XVIII-12': '18(13)', 'XVIII-14': '46(13)', 'VI-19': '7(8)', 'XVIII-11': '12', 'IX-4-a': '29' },
  },
  extradition: { parent: null, articles: { 'XVIII-12': '16', 'XVIII-14': '44', 'VI-19': '6' } },
  confiscation: { parent: 'mla', articles: { 'XVIII-12': '13, 18(13)', 'XVIII-14': '54-55', 'VI-19': '5' } },
  'asset-recovery-focal-point': { parent: null, articles: { 'XVIII-12': '13-14', 'XVIII-14': '51-59' } },
  'civil-administrative-corruption': { parent: 'mla', articles: { 'XVIII-14': '43(1)' } },
  'transfer-sentenced-persons': { parent: null, articles: { 'XVIII-12': '17', 'XVIII-14': '45', 'VI-19': '6(12)' } },
  'transfer-proceedings': { parent: null, articles: { 'XVIII-12': '21', 'XVIII-14': '47', 'VI-19': '8' } },
  'joint-investigation': { parent: null, articles: { 'XVIII-12': '19', 'XVIII-14': '49', 'VI-19': '9(1)(c)' } },
  'controlled-delivery': { parent: null, articles: { 'XVIII-12': '20', 'XVIII-14': '50', 'VI-19': '11' } },
  'police-cooperation': { parent: null, articles: { 'XVIII-12': '27', 'XVIII-14': '48', 'VI-19': '9' } },
  'drugs-at-sea': { parent: null, articles: { 'VI-19': '17(7)' } },
  'migrants-at-sea': { parent: null, articles: { 'XVIII-12-b': '8(6)' } },
  firearms: { parent: null, articles: { 'XVIII-12-c': '13(2)' } },
  'trafficking-persons-focal-point': { parent: null, articles: { 'XVIII-12-a': '8, 10' } },
  prevention: { parent: null, articles: { 'XVIII-12': '31(6)', 'XVIII-14': '6(3)' } },
  terrorism: { parent: 'mla', articles: {} },
  'cultural-property': { parent: 'mla', articles: { 'XVIII-12': '13-14, 18' } },
  tobacco: { parent: 'mla', articles: { 'IX-4-a': '29' } },
  'e-evidence-24-7': { parent: 'mla', articles: { 'XVIII-12': '18', 'XVIII-14': '46' } },
  /** Sending copies of national laws to the depositary: notified under UNTOC art. 6(2)(d) and 13(5). */
  'law-texts': { parent: null, articles: { 'XVIII-12': '6(2)(d), 13(5)' } },
} as const satisfies Record<string, { parent: string | null; articles: Record<string, string> }>;

const functionCodes = Object.keys(functions) as [FunctionCode, ...FunctionCode[]];
export const FunctionCode = z.enum(functionCodes);
export type FunctionCode = keyof typeof functions;

/** Function asked instead when nobody holds this one; undefined at the top. */
export function parentFunction(code: FunctionCode): FunctionCode | undefined {
  return functions[code].parent ?? undefined;
}

/**
 * What may be asked of another State, with the function that answers it, whether it interferes with rights
 * (`coercive`), and the request types (`T9`) that ask for it.
 */
export const measures = {
  'general-assistance': { function: 'mla', coercive: false, types: [] },
  statement: { function: 'mla', coercive: false, types: ['T1'] },
  'video-link': { function: 'mla', coercive: false, types: ['T2'] },
  service: { function: 'mla', coercive: false, types: ['T3'] },
  search: { function: 'mla', coercive: true, types: ['T4'] },
  'bank-records': { function: 'mla', coercive: true, types: ['T5'] },
  'official-records': { function: 'mla', coercive: false, types: ['T6'] },
  examination: { function: 'mla', coercive: false, types: ['T7'] },
  tracing: { function: 'confiscation', coercive: false, types: ['T8'] },
  freezing: { function: 'confiscation', coercive: true, types: ['T9'] },
  'confiscation-order': { function: 'confiscation', coercive: true, types: ['T10', 'T11'] },
  'non-conviction-based': { function: 'confiscation', coercive: true, types: ['T12'] },
  'return-of-assets': { function: 'confiscation', coercive: false, types: ['T13'] },
  'transfer-of-witness': { function: 'mla', coercive: false, types: ['T14'] },
  appearance: { function: 'mla', coercive: false, types: ['T15'] },
  preservation: { function: 'e-evidence-24-7', coercive: false, types: ['T16'] },
  'stored-data': { function: 'mla', coercive: true, types: ['T17'] },
  interception: { function: 'mla', coercive: true, types: ['T18'] },
  'emergency-disclosure': { function: 'e-evidence-24-7', coercive: true, types: ['T19'] },
  'voluntary-disclosure': { function: 'mla', coercive: false, types: ['T20'] },
  'controlled-delivery': { function: 'controlled-delivery', coercive: false, types: ['T21'] },
  'joint-investigation': { function: 'joint-investigation', coercive: false, types: ['T22'] },
  undercover: { function: 'mla', coercive: true, types: ['T23'] },
  extradition: { function: 'extradition', coercive: true, types: ['T24', 'T25', 'T28', 'T29', 'T30'] },
  'provisional-arrest': { function: 'extradition', coercive: true, types: ['T26'] },
  transit: { function: 'extradition', coercive: false, types: ['T27'] },
  'transfer-of-proceedings': { function: 'transfer-proceedings', coercive: false, types: ['T31'] },
  'transfer-of-sentenced-person': { function: 'transfer-sentenced-persons', coercive: false, types: ['T32'] },
  'drugs-at-sea': { function: 'drugs-at-sea', coercive: true, types: ['T33'] },
  'migrants-at-sea': { function: 'migrants-at-sea', coercive: true, types: [] },
  'firearm-tracing': { function: 'firearms', coercive: false, types: ['T34'] },
  'spontaneous-information': { function: 'mla', coercive: false, types: ['T35'] },
  'cultural-object': { function: 'cultural-property', coercive: true, types: ['T36'] },
  'police-information': { function: 'police-cooperation', coercive: false, types: [] },
} as const satisfies Record<string, { function: FunctionCode; coercive: boolean; types: readonly string[] }>;

const measureCodes = Object.keys(measures) as [MeasureCode, ...MeasureCode[]];
export const MeasureCode = z.enum(measureCodes);
export type MeasureCode = keyof typeof measures;

/** Words that module `treaties` uses for the same measures. */
const sameMeasure: Readonly<Record<string, MeasureCode>> = {
  'asset-return': 'return-of-assets',
  confiscation: 'confiscation-order',
  'special-techniques': 'undercover',
  'vessel-boarding': 'drugs-at-sea',
};

/** Reads a measure (`freezing`), a request type (`T9`, `T09`) or a function (`mla`) as a measure or function. */
export function readPurpose(text: string): { measure?: MeasureCode; function: FunctionCode } | undefined {
  const asked = sameMeasure[text.trim()] ?? text.trim();
  const type = asked.toUpperCase().replace(/^T0+/, 'T');
  for (const code of measureCodes) {
    if (code === asked || (measures[code].types as readonly string[]).includes(type)) {
      return { measure: code, function: measures[code].function };
    }
  }
  const code = functionCodes.find((one) => one === asked);
  return code ? { function: code } : undefined;
}
