import { z } from 'zod';
import { Invalid } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import type { Context } from '../identity/index.ts';
import { longestQuery, mostTerms } from './asked.ts';
import { facetNames, SearchLanguage } from './search/schema.ts';
import type { Answered, Knowledge } from './service.ts';
import { provisionHref } from './pages/address.ts';
import { wordCount } from './sources/paragraphs.ts';

const versioned = <K extends string>(kind: K) => ({ kind: z.literal(kind), version: z.literal(1) });

/** Several values of one facet stand in one parameter, parted by commas. */
const listed = z.string().max(2000).optional();
const Question = z.strictObject({
  q: z.string().max(5000).optional(),
  ...(Object.fromEntries(facetNames.map((name) => [name, listed])) as Record<
    (typeof facetNames)[number],
    typeof listed
  >),
  on: z.string().max(40).optional(),
  match: z.string().max(20).optional(),
  sort: z.string().max(20).optional(),
  drop: listed,
  list: z.string().max(20).optional(),
  narrower: z.string().max(1).optional(),
  limit: z.string().max(3).optional(),
  cursor: z.string().max(2000).optional(),
  lang: SearchLanguage.optional(),
});

const several = new Set<string>([...facetNames, 'drop']);

function toGiven(query: z.infer<typeof Question>): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(query).flatMap(([name, value]) =>
      value === undefined || name === 'lang'
        ? []
        : [[name, several.has(name) ? value.split(',').map((one) => one.trim()) : [value]]],
    ),
  );
}

/** What makes a whole answer impossible for a program; a page shows the same as a note. */
const refusals = {
  'too-many-terms': 'knowledge.query-too-long',
  'wildcard-too-broad': 'knowledge.wildcard-too-broad',
  'bad-date': 'knowledge.bad-date',
} as const;

/** Refuses what a program has to put right: the page answers as well as it can. */
export function whole(answered: Answered): Answered {
  const [problem] = answered.problems;
  if (problem) throw new Invalid(problem.code, { problems: answered.problems, params: problem.params ?? {} });
  if (wordCount(answered.asked.text) > mostTerms)
    throw new Invalid('knowledge.query-too-long', { params: { longest: longestQuery, terms: mostTerms } });
  for (const [note, code] of Object.entries(refusals))
    if (answered.results?.notes.some((one) => one === note))
      throw new Invalid(code, {
        params: {
          longest: longestQuery,
          terms: mostTerms,
          given: answered.asked.text.slice(0, 200),
          first: '1800-01-01',
          last: '–',
        },
      });
  return answered;
}

const Snippet = z.object({
  field: z.string(),
  html: z.string(),
  text: z.string(),
  marks: z.array(z.tuple([z.int(), z.int()])),
});
const HitOut = z.object({
  id: z.string(),
  eId: z.string().nullable(),
  address: z.string(),
  language: SearchLanguage,
  heading: z.string().nullable(),
  score: z.number(),
  pinned: z.boolean(),
  citing: z.boolean(),
  snippets: z.array(Snippet),
});
const SearchOut = z.object({
  ...versioned('knowledge.results'),
  indexVersion: z.string(),
  query: z.string(),
  match: z.enum(['all', 'some']),
  provisions: z.int(),
  works: z.int(),
  other: z.object({ match: z.enum(['all', 'some']), provisions: z.int() }).nullable(),
  /** What a citation-shaped query asked for. */
  asked: z
    .object({
      label: z.string(),
      status: z.enum(['found', 'no-such-unit', 'not-held']),
      nearest: z.string().nullable(),
      unit: z.string().nullable(),
    })
    .nullable(),
  groups: z.array(
    z.object({
      work: z.string(),
      title: z.string(),
      kind: z.string(),
      address: z.string(),
      hits: z.array(HitOut),
      more: z.int(),
    }),
  ),
  facets: z.record(z.string(), z.array(z.object({ value: z.string(), count: z.int(), chosen: z.boolean() }))),
  concepts: z.array(
    z.object({
      id: z.string(),
      words: z.string(),
      also: z.array(z.object({ language: SearchLanguage, label: z.string() })),
    }),
  ),
  notes: z.array(z.string()),
  didYouMean: z.string().nullable(),
  cursor: z.string().nullable(),
});

/** The answer as programs get it. */
export function toOutput(answered: Answered): z.infer<typeof SearchOut> {
  const { results, asked, asking, works } = answered;
  return {
    kind: 'knowledge.results',
    version: 1,
    indexVersion: results?.version ?? '',
    query: asked.text,
    match: results?.match ?? 'all',
    provisions: results?.units ?? 0,
    works: results?.works ?? 0,
    other: results?.other ? { match: results.other.match, provisions: results.other.units } : null,
    asked: asking
      ? { label: asking.label, status: asking.status, nearest: asking.nearest ?? null, unit: asking.unit?.id ?? null }
      : null,
    groups: (results?.groups ?? []).map(({ work, hits, more }) => ({
      work,
      title: works.get(work)?.title ?? hits[0]?.unit.title ?? work,
      kind: hits[0]?.unit.kind ?? 'publication',
      address: provisionHref(work, undefined),
      hits: hits.map(({ unit, score, pinned, citing, snippets }) => ({
        id: unit.id,
        eId: unit.eId ?? null,
        address: provisionHref(unit.work, unit.eId),
        language: unit.language,
        heading: unit.heading ?? null,
        score,
        pinned: pinned ?? false,
        citing: citing ?? false,
        snippets,
      })),
      more,
    })),
    facets: results?.facets ?? {},
    concepts: results?.concepts ?? [],
    notes: results?.notes ?? [],
    didYouMean: results?.didYouMean ?? null,
    cursor: results?.cursor ?? null,
  };
}

const ExplanationOut = z.object({
  ...versioned('knowledge.explanation'),
  unit: z.string(),
  score: z.number(),
  match: z.enum(['all', 'some']),
  contributions: z.array(
    z.object({
      kind: z.enum(['term', 'phrase', 'concept', 'prior']),
      words: z.string(),
      found: z.array(z.object({ term: z.string(), field: z.string(), frequency: z.number(), length: z.number() })),
      documents: z.number(),
      idf: z.number(),
      queryFrequency: z.number(),
      weight: z.number(),
      contribution: z.number(),
    }),
  ),
  filters: z.record(z.string(), z.array(z.string())),
});

/** Routes of the search: public, and answered for what the caller may read alone. */
export function knowledgeApi(knowledge: Knowledge): ApiRoute<Context>[] {
  const shared = { method: 'get', permission: 'knowledge.read', tag: 'knowledge' } as const;
  return [
    apiRoute<Context>()({
      ...shared,
      path: '/api/knowledge/search',
      summary: 'Searches the provisions of installed texts; facets take several values parted by commas.',
      input: { query: Question },
      output: SearchOut,
      handler: async ({ ctx, query }) => {
        const answered = whole(await knowledge.answer(ctx, toGiven(query), query.lang ?? ctx.locale));
        if (answered.isMissing && !answered.asking?.unit)
          await knowledge.needs.index.search({ text: '', access: ['public'], language: 'en' });
        return toOutput(answered);
      },
    }),
    apiRoute<Context>()({
      ...shared,
      path: '/api/knowledge/explain',
      summary: 'Says why a provision stands where it stands in the answer to a question.',
      input: { query: Question.extend({ unit: z.string().min(1).max(300) }) },
      output: ExplanationOut,
      handler: async ({ ctx, query: { unit, ...query } }) => {
        const language = query.lang ?? ctx.locale;
        const { asked } = whole(await knowledge.answer(ctx, toGiven(query), language));
        const found = await knowledge.explain(ctx, asked, unit, language);
        return { kind: 'knowledge.explanation', version: 1, ...found };
      },
    }),
    apiRoute<Context>()({
      ...shared,
      path: '/api/knowledge/suggest',
      summary: 'Titles, headings and terms that begin as typed.',
      input: { query: z.strictObject({ q: z.string().max(200), lang: SearchLanguage.optional() }) },
      output: z.object({
        ...versioned('knowledge.suggestions'),
        suggestions: z.array(
          z.object({
            kind: z.enum(['title', 'label', 'heading']),
            text: z.string(),
            language: SearchLanguage,
            work: z.string().optional(),
          }),
        ),
      }),
      handler: async ({ ctx, query }) => ({
        kind: 'knowledge.suggestions',
        version: 1,
        suggestions: await knowledge.suggest(ctx, query.q, query.lang ?? ctx.locale),
      }),
    }),
  ];
}
