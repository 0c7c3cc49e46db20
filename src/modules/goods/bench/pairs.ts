import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { namedSubject } from '../compare.ts';
import {
  auc,
  bestF1,
  bootstrap,
  calibrationError,
  compareSubjects,
  f1At,
  namedAs,
  similarityOf,
  wilson,
} from '../rules/index.ts';
import type { NamedSchema } from '../schema/index.ts';
import { readSchema } from '../subjects.ts';
import { sequence } from '../testing/generated.ts';
import { area, between, share, type BenchRow, type Scorer } from './row.ts';

interface Pair {
  name1: string;
  name2: string;
  schema: NamedSchema;
  isMatch: boolean;
  strong: boolean;
  published: number | undefined;
}

export function readPairs(path: string): Pair[] {
  const rows = parse(readFileSync(path), { columns: true }) as Record<string, string>[];
  return rows.map((row) => ({
    name1: row.name1 ?? '',
    name2: row.name2 ?? '',
    schema: readSchema(row.schema) ?? 'Person',
    isMatch: row.is_match === 'true',
    strong: row.quality === 'STRONG',
    published: row.peer_logic_v2_score ? Number(row.peer_logic_v2_score) : undefined,
  }));
}

export function pairRows(pairs: readonly Pair[], peers: Record<string, Scorer>): BenchRow[] {
  const ours = (one: Pair) => similarityOf(one.name1, one.name2, namedAs(one.schema)) ?? 0;
  const judged = (scorer: (pair: Pair) => number) =>
    pairs.map((pair) => ({ score: scorer(pair), isMatch: pair.isMatch }));
  const own = judged(ours);
  const area1 = auc(own) ?? 0;
  const best = bestF1(own);
  const others = Object.entries(peers).map(([name, scorer]) => {
    const rows = judged((pair) => scorer(pair.name1, pair.name2));
    return { name, auc: auc(rows) ?? 0, f1: bestF1(rows).f1, at70: f1At(rows, 0.7) };
  });
  const scored = pairs.filter(({ published }) => published !== undefined);
  const publishedRows = scored.map(({ published, isMatch }) => ({ score: published ?? 0, isMatch }));
  const onScored = scored.map((pair) => ({ score: ours(pair), isMatch: pair.isMatch }));
  const wrong = pairs.filter((pair) => pair.strong && ours(pair) >= 0.7 !== pair.isMatch).length;
  const calibrated = pairs.flatMap((pair) => {
    const found = compareSubjects(namedSubject(pair.name1, pair.schema), namedSubject(pair.name2, pair.schema));
    return found ? [{ score: found.similarity, probability: found.probability, isMatch: pair.isMatch }] : [];
  });
  const error = calibrationError(calibrated);
  const atTop = own.filter(({ score }) => score === Math.max(...own.map((one) => one.score))).length / own.length;
  const strong = pairs.filter((pair) => pair.strong);
  const mean = (wanted: boolean) => {
    const some = strong.filter(({ isMatch }) => isMatch === wanted).map(ours);
    return some.reduce((sum, one) => sum + one, 0) / Math.max(1, some.length);
  };
  const list = (value: (one: (typeof others)[number]) => number) => others.map((one) => `${one.name} ${share(value(one))}`).join(', '); // prettier-ignore
  return [
    {
      area,
      name: `${pairs.length} development pairs, area under the curve`,
      figure: `${share(area1)} ${between(bootstrap(own, auc))}`,
      goal: '≥ 0.86',
      peer: list((one) => one.auc),
      met: area1 >= 0.86,
    },
    {
      area,
      name: `${pairs.length} development pairs, best F1`,
      figure: `${share(best.f1)} ${between(bootstrap(own, (rows) => bestF1(rows).f1, 300))} at ${share(best.threshold)}; ${share(f1At(own, 0.7))} at 0.70`,
      goal: '≥ 0.76',
      peer: list((one) => one.f1),
      met: best.f1 >= 0.76,
    },
    {
      area,
      name: `${scored.length} pairs with a published logic-v2 score, area under the curve`,
      figure: share(auc(onScored) ?? 0),
      goal: 'above it',
      peer: `logic-v2, published: ${share(auc(publishedRows) ?? 0)}, best F1 ${share(bestF1(publishedRows).f1)} (ours ${share(bestF1(onScored).f1)})`,
      met: (auc(onScored) ?? 0) > (auc(publishedRows) ?? 0),
    },
    {
      area,
      name: `${pairs.filter(({ strong }) => strong).length} pairs labelled STRONG, wrong at 0.70`,
      figure: String(wrong),
      goal: '0',
      met: wrong === 0,
    },
    {
      area,
      name: 'mean similarity of pairs labelled STRONG: matches, others',
      figure: `${share(mean(true))}, ${share(mean(false))}`,
      goal: 'falls',
      met: mean(true) > mean(false),
    },
    {
      area,
      name: `${pairs.length} development pairs, expected calibration error in ten bins`,
      figure: `${share(error)}; a curve without fault shows ${share(faultlessError(calibrated))} on as many pairs`,
      goal: '≤ 0.05',
      met: error <= 0.05,
    },
    {
      area,
      name: `${pairs.length} development pairs, ties at the very top`,
      figure: `${(atTop * 100).toFixed(1)} %`,
      goal: '≤ 5 %',
      peer: 'a published check of another engine found 60.3 % of its pairs at exactly 1.0',
      met: atTop <= 0.05,
    },
  ];
}

/** What the error would be on average if every stated probability were right: so few pairs never show nought. */
function faultlessError(rows: readonly { probability: number }[]): number {
  const next = sequence(31);
  const draws = 500;
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1)
    sum += calibrationError(
      rows.map(({ probability }) => ({ probability, isMatch: next(1_000_000) / 1_000_000 < probability })),
    );
  return sum / draws;
}

export function crossRows(path: string, peers: Record<string, Scorer>): BenchRow[] {
  const rows = parse(readFileSync(path), { comment: '#', skip_empty_lines: true }) as string[][];
  const count = (scorer: Scorer) => rows.filter(([left = '', right = '']) => scorer(left, right) >= 0.7).length;
  const ours = count((left, right) => similarityOf(left, right, 'person') ?? 0);
  const others = Object.entries(peers).map(([name, scorer]) => `${name} ${count(scorer)}`);
  return [
    {
      area,
      name: `${rows.length} pairs across scripts at 0.70 or more`,
      figure: `${ours} ${between(wilson(ours, rows.length))}`,
      goal: `${rows.length}`,
      peer: others.join(', '),
      met: ours === rows.length,
    },
  ];
}
