import { z } from 'zod';
import { type SearchUnit, type MatchMode, type SearchLanguage, type SearchRequest } from './schema.ts';

/** What a run of a judged collection found, in the shared shape of documents. */
export interface Evaluation {
  engine: { name: string; version: string; settings: Record<string, unknown> };
  docs: number;
  queries: number;
  judgedQueries: number;
  ndcg10: number;
  recall100: number;
  indexDocsPerSecond: number;
  queryMsP50: number;
  queryMsP95: number;
  reference?: { ndcg10: number; recall100: number };
  difference?: { ndcg10: number; recall100: number };
  rejected: Rejected[];
  notes: string[];
}

export interface Rejected {
  file: 'docs' | 'queries' | 'qrels';
  line: number;
  reason: string;
}

export interface Doc {
  id: string;
  title: string;
  text: string;
}

/** A judged collection: texts, questions, and grades by question and text. */
export interface Collection {
  docs: Doc[];
  queries: { id: string; text: string }[];
  grades: Map<string, Map<string, number>>;
  rejected: Rejected[];
  notes: string[];
}

const DocLine = z.object({ _id: z.string().min(1), title: z.string().default(''), text: z.string() });
const QueryLine = z.object({ _id: z.string().min(1), text: z.string() });

function readLines<T extends { _id: string }>(
  file: 'docs' | 'queries',
  content: string,
  shape: z.ZodType<T>,
  rejected: Rejected[],
): T[] {
  const seen = new Set<string>();
  const found: T[] = [];
  content.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const reject = (reason: string) => rejected.push({ file, line: index + 1, reason });
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      reject('not-json');
      return;
    }
    const parsed = shape.safeParse(json);
    if (!parsed.success) reject('wrong-shape');
    else if (seen.has(parsed.data._id)) reject('duplicate-id');
    else {
      seen.add(parsed.data._id);
      found.push(parsed.data);
    }
  });
  return found;
}

/** Reads a collection in the layout of BEIR; what cannot be used is listed, line by line. */
export function readCollection(docs: string, queries: string, qrels: string): Collection {
  const rejected: Rejected[] = [];
  const notes: string[] = [];
  const documents = readLines('docs', docs, DocLine, rejected);
  const questions = readLines('queries', queries, QueryLine, rejected);
  const docIds = new Set(documents.map((one) => one._id));
  const queryIds = new Set(questions.map((one) => one._id));
  const grades = new Map<string, Map<string, number>>();
  let twice = 0;
  qrels.split('\n').forEach((line, index) => {
    if (line.trim() === '' || (index === 0 && line.startsWith('query-id'))) return;
    const reject = (reason: string) => rejected.push({ file: 'qrels', line: index + 1, reason });
    const [query = '', doc = '', grade = ''] = line.trim().split('\t');
    const value = Number(grade);
    if (grade === '' || !Number.isFinite(value)) reject('wrong-shape');
    else if (!queryIds.has(query)) reject('unknown-query');
    else if (!docIds.has(doc)) reject('unknown-document');
    else {
      const of = grades.get(query) ?? new Map<string, number>();
      if (of.has(doc)) twice += 1;
      of.set(doc, Math.max(value, of.get(doc) ?? value));
      grades.set(query, of);
    }
  });
  if (twice > 0) notes.push(`judged-twice: ${String(twice)} pairs, the higher grade counts`);
  const empty = documents.filter((one) => `${one.title}${one.text}`.trim() === '').length;
  if (empty > 0) notes.push(`empty-documents: ${String(empty)}`);
  return {
    docs: documents.map(({ _id, title, text }) => ({ id: _id, title, text })),
    queries: questions.map(({ _id, text }) => ({ id: _id, text })),
    grades,
    rejected,
    notes,
  };
}

/** Questions with at least one text judged above 0. */
export function judgedQueries(collection: Collection): { id: string; text: string }[] {
  return collection.queries.filter(({ id }) => [...(collection.grades.get(id)?.values() ?? [])].some((one) => one > 0));
}

/** Gains of the first ten, each less the later it stands, against the best order there could be. Linear gain. */
export function ndcg10(ranking: readonly string[], grades: ReadonlyMap<string, number>): number {
  const gain = (grade: number, place: number) => Math.max(0, grade) / Math.log2(place + 2);
  const found = ranking.slice(0, 10).reduce((sum, id, place) => sum + gain(grades.get(id) ?? 0, place), 0);
  const ideal = [...grades.values()]
    .sort((one, other) => other - one)
    .slice(0, 10)
    .reduce((sum, grade, place) => sum + gain(grade, place), 0);
  return ideal === 0 ? 0 : found / ideal;
}

/** Share of the texts judged above 0 that stand among the first hundred. */
export function recall100(ranking: readonly string[], grades: ReadonlyMap<string, number>): number {
  const wanted = [...grades].filter(([, grade]) => grade > 0).map(([id]) => id);
  const found = new Set(ranking.slice(0, 100));
  return wanted.length === 0 ? 0 : wanted.filter((id) => found.has(id)).length / wanted.length;
}

const round = (value: number): number => Math.round(value * 10_000) / 10_000;

/** Means over judged questions. */
export function measure(
  collection: Collection,
  rankings: ReadonlyMap<string, readonly string[]>,
): { ndcg10: number; recall100: number } {
  const judged = judgedQueries(collection);
  const mean = (of: (ranking: readonly string[], grades: ReadonlyMap<string, number>) => number) =>
    round(
      judged.reduce((sum, { id }) => sum + of(rankings.get(id) ?? [], collection.grades.get(id)!), 0) / judged.length,
    );
  return { ndcg10: mean(ndcg10), recall100: mean(recall100) };
}

/** Any engine that can be put to the test: the product's own, or a peer beside it. */
export interface JudgedEngine {
  name: string;
  version: string;
  settings: Record<string, unknown>;
  index(docs: readonly Doc[]): Promise<void>;
  /** Ids of the first hundred, best first. */
  search(text: string): Promise<string[]>;
  close(): Promise<void>;
}

const warmUp = 20;
/** Milliseconds of a clock that only moves forward. */
export type Stopwatch = () => number;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** Indexes a collection, asks every question once after a warm-up, one at a time, and measures. */
export async function evaluate(
  collection: Collection,
  engine: JudgedEngine,
  now: Stopwatch,
): Promise<{ evaluation: Evaluation; rankings: Map<string, string[]> }> {
  const start = now();
  await engine.index(collection.docs);
  const seconds = (now() - start) / 1000;
  for (const { text } of collection.queries.slice(0, warmUp)) await engine.search(text);
  const rankings = new Map<string, string[]>();
  const times: number[] = [];
  for (const { id, text } of collection.queries) {
    const before = now();
    const found = await engine.search(text);
    times.push(now() - before);
    rankings.set(id, found);
  }
  times.sort((one, other) => one - other);
  return {
    rankings,
    evaluation: {
      engine: { name: engine.name, version: engine.version, settings: engine.settings },
      docs: collection.docs.length,
      queries: collection.queries.length,
      judgedQueries: judgedQueries(collection).length,
      ...measure(collection, rankings),
      indexDocsPerSecond: Math.round(collection.docs.length / Math.max(seconds, 0.001)),
      queryMsP50: round(percentile(times, 0.5)),
      queryMsP95: round(percentile(times, 0.95)),
      rejected: collection.rejected,
      notes: [...collection.notes],
    },
  };
}

/** A text of a collection as a unit of the index. */
export function toUnit(doc: Doc, language: SearchLanguage): SearchUnit {
  return {
    id: `${doc.id}@${language}`,
    work: doc.id,
    kind: 'publication',
    language,
    access: 'public',
    title: doc.title,
    text: doc.text,
  };
}

/** The product's question for a text of a collection: top hundred, no snippets. */
export function toRequest(text: string, language: SearchLanguage, match: MatchMode): SearchRequest {
  return { text, access: ['public'], language, match, limit: 100, grouped: false, snippets: false };
}

/** A run as TREC writes it: question, Q0, text, rank, score that falls with the rank, name of the run. */
export function trecRun(rankings: ReadonlyMap<string, readonly string[]>, name: string): string {
  return [...rankings]
    .flatMap(([query, ids]) =>
      ids.map((id, place) => `${query} Q0 ${id} ${String(place + 1)} ${String(1000 - place)} ${name}\n`),
    )
    .join('');
}
