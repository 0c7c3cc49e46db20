import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MemoryStorage } from '../engine/memory.ts';
import { searchIndex } from '../engine/results.ts';
import { IndexView } from '../engine/view.ts';
import type { SearchRequest, SearchUnit, Thesaurus } from '../schema.ts';
import { parseQuery } from './parse.ts';
import { createLabelFinder } from './thesaurus.ts';

const thesaurus: Thesaurus = {
  version: '1',
  concepts: [
    {
      id: 'confiscation',
      labels: [
        { language: 'en', label: 'confiscation', kind: 'preferred' },
        { language: 'en', label: 'forfeiture of property', kind: 'alternative' },
        { language: 'zh', label: '没收', kind: 'preferred' },
      ],
    },
  ],
};
const texts: [string, string, SearchUnit['language']][] = [
  ['a', 'The court orders confiscation of proceeds.', 'en'],
  ['b', 'Forfeiture of property of a person.', 'en'],
  ['c', '沒收犯罪所得', 'zh'],
  ['d', 'Orders of the court on proceeds: the confiscated vessel <b>&', 'en'],
  ['e', 'Proceeds of court sales', 'en'],
];
const storage = new MemoryStorage();
storage.add(
  texts.map(([work, text, language]) => ({
    id: `${work}@${language}`,
    work,
    kind: 'law',
    language,
    access: 'public',
    title: `Act ${work}`,
    text,
  })),
);
const parts = { storage, index: new IndexView(storage), labels: createLabelFinder(thesaurus) };
const search = (text: string, more: Partial<SearchRequest> = {}) =>
  searchIndex(parts, { text, access: ['public'], language: 'en', match: 'some', expand: false, ...more });
const works = async (text: string, more: Partial<SearchRequest> = {}) =>
  (await search(text, more)).groups
    .map(({ work }) => work)
    .sort()
    .join('');

test.each([
  ['confiscation', 'ad'],
  ['"confiscation of proceeds"', 'a'],
  ['"confiscated"', 'd'],
  ['proceeds -court', ''],
  ['proceeds AND NOT vessel', 'ae'],
  ['vessel OR sales', 'de'],
  ['(vessel OR sales) AND "proceeds of"', 'e'],
  ['title:e', 'e'],
  ['confis*', 'ad'],
  ['lang:zh', 'c'],
  ['收', 'c'],
  ['"of the"', 'd'],
  ['the of', 'abde'],
])('%s finds %s', async (text, expected) => {
  expect(await works(text)).toBe(expected);
});

test('a concept is found by its other labels, in other languages too; quotes and dropped concepts are not expanded', async () => {
  expect(await works('confiscation', { expand: true })).toBe('abcd');
  expect((await search('confiscation', { expand: true })).concepts).toMatchObject([
    { id: 'confiscation', words: 'confiscation' },
  ]);
  expect(await works('"confiscation"', { expand: true })).toBe('a');
  expect(await works('confiscation', { expand: true, dropped: ['confiscation'] })).toBe('ad');
});

test('all words, or some: the mode says which, and how many the other would find', async () => {
  expect(await search('confiscation proceeds', { match: 'all' })).toMatchObject({
    match: 'all',
    units: 2,
    other: { match: 'some', units: 3 },
  });
  expect((await search('confiscation proceeds', { match: 'auto' })).match).toBe('some');
});

test('snippets are escaped and mark the words found', async () => {
  const { groups } = await search('vessel');
  expect(groups[0]!.hits[0]!.snippets[0]!.html).toContain('<mark>vessel</mark> &#60;b&#62;&#38;');
});

test('a slip of the pen is set right from public words only', async () => {
  expect((await search('confiscatoin')).didYouMean).toBe('confiscation');
  expect((await search('proceeds')).didYouMean).toBeUndefined();
});

test('whatever is typed is answered', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom(
            '"',
            '(',
            ')',
            ' AND ',
            ' OR ',
            ' NOT ',
            '-',
            '*',
            'a*',
            'on:2014-13-40',
            'title:',
            'state:XX',
            '\u0000',
            '\ud800',
          ),
        ),
      ),
      async (pieces) => {
        parseQuery(pieces.join(''));
        await search(pieces.join(' '));
      },
    ),
    { numRuns: 80 },
  );
});

test.each([
  ['"open', 'unbalanced-quote'],
  ['AND court', 'stray-operator'],
  ['court )', 'stray-operator'],
  ['on:2014-02-30 court', 'bad-date'],
  ['co*', 'wildcard-too-broad'],
  ['a\u202Eb', 'unclean'],
] as const)('%j is read as words, with the note %s', async (text, note) => {
  expect((await search(text)).notes).toContain(note);
});
