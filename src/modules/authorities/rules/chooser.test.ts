import { describe, expect, test } from 'vitest';
import { hashOf, instant, plainDate, stateCode, unknown, type PlainDate } from '../../../platform/values/index.ts';
import { Choice, toLayer, type Entry, type EntryVersion, type Question } from '../schema/index.ts';
import { readCustodianEntries, readSamples } from '../service/load.ts';
import { choose, directoryOf, profileFor, type ChooserFacts } from './index.ts';
import type { Calendar, Profile } from '../schema/index.ts';

const today = plainDate('2026-05-14');
const at = instant('2026-05-14T06:12:00.000Z');
const samples = readSamples(today);
const calendars = samples.filter((one) => one.kind === 'calendar').map((one) => one.body as Calendar);
const profiles = samples.filter((one) => one.kind === 'requirement-profile').map((one) => one.body as Profile);

function version(entry: Entry): EntryVersion {
  const body = toLayer(entry, 'P');
  return { entry: body, version: 1, hash: hashOf(body), recordedAt: at, op: 'put' };
}
const world = [
  ...samples.filter((one) => one.kind === 'authority-entry').map((one) => one.body as Entry),
  ...readCustodianEntries(),
].map(version);
const directory = directoryOf(world);

function factsFor(state: string, on: PlainDate, entries = directory.entriesOn(stateCode(state), on, at)): ChooserFacts {
  const profile = profiles.find((one) => one.state === state);
  return {
    entries,
    profile: profileFor(
      { state: stateCode(state), territory: null, on },
      profile && { profile, version: 1, hash: hashOf(profile) },
    ),
    calendarOf: (entry) => calendars.find((one) => one.id === entry.calendar),
    pingOf: () => undefined,
    at,
    today,
  };
}
function ask(state: string, more: Partial<Question>): Question {
  return {
    state: stateCode(state),
    function: 'mla',
    instrument: 'XVIII-12',
    territory: null,
    on: today,
    urgent: false,
    languages: ['en', 'fr'],
    ...more,
  };
}
const chosen = (state: string, more: Partial<Question> = {}) =>
  choose(ask(state, more), factsFor(state, more.on ?? today));
const entry = (id: string) => world.find((one) => one.entry.id === id)!.entry;

describe('the right desk', () => {
  test('Andorra under the Convention: the ministry in charge of the interior, with source and date not given', () => {
    const answer = chosen('AND');
    expect(answer.desk).toMatchObject({
      authority: 'AND:ministry-interior',
      name: 'Ministry in charge of the interior',
      designatedUnder: { instrument: 'XVIII-12', article: '18(13)' },
      notifiedIn: 'S21',
      notifiedOn: { unknown: 'not-stated' },
    });
    expect(answer.warnings.map((one) => one.code)).toContain('authorities.start-not-given');
    expect(answer.trust).toMatchObject({ mark: 'stale', days: null });
  });
  test('the day before an entry begins has the previous authority', () => {
    expect(chosen('XB', { on: plainDate('2024-02-02') }).desk?.authority).toBe('XB:central-authority');
    const before = chosen('XB', { on: plainDate('2024-02-01') });
    expect(before.desk?.authority).toBe('XB:foreign-ministry-legal');
    expect(before.formalities).toEqual({
      electronicSignature: false,
      originalsWithinDays: 30,
      copies: 2,
      authentication: 'legalisation',
    });
    expect(before.channel).toBe('diplomatic');
  });
  test('a federal unit has its own authority; a unit without one is served by the whole State’s', () => {
    expect(chosen('XC', { territory: 'XC-N' }).desk?.authority).toBe('XC:northern-prosecutor');
    const east = chosen('XC', { territory: 'XC-E' });
    expect(east.desk?.authority).toBe('XC:central-authority');
    expect(east.why.map((one) => one.code)).toContain('authorities.why.territory-whole');
    expect(chosen('XC').desk?.authority).toBe('XC:central-authority');
  });
  test('Latvia before trial and at trial gives two desks, each by its condition; without a stage both are shown', () => {
    expect(chosen('LVA', { stage: 'pre-trial' }).desk?.authority).toBe('LVA:prosecutor-general');
    expect(chosen('LVA', { stage: 'trial' }).desk?.authority).toBe('LVA:ministry-justice');
    const both = chosen('LVA');
    expect(both.desk).toBeNull();
    expect(both.equals.map((desk) => [desk.authority, desk.conditions?.stages])).toEqual([
      ['LVA:ministry-justice', ['trial']],
      ['LVA:prosecutor-general', ['pre-trial']],
    ]);
    expect(both.warnings.map((one) => one.code)).toContain('authorities.two-desks-equal');
  });
  test('an act of domestic law is not taken for the notification itself', () => {
    const answer = chosen('LVA', { function: 'firearms', instrument: 'XVIII-12-c' });
    expect(answer.desk?.origin).toBe('custodian');
    expect(answer.warnings.map((one) => one.code)).toContain('authorities.from-domestic-act');
  });
  test('under a Protocol the authority of its parent serves', () => {
    const answer = chosen('KIR', { instrument: 'XVIII-12-a' });
    expect(answer.desk?.authority).toBe('KIR:prosecutor-general');
    expect(answer.why.map((one) => one.code)).toContain('authorities.why.instrument-parent');
  });
  test('freezing goes to the holder of confiscation, else of legal assistance', () => {
    const borea = chosen('XB', { measure: 'freezing', function: 'confiscation' });
    expect(borea.desk).toMatchObject({
      authority: 'XB:central-authority',
      function: 'confiscation',
      designatedUnder: { instrument: 'XVIII-12', article: '13, 18(13)' },
    });
    const canada = chosen('CAN', { measure: 'freezing', function: 'confiscation' });
    expect(canada.desk).toMatchObject({ authority: 'CAN:international-assistance-group', function: 'mla' });
    expect(canada.why.map((one) => one.code)).toContain('authorities.why.function-parent');
  });
  test('another instrument than the one designated gives no desk, and the nearest', () => {
    const answer = chosen('CAN', { instrument: 'XVIII-14' });
    expect(answer.desk).toBeNull();
    expect(answer.channel).toBe('diplomatic');
    expect(answer.warnings.map((one) => one.code)).toEqual(['authorities.no-desk']);
    expect(answer.nearest.map((desk) => desk.authority)).toEqual(['CAN:international-assistance-group']);
  });
  test('nobody of Cordia does controlled deliveries: its central authority for legal assistance is the nearest', () => {
    const answer = chosen('XC', { function: 'controlled-delivery', measure: 'controlled-delivery' });
    expect(answer.desk).toBeNull();
    expect(answer.nearest[0]).toMatchObject({ authority: 'XC:central-authority', function: 'mla' });
  });
  test('before the first version nothing is known, and the answer names the first day', () => {
    const day = plainDate('2001-01-01');
    const answer = choose(ask('XD', { on: day }), { ...factsFor('XD', day), firstKnownDay: plainDate('2019-06-01') });
    expect(answer.warnings).toMatchObject([{ code: 'authorities.not-known-before', params: { day: '2019-06-01' } }]);
  });
});

describe('urgency, language, channel', () => {
  test('an urgent freezing in Borea: central authority addressed, duty desk rung, as in the published example', () => {
    const answer = chosen('XB', { measure: 'freezing', function: 'confiscation', urgent: true });
    expect(answer).toMatchObject({
      desk: {
        authority: 'XB:central-authority',
        name: 'Central Authority of Borea',
        role: 'central',
        nodeId: 'xb',
        notifiedOn: '2024-02-02',
      },
      alert: { name: 'Duty desk', role: 'point-24-7' },
      language: { use: 'en', accepted: ['es', 'en'], translation: 'certified' },
      channel: 'node',
      formalities: { electronicSignature: true, originalsWithinDays: null },
      openNow: false,
      opensAt: '2026-05-14T12:00:00.000Z',
      localTime: '2026-05-14T03:12-03:00',
      trust: { mark: 'confirmed', confirmedOn: '2026-05-02', days: 12 },
      fallback: [],
    });
    expect(Choice.safeParse(answer).success).toBe(true);
  });
  test('Cordia in Arabic: a translation is needed when the office writes only English', () => {
    const answer = chosen('XC', { languages: ['en'] });
    expect(answer.language).toEqual({ use: 'ar', accepted: ['ar'], translation: 'sworn' });
    expect(answer.warnings.map((one) => one.code)).toContain('authorities.translation-needed');
  });
  test('a State of which nothing is entered: languages stay unknown, never empty', () => {
    const answer = chosen('XD');
    expect(answer.language).toEqual({
      use: null,
      accepted: { unknown: 'not-coded' },
      translation: { unknown: 'not-coded' },
    });
    expect(answer.warnings.map((one) => one.code)).toContain('authorities.languages-unknown');
    expect(answer.channel).toBe('diplomatic');
  });
});

describe('sources that differ', () => {
  const own = entry('XB:central-authority');
  const other: Entry = { ...own, id: 'XB:ministry-elsewhere' as Entry['id'], origin: 'custodian', custodian: true };
  const among = (...entries: Entry[]) => choose(ask('XB', {}), factsFor('XB', today, entries.map(version)));
  test('the State’s own entry stands before the custodian’s, which is shown beside it', () => {
    const answer = among(other, own);
    expect(answer.desk?.authority).toBe('XB:central-authority');
    expect(answer.fallback.map((desk) => desk.authority)).toEqual(['XB:ministry-elsewhere']);
    expect(answer.warnings.map((one) => one.code)).toContain('authorities.sources-differ');
  });
  test('the depositary’s record stands before another public source', () => {
    const notified: Entry = { ...other, id: 'XB:notified' as Entry['id'], origin: 'notification' };
    expect(among(other, notified).desk?.authority).toBe('XB:notified');
  });
  test('an own competent authority is not displaced by a custodian’s central one for the same function', () => {
    expect(among(other, { ...own, role: 'competent' }).desk?.authority).toBe('XB:central-authority');
  });
  test('being reachable by node decides between equals only', () => {
    const offline: Entry = { ...own, id: 'XB:a-offline' as Entry['id'], nodeId: unknown('not-applicable') };
    expect(among(offline, own).desk?.authority).toBe('XB:central-authority');
    const northern: Entry = {
      ...own,
      id: 'XB:north' as Entry['id'],
      territory: 'XB-N',
      nodeId: unknown('not-applicable'),
    };
    expect(
      choose(ask('XB', { territory: 'XB-N' }), factsFor('XB', today, [own, northern].map(version))).desk?.authority,
    ).toBe('XB:north');
  });
  test('the order in which entries come changes nothing', () => {
    const entries = directory.entriesOn(stateCode('XB'), today, at);
    const forward = choose(ask('XB', { urgent: true }), factsFor('XB', today, entries));
    expect(choose(ask('XB', { urgent: true }), factsFor('XB', today, entries.toReversed()))).toEqual(forward);
  });
});
