import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isNightly } from '../../../../tests/support/nightly.ts';
import { plainDate } from '../../../platform/values/index.ts';
import { explainUnit } from './engine/explain.ts';
import { MemoryStorage } from './engine/memory.ts';
import { searchIndex, type SearchParts } from './engine/results.ts';
import { IndexView } from './engine/view.ts';
import { createLabelFinder } from './query/thesaurus.ts';
import { suggestFor } from './suggest.ts';
import {
  facetNames,
  type AccessClass,
  type FacetName,
  type SearchRequest,
  type SearchUnit,
  type Thesaurus,
} from './schema.ts';

// Small worlds in which everything collides: few words, few works, several classes and languages.
const words = [
  'seizure',
  'seizures',
  'court',
  'fraud',
  'the',
  'of',
  'money-laundering',
  'extradition',
  'fraude',
  '没收',
];
const classes: AccessClass[] = ['public', 'state', 'group:a', 'group:b'];
const thesaurus: Thesaurus = {
  version: 't',
  concepts: [
    {
      id: 'fraud',
      labels: [
        { language: 'en', label: 'fraud', kind: 'preferred' },
        { language: 'en', label: 'deceit of court', kind: 'alternative' },
        { language: 'fr', label: 'fraude', kind: 'preferred' },
        { language: 'zh', label: '没收', kind: 'preferred' },
      ],
    },
  ],
};

const text = fc.array(fc.constantFrom(...words, 'deceit'), { maxLength: 8 }).map((list) => list.join(' '));
const unit = fc
  .record({
    work: fc.integer({ min: 0, max: 4 }),
    place: fc.integer({ min: 0, max: 5 }),
    access: fc.constantFrom(...classes),
    language: fc.constantFrom('en' as const, 'en' as const, 'fr' as const, 'zh' as const),
    title: text,
    heading: text,
    body: text,
    state: fc.subarray(['XA', 'XB', 'XC']),
    topic: fc.subarray(['corruption', 'terrorism']),
    year: fc.option(fc.integer({ min: 2000, max: 2003 }), { nil: undefined }),
    prior: fc.constantFrom(0, 0.25, 1),
    cites: fc.subarray(['w0#art_1', 'w1']),
  })
  .map((of): SearchUnit => ({
    id: `w${String(of.work)}#art_${String(of.place)}@${of.language}`,
    work: `w${String(of.work)}`,
    eId: `art_${String(of.place)}`,
    kind: of.work % 2 === 0 ? 'law' : 'treaty',
    language: of.language,
    access: of.access,
    title: of.title,
    heading: of.heading,
    text: of.body,
    facets: { state: of.state, 'crime-type': of.topic },
    ...(of.year === undefined ? {} : { date: plainDate(`${String(of.year)}-05-01`) }),
    prior: of.prior,
    cites: of.cites,
    place: of.place,
  }));
const world = fc.uniqueArray(unit, { selector: ({ id }) => id, maxLength: 40 });
const asked = fc
  .array(
    fc.constantFrom(
      ...words,
      '"court fraud"',
      '-court',
      'OR',
      'AND',
      'NOT',
      '(',
      ')',
      'title:fraud',
      'state:XA',
      'sei*',
      'fruad',
    ),
    {
      maxLength: 5,
    },
  )
  .map((list) => list.join(' '));
const request = fc.record({
  text: asked,
  access: fc.subarray(classes.slice(1)).map((more): AccessClass[] => ['public', ...more]),
  language: fc.constantFrom('en' as const, 'fr' as const, 'zh' as const),
  match: fc.constantFrom('auto' as const, 'all' as const, 'some' as const),
  sort: fc.constantFrom('relevance' as const, 'date' as const, 'state' as const, 'article' as const),
  grouped: fc.boolean(),
  countBy: fc.constantFrom('unit' as const, 'work' as const),
  limit: fc.integer({ min: 1, max: 10 }),
  filters: fc.record({ state: fc.subarray(['XA', 'XB']), 'crime-type': fc.subarray(['corruption']) }),
  pinned: fc.subarray(['w0#art_1', 'w1#art_2']),
});

function open(units: readonly SearchUnit[], largest: number): SearchParts {
  const storage = new MemoryStorage();
  if (units.length > 0) storage.add(units, largest);
  return { storage, index: new IndexView(storage), labels: createLabelFinder(thesaurus) };
}

const runs = isNightly ? 10_000 : 120;
const plain = (given: SearchRequest): SearchRequest => ({ ...given, facets: facetNames });

describe('what a reader finds', () => {
  test('is what a store would answer that holds nothing but what the reader may see', async () => {
    await fc.assert(
      fc.asyncProperty(world, request, fc.integer({ min: 1, max: 40 }), async (units, given, largest) => {
        const visible = units.filter(({ access }) => given.access.includes(access));
        const [whole, own] = [open(units, largest), open(visible, 50)];
        const ask = plain(given);
        const [mine, theirs] = [await searchIndex(whole, ask), await searchIndex(own, ask)];
        const shown = ({ version: _version, cursor, ...rest }: typeof mine) => ({
          ...rest,
          more: cursor !== undefined,
        });
        expect(shown(mine)).toEqual(shown(theirs));
        for (const one of [...units].slice(0, 3)) {
          const explained = await explainUnit(whole, ask, one.id);
          expect(explained).toEqual(await explainUnit(own, ask, one.id));
          if (!explained) continue;
          const sum = explained.contributions.reduce((all, { contribution }) => all + contribution, 0);
          expect(Math.abs(sum - explained.score)).toBeLessThanOrEqual(1e-6);
        }
        const typed = { text: given.text.slice(0, 6), access: given.access, language: given.language };
        expect(await suggestFor(whole, thesaurus, typed)).toEqual(await suggestFor(own, thesaurus, typed));
      }),
      { numRuns: runs },
    );
  }, 3_600_000);

  test('is counted by every facet as a plain count does, under all other filters', async () => {
    await fc.assert(
      fc.asyncProperty(world, request, async (units, given) => {
        const parts = open(units, 13);
        // All units of the match set, without filters, are what there is to count.
        const all = await searchIndex(parts, {
          ...given,
          filters: {},
          text: given.text.replaceAll('state:XA', ''),
          grouped: false,
          limit: 100,
        });
        const found = all.groups.flatMap(({ hits }) => hits.map((hit) => hit.unit));
        const filters = given.filters;
        const { facets, units: count } = await searchIndex(parts, {
          ...given,
          text: given.text.replaceAll('state:XA', ''),
          match: all.match,
          facets: ['state', 'crime-type', 'kind', 'year'],
        });
        const values = (one: SearchUnit, facet: FacetName): readonly string[] =>
          facet === 'kind'
            ? [one.kind]
            : facet === 'year'
              ? one.date
                ? [one.date.slice(0, 4)]
                : []
              : ((one.facets as Record<string, string[]>)[facet] ?? []);
        const passes = (one: SearchUnit, but?: FacetName) =>
          Object.entries(filters).every(
            ([facet, wanted]) =>
              facet === but ||
              wanted.length === 0 ||
              values(one, facet as FacetName).some((value) => (wanted as string[]).includes(value)),
          );
        expect(count).toBe(found.filter((one) => passes(one)).length);
        for (const facet of ['state', 'crime-type', 'kind', 'year'] as const) {
          const expected = new Map<string, Set<string>>();
          for (const one of found.filter((each) => passes(each, facet)))
            for (const value of values(one, facet))
              expected.set(value, (expected.get(value) ?? new Set()).add(given.countBy === 'work' ? one.work : one.id));
          const told = new Map(facets[facet]!.filter((one) => one.count > 0).map((one) => [one.value, one.count]));
          expect(told).toEqual(new Map([...expected].map(([value, set]) => [value, set.size])));
        }
      }),
      { numRuns: isNightly ? 1000 : 100 },
    );
  }, 3_600_000);
});
