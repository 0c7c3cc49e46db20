import { plainDate } from '../../../platform/values/index.ts';
import type { SearchRequest, SearchUnit } from './schema.ts';

// Generated provisions of about sixty words for figures of size: words by a law of Zipf, as texts have them.

const vocabulary = 60_000;
const usualWords = 'the of to in and a or shall be by for State Party any such as offence under article with'.split(
  ' ',
);
const topics =
  'confiscation extradition seizure freezing proceeds assistance witness protection jurisdiction trafficking firearms migrants corruption laundering evidence authority surveillance controlled delivery sentence penalty customs vessel flag sovereignty transfer prisoners recovery return victims'.split(
    ' ',
  );
const states = ['XA', 'XB', 'XC', 'XD'];
const kinds = ['law', 'treaty', 'resolution', 'case'] as const;
const crimes = ['corruption', 'cybercrime', 'drug-offences', 'money-laundering', 'terrorism', 'trafficking-in-persons'];
const perWork = 40;

/** The same sequence in every run. */
function sequence(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function word(next: () => number): string {
  const chance = next();
  if (chance < 0.4) return usualWords[Math.floor(next() * usualWords.length)]!;
  if (chance < 0.55) return topics[Math.floor(next() ** 2 * topics.length)]!;
  // Rank r with a chance about 1/r.
  return `w${Math.floor(Math.exp(next() * Math.log(vocabulary))).toString(36)}`;
}

function words(next: () => number, count: number): string {
  return Array.from({ length: count }, () => word(next)).join(' ');
}

/** Provisions number `from` and on. */
export function provisions(from: number, count: number): SearchUnit[] {
  return Array.from({ length: count }, (_, index): SearchUnit => {
    const number = from + index;
    const next = sequence(number);
    const work = Math.floor(number / perWork);
    const place = number % perWork;
    const id = `/akn/law/${String(work)}`;
    const eId = `art_${String(place)}`;
    return {
      id: `${id}#${eId}@en`,
      work: id,
      eId,
      kind: kinds[work % kinds.length]!,
      language: 'en',
      access: 'public',
      title: `Act ${String(work)} on ${topics[work % topics.length]!}`,
      heading: words(next, 4),
      text: words(next, 40 + Math.floor(next() * 40)),
      facets: {
        state: [states[work % states.length]!],
        'crime-type': [crimes[Math.floor(next() * crimes.length)]!],
        body: [`body-${String(work % 50)}`],
      },
      date: plainDate(`${String(1960 + (work % 60))}-0${String(1 + (work % 9))}-11`),
      place,
    };
  });
}

/** Questions of one to six words, with three facets counted and snippets, some under a filter. */
export function questions(count: number): SearchRequest[] {
  return Array.from({ length: count }, (_, number) => {
    const next = sequence(1_000_003 + number);
    return {
      text: words(next, 1 + Math.floor(next() * 6)),
      access: ['public'],
      language: 'en',
      facets: ['kind', 'state', 'crime-type'],
      ...(number % 3 === 0 ? { filters: { state: ['XA', 'XB'] } } : {}),
    };
  });
}
