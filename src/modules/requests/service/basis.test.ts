import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { translators } from '../../../app/words.ts';
import { fakeClock } from '../../../platform/clock.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { PlainDate, stateCode } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { createTreaties, loadTreaties, sampleFolder } from '../../treaties/index.ts';
import { readDraft, type DraftRequest } from '../schema/index.ts';
import { basisAfter, lawFacts, offenceDay, optionsFor, snapshotOf } from './basis.ts';

const facts = loadTreaties({ samples: sampleFolder });
const law = createTreaties({ facts: () => facts, words: translators });
const today = PlainDate.parse('2026-05-14');
const ctx = {
  clock: fakeClock('2026-05-14T12:00:00.000Z'),
  locale: 'en',
  today: () => today,
  allow: () => undefined,
} as Pick<Context, 'clock' | 'locale' | 'today' | 'allow'> as Context;

function sample(): DraftRequest {
  const path = join(packageRoot, 'data/samples/requests/freeze-and-records.json');
  const read = readDraft(JSON.parse(readFileSync(path, 'utf8')));
  if (!read.ok) throw new Error('shape');
  return read.value;
}

test('both Conventions carry freezing and bank records between Alba and Borea, each with what it rests on', () => {
  const found = optionsFor(law, ctx, sample());
  expect(found).toMatchObject({ onRequest: '2026-05-14', problem: null, otherTreaties: null });
  expect(found.onOffence! < '2026-05-14').toBe(true);
  const untoc = found.options.find((one) => one.instrument === 'XVIII-12');
  expect(untoc).toMatchObject({ chosen: 'primary', onOffence: 'yes' });
  expect(untoc?.article).toContain('18');
  expect(untoc?.conditions.length).toBeGreaterThan(0);
  expect(found.datasetSha256).toMatch(/^[0-9a-f]{64}$/);
});

test('a choice stores what the law says today and on the day of the offence, and which data said so', () => {
  const basis = basisAfter(law, ctx, sample(), { instrument: 'XVIII-14', acknowledged: ['reservation:XB:66(2)'] });
  expect(basis).toMatchObject({
    primary: { instrument: 'XVIII-14' },
    alternatives: [],
    snapshot: { onRequest: '2026-05-14', boundOnOffence: 'yes', acknowledged: ['reservation:XB:66(2)'] },
  });
  expect(basis?.snapshot?.datasetSha256).toBe(facts.sha256);
});

test('no basis is refused: one the data do not know is stored as unknown', () => {
  const basis = basisAfter(law, ctx, sample(), { instrument: 'II-7', article: '3' });
  expect(basis).toMatchObject({ primary: { instrument: 'II-7', article: '3' }, snapshot: { answer: 'unknown' } });
});

test('another basis has other statements to read: what was read for the first one does not count', () => {
  expect(basisAfter(law, ctx, sample(), { instrument: 'XVIII-14' })?.snapshot?.acknowledged).toEqual([]);
  const again = basisAfter(law, ctx, sample(), { instrument: 'XVIII-12', acknowledged: ['reservation:XB:18(14)'] });
  expect(again?.snapshot?.acknowledged).toEqual(['reservation:XB:18(14)', 'reservation:XB:35(2)']);
});

test('without a State asked there is nothing to choose from, and it says why', () => {
  const { requested: _r, ...rest } = sample();
  expect(optionsFor(law, ctx, rest as DraftRequest)).toMatchObject({
    options: [],
    answer: 'unknown',
    problem: 'requests.no-requested-state',
  });
  expect(snapshotOf(law, ctx, rest as DraftRequest, [])).toMatchObject({ answer: 'unknown' });
});

test('the day of the offence is the first one told; a day yet to come is not one', () => {
  const draft = sample();
  expect(offenceDay({ ...draft, offences: [], facts: [] }, today)).toBeNull();
  const counts = [
    { n: 1, when: { date: '2025-11' } },
    { n: 2, when: { after: PlainDate.parse('2025-03-06') } },
  ];
  expect(offenceDay({ ...draft, offences: [{ id: 'o1', counts }] }, today)).toBe('2025-03-06');
  expect(
    offenceDay({ ...draft, offences: [{ id: 'o1', counts: [{ n: 1, when: { date: '2030' } }] }] }, today),
  ).toBeNull();
});

test('what a State stated on the article relied on is a fact of the check, with its ground for extradition', () => {
  const state = [...(facts.readings.get('XVIII-12' as never)?.entries() ?? [])].find(([, readings]) =>
    readings.some((one) => one.provision === '16(5)(a)' && one.effect === 'excludes'),
  )?.[0];
  if (!state) throw new Error('the data hold no such notification');
  const draft: DraftRequest = {
    ...sample(),
    types: ['T24'],
    requesting: { state: stateCode(state === 'FRA' ? 'ESP' : 'FRA') },
    requested: { state },
    basis: { primary: { instrument: 'XVIII-12', article: '16' } },
  };
  const { reservations } = lawFacts(law, ctx, draft, today);
  expect(reservations).toContainEqual(
    expect.objectContaining({ id: `reservation:${state}:16(5)(a)`, state, article: '16(5)(a)', ground: true }),
  );
});
