import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { addDays, plainDate, type PlainDate } from '../../platform/values/index.ts';
import { dataFolder, loadTreaties, sampleFolder } from './dataset.ts';
import { decideBasis, decideMatrix, emptyQuestion, statusOn, type TreatyFacts } from './rules/index.ts';
import { InstrumentId, measures, offenceCodes, type Question } from './schema/index.ts';

/** One line of the benchmark table: what was measured, the goal, and a peer measured in the same run. */
export interface BenchRow {
  area: string;
  name: string;
  figure: string;
  goal: string;
  peer?: string;
  ratio?: string;
  met: boolean;
}

const runs = 5;

function median(values: number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;
}

function timed(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

function medianOf(work: () => void): number {
  return median(Array.from({ length: runs }, () => timed(work)));
}

/** The same sequence in every run, so that runs can be compared. */
function sequence(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
}

function randomQuestions(facts: TreatyFacts, count: number): Question[] {
  const next = sequence(20131);
  const states = [...facts.states.byCode.keys()];
  const first = plainDate('1990-01-01');
  return Array.from({ length: count }, () => {
    const from = next(states.length);
    const to = (from + 1 + next(states.length - 1)) % states.length;
    const code = offenceCodes[next(offenceCodes.length)]!;
    return {
      ...emptyQuestion,
      from: states[from]!,
      to: states[to]!,
      measure: measures[next(measures.length)]!,
      on: addDays(first, next(13_000)),
      offences: [{ code, maxPenaltyYearsFrom: 10, maxPenaltyYearsTo: null, statute: null }],
      group: 'suspected',
      transnational: ['more-than-one-state'],
    };
  });
}

const PlainRow = z.object({
  instrument: z.string(),
  iso3: z.string(),
  action_date: z.string(),
  entry_into_force: z.string(),
});

/** The peer: the same question of status by looking through the rows of the file. */
function scan(rows: readonly z.infer<typeof PlainRow>[], instrument: string, state: string, on: PlainDate): boolean {
  return rows.some(
    (row) =>
      row.instrument === instrument && row.iso3 === state && row.entry_into_force !== '' && row.entry_into_force <= on,
  );
}

const ms = (value: number) => `${value.toFixed(value < 1 ? 4 : 1)} ms`;

/** Measures status, basis, matrix and load over the shipped data; medians of five runs. */
export async function treatiesBench(): Promise<BenchRow[]> {
  const area = 'treaties';
  const load = medianOf(() => void loadTreaties({ samples: sampleFolder }));
  const facts = loadTreaties();
  const questions = randomQuestions(facts, 20_000);
  for (const question of questions.slice(0, 3000)) decideBasis(facts, question);
  const p99 = median(
    Array.from({ length: runs }, () => {
      const each = questions
        .map((question) => timed(() => void decideBasis(facts, question)))
        .sort((one, other) => one - other);
      return each[Math.floor(each.length * 0.99)]!;
    }),
  );
  const matrix = medianOf(() => void decideMatrix(facts, 'mla', plainDate('2013-03-29')));
  const untoc = InstrumentId.parse('XVIII-12');
  const rows = z
    .array(PlainRow)
    .parse(parse(readFileSync(join(dataFolder, 'participation.csv'), 'utf8'), { columns: true }));
  const indexed =
    medianOf(() => questions.forEach((question) => statusOn(facts, untoc, question.from, question.on))) /
    questions.length;
  const scanned =
    medianOf(() => questions.slice(0, 2000).forEach((question) => scan(rows, untoc, question.from, question.on))) /
    2000;
  return [
    {
      area,
      name: 'basis, 99th percentile of 20,000 random pairs and days',
      figure: ms(p99),
      goal: '< 1 ms',
      met: p99 < 1,
    },
    {
      area,
      name: 'status on a day',
      figure: `${(indexed * 1000).toFixed(2)} µs`,
      goal: '< 1 ms',
      peer: `look through all rows: ${(scanned * 1000).toFixed(2)} µs`,
      ratio: `${(scanned / indexed).toFixed(0)} times`,
      met: indexed < 1,
    },
    { area, name: 'all ordered pairs for assistance', figure: ms(matrix), goal: '< 2,000 ms', met: matrix < 2000 },
    { area, name: 'load from the data files', figure: ms(load), goal: '< 500 ms', met: load < 500 },
  ];
}
