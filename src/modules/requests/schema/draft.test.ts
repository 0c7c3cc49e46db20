import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packageRoot } from '../../../platform/paths.ts';
import { canonicalContent, contentHash, originalHash } from './content.ts';
import { readDraft, readShape, type DraftRequest } from './draft.ts';
import { Request } from './request.ts';
import { limits } from './text.ts';

const sample: Record<string, unknown> = JSON.parse(
  readFileSync(join(packageRoot, 'data/samples/requests/freeze-and-records.json'), 'utf8'),
) as Record<string, unknown>;

function draft(change: Record<string, unknown> = {}): DraftRequest {
  const read = readDraft({ ...sample, ...change });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function problemsOf(input: unknown): string[] {
  const read = readDraft(input);
  return read.ok ? [] : read.error.map((one) => `${one.code} ${one.path.join('/')}`);
}

const offences = sample['offences'] as object[];
const persons = sample['persons'] as object[];

test('the complete sample is a request, and a draft of any of its parts is a draft', () => {
  expect(readShape(Request, sample).ok).toBe(true);
  fc.assert(
    fc.property(fc.subarray(Object.keys(sample).filter((key) => key !== 'kind')), (keys) => {
      const some = Object.fromEntries([['kind', 'request'], ...keys.map((key) => [key, sample[key]] as const)]);
      expect(problemsOf(some)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('a day that does not exist is told at its field with what was entered', () => {
  const read = readDraft({ ...sample, deadline: { date: '2026-02-30' } });
  expect(read).toMatchObject({
    ok: false,
    error: [{ code: 'values.bad-date', path: ['deadline', 'date'], params: { given: '2026-02-30' } }],
  });
});

test('an amount as a float, or without its currency, has the shape of no money; nothing is rounded', () => {
  const costs = (estimate: unknown) => problemsOf({ kind: 'request', costs: { extraordinary: false, estimate } });
  expect(costs({ amount: 412600.5, currency: 'EUR' })).toEqual(['requests.money-shape costs/estimate/amount']);
  expect(costs({ amount: '412,600.00', currency: 'EUR' })).toEqual(['requests.money-shape costs/estimate/amount']);
  expect(costs({ amount: '412600.00', currency: 'EURO' })).toEqual(['requests.money-shape costs/estimate/currency']);
});

test('a field not known here is named and never dropped', () => {
  expect(problemsOf({ kind: 'request', shoeSize: 43 })).toEqual(['requests.unknown-field shoeSize']);
  expect(problemsOf({ kind: 'request', persons: [{ ...persons[0], nickname: 'x' }] })).toEqual([
    'requests.unknown-field persons/0/nickname',
  ]);
});

test('text over 200,000 characters, over 500 persons and over 2,000 annexes are refused with the limit', () => {
  const long = readDraft({ kind: 'request', nexus: { en: 'a'.repeat(limits.text + 1) } });
  expect(long).toMatchObject({ ok: false, error: [{ code: 'values.text-too-long', params: { limit: 200_000 } }] });
  expect(problemsOf({ kind: 'request', nexus: { en: 'a'.repeat(limits.text) } })).toEqual([]);
  const people = (n: number) => Array.from({ length: n }, (_, index) => ({ ...persons[0], id: `p${index + 1}` }));
  expect(readDraft({ kind: 'request', persons: people(501) })).toMatchObject({
    ok: false,
    error: [{ code: 'requests.too-many-persons', params: { limit: 500 } }],
  });
  expect(problemsOf({ kind: 'request', persons: people(500) })).toEqual([]);
  const annexes = Array.from({ length: 2001 }, (_, n) => ({ n: n + 1 }));
  expect(readDraft({ kind: 'request', annexes })).toMatchObject({
    ok: false,
    error: [{ code: 'requests.too-many-annexes', params: { limit: 2000 } }],
  });
});

test('markup and direction overrides are kept as typed', () => {
  const text = '<script>alert(1)</script> \u202Etxt';
  expect(draft({ nexus: { en: text } }).nexus).toEqual({ en: text });
});

test('a blank says why; it is not a text in a language called unknown', () => {
  expect(draft({ nexus: { unknown: 'not-known', reason: 'The bank has not answered' } }).nexus).toEqual({
    unknown: 'not-known',
    reason: 'The bank has not answered',
  });
  expect(
    problemsOf({ kind: 'request', offences: [{ ...offences[0], limitation: { unknown: 'forgotten' } }] }),
  ).not.toEqual([]);
});

test('the content hash covers what leaves the node and nothing else', () => {
  const base = contentHash(draft());
  expect(contentHash(draft({ internal: { notes: ['own'] } }))).toBe(base);
  expect(contentHash(draft({ signature: null, contentHash: `sha256:${'0'.repeat(64)}` }))).toBe(base);
  expect(contentHash(draft({ otherReference: 'XB-1' }))).not.toBe(base);
  expect(canonicalContent(draft())).not.toContain('Jara');
});

test('key order and absent or null fields leave the hash as it is', () => {
  const reversed = Object.fromEntries(Object.entries(sample).reverse());
  const { otherReference: _other, supersedes: _older, ...without } = reversed;
  expect(contentHash(readDraftOrThrow(without))).toBe(contentHash(draft()));
});

function readDraftOrThrow(input: unknown): DraftRequest {
  const read = readDraft(input);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

test('a corrected translation leaves the hash of the original; a corrected original does not', () => {
  const nexus = sample['nexus'] as { en: string; ar: string };
  const base = originalHash(draft());
  expect(originalHash(draft({ nexus: { ...nexus, ar: `${nexus.ar}.` } }))).toBe(base);
  expect(originalHash(draft({ nexus: { ...nexus, en: `${nexus.en}.` } }))).not.toBe(base);
  expect(contentHash(draft({ nexus: { ...nexus, ar: `${nexus.ar}.` } }))).not.toBe(contentHash(draft()));
});
