import {
  auc,
  bestF1,
  bootstrap,
  calibrationError,
  cleanName,
  compareSubjects,
  f1At,
  matchModel,
  type Judged,
} from './rules/index.ts';
import type { NamedSchema, NamePairResult, PairEvaluation } from './schema/index.ts';
import { readSubjectCells } from './subjects.ts';
import { openTable } from './table.ts';

/** Why a row was not compared. `byteOffset` counts within the file, or within the name when it is broken there. */
export interface Rejected {
  row: number;
  code: string;
  column: string | null;
  byteOffset?: number;
}

export interface PairsAnswer {
  model: string;
  prior: number;
  results: NamePairResult[];
  rejected: Rejected[];
  notes: string[];
  evaluation: PairEvaluation | null;
}

const headers: [string, string][] = [
  ['name1', 'name2'],
  ['left', 'right'],
  ['query', 'expected match'],
];
const truths = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['no', false],
]);

const groupOf = (cells: Readonly<Record<string, string>>) => cells.case_group || 'all';

interface JudgedPair extends Judged {
  probability: number;
  group: string;
}

/** Figures over the rows with a truth. */
export function evaluatePairs(rows: readonly JudgedPair[]): PairEvaluation {
  const best = bestF1(rows);
  const byGroup: PairEvaluation['byGroup'] = {};
  for (const group of new Set(rows.map((row) => row.group))) {
    const some = rows.filter((row) => row.group === group);
    byGroup[group] = { n: some.length, auc: auc(some), f1At70: f1At(some, 0.7) };
  }
  const area = auc(rows);
  return {
    n: rows.length,
    matches: rows.filter((row) => row.isMatch).length,
    auc: area,
    aucInterval: area === null ? null : bootstrap(rows, auc),
    bestF1: best.f1,
    bestF1Interval: bootstrap(rows, (some) => bestF1(some).f1, 300),
    bestThreshold: best.threshold,
    f1At70: f1At(rows, 0.7),
    calibrationError: calibrationError(rows),
    byGroup,
  };
}

/** Compares every pair of a file; a row that cannot be read is told and the run goes on. */
export async function matchPairs(
  path: string,
  { prior, explain, schema }: { prior: number; explain: boolean; schema: NamedSchema },
): Promise<PairsAnswer> {
  const table = await openTable(path, (words) =>
    headers.some(([one, other]) => words.includes(one) && words.includes(other)),
  );
  const header = headers.find(([one]) => table.columns.includes(one));
  const answer: PairsAnswer = {
    model: matchModel.version,
    prior,
    results: [],
    rejected: [],
    notes: header ? [] : ['goods.note-first-two-columns'],
    evaluation: null,
  };
  const judged: JudgedPair[] = [];
  const noted = new Set<string>();
  for await (const one of table.rows) {
    if ('code' in one) {
      answer.rejected.push(one);
      continue;
    }
    const [name1 = '', name2 = ''] = header ? header.map((name) => one.cells[name] ?? '') : one.list;
    const bad = [name1, name2].flatMap((name, n): Rejected[] => {
      const cleaned = cleanName(name);
      if (cleaned.ok) {
        for (const note of cleaned.notes) noted.add(`goods.note-${note}`);
        return [];
      }
      const { byteOffset } = cleaned;
      const code = cleaned.problem === 'empty' ? 'goods.name-empty' : 'goods.encoding';
      return [{ row: one.row, code, column: `name${n + 1}`, ...(byteOffset === undefined ? {} : { byteOffset }) }];
    })[0];
    const left = readSubjectCells(name1, one.cells, schema, '1');
    const right = readSubjectCells(name2, one.cells, schema, '2');
    const found = bad ? undefined : compareSubjects(left, right, prior);
    if (!found) {
      answer.rejected.push(bad ?? { row: one.row, code: 'goods.name-empty', column: null });
      continue;
    }
    const { similarity, probability, comparable, band, decision, explanation } = found;
    answer.results.push({
      row: one.row,
      id: one.cells.id || null,
      name1,
      name2,
      schema: left.schema,
      similarity,
      probability,
      comparable,
      band,
      decision,
      ...(explain ? { explanation } : {}),
    });
    const truth = truths.get((one.cells.is_match ?? '').trim().toLowerCase());
    if (truth !== undefined) judged.push({ score: similarity, probability, isMatch: truth, group: groupOf(one.cells) });
  }
  answer.notes.push(...noted);
  if (judged.length > 0) answer.evaluation = evaluatePairs(judged);
  return answer;
}
