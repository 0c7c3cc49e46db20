import { comparisonKey, isUnknown } from '../../../platform/values/index.ts';
import type { DraftRequest } from '../schema/index.ts';

export type MatchKind = 'person' | 'document' | 'account' | 'phone' | 'thing' | 'other-reference' | 'case-number';

/** One thing by which two requests may turn out to be about the same. `value` is normalised, to be hashed. */
export interface MatchKey {
  kind: MatchKind;
  value: string;
  /** The request asks to freeze or seize it. */
  frozen: boolean;
  /** As it stands in the text, for the words of a problem. */
  text: string;
}

/** Letters and digits only, so that the way of printing a number makes no difference. */
function bare(text: string): string {
  return text
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

const kindOfField: Readonly<Record<string, MatchKind>> = {
  iban: 'account',
  number: 'account',
  account: 'account',
  identifier: 'thing',
  imo: 'thing',
  phone: 'phone',
  msisdn: 'phone',
};

/** Kinds of help that take hold of property. */
const freezing = new Set(['T4', 'T9', 'T10', 'T11', 'T12']);

function inFields(value: unknown, frozen: boolean): MatchKey[] {
  if (Array.isArray(value)) return value.flatMap((one) => inFields(one, frozen));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]): MatchKey[] => {
    const kind = kindOfField[name];
    // Too short a number is no trace: account 1 is everybody's.
    if (kind && typeof inner === 'string' && bare(inner).length >= 4)
      return [{ kind, value: bare(inner), frozen, text: inner }];
    return inFields(inner, frozen);
  });
}

type Person = NonNullable<DraftRequest['persons']>[number];

function nameAndBirth(person: Person): { names: { text?: string }[]; day: string | undefined } {
  const names = person.names && !isUnknown(person.names) ? (person.names as { text?: string }[]) : [];
  const born = person.kind !== 'legal' && person.born && !isUnknown(person.born) ? person.born.on : undefined;
  return { names, day: born && !isUnknown(born) && 'date' in born ? born.date : undefined };
}

function ofPersons(draft: DraftRequest): MatchKey[] {
  return (draft.persons ?? []).flatMap((person): MatchKey[] => {
    const { names, day } = nameAndBirth(person);
    if (person.kind === 'legal') {
      const register = typeof person.register === 'string' ? person.register : undefined;
      return register ? [{ kind: 'document', value: bare(register), frozen: false, text: register }] : [];
    }
    return [
      ...names.flatMap((name): MatchKey[] =>
        day && name.text
          ? [{ kind: 'person', value: `${comparisonKey(name.text)}|${day}`, frozen: false, text: name.text }]
          : [],
      ),
      ...(person.documents ?? []).flatMap((one): MatchKey[] =>
        one.number ? [{ kind: 'document', value: bare(one.number), frozen: false, text: one.number }] : [],
      ),
    ];
  });
}

/** A person who may be the same as another whose name is only alike. */
export interface NamedPerson {
  /** Names as they stand, in any script. */
  names: string[];
  /** Year of birth: what two with similar names must share as well. */
  born: string;
}

/** Natural persons with a name and a year of birth, in the order of the text. */
export function namedPersonsOf(draft: DraftRequest): NamedPerson[] {
  return (draft.persons ?? []).flatMap((person): NamedPerson[] => {
    if (person.kind === 'legal') return [];
    const { names, day } = nameAndBirth(person);
    const texts = names.flatMap((name) => (name.text ? [name.text] : []));
    return day && texts.length > 0 ? [{ names: texts, born: day.slice(0, 4) }] : [];
  });
}

/**
 * Everything by which another request may be found to be about the same persons or property.
 * @source practice
 */
export function matchKeysOf(draft: DraftRequest): MatchKey[] {
  const references = [
    draft.otherReference,
    ...(draft.related ?? []).filter((one) => one.kind !== 'request').map((one) => one.reference),
  ];
  const found: MatchKey[] = [
    ...ofPersons(draft),
    ...(draft.measures ?? []).flatMap((one) => inFields(one.fields, freezing.has(one.type ?? ''))),
    ...references.flatMap((text): MatchKey[] =>
      text ? [{ kind: 'other-reference', value: bare(text), frozen: false, text }] : [],
    ),
    ...(draft.proceeding?.caseNumber
      ? [
          {
            kind: 'case-number' as const,
            value: bare(draft.proceeding.caseNumber),
            frozen: false,
            text: draft.proceeding.caseNumber,
          },
        ]
      : []),
  ];
  const once = new Map<string, MatchKey>();
  for (const key of found) {
    if (key.value === '') continue;
    const id = `${key.kind} ${key.value}`;
    once.set(id, { ...key, frozen: key.frozen || once.get(id)?.frozen === true });
  }
  return [...once.values()];
}
