import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createTranslators, offeredLocales } from '../../platform/i18n/index.ts';
import { addDays, plainDate, stateCode, type PlainDate, type StateCode } from '../../platform/values/index.ts';
import { loadTreaties, sampleFolder } from './dataset.ts';
import { showBasisAnswer, showVerification } from './explain.ts';
import { treatiesMessages } from './messages/index.ts';
import {
  decideBasis,
  emptyQuestion,
  missingCodes,
  statusOn,
  stateOn,
  type Overlay,
  type TreatyFacts,
} from './rules/index.ts';
import {
  BasisAnswer,
  InstrumentId,
  measures,
  offenceCodes,
  ProvisionRow,
  transnationalTests,
  type Question,
} from './schema/index.ts';

const facts = loadTreaties({ samples: sampleFolder });
const words = createTranslators([treatiesMessages]);
const english = { t: words.en, locale: 'en' as const };

function id(text: string): InstrumentId {
  return InstrumentId.parse(text);
}

function status(state: string, instrument: string, on: string, data: TreatyFacts = facts): string {
  return statusOn(data, id(instrument), stateCode(state), plainDate(on)).status;
}

function question(
  more: Partial<Omit<Question, 'from' | 'to' | 'on'>> & { from: string; to: string; on: string },
): Question {
  return {
    ...emptyQuestion,
    measure: 'mla',
    ...more,
    from: stateCode(more.from),
    to: stateCode(more.to),
    on: plainDate(more.on),
  };
}

function offence(
  code: Question['offences'][number]['code'],
  from: number | null = 10,
  to: number | null = 10,
): Question['offences'][number] {
  return { code, maxPenaltyYearsFrom: from, maxPenaltyYearsTo: to, statute: null };
}

function basisOf(asked: Question, instrument: string, data: TreatyFacts = facts) {
  return decideBasis(data, asked).bases.find((basis) => basis.instrument === instrument);
}

function withReading(provision: string, position: string): TreatyFacts {
  const overlay: Overlay = {
    provisions: [
      ProvisionRow.parse({
        instrument: 'XVIII-12',
        iso3: 'XB',
        provision,
        position,
        date: '',
        source: 'SAMPLE',
        as_of: '2020',
        read_by: 'test',
      }),
    ],
  };
  return loadTreaties({ samples: sampleFolder, overlay });
}

const complete = {
  offences: [offence('laundering')],
  group: 'established' as const,
  transnational: ['more-than-one-state' as const],
};

test('1. Barbados had deposited on 20 November 2014 and became a party on 11 December 2014', () => {
  expect(status('BRB', 'XVIII-12', '2014-11-10')).not.toBe('deposited-not-in-force');
  expect(status('BRB', 'XVIII-12', '2014-11-20')).toBe('deposited-not-in-force');
  expect(status('BRB', 'XVIII-12', '2014-12-10')).toBe('deposited-not-in-force');
  expect(status('BRB', 'XVIII-12', '2014-12-11')).toBe('party');
});

test('2. the published totals are recounted and each difference explained', () => {
  const { rows, asExpected } = showVerification(facts, english);
  expect(asExpected).toBe(true);
  const counted = rows
    .filter((row) => row.what === 'parties')
    .map((row) => [row.day, row.instrument, row.published, row.deposits, row.inForce, row.undated]);
  expect(counted).toEqual([
    ['2013-03-29', 'XVIII-12', 175, 174, 174, 0],
    ['2013-03-29', 'XVIII-12-a', 154, 154, 154, 0],
    ['2013-03-29', 'XVIII-12-b', 135, 135, 135, 0],
    ['2013-03-29', 'XVIII-12-c', 97, 98, 98, 0],
    ['2020-10-16', 'XVIII-12', 190, 185, null, 4],
  ]);
  expect(rows.map((row) => row.explanation).join(' ')).not.toContain('treaties.');
});

test('3. Switzerland shows both dates of the firearms Protocol and which was used', () => {
  const [conflict] = facts.tracks.get(id('XVIII-12-c'))!.get(stateCode('CHE'))!.conflicts;
  expect(conflict!.values.map((act) => act.deposited)).toEqual(['2012-11-29', '2012-11-27']);
  expect(conflict!.values[conflict!.used!]).toMatchObject({
    deposited: '2012-11-27',
    effect: '2012-12-27',
    source: 'S16',
  });
  expect(conflict!.why).toBe('agrees-with-final-clause');
  expect(status('CHE', 'XVIII-12-c', '2012-12-27')).toBe('party');
});

test('a deposit that only a gazette has, while the table of the depositary was complete, is kept and not counted', () => {
  const track = facts.tracks.get(id('XVIII-12-b'))!.get(stateCode('GAB'))!;
  expect(track.conflicts).toMatchObject([{ used: null, why: 'not-in-complete-table' }]);
  expect(status('GAB', 'XVIII-12-b', '2013-03-29')).toBe('not-party');
});

test('4. the day of a party without a known deposit is unknown inside its window and party after it', () => {
  expect(status('PRK', 'XVIII-12', '2014-01-20')).toBe('not-party');
  expect(status('PRK', 'XVIII-12', '2016-06-01')).toBe('unknown');
  expect(status('PRK', 'XVIII-12', '2016-07-15')).toBe('party');
  expect(status('FJI', 'XVIII-12', '2017-06-01')).toBe('unknown');
  expect(status('FJI', 'XVIII-12', '2018-01-30')).toBe('party');
  expect(status('WSM', 'XVIII-12', '2020-01-01')).toBe('unknown');
});

test('5. a notification that the Convention is not taken as basis bars extradition and leaves assistance alone', () => {
  const data = withReading('16(5)(a)', 'does-not-take');
  const asked = question({ from: 'XA', to: 'XB', on: '2020-01-01', ...complete });
  expect(basisOf({ ...asked, measure: 'extradition', personIn: stateCode('XB') }, 'XVIII-12', data)!.answer).toBe('no');
  expect(basisOf(asked, 'XVIII-12', data)!.answer).toBe('yes');
  expect(basisOf(asked, 'XVIII-12')!.answer).toBe('yes');
});

test('6. without a notification in the data extradition stays unknown, never yes', () => {
  const asked = question({
    from: 'XA',
    to: 'XB',
    on: '2020-01-01',
    measure: 'extradition',
    personIn: stateCode('XB'),
    ...complete,
  });
  const basis = basisOf(asked, 'XVIII-12')!;
  expect(basis.answer).toBe('unknown');
  expect(basis.missing).toContain('notification');
});

test("7. Latvia's notification under article 16(5) turns the condition to yes, marked as not confirmed", () => {
  const answer = showBasisAnswer(
    facts,
    english,
    decideBasis(facts, question({ from: 'EST', to: 'LVA', on: '2013-05-01', measure: 'extradition' })),
  );
  const condition = answer.bases
    .find((basis) => basis.instrument === 'XVIII-12')!
    .conditions.find((one) => one.code === 'R21')!;
  expect(condition).toMatchObject({ answer: 'yes', article: '16(5)(a)' });
  expect(condition.text).toContain('No official has confirmed');
});

test('8. a reservation to the clause on disputes changes nothing and is listed as without effect', () => {
  const asked = question({ from: 'XA', to: 'XB', on: '2020-01-01', ...complete });
  const data = withReading('35(2)', 'not-bound');
  const basis = basisOf(asked, 'XVIII-12', data)!;
  expect(basis.answer).toBe(basisOf(asked, 'XVIII-12')!.answer);
  expect(basis.noEffect.map((one) => one.provision)).toEqual(['35(2)']);
});

test('a reservation on assistance that nobody has read leaves the answer unknown', () => {
  const asked = question({ from: 'XA', to: 'XB', on: '2020-01-01', ...complete });
  const basis = basisOf(asked, 'XVIII-12', withReading('18', 'other'))!;
  expect(basis.answer).toBe('unknown');
  expect(basis.conditions.some((one) => one.code === 'R96')).toBe(true);
});

const anyState = fc.constantFrom(...facts.states.byCode.keys());
const anyInstrument = fc.constantFrom(...facts.instruments.keys());
const anyDay = fc.integer({ min: 0, max: 23_000 }).map((days) => addDays(plainDate('1960-01-01'), days));

describe('9. status on a day', () => {
  test('depends only on acts deposited or effective up to that day and on coverage', () => {
    fc.assert(
      fc.property(anyState, anyInstrument, anyDay, (state, instrument, on) => {
        const seen = statusOn(facts, instrument, state, on).status;
        expect(statusOn(forget(facts, state, on), instrument, state, on).status).toBe(seen);
      }),
      { numRuns: 3000 },
    );
  });
});

/** The same data without the acts of one State that lie after a day; coverage stays as it is. */
function forget(data: TreatyFacts, state: StateCode, on: PlainDate): TreatyFacts {
  const tracks = new Map(
    [...data.tracks].map(([instrument, byState]) => {
      const track = byState.get(state);
      if (!track) return [instrument, byState] as const;
      const spells = track.spells.filter((spell) => {
        const first = [spell.deposit.first, spell.effect.first].filter((day) => day !== null).sort()[0];
        return first === undefined || first <= on;
      });
      const signedOn = track.signedOn !== null && track.signedOn <= on ? track.signedOn : null;
      return [instrument, new Map(byState).set(state, { ...track, spells, signedOn })] as const;
    }),
  );
  return { ...data, tracks };
}

const anyQuestion = fc
  .record({
    from: anyState,
    to: anyState,
    on: anyDay,
    measure: fc.constantFrom(...measures),
    code: fc.option(fc.constantFrom(...offenceCodes)),
    group: fc.constantFrom('established', 'suspected', 'no', null),
    test: fc.option(fc.constantFrom(...transnationalTests)),
    there: fc.boolean(),
  })
  .filter(({ from, to }) => from !== to)
  .map(({ from, to, on, measure, code, group, test: met, there }) =>
    question({
      from,
      to,
      on,
      measure,
      offences: code === null ? [] : [offence(code)],
      group,
      transnational: met === null ? [] : [met],
      personIn: there ? to : null,
    }),
  );

test('10. for every pair and measure each yes lists an act of each State with its date and source', () => {
  let yes = 0;
  fc.assert(
    fc.property(anyQuestion, (asked) => {
      for (const basis of decideBasis(facts, asked, { brief: true }).bases) {
        if (basis.answer !== 'yes') continue;
        yes += 1;
        for (const state of [asked.from, asked.to]) {
          expect(basis.acts[state]!.length).toBeGreaterThan(0);
          for (const act of basis.acts[state]!) {
            expect(act.source).not.toBe('');
            expect(
              typeof act.deposited === 'string' || !('unknown' in act.deposited) || typeof act.effect === 'string',
            ).toBe(true);
          }
        }
      }
    }),
    { numRuns: 3000 },
  );
  expect(yes).toBeGreaterThan(20);
});

test('11. a Protocol without its parent answers no, and the Convention is offered', () => {
  const overlay = withoutParent();
  const asked = question({
    from: 'XA',
    to: 'XC',
    on: '2016-01-01',
    offences: [offence('trafficking-persons')],
    group: 'suspected',
    transnational: ['more-than-one-state'],
  });
  const result = decideBasis(overlay, asked);
  const basis = result.bases.find((one) => one.instrument === 'XVIII-12-a')!;
  expect(status('XC', 'XVIII-12-a', '2014-12-01', overlay)).toBe('deposited-not-in-force');
  const early = decideBasis(overlay, { ...asked, on: plainDate('2014-12-01') }).bases.find(
    (one) => one.instrument === 'XVIII-12-a',
  )!;
  expect(early.answer).toBe('no');
  expect(early.conditions.some((one) => one.code === 'R02' && one.answer === 'no')).toBe(true);
  expect(basis.answer).toBe('yes');
  // Party to the Convention alone is not bound by the Protocol.
  const alone = decideBasis(facts, { ...asked, to: stateCode('XB'), measure: 'vessel-boarding', offences: [] });
  expect(alone.bases.find((one) => one.instrument === 'XVIII-12-b')!.answer).not.toBe('yes');
});

/** Cordia deposits the trafficking Protocol half a year before the Convention. */
function withoutParent(): TreatyFacts {
  return loadTreaties({
    samples: sampleFolder,
    overlay: {
      participation: [
        {
          instrument: id('XVIII-12-a'),
          iso3: stateCode('XC'),
          signature_date: null,
          action_date: plainDate('2014-06-01'),
          action_kind: 'accession',
          entry_into_force: null,
          eif_basis: 'derived',
          source: 'SAMPLE',
          note: null,
        },
      ],
    },
  });
}

test('12. explanations in every offered language miss no key', () => {
  fc.assert(
    fc.property(anyQuestion, fc.constantFrom(...offeredLocales), (asked, locale) => {
      const answer = showBasisAnswer(facts, { t: words[locale], locale }, decideBasis(facts, asked));
      expect(JSON.stringify(answer)).not.toMatch(/treaties\.(say|explain|measure|offence\.|answer)/);
      expect(BasisAnswer.parse(answer)).toEqual(answer);
    }),
    { numRuns: 400 },
  );
  for (const code of Object.values(missingCodes)) expect(words.ar.has(code)).toBe(true);
});

test('Angola and Barbados: no on 20 November 2014, with the day of change, and no longer no from it', () => {
  const before = basisOf(question({ from: 'AGO', to: 'BRB', on: '2014-11-20' }), 'XVIII-12')!;
  expect(before.answer).toBe('no');
  expect(before.changesOn).toMatchObject([{ date: '2014-12-11', answer: 'unknown' }]);
  const asked = question({
    from: 'AGO',
    to: 'BRB',
    on: '2014-12-11',
    offences: [offence('laundering', null, null)],
    group: 'suspected',
    transnational: ['victims-witnesses-proceeds-evidence-there'],
  });
  expect(basisOf({ ...asked, on: plainDate('2014-12-10') }, 'XVIII-12')!.answer).toBe('no');
  expect(basisOf(asked, 'XVIII-12')).toMatchObject({ answer: 'yes', article: '18' });
  const drugs = question({ from: 'AGO', to: 'BRB', on: '2014-11-20', offences: [offence('drugs', null, null)] });
  expect(decideBasis(facts, drugs)).toMatchObject({
    answer: 'yes',
    bases: [{ instrument: 'VI-19', answer: 'yes' }, {}],
  });
});

test('the same question, data and day give byte-equal answers', () => {
  const again = loadTreaties({ samples: sampleFolder });
  const asked = question({ from: 'KEN', to: 'CHE', on: '2013-03-29', ...complete });
  const one = JSON.stringify(showBasisAnswer(facts, english, decideBasis(facts, asked)));
  expect(JSON.stringify(showBasisAnswer(again, english, decideBasis(again, asked)))).toBe(one);
});

test('an organization asks only under instruments to which it is party', () => {
  const asked = question({ from: 'EUE', to: 'KEN', on: '2013-03-29', offences: [offence('terrorist-financing')] });
  expect(decideBasis(facts, asked).bases.map((basis) => basis.instrument)).not.toContain('XVIII-11');
});

test('nothing known of a State is unknown, not no', () => {
  expect(status('XD', 'XVIII-12', '2020-01-01')).toBe('unknown');
  expect(
    stateOn(facts, stateCode('XD'), plainDate('2020-01-01')).instruments.every((one) => one.status === 'unknown'),
  ).toBe(true);
});
