import { z } from 'zod';
import { PlainDate } from '../../../platform/values/index.ts';

export const searchLanguages = ['ar', 'en', 'es', 'fr', 'ru', 'zh'] as const;
export const SearchLanguage = z.enum(searchLanguages);
export type SearchLanguage = z.infer<typeof SearchLanguage>;

/** Who may read a unit. One part of the index per class; a reader's classes are chosen before anything is read. */
export const AccessClass = z.union([z.enum(['public', 'state']), z.templateLiteral(['group:', z.string().min(1)])]);
export type AccessClass = z.infer<typeof AccessClass>;

export const unitKinds = [
  'treaty',
  'law',
  'case',
  'resolution',
  'strategy',
  'practice',
  'publication',
  'observation',
] as const;
export const UnitKind = z.enum(unitKinds);
export type UnitKind = z.infer<typeof UnitKind>;

/** Fields that are searched, with weight and length normalization. Starting values of the design, not tuned. */
export const fields = ['title', 'heading', 'text', 'context', 'keywords', 'notes'] as const;
export type Field = (typeof fields)[number];

/** Facets whose values a unit brings; `kind`, `language` and `year` are taken from the unit itself. */
export const ownFacets = [
  'state',
  'instrument',
  'article',
  'crime-type',
  'issue',
  'keyword',
  'body',
  'court-level',
  'text-kind',
  'checked',
] as const;
export const facetNames = ['kind', 'language', 'year', ...ownFacets] as const;
export const FacetName = z.enum(facetNames);
export type FacetName = z.infer<typeof FacetName>;

/**
 * What the index holds: one provision (or passage, or the card) of one expression of a work.
 * `id` is `{work}#{eId}@{language}` (`XVIII-12#art_18__para_15@en`; without `#…` for the card of a work): `unitId()`.
 */
export const SearchUnit = z.strictObject({
  id: z.string().min(1).max(300),
  /** `XVIII-12`, `A/RES/55/25`, `/akn/xa/act/2011-06-03/14`: as citations name it. Results are grouped by it. */
  work: z.string().min(1).max(200),
  eId: z.string().optional(),
  kind: UnitKind,
  language: SearchLanguage,
  access: AccessClass,
  /** Title and short titles of the work. */
  title: z.string(),
  heading: z.string().optional(),
  text: z.string(),
  /** Chapeau of the paragraph an item belongs to, article heading, chapter. */
  context: z.string().optional(),
  /** Preferred and alternative labels of its concepts, in the unit's language. */
  keywords: z.array(z.string()).optional(),
  /** Editor's summary and notes. */
  notes: z.string().optional(),
  facets: z.partialRecord(z.enum(ownFacets), z.array(z.string())).optional(),
  /** Day of the work: adoption, decision, enactment. */
  date: PlainDate.optional(),
  /** In force `[validFrom, validTo)`; open ends are left out. */
  validFrom: PlainDate.optional(),
  validTo: PlainDate.optional(),
  /** What it cites: `{work}` or `{work}#{eId}`. Units citing what was asked for come second. */
  cites: z.array(z.string()).optional(),
  /** Prior of section 8.6 between 0 and 1, over public citations only. */
  prior: z.number().min(0).max(1).optional(),
  /** Place in the work, for the order of articles. */
  place: z.int().min(0).optional(),
});
export type SearchUnit = z.infer<typeof SearchUnit>;

export function unitId(unit: { work: string; eId?: string | undefined; language: SearchLanguage }): string {
  return `${unit.work}${unit.eId === undefined ? '' : `#${unit.eId}`}@${unit.language}`;
}

/** A concept of the thesaurus as a query uses it: its labels in every language, and those of narrower concepts. */
export interface Concept {
  id: string;
  labels: { language: SearchLanguage; label: string; kind: 'preferred' | 'alternative' }[];
  narrower?: { language: SearchLanguage; label: string }[];
}

/** Concepts by longest label match. `words` are the analysed terms of a stretch of the query. */
export interface Thesaurus {
  /** Version of its content; part of what makes two answers comparable. */
  version: string;
  concepts: readonly Concept[];
}

export const matchModes = ['auto', 'all', 'some'] as const;
export const MatchMode = z.enum(matchModes);
export type MatchMode = z.infer<typeof MatchMode>;

export const sortOrders = ['relevance', 'date', 'state', 'article'] as const;
export const SortOrder = z.enum(sortOrders);
export type SortOrder = z.infer<typeof SortOrder>;

/** One question to the index, already told who asks. */
export interface SearchRequest {
  text: string;
  /** The reader's classes, `public` among them. */
  access: readonly AccessClass[];
  /** Interface language; Latin queries are analysed in it. */
  language: SearchLanguage;
  /** Further languages the searcher has switched on; all six when absent. */
  languages?: readonly SearchLanguage[];
  match?: MatchMode;
  sort?: SortOrder;
  filters?: Partial<Record<FacetName, readonly string[]>>;
  /** Only units in force on this day. */
  on?: PlainDate;
  /** Facets to count; none when absent. `countBy` says of what: units (default) or works. */
  facets?: readonly FacetName[];
  countBy?: 'unit' | 'work';
  /** Results per page, at most 100; 20 unless told. Groups when `grouped` (default), else units. */
  limit?: number;
  grouped?: boolean;
  cursor?: string;
  snippets?: boolean;
  /** Thesaurus expansion: on unless told; concept ids in `dropped` are searched as they were typed. */
  expand?: boolean;
  narrower?: boolean;
  dropped?: readonly string[];
  /** Units to stand first, in this order, by `{work}` or `{work}#{eId}`: what a citation-shaped query asked for. */
  pinned?: readonly string[];
}

export interface Snippet {
  field: Field;
  /** Escaped HTML; the only element in it is `<mark>`. */
  html: string;
  /** The same as plain text with the spans of the marks. */
  text: string;
  marks: [number, number][];
}

export interface Hit {
  unit: SearchUnit;
  /** Rounded to 1e-6, as ties see it. Pinned units have the score of their words, which may be 0. */
  score: number;
  pinned?: boolean;
  /** It cites what was pinned. */
  citing?: boolean;
  snippets: Snippet[];
}

/** Results of one work: its best unit and at most two more. */
export interface HitGroup {
  work: string;
  hits: Hit[];
  /** Units of the work in the match set that are not shown. */
  more: number;
}

export interface FacetCount {
  value: string;
  count: number;
  chosen: boolean;
}

export interface UsedConcept {
  id: string;
  /** Words of the query that named it. */
  words: string;
  /** Labels also searched, without the words themselves. */
  also: { language: SearchLanguage; label: string }[];
}

export type QueryNote =
  | 'unbalanced-quote'
  | 'stray-operator'
  | 'unclean'
  | 'too-many-terms'
  | 'only-stop-words'
  | 'wildcard-too-broad'
  | 'unknown-filter'
  | 'bad-date';

export interface SearchResults {
  /** Version of the index that answered. */
  version: string;
  match: 'all' | 'some';
  /** Units, and works, in the match set under the filters. */
  units: number;
  works: number;
  /** Units of the other match mode, when it differs. */
  other?: { match: 'all' | 'some'; units: number };
  groups: HitGroup[];
  facets: Partial<Record<FacetName, FacetCount[]>>;
  concepts: UsedConcept[];
  notes: QueryNote[];
  /** Filters written in the query itself (`state:XB`), as they were understood. */
  understood: Partial<Record<FacetName | 'on' | 'article-reference', string[]>>;
  /** Only when fewer than five units were found. */
  didYouMean?: string;
  cursor?: string;
}

/** Why a unit stands where it stands; `contributions` sum to `score` within 1e-6. */
export interface Explanation {
  unit: string;
  score: number;
  match: 'all' | 'some';
  contributions: {
    kind: 'term' | 'phrase' | 'concept' | 'prior';
    /** Words as typed, or the concept's. */
    words: string;
    /** Terms found in the unit, by field with how often. */
    found: { term: string; field: Field; frequency: number; length: number }[];
    documents: number;
    idf: number;
    queryFrequency: number;
    weight: number;
    contribution: number;
  }[];
  filters: Partial<Record<FacetName | 'on', readonly string[]>>;
}

export interface Suggestion {
  kind: 'title' | 'label' | 'heading';
  text: string;
  language: SearchLanguage;
  /** Unit or work to open, when there is one. */
  work?: string;
}

export interface IndexStatus {
  version: string;
  units: number;
  /** Units waiting to be indexed. */
  waiting: number;
  segments: number;
  bytes: number;
  /** Set while a rebuild runs: how far it is, 0 to 1. */
  rebuilding?: number;
  digest?: string;
}

export interface VerifyReport {
  ok: boolean;
  checkedUnits: number;
  /** What is wrong, as codes with ids. */
  faults: { code: string; id: string }[];
  digest: string;
}
