import { describe, expect, test } from 'vitest';
import { createTranslators, offeredLocales } from '../../../platform/i18n/index.ts';
import { addYears, plainDate, stateCode } from '../../../platform/values/index.ts';
import { loadTreaties, sampleFolder } from '../dataset.ts';
import { treatiesMessages } from '../messages/index.ts';
import { InstrumentId, type Measure, type OffenceCode, type Question } from '../schema/index.ts';
import {
  actsOfRow,
  blankAct,
  decideBasis,
  derivedEffect,
  effectRange,
  emptyQuestion,
  endRange,
  findArticlePath,
  nameOn,
  overlaps,
  parseDay,
  parseInstrument,
  parseProvision,
  parseState,
  printProvision,
  readingArticles,
  statusOn,
  toAlpha2,
  type Overlay,
  type ProfileFacts,
} from './index.ts';

const facts = loadTreaties({ samples: sampleFolder });

function id(text: string): InstrumentId {
  return InstrumentId.parse(text);
}

function status(state: string, instrument: string, on: string, data = facts): string {
  return statusOn(data, id(instrument), stateCode(state), plainDate(on)).status;
}

describe('effect of an act', () => {
  test.each([
    ['XVIII-12', '2014-11-11', '2014-12-11', 'E03, thirty calendar days'],
    ['XVIII-12', '2001-01-01', '2003-09-29', 'E02, never before the instrument itself'],
    ['VI-19', '1992-10-15', '1993-01-13', 'E02, ninety days'],
    ['IX-4-a', '2014-10-28', '2018-09-25', 'E02'],
  ])('%s deposited %s takes effect %s (%s)', (instrument, deposit, effect) => {
    expect(derivedEffect(facts.instruments.get(id(instrument))!, plainDate(deposit))).toBe(effect);
  });

  test('E01: a stated effect wins over the derived one: Montenegro from 3 June 2006', () => {
    expect(status('MNE', 'XVIII-12', '2006-06-03')).toBe('party');
  });

  test('E04: a succession without a day is certain from its deposit only', () => {
    expect(status('MNE', 'XVIII-12-a', '2006-10-22')).toBe('unknown');
    expect(status('MNE', 'XVIII-12-a', '2006-10-23')).toBe('party');
  });

  test('E05: participation by the 1972 Protocol takes the later effect of both when both are known', () => {
    const track = facts.tracks.get(id('VI-18'))!;
    const both = [...track.values()].filter(
      (one) =>
        one.spells[0]?.act.kind === 'participation-by-protocol' &&
        one.spells[0].effect.first === one.spells[0].effect.last,
    );
    expect(both.length).toBeGreaterThan(10);
  });

  test('E07: a denunciation of UNTOC takes effect one year after receipt and ends its Protocols', () => {
    const denunciation = blankAct(facts.instruments.get(id('XVIII-12'))!, stateCode('XA'), {
      kind: 'denunciation',
      depositedOn: { date: '2019-03-01' },
      effectOn: { unknown: 'not-stated' },
      effectBasis: 'derived',
      source: 'SAMPLE',
      note: null,
      asOf: '2020',
      authenticity: 'sample',
    });
    expect(endRange(denunciation, (day) => addYears(day, 1)).first).toBe('2020-03-01');
    const data = loadTreaties({ samples: sampleFolder, overlay: { acts: [denunciation] } });
    expect(status('XA', 'XVIII-12', '2020-02-29', data)).toBe('party');
    expect(status('XA', 'XVIII-12', '2020-03-01', data)).toBe('ended');
    expect(status('XA', 'XVIII-12-a', '2020-02-29', data)).toBe('party');
    expect(status('XA', 'XVIII-12-a', '2020-03-01', data)).toBe('ended');
  });

  test('E08: Bolivia left the 1961 Convention as amended and came back with a new spell', () => {
    expect(status('BOL', 'VI-18', '2011-12-31')).toBe('unknown');
    expect(status('BOL', 'VI-18', '2012-01-01')).toBe('ended');
    expect(status('BOL', 'VI-18', '2013-01-20')).toBe('deposited-not-in-force');
    expect(status('BOL', 'VI-18', '2013-02-10')).toBe('party');
  });

  test('every effect that the compiled table derived is the one our rule gives', () => {
    let compared = 0;
    for (const byState of facts.tracks.values()) {
      for (const track of byState.values()) {
        for (const act of track.acts) {
          if (act.effectBasis !== 'derived' || act.kind === 'signature' || act.kind === 'party-not-dated') continue;
          const range = effectRange(act, facts.instruments.get(act.instrument)!);
          expect(range.first).toBe(range.last);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(2200);
  });

  test('a row becomes a signature and an act of consent', () => {
    const acts = actsOfRow(
      {
        instrument: id('XVIII-12'),
        iso3: stateCode('XA'),
        signature_date: plainDate('2000-12-12'),
        action_date: plainDate('2003-05-06'),
        action_kind: 'ratification',
        entry_into_force: null,
        eif_basis: 'derived',
        source: 'SAMPLE',
        note: null,
      },
      facts.instruments.get(id('XVIII-12'))!,
      new Map(),
      facts.sources,
    );
    expect(acts.map((act) => act.kind)).toEqual(['signature', 'ratification']);
  });
});

describe('scope', () => {
  const asked = (more: Partial<Question>): Question => ({
    ...emptyQuestion,
    from: stateCode('XA'),
    to: stateCode('XB'),
    measure: 'mla',
    on: plainDate('2020-01-01'),
    ...more,
  });
  const offence = (code: OffenceCode, years: number | null = null, to: number | null = null) => ({
    code,
    maxPenaltyYearsFrom: years,
    maxPenaltyYearsTo: to,
    statute: null,
  });
  const answer = (more: Partial<Question>, instrument = 'XVIII-12') =>
    decideBasis(facts, asked(more)).bases.find((basis) => basis.instrument === instrument)?.answer;
  const met = { group: 'suspected', transnational: ['more-than-one-state'] } as const;
  const facts1 = { group: met.group, transnational: [...met.transnational] };

  test.each<[string, Partial<Question>, string]>([
    ['S01: a Convention offence needs no penalty', { ...facts1, offences: [offence('laundering')] }, 'yes'],
    ['S02: four years make a serious crime', { ...facts1, offences: [offence('goods-smuggling', 4)] }, 'yes'],
    ['S02: three years do not', { ...facts1, offences: [offence('goods-smuggling', 3)] }, 'no'],
    ['S02: without a penalty it stays open', { ...facts1, offences: [offence('goods-smuggling')] }, 'unknown'],
    ['S03: no group, no Convention', { ...facts1, group: 'no', offences: [offence('laundering')] }, 'no'],
    ['S04: purely domestic', { ...facts1, transnational: ['no'], offences: [offence('laundering')] }, 'no'],
    [
      'S05: evidence there suffices for assistance',
      { ...facts1, transnational: ['victims-witnesses-proceeds-evidence-there'], offences: [offence('laundering')] },
      'yes',
    ],
    [
      'S05: and for assistance only',
      {
        ...facts1,
        measure: 'freezing',
        group: 'established',
        transnational: ['victims-witnesses-proceeds-evidence-there'],
        offences: [offence('laundering')],
      },
      'unknown',
    ],
    [
      'S07: one covered and one not needs consent',
      { ...facts1, offences: [offence('laundering'), offence('goods-smuggling', 2)] },
      'needs-consent',
    ],
  ])('%s', (_name, more, expected) => {
    expect(answer(more)).toBe(expected);
  });

  test('S10: corruption needs neither group nor border', () => {
    expect(answer({ offences: [offence('corruption')] }, 'XVIII-14')).toBe('yes');
  });

  test('S06: extradition asks where the person is and whether both punish the act', () => {
    const notified: ProfileFacts = {
      treatyRequiredForExtradition: true,
      conventionAsBasis: 'yes',
      minimumPenaltyYears: 1,
      insistsOnOffenceDate: null,
      dualCriminalityFor: null,
    };
    const surrender = (more: Partial<Question>) =>
      decideBasis(
        facts,
        asked({ measure: 'extradition', group: 'established', offences: [offence('laundering', 10, 10)], ...more }),
        { profileFacts: () => notified },
      ).bases.find((basis) => basis.instrument === 'XVIII-12')!.answer;
    expect(surrender({ personIn: stateCode('XB') })).toBe('yes');
    expect(surrender({ personIn: null })).toBe('unknown');
    expect(surrender({ personIn: stateCode('XC') })).toBe('no');
    expect(surrender({ personIn: stateCode('XB'), offences: [offence('laundering', 10, null)] })).toBe('unknown');
  });

  test.each<[Measure, string, string]>([
    ['joint-investigation', 'XVIII-12', 'needs-consent'],
    ['spontaneous-information', 'XVIII-12', 'yes'],
    ['police-cooperation', 'XVIII-12', 'yes'],
    ['asset-return', 'XVIII-12', 'needs-consent'],
    ['confiscation', 'XVIII-12', 'yes'],
    ['controlled-delivery', 'VI-19', 'needs-consent'],
  ])('%s under %s answers %s', (measure, instrument, expected) => {
    const offences = [offence(instrument === 'VI-19' ? 'drugs' : 'laundering', 10, 10)];
    expect(answer({ ...facts1, group: 'established', measure, offences }, instrument)).toBe(expected);
  });

  test('R80: an instrument that only defines the offence answers no and the Convention is offered', () => {
    const result = decideBasis(facts, {
      ...asked({ offences: [offence('hazardous-waste', 5)] }),
      from: stateCode('KEN'),
      to: stateCode('CHE'),
      on: plainDate('2013-03-29'),
    });
    expect(result.bases.find((basis) => basis.instrument === 'XXVII-3')!.answer).toBe('no');
    expect(result.alternatives.map((one) => one.key)).toContain('treaties.say.alternative-convention');
  });

  test('R97: a State that insists on the day of the offence turns a later common treaty into no', () => {
    const more = { ...facts1, offences: [offence('laundering')], offenceDate: plainDate('2005-01-01') };
    const strict: ProfileFacts = {
      treatyRequiredForExtradition: null,
      conventionAsBasis: null,
      minimumPenaltyYears: null,
      insistsOnOffenceDate: true,
      dualCriminalityFor: null,
    };
    const of = (profile?: ProfileFacts) =>
      decideBasis(facts, asked(more), profile ? { profileFacts: () => profile } : {}).bases.find(
        (basis) => basis.instrument === 'XVIII-12',
      )!;
    expect(of()).toMatchObject({ answer: 'yes' });
    expect(of(strict).answer).not.toBe('yes');
  });

  test('R11: a treaty of the two governs and comes first', () => {
    const overlay: Overlay = {
      agreements: [
        {
          id: 'xa-xb-mla',
          parties: [stateCode('XA'), stateCode('XB')],
          kind: 'mla',
          exists: 'yes',
          inForceFrom: plainDate('2010-01-01'),
          until: null,
          territory: null,
          text: null,
          enteredBy: 'XA',
          confirmedByBoth: true,
        },
      ],
    };
    const data = loadTreaties({ samples: sampleFolder, overlay });
    const result = decideBasis(data, asked({ ...facts1, offences: [offence('laundering')] }));
    expect(result.bases[0]).toMatchObject({ instrument: 'agreement:xa-xb-mla', answer: 'yes' });
    expect(result.bases.find((basis) => basis.instrument === 'XVIII-12')!.answer).toBe('needs-consent');
    expect(result.missing).not.toContain('other-treaty');
  });
});

describe('what is typed', () => {
  test.each([
    ['ken', 'KEN'],
    ['KE', 'KEN'],
    ['eu', 'EUE'],
    ['xa', 'XA'],
    ['Swaziland', 'SWZ'],
    ["côte d'ivoire", 'CIV'],
  ])('%s is %s', (typed, code) => {
    expect(parseState(facts.states, typed)).toEqual({ ok: true, value: code });
  });

  test('an unknown State names up to three near ones', () => {
    const read = parseState(facts.states, 'Kenia');
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.error[0]!.params!['near']).toContain('Kenya (KEN)');
  });

  test('names follow the day, codes the shared form', () => {
    expect(nameOn(facts.states, stateCode('SWZ'), plainDate('2017-12-31'))).toBe('Swaziland');
    expect(nameOn(facts.states, stateCode('SWZ'), plainDate('2018-06-01'))).toBe('Eswatini');
    expect(toAlpha2(facts.states, stateCode('EUE'))).toBe('EU');
  });

  test.each(['2013-02-29', '1944-12-31', '2031-12-01', 'yesterday'])('%s is not a day to ask for', (text) => {
    expect(parseDay(text, plainDate('2026-11-22')).ok).toBe(false);
  });

  test('instruments are known by number and by short name, and near ones are offered', () => {
    expect(parseInstrument(facts, 'untoc')).toEqual({ ok: true, value: 'XVIII-12' });
    const read = parseInstrument(facts, 'UNTOK');
    if (!read.ok) expect(read.error[0]!.params!['near']).toContain('UNTOC');
    expect(read.ok).toBe(false);
  });

  test('a provision is read and printed in one form', () => {
    const read = parseProvision('UNTOC art. 18(15)(a)', facts.names);
    expect(read).toEqual({ ok: true, value: { instrument: 'XVIII-12', article: '18(15)(a)' } });
    if (read.ok) expect(printProvision(read.value, facts.names)).toBe('UNTOC art. 18(15)(a)');
    expect(parseProvision('18(15)(a)', facts.names, id('XVIII-12')).ok).toBe(true);
    expect(parseProvision('UNTOC art. eighteen', facts.names).ok).toBe(false);
    expect(parseProvision('Nowhere art. 1', facts.names).ok).toBe(false);
  });

  test('a list or range of provisions concerns each of them', () => {
    expect(readingArticles('5, 6, 8, 23').articles.map((one) => one.article)).toEqual(['5', '6', '8', '23']);
    expect(readingArticles('16(4)-(5)').articles).toEqual([
      { article: '16', steps: ['4'] },
      { article: '16', steps: ['5'] },
    ]);
    expect(readingArticles('UNTOC 18(13)').other).toBe('UNTOC');
    expect(overlaps(findArticlePath('16(5)(a)')!, findArticlePath('16(5)')!)).toBe(true);
    expect(overlaps(findArticlePath('16(5)(a)')!, findArticlePath('16(6)')!)).toBe(false);
  });
});

test('every word of the catalogue is there in each offered language and no sentence is longer than 30 words', () => {
  const words = createTranslators([treatiesMessages]);
  for (const locale of offeredLocales) {
    for (const [key, text] of Object.entries(treatiesMessages.words[locale])) {
      expect(words[locale].has(key)).toBe(true);
      if (!text.includes('plural') && !text.includes('select'))
        expect(text.split(/\s+/).length, key).toBeLessThanOrEqual(30);
    }
  }
});
