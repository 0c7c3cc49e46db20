import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { z } from 'zod';

export interface Rejected {
  file: 'docs' | 'queries' | 'qrels';
  /** From 1. */
  line: number;
  reason: 'not-json' | 'wrong-shape' | 'duplicate-id' | 'unknown-query' | 'unknown-document';
}

export interface Doc {
  id: string;
  title: string;
  text: string;
}

/** Lines of a judged collection, of files or of texts at hand; each is read once. */
export interface CollectionLines {
  docs: Iterable<string>;
  queries: Iterable<string>;
  qrels: Iterable<string>;
}

const atOnce = 1024 * 1024;

/** Lines of a file, some of it at a time: a collection may be larger than a text may be. Pipes are read as well. */
export function* fileLines(file: string): Generator<string> {
  const from = openSync(file, 'r');
  try {
    const bytes = Buffer.alloc(atOnce);
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for (let count = readSync(from, bytes); count > 0; count = readSync(from, bytes)) {
      const lines = (rest + decoder.write(bytes.subarray(0, count))).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    yield rest + decoder.end();
  } finally {
    closeSync(from);
  }
}

// Ids are texts; collections write them as numbers as well.
const Id = z.union([z.string().min(1), z.number().transform(String)]);
const Words = z.string().nullish();
const DocLine = z
  .object({ _id: Id.optional(), id: Id.optional(), title: Words, text: Words })
  .refine((one) => typeof one.text === 'string' || typeof one.title === 'string');
const QueryLine = z.object({ _id: Id.optional(), id: Id.optional(), text: z.string() });

const withoutMark = (line: string) => line.replace(/^\uFEFF/, '').replace(/\r$/, '');

/** Reads lines of JSON, or of two or three columns with tabs between when the first line is no JSON but has a tab. */
function* readLines(
  file: 'docs' | 'queries',
  lines: Iterable<string>,
  seen: Set<string>,
  reject: (line: number, reason: Rejected['reason']) => void,
): Generator<Doc> {
  let number = 0;
  let columns: boolean | undefined;
  for (const given of lines) {
    number += 1;
    const line = number === 1 ? withoutMark(given) : given.replace(/\r$/, '');
    if (line.trim() === '') continue;
    columns ??= !line.trimStart().startsWith('{') && line.includes('\t');
    const read = columns ? readColumns(file, line) : readJson(file, line);
    if (typeof read === 'string') reject(number, read);
    else if (seen.has(read.id)) reject(number, 'duplicate-id');
    else {
      seen.add(read.id);
      yield read;
    }
  }
}

function readColumns(file: 'docs' | 'queries', line: string): Doc | 'wrong-shape' {
  const [id = '', first, second] = line.split('\t');
  if (id === '' || first === undefined) return 'wrong-shape';
  if (file === 'queries' || second === undefined) return { id, title: '', text: first };
  return { id, title: first, text: second };
}

function readJson(file: 'docs' | 'queries', line: string): Doc | 'not-json' | 'wrong-shape' {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return 'not-json';
  }
  const read = file === 'docs' ? DocLine.safeParse(json) : QueryLine.safeParse(json);
  const id = read.data?._id ?? read.data?.id;
  if (!read.success || id === undefined) return 'wrong-shape';
  const { text } = read.data;
  return { id, title: 'title' in read.data ? (read.data.title ?? '') : '', text: text ?? '' };
}

interface Judgement {
  query: string;
  doc: string;
  grade: number;
  line: number;
}

/** Three columns with a tab or blanks between, or the four of TREC; ids with blanks need tabs. */
function readJudgement(line: string, number: number): Judgement | undefined {
  const cells = line.includes('\t') ? line.split('\t').map((cell) => cell.trim()) : line.trim().split(/\s+/);
  const [query = '', doc = '', grade = ''] = cells.length === 4 ? [cells[0], cells[2], cells[3]] : cells;
  if (cells.length < 3 || cells.length > 4 || query === '' || doc === '') return undefined;
  return grade === '' || !Number.isFinite(Number(grade))
    ? undefined
    : { query, doc, grade: Number(grade), line: number };
}

/** A judged collection: texts, questions, and grades by question and text. */
export interface Collection {
  /** Read once, from beginning to end; what is judged is known after it. */
  docs: Iterable<Doc>;
  queries: readonly { id: string; text: string }[];
  /** Complete when the texts were read. */
  grades: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Judgements above 0 of questions that are there, before any text was looked for. */
  judgements: number;
  rejected: Rejected[];
  notes: string[];
}

/** Reads a collection in the layout of BEIR or TREC; what cannot be used is listed, line by line. */
export function readCollection(lines: CollectionLines): Collection {
  const rejected: Rejected[] = [];
  const notes: string[] = [];
  const queries = [
    ...readLines('queries', lines.queries, new Set(), (line, reason) =>
      rejected.push({ file: 'queries', line, reason }),
    ),
  ].map(({ id, text }) => ({ id, text }));
  const queryIds = new Set(queries.map(({ id }) => id));
  const judgements: Judgement[] = [];
  const reject = (line: number, reason: Rejected['reason']) => rejected.push({ file: 'qrels', line, reason });
  let number = 0;
  let isFirst = true;
  for (const given of lines.qrels) {
    number += 1;
    const line = number === 1 ? withoutMark(given) : given.replace(/\r$/, '');
    if (line.trim() === '') continue;
    const judgement = readJudgement(line, number);
    // A first line without a grade names the columns.
    if (!judgement && !isFirst) reject(number, 'wrong-shape');
    else if (judgement && !queryIds.has(judgement.query)) reject(number, 'unknown-query');
    else if (judgement) judgements.push(judgement);
    isFirst = false;
  }
  const grades = new Map<string, Map<string, number>>();
  const docs = (function* (): Generator<Doc> {
    const seen = new Set<string>();
    let empty = 0;
    for (const doc of readLines('docs', lines.docs, seen, (line, reason) =>
      rejected.push({ file: 'docs', line, reason }),
    )) {
      if (`${doc.title}${doc.text}`.trim() === '') empty += 1;
      yield doc;
    }
    let twice = 0;
    for (const { query, doc, grade, line } of judgements) {
      if (!seen.has(doc)) {
        reject(line, 'unknown-document');
        continue;
      }
      const of = grades.get(query) ?? new Map<string, number>();
      if (of.has(doc)) twice += 1;
      of.set(doc, Math.max(grade, of.get(doc) ?? grade));
      grades.set(query, of);
    }
    if (twice > 0) notes.push(`judged-twice: ${String(twice)} pairs, the higher grade counts`);
    if (empty > 0) notes.push(`empty-documents: ${String(empty)}`);
    const order = ['docs', 'queries', 'qrels'];
    rejected.sort((one, other) => order.indexOf(one.file) - order.indexOf(other.file) || one.line - other.line);
  })();
  return { docs, queries, grades, judgements: judgements.filter(({ grade }) => grade > 0).length, rejected, notes };
}

/** Questions with at least one text judged above 0. */
export function judgedQueries({
  queries,
  grades,
}: Pick<Collection, 'queries' | 'grades'>): { id: string; text: string }[] {
  return queries.filter(({ id }) => [...(grades.get(id)?.values() ?? [])].some((one) => one > 0));
}
