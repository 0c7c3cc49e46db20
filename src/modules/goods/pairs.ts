import { Invalid } from '../../platform/errors.ts';
import {
  auc,
  bestF1,
  bootstrap,
  calibrationError,
  cleanName,
  compareSubjects,
  f1At,
  matchModel,
  schemaOf,
  type Judged,
} from './rules/index.ts';
import type { NamedSchema, NamePairResult, PairEvaluation } from './schema/index.ts';
import { readSubjectCells } from './subjects.ts';
import { openTable, plainColumn, type Cells } from './table.ts';

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

/** Pairs of columns by the words that people use for them, plainly written; the first pair that a file has is taken. */
const sides: [left: string, right: string][] = [
  ['name1', 'name2'], ['namea', 'nameb'], ['left', 'right'], ['leftname', 'rightname'], ['nameleft', 'nameright'],
  ['query', 'expectedmatch'], ['query', 'candidate'], ['query', 'name'], ['source', 'target'], ['sourcename', 'targetname'],
  ['original', 'variant'], ['original', 'latin'], ['text1', 'text2'], ['entity1', 'entity2'], ['string1', 'string2'], ['first', 'second'],
  ['name', 'othername'], ['name', 'alias'], ['name', 'candidate'], ['a', 'b'],
]; // prettier-ignore
const truthColumns = ['ismatch', 'match', 'label', 'truth', 'same', 'issame', 'expected', 'gold'];
const yes = ['true', '1', 'yes', 'y', 't', 'match', 'same', 'positive'];
const no = ['false', '0', 'no', 'n', 'f', 'nonmatch', 'non-match', 'no match', 'different', 'negative'];
const truths = new Map([...yes.map((word) => [word, true] as const), ...no.map((word) => [word, false] as const)]);

/** What a row says is true; undefined when it says nothing. */
function truthOf(cells: Cells): boolean | undefined {
  const column = truthColumns.find((one) => cells[one] !== undefined);
  return column === undefined ? undefined : truths.get((cells[column] ?? '').trim().toLowerCase());
}

const otherColumns = [
  ...truthColumns, 'id', 'row', 'no', 'schema', 'type', 'casegroup', 'group', 'class', 'quality', 'category', 'notes', 'note', 'score', 'minscore',
  'lang', 'language', 'script', 'description', 'comment', 'birthdate', 'dob', 'country', 'nationality', 'gender', 'identifier',
]; // prettier-ignore
const isOther = (plain: string) => otherColumns.includes(plain.replace(/[12]$/, ''));
const pairOf = (plain: readonly string[]) => sides.find((pair) => pair.every((one) => plain.includes(one)));

function isPairsHeader(words: readonly string[]): boolean {
  const plain = words.map(plainColumn);
  return pairOf(plain) !== undefined || plain.some((one) => isOther(one) || sides[0]!.includes(one));
}

/**
 * Places of the two columns of names.
 * @throws Invalid `goods.column-missing` when the header has one of the two, or no two columns that could be names
 */
function placesOf(columns: readonly string[]): { places: [number, number]; isGuessed: boolean } {
  if (columns.length === 0) return { places: [0, 1], isGuessed: true };
  const plain = columns.map(plainColumn);
  const [left, right] = pairOf(plain) ?? [];
  if (left !== undefined && right !== undefined)
    return { places: [plain.indexOf(left), plain.indexOf(right)], isGuessed: false };
  const half = sides.slice(0, 3).find((pair) => pair.some((one) => plain.includes(one)));
  const [one, other] = plain.flatMap((name, n) => (isOther(name) ? [] : [n]));
  if (half || one === undefined || other === undefined) {
    const column = (half ?? sides[0]!).find((name) => !plain.includes(name))!;
    throw new Invalid('goods.column-missing', { params: { column } });
  }
  return { places: [one, other], isGuessed: true };
}

const groupOf = (cells: Cells) => cells.casegroup || cells.group || 'all';

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

export interface PairsOptions {
  prior: number;
  explain: boolean;
  /** What bears the names of rows that do not say so; told from the names when it is a thing. */
  schema: NamedSchema;
  encoding?: string | undefined;
}

/** Compares every pair of a file; a row that cannot be read is told and the run goes on. */
export async function matchPairs(
  path: string,
  { prior, explain, schema, encoding }: PairsOptions,
): Promise<PairsAnswer> {
  const table = await openTable(path, { encoding, isHeader: isPairsHeader });
  const { places, isGuessed } = placesOf(table.columns);
  const answer: PairsAnswer = {
    model: matchModel.version,
    prior,
    results: [],
    rejected: [],
    notes: [...table.notes, ...(isGuessed && !table.isEmpty ? ['goods.note-first-two-columns'] : [])],
    evaluation: null,
  };
  const judged: JudgedPair[] = [];
  const noted = new Set<string>();
  for await (const one of table.rows) {
    if ('code' in one) {
      answer.rejected.push(one);
      continue;
    }
    const [name1 = '', name2 = ''] = places.map((n) => one.list[n]);
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
      schema: schemaOf(left, right),
      similarity,
      probability,
      comparable,
      band,
      decision,
      ...(explain ? { explanation } : {}),
    });
    const truth = truthOf(one.cells);
    if (truth !== undefined) judged.push({ score: similarity, probability, isMatch: truth, group: groupOf(one.cells) });
  }
  answer.notes.push(...noted);
  if (answer.rejected.some(({ code }) => code === 'goods.encoding')) answer.notes.push('goods.note-encoding');
  if (judged.length > 0) answer.evaluation = evaluatePairs(judged);
  return answer;
}
