import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { namedSubject } from '../compare.ts';
import { prepareList, screen } from '../rules/index.ts';
import type { ListEntry } from '../schema/index.ts';
import { area, share, type BenchRow } from './row.ts';

interface Linked {
  probability: number;
  isMatch: boolean;
}

/** Records of a file by generated people, half of them spoilt copies: who is the copy of whom, without any training. */
export function linkageRows(path: string): BenchRow[] {
  const rows = parse(readFileSync(path), { columns: true, trim: true }) as Record<string, string>[];
  const day = (text = '') => (/^\d{8}$/.test(text) ? [`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`] : []);
  const entries = rows.map((row): ListEntry => {
    const number = row.soc_sec_id ? [{ kind: 'national-id' as const, value: row.soc_sec_id }] : [];
    const facts = { birthDates: day(row.date_of_birth), identifiers: number };
    return {
      id: row.rec_id ?? '',
      ...namedSubject(`${row.given_name ?? ''} ${row.surname ?? ''}`.trim(), 'Person', facts),
    };
  });
  const truth = (id: string) => id.split('-')[1];
  const list = prepareList(entries);
  const pairs = new Map<string, Linked>();
  let complete = 0;
  for (const entry of entries) {
    const others = screen(list, entry, { limit: 50 }).found.filter((one) => one.entry.id !== entry.id);
    if (others.some((one) => truth(one.entry.id) === truth(entry.id))) complete += 1;
    for (const { entry: other, comparison } of others) {
      const key = [entry.id, other.id].sort().join(' ');
      const probability = Math.max(comparison.probability, pairs.get(key)?.probability ?? 0);
      pairs.set(key, { probability, isMatch: truth(other.id) === truth(entry.id) });
    }
  }
  const copies = entries.length / 2;
  const f1 = (line: number) => {
    const taken = [...pairs.values()].filter(({ probability }) => probability >= line);
    const right = taken.filter(({ isMatch }) => isMatch).length;
    return (2 * right) / (taken.length + copies);
  };
  const lines = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9];
  const best = lines.reduce((one, other) => (f1(other) > f1(one) ? other : one));
  const name = `FEBRL, ${entries.length} records by name, birth and number`;
  return [
    {
      area,
      name: `${name}, copies among 50 candidates`,
      figure: share(complete / entries.length),
      goal: '≥ 0.98',
      met: complete / entries.length >= 0.98,
    },
    {
      area,
      name: `${name}, F1 of the links`,
      figure: `${share(f1(best))} at probability ${best}; ${share(f1(0.5))} at 0.5`,
      goal: '≥ 0.97',
      met: f1(best) >= 0.97,
    },
  ];
}
