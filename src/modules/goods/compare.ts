import { compareSubjects } from './rules/index.ts';
import type { Comparison, NamedSchema, Subject } from './schema/index.ts';

/** A name on its own, as a subject. */
export function namedSubject(name: string, schema: NamedSchema, more: Partial<Subject> = {}): Subject {
  return {
    schema,
    names: [name],
    weakNames: [],
    birthDates: [],
    countries: [],
    gender: null,
    identifiers: [],
    ...more,
  };
}

/**
 * Compares two names in any script. Undefined when one of them is no name: then there is no score, not a score of nought.
 * What other modules get as a function when they must tell whether two papers speak of one person.
 */
export function compareNames(
  left: string,
  right: string,
  schema: NamedSchema = 'Person',
): Pick<Comparison, 'similarity' | 'probability' | 'band' | 'decision'> | undefined {
  return compareSubjects(namedSubject(left, schema), namedSubject(right, schema));
}
