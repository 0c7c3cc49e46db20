import { z } from 'zod';
import { dayRange, hasHiddenCharacters, isUnknown, PartialDate } from '../../../platform/values/index.ts';
import { accountsOf, defineTest, none, onPath, propertiesOf, type Finding, type NamedTest } from './test.ts';
import { isPresent, ordinal, select, strings, type Path } from './paths.ts';

const lists = ['persons', 'offences', 'facts', 'measures', 'annexes', 'counts', 'property', 'accounts'] as const;

/** Numbers, as people count, of the items a path runs through. */
export function numbersIn(path: Path): Record<string, number> {
  return Object.fromEntries(lists.map((list) => [list, ordinal(path, list)] as const).filter(([, n]) => n > 0));
}

/** Field tests: given, large enough, in order, one of, not in the future. */
export const fieldTests = {
  present: defineTest(
    z.strictObject({ path: z.string(), blankOk: z.boolean().default(false) }),
    ({ request }, { path, blankOk }) =>
      select(request, path)
        .filter((found) => !isPresent(found.value, blankOk))
        .map((found) => ({ outcome: 'missing', path: found.path, params: numbersIn(found.path) })),
  ),

  equals: defineTest(z.strictObject({ path: z.string(), value: z.json() }), ({ request }, { path, value }) =>
    select(request, path)
      .filter((found) => found.value === value)
      .map((found) => ({ outcome: 'equals', path: found.path, params: numbersIn(found.path) })),
  ),

  namedOrDescribed: defineTest(none, ({ request }) =>
    (request.persons ?? []).flatMap((person, n): Finding[] =>
      isUnknown(person.names) && !isPresent(person.description)
        ? [{ outcome: 'not-described', path: ['persons', n, 'description'], params: { persons: n + 1 } }]
        : [],
    ),
  ),

  blankHasReason: defineTest(onPath, ({ request }, { path }) =>
    select(request, path)
      .filter(({ value }) => isUnknown(value) && !isPresent((value as { reason?: string }).reason))
      .map((found) => ({ outcome: 'no-reason', path: found.path, params: numbersIn(found.path) })),
  ),

  atLeast: defineTest(
    z.strictObject({ path: z.string(), min: z.int(), any: z.boolean().default(false) }),
    ({ request }, { path, min, any }) => {
      const found = select(request, path).filter(({ value }) => typeof value === 'number');
      const low = found.filter(({ value }) => Number(value) < min);
      if (found.length === 0 || (any && low.length < found.length)) return [];
      return low.map((one): Finding => ({
        outcome: 'too-low',
        path: one.path,
        params: { given: Number(one.value), min, ...numbersIn(one.path) },
      }));
    },
  ),

  dateOrder: defineTest(
    z.strictObject({ of: z.string(), first: z.string(), then: z.string() }),
    ({ request }, { of, first, then }) =>
      select(request, of).flatMap(({ path, value }) => {
        const [start, end] = [select(value, first)[0]?.value, select(value, then)[0]?.value];
        if (typeof start !== 'string' || typeof end !== 'string' || start <= end) return [];
        return [
          {
            outcome: 'end-before-start',
            path: [...path, ...then.split('/')],
            params: { start, end, ...numbersIn(path) },
          },
        ];
      }),
  ),

  numberOrder: defineTest(
    z.strictObject({ of: z.string(), low: z.string(), high: z.string() }),
    ({ request }, { of, low, high }) =>
      select(request, of).flatMap(({ path, value }) => {
        const [from, to] = [select(value, low)[0]?.value, select(value, high)[0]?.value];
        if (typeof from !== 'number' || typeof to !== 'number' || from <= to) return [];
        return [
          { outcome: 'high-below-low', path: [...path, high], params: { low: from, high: to, ...numbersIn(path) } },
        ];
      }),
  ),

  notInFuture: defineTest(onPath, ({ request, on }, { path }) =>
    select(request, path).flatMap((found): Finding[] => {
      const text = typeof found.value === 'string' ? found.value : undefined;
      const date = PartialDate.safeParse(text);
      if (!date.success || dayRange(date.data).first <= on) return [];
      return [{ outcome: 'in-future', path: found.path, params: { given: date.data, ...numbersIn(found.path) } }];
    }),
  ),

  noHiddenCharacters: defineTest(none, ({ request }) => {
    const { internal: _internal, ...shared } = request;
    return strings(shared)
      .filter(({ text }) => hasHiddenCharacters(text))
      .map(({ path }) => ({ outcome: 'hidden', path, params: numbersIn(path) }));
  }),

  /** Every item named elsewhere exists: persons in facts, counts and holders, annexes, items in annex references. */
  refersToItems: defineTest(none, ({ request }) => {
    const persons = new Set((request.persons ?? []).map((one) => one.id));
    const annexes = new Set((request.annexes ?? []).map((one) => one.n));
    const items = new Set(
      [request.facts, request.persons, request.offences, request.measures].flatMap((list) =>
        (list ?? []).map((one) => one.id),
      ),
    );
    const unknownIn = (
      found: { path: Path; value: unknown }[],
      known: ReadonlySet<unknown>,
      outcome: string,
    ): Finding[] =>
      found
        .filter(({ value }) => value !== undefined && value !== null && !known.has(value))
        .map(({ path, value }) => ({ outcome, path, params: { given: String(value), ...numbersIn(path) } }));
    const personPaths = [
      'facts/*/persons/*/id',
      'offences/*/counts/*/persons/*/id',
      'persons/*/directors/*',
      'persons/*/beneficialOwners/*/person',
    ];
    return [
      ...personPaths.flatMap((path) => unknownIn(select(request, path), persons, 'person')),
      ...unknownIn(
        propertiesOf(request).map(({ path, property }) => ({ path: [...path, 'holder'], value: property.holder })),
        persons,
        'person',
      ),
      ...unknownIn(
        accountsOf(request).map(({ path, account }) => ({ path: [...path, 'holder'], value: account.holder })),
        persons,
        'person',
      ),
      ...unknownIn(select(request, 'measures/*/fields/order/annex'), annexes, 'annex'),
      ...unknownIn(select(request, 'annexes/*/referencedIn/*'), items, 'item'),
    ];
  }),

  /** Ids are used once, so that a reference means one thing. */
  idsOnce: defineTest(none, ({ request }) => {
    const seen = new Set<string>();
    const findings: Finding[] = [];
    for (const list of ['facts', 'persons', 'offences', 'measures'] as const) {
      for (const [index, item] of (request[list] ?? []).entries()) {
        if (seen.has(item.id))
          findings.push({ outcome: 'twice', path: [list, index, 'id'], params: { given: item.id } });
        seen.add(item.id);
      }
    }
    return findings;
  }),
} satisfies Record<string, NamedTest>;
