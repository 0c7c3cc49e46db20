import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLabelFinder } from '../query/thesaurus.ts';
import type { SearchRequest, SearchUnit, Thesaurus } from '../schema.ts';
import { openFor, prepare } from './answer.ts';
import { findByLists } from './matching.ts';
import { MemoryStorage } from './memory.ts';
import { findSideBySide, readSideBySide } from './side-by-side.ts';
import { IndexView } from './view.ts';

// Two ways to the same answer: what is quick is held against what is plain.
const words = ['seizure', 'court', 'fraud', 'deceit', 'of', 'money-laundering', 'fraude', 'extradition'];
const thesaurus: Thesaurus = {
  version: 't',
  concepts: [
    {
      id: 'fraud',
      labels: [
        { language: 'en', label: 'fraud', kind: 'preferred' },
        { language: 'en', label: 'deceit of court', kind: 'alternative' },
        { language: 'fr', label: 'fraude', kind: 'preferred' },
      ],
    },
    { id: 'court', labels: [{ language: 'en', label: 'court fraud', kind: 'preferred' }] },
  ],
};
const text = fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((list) => list.join(' '));
const unit = fc.record({
  number: fc.integer({ min: 0, max: 60 }),
  title: text,
  heading: text,
  text,
  language: fc.constantFrom('en' as const, 'en' as const, 'fr' as const),
  access: fc.constantFrom('public' as const, 'state' as const),
});
const world = fc.uniqueArray(unit, { selector: ({ number }) => number, maxLength: 40 }).map((units) =>
  units.map(({ number, ...one }): SearchUnit => ({
    ...one,
    id: `w${String(number)}@${one.language}`,
    work: `w${String(number)}`,
    kind: 'law',
  })),
);

test('words and concepts side by side are found and scored as by the lists of each', async () => {
  await fc.assert(
    fc.asyncProperty(world, text, fc.integer({ min: 1, max: 40 }), async (units, asked, largest) => {
      const storage = new MemoryStorage();
      if (units.length > 0) storage.add(units, largest);
      const request: SearchRequest = { text: asked, access: ['public', 'state'], language: 'en' };
      const prepared = prepare(request, createLabelFinder(thesaurus));
      const opened = await openFor(new IndexView(storage), prepared);
      const { query } = prepared;
      const sideBySide = readSideBySide(query);
      // A label without another name for it is an operator: all its words.
      if (!sideBySide) return;
      const quick = findSideBySide(query, sideBySide, opened, opened.postings, opened.view.stats);
      const plain = findByLists(query, opened, opened.postings, opened.view.stats);
      expect(quick.documents.map((one) => ({ ...one }))).toEqual(plain.documents.map((one) => ({ ...one })));
      if (query.match.matches.length === 0) return;
      expect(quick.counts).toEqual(plain.counts);
      opened.own.forEach((segment, place) => {
        expect([...quick.flags[place]!]).toEqual([...plain.flags[place]!]);
        const scores = plain.scores(place);
        for (let one = 0; one < segment.units; one += 1) expect(quick.scores(place)[one]!).toBeCloseTo(scores[one]!, 9);
      });
    }),
    { numRuns: 150 },
  );
});
