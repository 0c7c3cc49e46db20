import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { namedSubject } from '../compare.ts';
import { matchPairs } from '../pairs.ts';
import { listBuilder, namedAs, prepareList, screen, similarityOf, wilson } from '../rules/index.ts';
import { altered, nameMaker, sequence } from '../testing/generated.ts';
import { area, between, megabytes, share, thousand, timed, type BenchRow, type Scorer } from './row.ts';

export function speedRows(peers: Record<string, Scorer>): BenchRow[] {
  const make = nameMaker(11);
  const next = sequence(12);
  const pairs = Array.from({ length: 20_000 }, () => {
    const { name, schema } = make();
    return { left: name, right: next(2) === 0 ? altered(name, next) : make().name, as: namedAs(schema) };
  });
  const run = (count: number, scorer: (pair: (typeof pairs)[number]) => unknown) => {
    for (const pair of pairs.slice(0, 2000)) scorer(pair);
    const some = pairs.slice(0, count);
    return count / timed(() => some.forEach((pair) => void scorer(pair)));
  };
  const ours = run(20_000, ({ left, right, as }) => similarityOf(left, right, as));
  const wratio = peers['fuzzball WRatio']!;
  const peer = run(4000, ({ left, right }) => wratio(left, right));
  return [
    {
      area,
      name: 'name pairs read and compared, a core-second',
      figure: `${thousand(ours)}/s`,
      goal: '≥ 10,000/s',
      peer: `fuzzball WRatio, ${thousand(peer)}/s`,
      ratio: `${(ours / peer).toFixed(1)} times`,
      met: ours >= 10_000,
    },
  ];
}

/** A million generated names: keys, index, memory, and requests one after another on one core. */
export function largeRows(size: number): BenchRow[] {
  const before = process.memoryUsage().rss;
  let peak = before;
  const make = nameMaker(7);
  const builder = listBuilder();
  const texts = Buffer.alloc(size * 40);
  const offsets = new Uint32Array(size + 1);
  const bodies = new Uint8Array(size);
  const sample: string[] = [];
  let at = 0;
  const look = () => void (peak = Math.max(peak, process.memoryUsage().rss));
  const keys = timed(() => {
    for (let n = 0; n < size; n += 1) {
      const { name, schema } = make();
      builder.add({ id: String(n), ...namedSubject(name, schema) });
      offsets[n] = at;
      bodies[n] = schema === 'Person' ? 0 : 1;
      at += texts.write(name, at);
      if (n % Math.floor(size / 500) === 0) sample.push(name);
      if (n % 20_000 === 0) look();
    }
    offsets[size] = at;
  });
  let list = prepareList([]);
  const sorted = timed(() => {
    list = builder.finish((n) => ({
      id: String(n),
      ...namedSubject(texts.toString('utf8', offsets[n], offsets[n + 1]), bodies[n] === 0 ? 'Person' : 'Company'),
    }));
  });
  look();
  const indexing = peak - before;
  const next = sequence(5);
  const queries = sample.map((name) => ({ name, query: altered(name, next) }));
  const ask = (query: string, consider: number) =>
    screen(list, namedSubject(query, 'Thing'), { limit: Math.min(50, consider), consider });
  for (const { query } of queries.slice(0, 100)) ask(query, 50);
  const times: number[] = [];
  for (const { query } of queries) times.push(timed(() => void ask(query, 50)) * 1000);
  look();
  const hit = queries.filter(({ name, query }) => ask(query, 200).found.slice(0, 10).some((one) => one.name === name)).length; // prettier-ignore
  times.sort((one, other) => one - other);
  const total = times.reduce((sum, one) => sum + one, 0);
  const perSecond = (times.length / total) * 1000;
  const p95 = times[Math.floor(times.length * 0.95)] ?? 0;
  const held = list.index.bytes + at + offsets.byteLength;
  const name = `${thousand(size)} generated names`;
  return [
    { area, name: `${name}, keys and index`, figure: `${(keys + sorted).toFixed(1)} s of processor`, goal: '≤ 60 s', met: keys + sorted <= 60 }, // prettier-ignore
    {
      area,
      name: `${name}, memory`,
      figure: `${megabytes(held)} held; process at its peak +${megabytes(indexing)} while indexing, +${megabytes(peak - before)} while asked`,
      goal: '≤ 400 MB',
      met: indexing <= 400e6,
    },
    {
      area,
      name: `${name}, requests with 50 candidates scored, a core-second`,
      figure: `${thousand(perSecond)}/s`,
      goal: '≥ 100/s',
      peer: 'yente documents about 4/s for logic-v2, 15/s for logic-v1, a core',
      met: perSecond >= 100,
    },
    {
      area,
      name: `${name}, p95 of a request`,
      figure: `${p95.toFixed(1)} ms of processor`,
      goal: '≤ 60 ms',
      met: p95 <= 60,
    },
    {
      area,
      name: `${name}, recall@10 of a name with one slip`,
      figure: `${share(hit / queries.length)} ${between(wilson(hit, queries.length))}`,
      goal: '≥ 0.995',
      met: hit / queries.length >= 0.995,
    },
  ];
}

/** Share of strangers above the line that keeps 98 of 100 altered names. */
export function falseAlertRow(): BenchRow {
  const make = nameMaker(21);
  const next = sequence(22);
  const names = Array.from({ length: 2000 }, make);
  const kept = names
    .map(({ name, schema }) => similarityOf(name, altered(name, next), namedAs(schema)) ?? 0)
    .sort((one, other) => one - other);
  const line = kept[Math.floor(kept.length * 0.02)] ?? 0;
  const strangers = 100_000;
  let alerts = 0;
  for (let n = 0; n < strangers; n += 1) {
    const { name, schema } = names[next(names.length)]!;
    const other = make().name;
    if (other !== name && (similarityOf(name, other, namedAs(schema)) ?? 0) >= line) alerts += 1;
  }
  return {
    area,
    name: `false alerts among ${thousand(strangers)} strangers at the line that keeps 98 % of altered names (${share(line)})`,
    figure: `${((alerts / strangers) * 100).toFixed(3)} %`,
    goal: '≤ 0.05 %',
    met: alerts / strangers <= 0.0005,
  };
}

/** A file of pairs by the command's own reader, and many names against a list; in processor time of one core. */
export async function bulkRows(full: boolean): Promise<BenchRow[]> {
  const make = nameMaker(41);
  const next = sequence(42);
  const folder = mkdtempSync(join(tmpdir(), 'comity-pairs-'));
  const rows = 100_000;
  let seconds: number;
  try {
    const file = join(folder, 'pairs.csv');
    const line = () => {
      const { name } = make();
      return `"${name}","${next(2) === 0 ? altered(name, next) : make().name}"`;
    };
    writeFileSync(file, ['name1,name2', ...Array.from({ length: rows }, line)].join('\n'));
    const began = process.cpuUsage();
    await matchPairs(file, { prior: 0.5, explain: false, schema: 'Person' });
    const { user, system } = process.cpuUsage(began);
    seconds = (user + system) / 1_000_000;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const entries = Array.from({ length: 10_000 }, (_, n) => {
    const { name, schema } = make();
    return { id: String(n), ...namedSubject(name, schema) };
  });
  const asked = full ? 100_000 : 10_000;
  const queries = Array.from({ length: asked }, (_, n) =>
    namedSubject(altered(entries[n % entries.length]!.names[0]!, next), 'Thing'),
  );
  const bulk = timed(() => {
    const list = prepareList(entries);
    for (const query of queries) screen(list, query, { limit: 10, consider: 50 });
  });
  return [
    {
      area,
      name: `match-names, a file of ${thousand(rows)} pairs`,
      figure: `${seconds.toFixed(1)} s of processor`,
      goal: '≤ 20 s',
      met: seconds <= 20,
    },
    {
      area,
      name: `${thousand(asked)} names against ${thousand(entries.length)} entries`,
      figure: `${bulk.toFixed(1)} s of processor${full ? '' : `, ${((bulk * 10) / 60).toFixed(1)} min for 100,000`}`,
      goal: '100,000 in ≤ 5 min on 2 cores',
      met: (bulk * 100_000) / asked <= 600,
    },
  ];
}
