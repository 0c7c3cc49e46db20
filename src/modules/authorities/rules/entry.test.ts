import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, hashOf, instant, plainDate, unknown, type Problem } from '../../../platform/values/index.ts';
import {
  blankEntry,
  contactsOf,
  itemCodes,
  layers,
  toCustodianEntry,
  toLayer,
  Entry,
  type EntryVersion,
  type Profile,
} from '../schema/index.ts';
import { readCustodianEntries, readSamples } from '../service/load.ts';
import {
  asksDualCriminality,
  checkCalendar,
  checkEntry,
  checkProfile,
  itemValue,
  limits,
  profileFacts,
  profileFor,
  profileSwitches,
  trustMark,
  trustOf,
  usualQuestions,
  versionAt,
} from './index.ts';

const today = plainDate('2026-05-14');
const samples = readSamples(today);
const entries = samples.filter((one) => one.kind === 'authority-entry').map((one) => one.body as Entry);
const borea = entries.find((one) => one.id === 'XB:central-authority')!;
const facts = { others: [] as EntryVersion[], statusOn: () => 'party' };
const version = (entry: Entry): EntryVersion => ({
  entry,
  version: 1,
  hash: hashOf(toLayer(entry, 'P')),
  recordedAt: instant('2026-05-14T06:00:00.000Z'),
  op: 'put',
});

function problemsOf(input: unknown, given = facts): Problem[] {
  const checked = checkEntry(input, given);
  return checked.ok ? checked.value.warnings : checked.error;
}
const codes = (input: unknown, given = facts) =>
  problemsOf(input, given).map((one) => `${one.code} ${one.path.join('.')}`);

describe('an entry as it comes in', () => {
  test('every sample entry and every custodian entry is taken without a fault', () => {
    for (const entry of [...entries, ...readCustodianEntries()]) expect(problemsOf(entry)).toEqual([]);
  });
  test('phone, mailbox, time zone and language are all told at once, each at its field', () => {
    const bad = {
      ...borea,
      phones: ['0555 0100'],
      emails: ['desk@'],
      timeZone: 'Mars/Olympus',
      languages: [{ code: 'english!', for: ['request'] }],
    };
    expect(codes(bad).sort()).toEqual([
      'authorities.bad-email emails.0',
      'authorities.bad-phone phones.0',
      'authorities.bad-time-zone timeZone',
      'values.bad-language languages.0.code',
    ]);
  });
  test('a missing and an unknown field are told beside them', () => {
    const { names: _names, ...rest } = borea;
    expect(codes({ ...rest, phones: ['1'], colour: 'blue' }).sort()).toEqual([
      'authorities.bad-phone phones.0',
      'authorities.field-missing names',
      'authorities.unknown-field ',
    ]);
  });
  test('an end before the start is refused, for the entry and for a designation, even when other fields are wrong', () => {
    const bad = {
      ...borea,
      validFrom: '2024-02-02',
      until: '2024-02-01',
      phones: ['x'],
      designations: [{ ...borea.designations[0], from: '2024-02-02', until: '2020-01-01' }],
    };
    expect(codes(bad).sort()).toEqual([
      'authorities.bad-phone phones.0',
      'authorities.until-before-from designations.0.until',
      'authorities.until-before-from until',
    ]);
  });
  test('hidden control and direction characters are refused in names and addresses', () => {
    const bad = {
      ...borea,
      names: [{ text: 'Central \u202EAuthority', script: 'Latn', original: true }],
      street: 'Calle\u0007 4',
    };
    expect(codes(bad).sort()).toEqual([
      'authorities.hidden-characters names.0.text',
      'authorities.hidden-characters street',
    ]);
  });
  test('what was given is shown back without the hidden characters', () => {
    const [problem] = problemsOf({ ...borea, phones: ['\u202E0100'] });
    expect(problem?.params?.['given']).toBe('?0100');
  });
  test('an entry over 256 KB is refused', () => {
    expect(codes({ ...borea, notes: 'x'.repeat(limits.entryBytes) })).toContain('authorities.entry-too-large ');
  });
  test('the State’s 5,001st entry is refused', () => {
    const others = Array.from({ length: limits.entriesPerState }, (_, index) =>
      version({ ...borea, id: `XB:office-${index}` as Entry['id'], role: 'executing' }),
    );
    expect(codes(borea, { ...facts, others })).toEqual(['authorities.too-many-entries ']);
    expect(codes(borea, { ...facts, others: others.slice(1) })).toEqual([]);
  });
  test('an id that names another State is refused', () => {
    expect(codes({ ...borea, id: 'XA:central-authority' })).toEqual(['authorities.id-of-another-state id']);
  });
  test('an office that closes before it opens is refused', () => {
    expect(codes({ ...borea, officeHours: [{ weekday: 1, from: '22:00', to: '06:00' }] })).toEqual([
      'authorities.closes-before-opens officeHours.0.to',
    ]);
  });
  test('a designation under an instrument that does not bind the State yet is a warning with the status', () => {
    const given = { ...facts, statusOn: () => 'deposited-not-in-force' };
    const warnings = problemsOf({ ...borea, designations: [borea.designations[0]] }, given);
    expect(warnings).toMatchObject([
      {
        code: 'authorities.not-bound-then',
        severity: 'warn',
        params: { status: 'deposited-not-in-force', on: '2024-02-02' },
      },
    ]);
  });
  test('any text at all is answered and never thrown at', () => {
    fc.assert(fc.property(fc.anything(), (input) => checkEntry(input, facts).ok === false));
  });
});

describe('two central authorities', () => {
  const twin: Entry = { ...borea, id: 'XB:ministry' as Entry['id'], designations: [borea.designations[0]!] };
  test('not told apart: a warning that names the other', () => {
    expect(problemsOf(twin, { ...facts, others: [version(borea)] })).toMatchObject([
      { code: 'authorities.two-central-authorities', severity: 'warn', params: { other: 'XB:central-authority' } },
    ]);
  });
  test('told apart by the stage, as Latvia notified: none', () => {
    const stage = (entry: Entry, name: 'pre-trial' | 'trial'): Entry => ({
      ...entry,
      designations: [{ ...borea.designations[0]!, conditions: { stages: [name] } }],
    });
    expect(problemsOf(stage(twin, 'trial'), { ...facts, others: [version(stage(borea, 'pre-trial'))] })).toEqual([]);
    expect(problemsOf(stage(twin, 'trial'), { ...facts, others: [version(stage(borea, 'trial'))] })).toHaveLength(1);
  });
  test('told apart by territory, or following each other in time: none', () => {
    expect(problemsOf({ ...twin, territory: 'XB-N' }, { ...facts, others: [version(borea)] })).toEqual([]);
    const ended: Entry = {
      ...borea,
      designations: borea.designations.map((one) => ({ ...one, until: plainDate('2025-01-01') })),
    };
    const after = { ...twin, designations: [{ ...twin.designations[0]!, from: plainDate('2025-01-01') }] };
    expect(problemsOf(after, { ...facts, others: [version(ended)] })).toEqual([]);
  });
  test('the 1988 Convention allows several', () => {
    const drugs = borea.designations.find((one) => one.instrument === 'VI-19')!;
    expect(problemsOf({ ...twin, designations: [drugs] }, { ...facts, others: [version(borea)] })).toEqual([]);
  });
});

describe('layers', () => {
  test('every field of an entry has a layer', () => {
    expect(Object.keys(layers).sort()).toEqual(Object.keys(Entry.shape).sort());
  });
  test('the public layer of an entry holds nothing of its restricted fields or notes', () => {
    const secret = fc.stringMatching(/^[a-z]{12}$/);
    fc.assert(
      fc.property(secret, fc.stringMatching(/^\+155501\d{4}$/), secret, (word, phone, note) => {
        const entry: Entry = {
          ...borea,
          emails: [`${word}@secret.example`],
          phones: [phone],
          fax: phone,
          urgentPhone: phone,
          contactPersons: [{ post: word, languages: [], directLine: phone, deputy: false }],
          notes: note,
        };
        const text = JSON.stringify(toLayer(entry, 'P'));
        expect(text).not.toContain(word);
        expect(text).not.toContain(phone);
        expect(text).not.toContain(note);
        expect(toLayer(entry, 'R').notes).toBe('');
        expect(toLayer(entry, 'R').phones).toEqual([phone]);
      }),
    );
  });
  test('a hidden field and an empty one cannot be told apart', () => {
    const empty = { ...borea, ...contactsOf({ ...borea, ...blankEntry }) };
    expect(toLayer({ ...borea, ...contactsOf(empty) }, 'P')).toEqual(toLayer(borea, 'P'));
  });
  test('a field that the State made public is in the public layer', () => {
    expect(toLayer({ ...borea, madePublic: ['urgentPhone'] }, 'P')).toMatchObject({
      urgentPhone: '+15550209',
      phones: unknown('withheld'),
    });
  });
});

describe('trust', () => {
  test('90 days confirmed, 91 due, 180 due, 181 stale; three failed pings silent', () => {
    const on = (days: number) => trustOf({ confirmedOn: addDays(today, -days) }, undefined, today).mark;
    expect([0, 90, 91, 180, 181].map(on)).toEqual(['confirmed', 'confirmed', 'due', 'due', 'stale']);
    expect(trustMark(1, 2)).toBe('confirmed');
    expect(trustMark(1, 3)).toBe('silent');
    expect(trustOf({ confirmedOn: unknown('not-applicable') }, undefined, today)).toMatchObject({
      mark: 'stale',
      days: null,
      nextDue: null,
    });
  });
});

describe('versions', () => {
  const v = (n: number, from: string, until: string | null, recorded: string) => ({
    version: n,
    validFrom: plainDate(from),
    until: until === null ? null : plainDate(until),
    recordedAt: instant(`${recorded}T00:00:00.000Z`),
  });
  const list = [
    v(1, '2019-01-01', null, '2019-01-01'),
    v(2, '2021-06-01', null, '2021-05-20'),
    v(3, '2021-06-01', '2024-01-01', '2023-12-01'),
  ];
  const asked = (on: string, known: string) =>
    versionAt(list, plainDate(on), instant(`${known}T00:00:00.000Z`))?.version;
  test('who was the authority on 3 May 2019, as known on 1 June 2019', () => {
    expect(asked('2019-05-03', '2019-06-01')).toBe(1);
    expect(asked('2022-01-01', '2019-06-01')).toBe(1);
    expect(asked('2022-01-01', '2022-01-01')).toBe(2);
    expect(asked('2018-12-31', '2026-01-01')).toBeUndefined();
  });
  test('after a withdrawal nobody is listed, and nothing older comes back', () => {
    expect(asked('2024-01-01', '2026-01-01')).toBeUndefined();
    expect(asked('2023-12-31', '2026-01-01')).toBe(3);
    expect(asked('2024-01-01', '2023-11-30')).toBe(2);
  });
  test('what is said later never changes what was known before', () => {
    const day = fc.integer({ min: 0, max: 4000 }).map((n) => addDays(plainDate('2015-01-01'), n));
    const some = fc.record({ from: day, length: fc.option(fc.integer({ min: 0, max: 2000 })), recorded: day });
    fc.assert(
      fc.property(fc.array(some, { maxLength: 8 }), day, day, (made, on, known) => {
        const all = made
          .toSorted((a, b) => (a.recorded < b.recorded ? -1 : 1))
          .map((one, index) =>
            v(index + 1, one.from, one.length === null ? null : addDays(one.from, one.length), one.recorded),
          );
        const then = instant(`${known}T12:00:00.000Z`);
        const before = all.filter((one) => one.recordedAt <= then);
        expect(versionAt(all, on, then)).toEqual(versionAt(before, on, then));
      }),
    );
  });
});

describe('profiles', () => {
  const profiles = samples.filter((one) => one.kind === 'requirement-profile').map((one) => one.body as Profile);
  const read = (state: string, on = today) => {
    const profile = profiles.find((one) => one.state === state)!;
    return profileFor({ state: profile.state, territory: null, on }, { profile, version: 1, hash: hashOf(profile) });
  };
  test('every sample profile is taken without a fault', () => {
    for (const profile of profiles) expect(checkProfile(profile).ok).toBe(true);
  });
  test('Borea has every item entered; Delmar none, and all of them are not-coded', () => {
    expect(itemCodes.filter((code) => 'unknown' in read('XB').items[code])).toEqual([]);
    expect(itemCodes.map((code) => read('XD').items[code])).toEqual(itemCodes.map(() => unknown('not-coded')));
    expect(profileSwitches(read('XD')).every((one) => one.effect === 'warns')).toBe(true);
  });
  test('coercive-only asks dual criminality for a search and not for service of documents', () => {
    expect(asksDualCriminality(read('XB'), 'search')).toBe('yes');
    expect(asksDualCriminality(read('XB'), 'service')).toBe('no');
    expect(asksDualCriminality(read('XA'), 'bank-records')).toBe('no');
    expect(asksDualCriminality(read('XD'), 'search')).toEqual(unknown('not-coded'));
  });
  test('facts for the legal basis: Cordia requires a treaty, does not take the Convention, and looks at the offence date', () => {
    expect(profileFacts(read('XC'))).toMatchObject({
      extraditionTreatyRequired: 'yes',
      nationals: 'never',
      offenceDateMustFollowEntryIntoForce: true,
      takesAsExtraditionBasis: { 'XVIII-12': 'no', 'XVIII-14': 'with-conditions', 'VI-19': unknown('not-stated') },
    });
    expect(profileFacts(read('XD')).extraditionTreatyRequired).toEqual(unknown('not-coded'));
  });
  test('an item speaks from its own start only', () => {
    expect(itemValue(read('XB', plainDate('2024-02-01')), 'P01')).toEqual(unknown('not-coded'));
    expect(itemValue(read('XB', plainDate('2024-02-02')), 'P01')).toMatchObject({ request: ['es', 'en'] });
  });
  test('usual questions are given for the measure asked', () => {
    expect(usualQuestions(read('XB'), 'search')).toHaveLength(1);
    expect(usualQuestions(read('XB'), 'service')).toEqual(unknown('not-stated'));
  });
  test('a wrong value is told at the item; a profile over 1 MB is refused', () => {
    const xb = profiles.find((one) => one.state === 'XB')!;
    const wrong = {
      ...xb,
      items: { ...xb.items, P11: { ...xb.items.P11, value: { nationals: 'perhaps' }, until: '2000-01-01' } },
    };
    const checked = checkProfile(wrong);
    expect(checked.ok ? [] : checked.error.map((one) => `${one.code} ${one.path.join('.')}`).sort()).toEqual([
      'authorities.field-shape items.P11.value.nationals',
      'authorities.until-before-from items.P11.until',
    ]);
    const large = checkProfile({ ...xb, extra: 'x'.repeat(limits.profileBytes) });
    expect(large.ok ? [] : large.error.map((one) => one.code)).toContain('authorities.profile-too-large');
  });
});

test('a calendar that lists a day twice is refused', () => {
  const calendar = samples.find((one) => one.kind === 'calendar')!.body as { holidays: unknown[] };
  const checked = checkCalendar({ ...calendar, holidays: [calendar.holidays[0], calendar.holidays[0]] });
  expect(checked.ok ? [] : checked.error.map((one) => `${one.code} ${one.path.join('.')}`)).toEqual([
    'authorities.holiday-twice holidays.1.on',
  ]);
});

test('custodian entries name no sentence, no number and no mailbox of the acts', () => {
  for (const entry of readCustodianEntries()) {
    expect(entry.custodian).toBe(true);
    expect([entry.phones, entry.emails, entry.fax]).toEqual([
      unknown('not-coded'),
      unknown('not-coded'),
      unknown('not-coded'),
    ]);
    expect(entry.names[0]!.text.length).toBeLessThan(90);
  }
  expect(toCustodianEntry).toBeTypeOf('function');
});
