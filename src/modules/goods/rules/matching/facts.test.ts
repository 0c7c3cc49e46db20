import { describe, expect, test } from 'vitest';
import { namedSubject } from '../../compare.ts';
import type { IdentifierKind, ListEntry, Subject } from '../../schema/index.ts';
import { compareDates, readBirthDate } from './dates.ts';
import { compareSubjects } from './decide.ts';
import { checkIdentifier } from './identifiers.ts';
import { prepareList, screen } from './screen.ts';

describe('dates of birth', () => {
  test.each([
    ['1951-08-24', '1951-08-24'],
    ['24 Aug 1951', '1951-08-24'],
    ['August 24, 1951', '1951-08-24'],
    ['24/08/1951', '1951-08-24'],
    ['08/1951', '1951-08'],
    ['00/00/1970', '1970'],
    ['1970-00-00', '1970'],
    ['circa 1958', '1958'],
    ['05/06/1970', '1970'],
  ])('%s is read as %s', (text, date) => expect(readBirthDate(text)).toBe(date));

  test.each(['', 'unknown', '31/02/1970', '00/00/0000', '1970-13-01'])('%j cannot be read', (text) => {
    expect(readBirthDate(text)).toBeUndefined();
  });

  test.each([
    ['1951-08-24', '1951-08-24', 'same-day'],
    ['1951-08-04', '1951-04-08', 'day-and-month-exchanged'],
    ['1951-08-24', '1951-08', 'same-month'],
    ['1951-08-24', '1951', 'same-year'],
    ['1958-01-01', '1958-06-30', 'same-year'],
    ['1951-08-24', '1952', 'near-year'],
    ['1951-08-24', '1971-08-24', 'differs'],
  ] as const)('%s against %s: %s', (left, right, rule) => expect(compareDates(left, right)).toBe(rule));
});

describe('identifiers', () => {
  // Numbers of the standards' own examples, or made up with a right check digit.
  const right: [IdentifierKind, string][] = [
    ['imo', 'IMO 9074729'],
    ['lei', '5493001KJTIIGC8Y1R12'],
    ['iban', 'GB82 WEST 1234 5698 7654 32'],
    ['vin', '1M8GDM9AXKP042788'],
    ['container', 'CSQU3054383'],
    ['inn', '7830002293'],
    ['ogrn', '1027700132195'],
    ['cpf', '111.444.777-35'],
    ['cnpj', '11.222.333/0001-81'],
  ];
  test.each(right)('%s %s has a right check digit, and no other last digit does', (kind, value) => {
    expect(checkIdentifier({ kind, value })).toBe('checked');
    const at = kind === 'vin' ? 8 : value.length - 1;
    for (const digit of '0123456789') {
      if (value[at] === digit) continue;
      expect(checkIdentifier({ kind, value: value.slice(0, at) + digit + value.slice(at + 1) })).toBe('wrong');
    }
  });

  test('a passport number has none', () => {
    expect(checkIdentifier({ kind: 'passport', value: 'A123' })).toBe('unchecked');
  });
});

const person = (name: string, more: Partial<Subject> = {}) => namedSubject(name, 'Person', more);
const decide = (left: Subject, right: Subject) => {
  const found = compareSubjects(left, right);
  if (!found) throw new Error('not compared');
  return found;
};

describe('two numbers and what they rest on', () => {
  test('names alone are never called a match', () => {
    const found = decide(person('Chidi Okafor'), person('Chidi Okafor'));
    expect(found).toMatchObject({ similarity: 1, comparable: ['name'], band: 'name-only', decision: 'alert' });
  });

  test('a day of birth that agrees raises the probability and leaves the similarity', () => {
    const born = { birthDates: ['1980-03-09'] };
    const [without, agreeing] = [
      decide(person('Chidi Okafor'), person('Chidi Okafr')),
      decide(person('Chidi Okafor', born), person('Chidi Okafr', born)),
    ];
    expect(agreeing.similarity).toBe(without.similarity);
    expect(agreeing.probability).toBeGreaterThan(without.probability);
    expect(agreeing).toMatchObject({ band: 'strong', comparable: ['name', 'birth-date'] });
  });

  test('another year of birth contradicts: the pair is reviewed, not alerted', () => {
    const found = decide(
      person('Chidi Okafor', { birthDates: ['1980-03-09'] }),
      person('Chidi Okafor', { birthDates: ['1951'] }),
    );
    expect(found).toMatchObject({ band: 'contradicted', decision: 'review' });
  });

  test('a shared checked identifier alerts whatever the name; one with a wrong digit does not', () => {
    const ship = (name: string, imo: string) =>
      namedSubject(name, 'Vessel', { identifiers: [{ kind: 'imo', value: imo }] });
    expect(decide(ship('Northern Tern', '9074729'), ship('Golden Fern', '9074729'))).toMatchObject({
      band: 'identifier',
      decision: 'alert',
    });
    expect(decide(ship('Northern Tern', '9074728'), ship('Golden Fern', '9074728')).decision).toBe('none');
    expect(decide(ship('Northern Tern', '9074729'), ship('Northern Tern', '9319466')).band).toBe('contradicted');
  });

  test('an alias of low quality alone is reviewed and not above possible', () => {
    const weak = { ...person('Ngozi Eze'), weakNames: ['Chidi Okafor'], countries: ['XA'] };
    const found = decide(person('Chidi Okafor', { countries: ['XA'] }), weak);
    expect(found).toMatchObject({ band: 'possible', decision: 'review' });
  });

  test('the prior is stated and moves the probability alone', () => {
    const [left, right] = [person('Chidi Okafor'), person('Chidi Okafor')];
    const rare = compareSubjects(left, right, 0.001);
    expect(rare?.prior).toBe(0.001);
    expect(rare?.similarity).toBe(1);
    expect(rare?.probability).toBeLessThan(0.1);
  });

  test('the rows of the name sum to the similarity', () => {
    const found = decide(person('Khalid Hamad Darwish'), person('Khalid Salim Hamed Darwish'));
    const sum = found.explanation
      .filter(({ feature }) => feature === 'name')
      .reduce((all, { points }) => all + points, 0);
    expect(sum).toBeCloseTo(found.similarity, 2);
  });
});

describe('screening a list', () => {
  const entry = (id: string, name: string, more: Partial<ListEntry> = {}): ListEntry => ({
    id,
    ...person(name),
    ...more,
  });
  const list = prepareList([
    entry('1', 'Chidi Okafor', { birthDates: ['1980-03-09'] }),
    entry('2', 'Chidi Okafor', { birthDates: ['1951-03-09'] }),
    entry('3', 'Иван Петров'),
    entry('4', 'Borean Transit Lines', { schema: 'Company' }),
    entry('5', 'Golden Fern', { schema: 'Vessel', identifiers: [{ kind: 'imo', value: '9074729' }] }),
    entry('6', 'Borean Kittiwake Trading Concern', { schema: 'Thing' }),
  ]);
  const ids = (subject: Subject) => screen(list, subject, { limit: 10 }).found.map(({ entry: { id } }) => id);

  test('the entry whose birth agrees comes before its namesake', () => {
    expect(ids(person('Okafor, Chidi', { birthDates: ['1951-03-09'] })).slice(0, 2)).toEqual(['2', '1']);
  });

  test('a Latin query finds a Cyrillic entry', () => expect(ids(person('Ivan Petrov'))[0]).toBe('3'));

  test('a company is not offered for a person, but for something unknown', () => {
    expect(ids(person('Borean Transit'))).not.toContain('4');
    expect(ids(namedSubject('Borean Transit', 'Thing'))[0]).toBe('4');
  });

  test('an identifier finds a ship that changed its name', () => {
    const ship = namedSubject('Northern Tern', 'Vessel', { identifiers: [{ kind: 'imo', value: 'IMO9074729' }] });
    const [first] = screen(list, ship, { limit: 1 }).found;
    expect(first).toMatchObject({ entry: { id: '5' }, comparison: { band: 'identifier', decision: 'alert' } });
  });

  test('an acronym finds the body it stands for', () => {
    expect(ids(namedSubject('BKTC', 'Organization'))).toContain('6');
  });

  test('a name that very many bear stays within the budget, and says so', () => {
    const crowd = prepareList(Array.from({ length: 3000 }, (_, n) => entry(String(n), `Chidi Okafor${n % 3 ? '' : ' Eze'}`))); // prettier-ignore
    const found = screen(crowd, person('Chidi Okafor'), { limit: 5, budget: 1000 });
    expect(found.truncated).toBe(true);
    expect(found.found).toHaveLength(5);
    expect(screen(crowd, person('Chidi Okafor'), { limit: 5 }).truncated).toBe(false);
  });
});
