import { describe, expect, test } from 'vitest';
import { incomingView } from '../../../../../tests/support/case-views.ts';
import { testView } from '../../../../../tests/support/view.ts';
import { catalogues } from '../../../../app/words.ts';
import { plainDate, type Problem } from '../../../../platform/values/index.ts';
import type { PostedForm } from '../../../../platform/http/routes.ts';
import type { View } from '../../../../web/index.ts';
import { loadDefinitions } from '../../definitions.ts';
import { samplePrintOptions } from '../../documents/sample.ts';
import { toPrintable } from '../../documents/index.ts';
import { incomingInput, type IncomingInputKind } from '../../schema/index.ts';
import { placeOptions } from '../case/places.ts';
import type { ActSetting } from './form.tsx';
import { incomingForms } from './table.ts';

const { grounds } = loadDefinitions();
const others = catalogues.filter((one) => one.module !== 'web');
const viewIn = (locale: 'en' | 'ar') => testView({ locale, catalogues: others });
const uuid = (n: number) => `019e0000-0000-7000-8000-${String(n).padStart(12, '0')}`;

function settingIn(view: View): ActSetting {
  const { working } = incomingView('in-execution');
  let made = 500;
  return {
    view,
    request: working,
    state: 'Alba',
    files: [
      {
        id: uuid(71),
        fileName: 'records.zip',
        sha256: 'a'.repeat(64),
        size: 8_000_000,
        scan: 'not-scanned',
      } as ActSetting['files'][number],
    ],
    people: [{ id: uuid(72), name: 'Vera Marín' }],
    places: placeOptions(view, toPrintable(working, samplePrintOptions())),
    grounds,
    consultations: [{ id: uuid(73), with: 'Alba', on: plainDate('2026-05-14'), how: 'Call' }],
    useQuestions: [{ act: uuid(74), scope: { en: 'Case 18/2026' }, evidence: [uuid(71)] }],
    changes: [{ id: uuid(75) }, { id: uuid(76) }],
    proposals: [],
    newId: () => uuid((made += 1)),
  };
}

const posted = (values: Record<string, string | string[]>): PostedForm => ({
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value].flat()])),
  files: [],
});

/** Every answer a person would give, by act; what is left out of the first round is what each form must ask for. */
const answers: Record<IncomingInputKind, Record<string, string | string[]>> = {
  register: {},
  'return-misdirected': {
    note: 'Not ours',
    authority: 'XB:attorney-general',
    name: 'Attorney General',
    language: 'en',
  },
  assess: { finding: 'can-be-executed', note: 'Looked at' },
  acknowledge: { desk: 'Desk 2', post: 'Officer', expected: '20 May 2026', language: 'en' },
  'ask-information': {
    'questions.0.path': 'facts/0/text',
    'questions.0.text': 'Which invoice?',
    'questions.0.why': 'Asked by the court',
    'questions.0.by': '20 May 2026',
    meanwhile: 'Freezing',
    language: 'en',
  },
  'propose-conditions': {
    'conditions.0.kind': 'use',
    'conditions.0.text': 'Only this case',
    ifDeclined: 'Refused',
    language: 'en',
  },
  forward: { to: 'Court of First Instance', persons: [uuid(72)] },
  'start-refusal': { reason: 'A ground may exist' },
  'start-postponement': { reason: 'A trial is under way' },
  'return-unexecuted': { reason: 'no-answer', note: 'Two reminders', language: 'en' },
  'accept-execution': {},
  'hand-back': { reason: 'Not competent' },
  'report-partial': {
    'results.0.outcome': 'executed',
    'results.0.evidence': [uuid(71)],
    'results.0.form': 'copy',
    'results.0.use': 'only-this-case',
    'results.1.outcome': 'open',
    'results.1.openReason': 'The bank needs longer',
    'results.1.openBy': '30 May 2026',
    language: 'en',
  },
  'report-executed': {
    'results.0.outcome': 'executed',
    'results.0.use': 'only-this-case',
    'results.1.outcome': 'executed',
    'results.1.evidence': [uuid(71)],
    'results.1.form': 'certified-copy',
    'results.1.use': 'this-case-and-related',
    'results.1.returnBy': '14 May 2027',
    followed: 'yes',
    freezeEnds: '14 May 2027',
    'conditions.0.kind': 'use',
    'conditions.0.text': 'Ask before other use',
    language: 'ar',
  },
  'record-consultation': { with: 'Alba', on: '14 May 2026', how: 'Call' },
  refuse: {
    'grounds.0.ground': '18.21.b',
    'grounds.0.reasons': 'Execution would touch the security of the State',
    consultation: uuid(73),
    'alternatives.0.kind': 'other-basis',
    'alternatives.0.text': 'UNCAC',
    language: 'en',
  },
  postpone: {
    proceeding: 'Case 4/2026',
    ground: 'The same account is evidence there',
    provision: 'UNTOC art. 18(25)',
    consultation: uuid(73),
    review: '14 June 2026',
    language: 'en',
  },
  resume: {},
  'check-results': { note: 'Compared' },
  'send-results': {},
  'consent-to-use': { question: uuid(74), scope: 'Case 18/2026', until: '14 May 2027', language: 'en' },
  'decline-use': { question: uuid(74), reasons: 'Another person is concerned', language: 'en' },
  close: {},
  reopen: { reason: 'New facts' },
  'acknowledge-change': {
    [`accept.${uuid(75)}`]: 'yes',
    [`accept.${uuid(76)}`]: 'no',
    [`why.${uuid(76)}`]: 'Too late',
  },
  'remind-other-side': { note: 'The answer is still open', language: 'en' },
};
const kinds = Object.keys(answers) as IncomingInputKind[];
const asking = kinds.filter((kind) => incomingForms[kind].fields);

describe.each(['en', 'ar'] as const)('the form of each act at the requested State, in %s', (locale) => {
  const view = viewIn(locale);

  test.each(kinds)('%s: what a person answers is what the service takes', (kind) => {
    const read = incomingForms[kind].read(settingIn(view), posted(answers[kind]));
    expect(read.ok ? [] : read.error).toEqual([]);
    const parsed = incomingInput[kind].safeParse(read.ok ? read.value : undefined);
    expect(parsed.success ? [] : parsed.error.issues).toEqual([]);
  });

  test.each(asking)(
    '%s: an empty form says in words what is missing, each beside a field of the page',
    async (kind) => {
      const setting = settingIn(view);
      const form = incomingForms[kind];
      const read = form.read(setting, posted({ language: locale }));
      const problems: Problem[] = read.ok ? [] : read.error;
      const html = String(await form.fields?.({ ...setting, typed: {}, problems }));
      for (const one of problems) {
        const words = view.problemText(one);
        expect(words, one.code).not.toContain(one.code);
        expect(html).toContain(`id="f-${one.path.join('-').replaceAll('.', '-')}`);
      }
      // What the service itself would refuse, the form has asked for before.
      if (read.ok) expect(incomingInput[kind].safeParse(read.value).success).toBe(true);
      else expect(problems.length).toBeGreaterThan(0);
    },
  );
});

describe('a refusal', () => {
  const view = viewIn('en');
  test('offers no ground of bank secrecy, and takes none that is typed by hand', async () => {
    const setting = settingIn(view);
    const html = String(await incomingForms.refuse.fields?.({ ...setting, typed: {}, problems: [] }));
    const offered = [...html.matchAll(/<option value="([^"]+)"/g)].map(([, value]) => value);
    expect(offered).toContain('18.21.b');
    expect(offered.filter((one) => /bank|fiscal|secre/i.test(String(one)))).toEqual([]);
    expect(html).toContain('Bank secrecy is no ground for refusal');
    const read = incomingForms.refuse.read(setting, posted({ ...answers.refuse, 'grounds.0.ground': 'bank-secrecy' }));
    expect(read.ok ? [] : read.error.map((one) => one.path)).toEqual([['grounds', 0, 'ground']]);
  });

  test('without reasons is not read as one', () => {
    const read = incomingForms.refuse.read(settingIn(view), posted({ ...answers.refuse, 'grounds.0.reasons': ' ' }));
    expect(read.ok ? '' : read.error[0]?.code).toBe('reply.no-reasons');
  });
});

describe('results', () => {
  const view = viewIn('en');
  test('an item still open needs its reason and a new day, at its own row', () => {
    const { 'results.1.openReason': _reason, 'results.1.openBy': _by, ...given } = answers['report-partial'];
    const read = incomingForms['report-partial'].read(settingIn(view), posted(given));
    expect(read.ok ? [] : read.error.map((one) => one.path.join('.'))).toEqual([
      'results.1.openReason',
      'results.1.openBy',
    ]);
  });

  test('files go with their hash, size and form, and a file of another case cannot be named', () => {
    const form = incomingForms['report-executed'];
    const read = form.read(settingIn(view), posted(answers['report-executed']));
    expect(read.ok && JSON.stringify(read.value)).toContain(`"sha256":"${'a'.repeat(64)}"`);
    const foreign = form.read(
      settingIn(view),
      posted({ ...answers['report-executed'], 'results.1.evidence': [uuid(999)] }),
    );
    expect(foreign.ok).toBe(false);
  });
});
