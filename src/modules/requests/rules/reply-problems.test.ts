import { expect, test } from 'vitest';
import { plainDate } from '../../../platform/values/index.ts';
import { loadDefinitions } from '../definitions.ts';
import { ReplyContent, type DraftRequest } from '../schema/index.ts';
import { bankSecrecyIn, namesBankSecrecy, replyProblems, type ReplyFacts } from './reply-problems.ts';

const consultation = { id: '019e2683-0000-7000-8000-000000000041', on: '2026-05-14', with: 'XA', how: 'Call' };
const request = {
  kind: 'request',
  types: ['T5', 'T9'],
  basis: { primary: { instrument: 'XVIII-12', article: '18' } },
  measures: [{ id: 'm1' }, { id: 'm2' }],
  purpose: { useLimitation: 'only-this-case' },
} as unknown as DraftRequest;
const facts: ReplyFacts = {
  definitions: loadDefinitions(),
  request,
  today: plainDate('2026-05-14'),
  consultations: [consultation.id],
  useQuestions: [],
  reminders: 0,
  withdrawn: [],
  reported: [],
  files: new Map(),
  actor: 'ines',
};

function codes(content: unknown, more: Partial<ReplyFacts> = {}): string[] {
  return replyProblems(ReplyContent.parse(content), { ...facts, ...more }).map(
    ({ code, severity }) => `${severity} ${code.replace('requests.', '')}`,
  );
}

const refused = (grounds: object[], more: object = {}) => ({
  reply: 'refused',
  grounds: grounds.map((one) => ({
    provision: null,
    reasons: { en: 'Because it would harm.' },
    measures: null,
    ...one,
  })),
  consultation,
  alternatives: [],
  ...more,
});

test('V15: bank secrecy is no reason, in any of the six languages', () => {
  for (const text of [
    'This would breach bank secrecy.',
    'Banking confidentiality forbids it',
    'Le secret bancaire s’y oppose',
    'Lo impide el secreto bancario',
    'Запрещено банковской тайной',
    'تمنعه السرية المصرفية',
    '银行保密法禁止',
  ])
    expect([text, namesBankSecrecy(text)]).toEqual([text, true]);
  expect(namesBankSecrecy('The bank has no such account.')).toBe(false);
  const named = { ground: 'domestic', provision: 'Banking Act art. 5 on bank secrecy' };
  expect(codes(refused([named]))).toEqual(['block bank-secrecy']);
});

test('V15: help is not declined for bank secrecy by another name: as a result, a return or a postponement', () => {
  const result = { evidence: [], use: 'only-this-case', secretUntil: null, returnBy: null };
  const impossible = {
    reply: 'executed',
    results: [
      { ...result, measure: 'm1', outcome: 'not-possible', note: { fr: 'Le secret bancaire s’y oppose.' } },
      { ...result, measure: 'm2', outcome: 'executed', note: { en: 'The court lifted bank secrecy.' } },
    ],
    procedure: { followed: true, note: null },
    conditions: [],
    freezeEnds: null,
    costs: null,
  };
  expect(codes(impossible)).toEqual(['block bank-secrecy']);
  const returned = {
    reply: 'returned-unexecuted',
    reason: 'impossible',
    note: { es: 'secreto bancario' },
    rightDesk: null,
  };
  expect(codes(returned)).toEqual(['block bank-secrecy']);
  expect(bankSecrecyIn(ReplyContent.parse(returned))).toMatchObject([{ path: ['note'], rule: 'V15' }]);
});

test('a refusal of single items answers for every other one: refused, withdrawn or reported before', () => {
  const first = refused([{ ground: '18.21.b', measures: ['m1'] }]);
  expect(codes(first)).toEqual(['block item-left-open']);
  expect(codes(first, { withdrawn: ['m2'] })).toEqual([]);
  expect(codes(first, { reported: ['m2'] })).toEqual([]);
  expect(codes(refused([{ ground: '18.21.b', measures: ['m1'] }, { ground: '18.21.b' }]))).toEqual([]);
});

test('V16: a fiscal matter is no ground alone, and may stand beside another', () => {
  const fiscal = { ground: 'domestic', provision: 'Tax Code art. 1', reasons: { en: 'It is a fiscal matter.' } };
  expect(codes(refused([fiscal]))).toEqual(['block fiscal-alone']);
  expect(codes(refused([fiscal, { ground: '18.21.b' }]))).toEqual([]);
});

test('V17: each ground is on the list, has reasons, cites where it must and fits the law and the kind of help', () => {
  expect(codes(refused([{ ground: 'domestic' }]))).toEqual(['block no-provision']);
  expect(codes(refused([{ ground: 'u46.21.b' }]))).toEqual(['warn ground-of-other-law']);
  expect(codes(refused([{ ground: '16.14' }]))).toEqual(['block ground-of-other-type']);
  expect(codes(refused([{ ground: '18.21.b', measures: ['m7'] }]))).toContain('block unknown-item');
  for (const ground of ['bank-secrecy', 'fiscal', ''])
    expect(ReplyContent.safeParse(refused([{ ground }])).success).toBe(false);
  expect(ReplyContent.safeParse(refused([{ ground: '18.21.b', reasons: {} }])).success).toBe(false);
  expect(ReplyContent.safeParse(refused([])).success).toBe(false);
});

test('V18: no refusal under article 18(21) without a consultation that was recorded; for extradition it is advised', () => {
  expect(codes(refused([{ ground: '18.21.a' }], { consultation: null }))).toEqual(['block no-consultation']);
  expect(codes(refused([{ ground: '18.9' }], { consultation: null }))).toEqual([]);
  expect(codes(refused([{ ground: '18.21.a' }]), { consultations: [] })).toEqual(['block unknown-consultation']);
  const extradition = { ...request, types: ['T24'] } as DraftRequest;
  expect(codes(refused([{ ground: '16.14' }], { consultation: null }), { request: extradition })).toEqual([
    'warn consultation-advised',
  ]);
});

test('results say what became of every item once, with evidence that is what it is said to be', () => {
  const id = '019e2683-0000-7000-8000-000000000042';
  const file = { id, sha256: 'a'.repeat(64), fileName: 'r.pdf', size: 3, form: 'copy', custody: null };
  const item = {
    outcome: 'executed',
    note: null,
    evidence: [file],
    use: 'only-this-case',
    secretUntil: null,
    returnBy: null,
  };
  const executed = (...results: object[]) => ({
    reply: 'executed',
    results: results.map((one) => ({ ...item, ...one })),
    procedure: { followed: true, note: null },
    conditions: [],
    freezeEnds: null,
    costs: null,
  });
  const files = new Map([[id, { sha256: 'a'.repeat(64), size: 3, addedBy: 'vera' }]]);
  expect(codes(executed({ measure: 'm1' }, { measure: 'm2' }), { files })).toEqual([]);
  expect(codes(executed({ measure: 'm1' }), { files })).toEqual(['block item-without-result']);
  expect(codes(executed({ measure: 'm1' }), { files, withdrawn: ['m2'] })).toEqual([]);
  expect(codes(executed({ measure: 'm1' }, { measure: 'm2' }, { measure: 'm2' }), { files })).toEqual([
    'block item-twice',
  ]);
  expect(codes(executed({ measure: 'm1' }, { measure: 'm2', evidence: [] }), { files })).toEqual([
    'block results-without-evidence',
  ]);
  expect(codes(executed({ measure: 'm1' }, { measure: 'm2', evidence: [], outcome: 'nothing-found' }))).toContain(
    'block unknown-evidence',
  );
  const changed = new Map([[id, { sha256: 'b'.repeat(64), size: 3, addedBy: 'vera' }]]);
  expect(codes(executed({ measure: 'm1' }, { measure: 'm2' }), { files: changed })).toEqual([
    'block evidence-differs',
    'block evidence-differs',
  ]);
});

test('it goes back without an answer only after two reminders', () => {
  const back = { reply: 'returned-unexecuted', reason: 'no-answer', note: { en: 'No answer came.' }, rightDesk: null };
  expect(codes(back, { reminders: 1 })).toEqual(['block two-reminders-first']);
  expect(codes(back, { reminders: 2 })).toEqual([]);
});
