import { judgedQueries, type Collection, type Doc, type Rejected } from './collection.ts';
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
  collection: Pick<Collection, 'queries' | 'grades'>,
  rankings: ReadonlyMap<string, readonly string[]>,
): { ndcg10: number; recall100: number } {
  const judged = judgedQueries(collection);
  const mean = (of: (ranking: readonly string[], grades: ReadonlyMap<string, number>) => number) =>
    round(
      judged.reduce((sum, { id }) => sum + of(rankings.get(id) ?? [], collection.grades.get(id)!), 0) /
        Math.max(1, judged.length),
    );
  return { ndcg10: mean(ndcg10), recall100: mean(recall100) };
}

/** Any engine that can be put to the test: the product's own, or a peer beside it. */
export interface JudgedEngine {
  name: string;
  version: string;
  settings: Record<string, unknown>;
  /** Takes some texts; comes several times. */
  index(docs: readonly Doc[]): Promise<void>;
  /** After the last texts, before the first question. */
  finish?(): Promise<void>;
  /** Ids of the first hundred, best first. */
  search(text: string): Promise<string[]>;
  close(): Promise<void>;
}

const warmUp = 20;
const perBatch = 5000;
/** Milliseconds of a clock that only moves forward. */
export type Stopwatch = () => number;

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

export interface Measured {
  evaluation: Evaluation;
  rankings: Map<string, string[]>;
}

/** Indexes a collection with each engine, asks every question once after a warm-up, one at a time, and measures. */
export async function evaluate(
  collection: Collection,
  engines: readonly JudgedEngine[],
  now: Stopwatch,
): Promise<Measured[]> {
  const seconds = engines.map(() => 0);
  const timed = async (place: number, work: () => Promise<void> | undefined) => {
    const start = now();
    await work();
    seconds[place]! += (now() - start) / 1000;
  };
  let count = 0;
  let batch: Doc[] = [];
  const flush = async () => {
    for (const [place, engine] of engines.entries()) await timed(place, () => engine.index(batch));
    count += batch.length;
    batch = [];
  };
  for (const doc of collection.docs) {
    batch.push(doc);
    if (batch.length === perBatch) await flush();
  }
  await flush();
  for (const [place, engine] of engines.entries()) await timed(place, () => engine.finish?.());
  const measured: Measured[] = [];
  for (const [place, engine] of engines.entries()) {
    const { rankings, times } = await ask(collection, engine, now);
    measured.push({
      rankings,
      evaluation: {
        engine: { name: engine.name, version: engine.version, settings: engine.settings },
        docs: count,
        queries: collection.queries.length,
        judgedQueries: judgedQueries(collection).length,
        ...measure(collection, rankings),
        indexDocsPerSecond: Math.round(count / Math.max(seconds[place]!, 0.001)),
        queryMsP50: round(percentile(times, 0.5)),
        queryMsP95: round(percentile(times, 0.95)),
        rejected: collection.rejected,
        notes: [...collection.notes],
      },
    });
  }
  return measured;
}

async function ask(
  { queries }: Collection,
  engine: JudgedEngine,
  now: Stopwatch,
): Promise<{ rankings: Map<string, string[]>; times: number[] }> {
  for (const { text } of queries.slice(0, warmUp)) await engine.search(text);
  const rankings = new Map<string, string[]>();
  const times: number[] = [];
  for (const { id, text } of queries) {
    const before = now();
    rankings.set(id, await engine.search(text));
    times.push(now() - before);
  }
  return { rankings, times: times.sort((one, other) => one - other) };
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

/**
 * The question of a collection as the product is asked it: top hundred, no snippets. Questions are sentences of people
 * who know no operators: quotes, brackets, a minus, AND and `word:` are not read as such unless the caller says so.
 */
export function toRequest(
  text: string,
  { language, match, operators }: { language: SearchLanguage; match: MatchMode; operators: boolean },
): SearchRequest {
  return {
    text: operators ? text : withoutOperators(text),
    access: ['public'],
    language,
    languages: [language],
    match,
    limit: 100,
    grouped: false,
    snippets: false,
  };
}

export function withoutOperators(text: string): string {
  return text
    .replace(/["“”„«»「」『』()*]/g, ' ')
    .replace(/(^|\s)-+(?=\S)/g, '$1')
    .replace(/(?<=\p{L}):(?=\S)/gu, ' ')
    .replace(/(?<=^|\s)(?:AND|OR|NOT)(?=\s|$)/g, (word) => word.toLowerCase());
}

/** A run as TREC writes it: question, Q0, text, rank, score that falls with the rank, name of the run. */
export function trecRun(rankings: ReadonlyMap<string, readonly string[]>, name: string): string {
  return [...rankings]
    .flatMap(([query, ids]) =>
      ids.map((id, place) => `${query} Q0 ${id} ${String(place + 1)} ${String(1000 - place)} ${name}\n`),
    )
    .join('');
}
