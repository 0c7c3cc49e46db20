import { cleanName, prepareList, screen, wilson, type ScreeningList } from './rules/index.ts';
import type { NamedSchema, ScreeningCandidate, ScreeningEvaluation, ScreeningResult } from './schema/index.ts';
import type { Rejected } from './pairs.ts';
import { readListFile, readNamedRows, type ColumnChoice } from './subjects.ts';

export interface OpenedList {
  id: string;
  version: string | null;
  list: ScreeningList;
  rejected: Rejected[];
  notes: string[];
}

export interface ScreeningAnswer {
  results: ScreeningResult[];
  queries: number;
  rejected: Rejected[];
  notes: string[];
  evaluation: ScreeningEvaluation | null;
}

/** A version of a list as it is printed. */
export const listLabel = ({ id, version }: { id: string; version: string }): string => `${id} ${version}`;

/** Reads a list from a file and makes it ready. */
export async function openListFile(path: string, columns: ColumnChoice): Promise<OpenedList> {
  const { entries, rejected, notes } = await readListFile(path, columns);
  const id = path.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '');
  return {
    id,
    version: null,
    list: prepareList(entries),
    rejected: rejected.map((one) => ({ column: null, ...one })),
    notes,
  };
}

export interface ScreenOptions {
  limit: number;
  threshold?: number | undefined;
  explain: boolean;
  queryColumn?: string | undefined;
  /** Column of the query that holds the id of the true entry. */
  expect?: string | undefined;
  schema: NamedSchema;
  encoding?: string | undefined;
}

/** Candidates of one screened subject as they are answered. */
export function toCandidates(found: ReturnType<typeof screen>['found'], explain: boolean): ScreeningCandidate[] {
  return found.map(({ entry, name, comparison }, n) => {
    const { similarity, probability, comparable, band, decision, explanation } = comparison;
    const answer = { rank: n + 1, entryId: entry.id, name, similarity, probability, comparable, band, decision };
    return explain ? { ...answer, explanation } : answer;
  });
}

const farthest = 50;

/** Screens every name of a file; `now` measures time, in milliseconds. */
export async function screenFile(
  opened: OpenedList,
  path: string,
  { limit, threshold, explain, queryColumn, expect, schema, encoding }: ScreenOptions,
  now: () => number,
): Promise<ScreeningAnswer> {
  const { rows, notes } = await readNamedRows(path, { name: queryColumn, expect, encoding }, () => schema);
  const answer: ScreeningAnswer = { results: [], queries: 0, rejected: [], notes, evaluation: null };
  const known = new Set<string>();
  for (let n = 0; n < opened.list.size; n += 1) known.add(opened.list.entry(n).id);
  const ranks: (number | undefined)[] = [];
  let notInList = 0;
  for await (const one of rows) {
    if ('code' in one) {
      answer.rejected.push(one);
      continue;
    }
    const query = one.subject.names[0] ?? '';
    const cleaned = cleanName(query);
    if (!cleaned.ok) {
      const code = cleaned.problem === 'empty' ? 'goods.name-empty' : 'goods.encoding';
      answer.rejected.push({ row: one.row, code, column: queryColumn ?? null });
      continue;
    }
    answer.queries += 1;
    const began = now();
    const { found, truncated } = screen(opened.list, one.subject, {
      limit: Math.max(limit, expect === undefined ? 0 : farthest),
      alertFrom: threshold,
    });
    const tookMs = Math.round((now() - began) * 1000) / 1000;
    answer.results.push({ row: one.row, query, candidates: toCandidates(found.slice(0, limit), explain), truncated, tookMs }); // prettier-ignore
    const wanted = expect === undefined ? undefined : one.cells[expect.trim().toLowerCase()];
    if (wanted) {
      if (!known.has(wanted)) notInList += 1;
      const at = found.findIndex(({ entry }) => entry.id === wanted);
      ranks.push(at < 0 ? undefined : at);
    }
  }
  if (answer.rejected.some(({ code }) => code === 'goods.encoding')) notes.push('goods.note-encoding');
  if (expect !== undefined) answer.evaluation = evaluate(ranks, notInList);
  return answer;
}

function evaluate(ranks: readonly (number | undefined)[], notInList: number): ScreeningEvaluation {
  const within = (rank: number) => ranks.filter((one) => one !== undefined && one < rank).length;
  const share = (rank: number) => Math.round((within(rank) / Math.max(1, ranks.length)) * 10_000) / 10_000;
  return {
    expected: ranks.length,
    notInList,
    recallAt1: share(1),
    recallAt10: share(10),
    recallAt50: share(farthest),
    recallAt50Interval: wilson(within(farthest), ranks.length),
  };
}
