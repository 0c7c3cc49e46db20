import { readFileSync } from 'node:fs';
import anyAscii from 'any-ascii';
import { parse } from 'csv-parse/sync';
import { namedSubject } from '../compare.ts';
import { prepareList, screen, wilson } from '../rules/index.ts';
import type { ListEntry } from '../schema/index.ts';
import { readListFile } from '../subjects.ts';
import { nameMaker } from '../testing/generated.ts';
import { originals } from '../testing/originals.ts';
import { withTrigrams } from './peers.ts';
import { area, between, share, thousand, type BenchRow } from './row.ts';

export async function aliasRows(entitiesPath: string, aliasPath: string): Promise<BenchRow[]> {
  const { entries } = await readListFile(entitiesPath, { name: 'name', id: 'ent_num' });
  // Names alone: what the remarks say of other names is not used here.
  const bare = entries.map((entry): ListEntry => ({ ...entry, weakNames: [], birthDates: [], identifiers: [], gender: null })); // prettier-ignore
  const list = prepareList(bare);
  const schemas = new Map(bare.map(({ id, schema }) => [id, schema]));
  const queries = parse(readFileSync(aliasPath), { columns: true }) as { ent_num: string; query: string }[];
  const tally = { person: { n: 0, ours: 0, peer: 0 }, other: { n: 0, ours: 0, peer: 0 } };
  await withTrigrams(
    bare.map(({ id, names: [name = ''] }) => ({ id, name })),
    async (nearest) => {
      for (const { ent_num: id, query } of queries) {
        const kind = tally[schemas.get(id) === 'Person' ? 'person' : 'other'];
        kind.n += 1;
        const { found } = screen(list, namedSubject(query, 'Thing'), { limit: 50 });
        if (found.some(({ entry }) => entry.id === id)) kind.ours += 1;
        if ((await nearest(query)).includes(id)) kind.peer += 1;
      }
    },
  );
  return (['person', 'other'] as const).map((kind) => {
    const { n, ours, peer } = tally[kind];
    const goal = kind === 'person' ? 0.82 : 0.72;
    return {
      area,
      name: `recall@50, ${thousand(n)} aliases of ${kind === 'person' ? 'persons' : 'entities'} against ${thousand(bare.length)} entry names`,
      figure: `${share(ours / n)} ${between(wilson(ours, n))}`,
      goal: `≥ ${goal}`,
      peer: `pg_trgm GiST nearest: ${share(peer / n)}`,
      met: ours / n >= goal,
    };
  });
}

/** Common names in fourteen languages, each in its own script, among twenty thousand generated ones. */
export async function originalRows(): Promise<BenchRow[]> {
  const all = originals();
  const make = nameMaker(3);
  const entries: ListEntry[] = [
    ...all.map(({ latin }, n) => ({ id: String(n), ...namedSubject(latin, 'Person') })),
    ...Array.from({ length: 20_000 }, (_, n) => ({ id: `g${n}`, ...namedSubject(make().name, 'Person') })),
  ];
  const list = prepareList(entries);
  let [ours, peer] = [0, 0];
  await withTrigrams(
    entries.map(({ id, names: [name = ''] }) => ({ id, name })),
    async (nearest) => {
      for (const [n, { original }] of all.entries()) {
        const { found } = screen(list, namedSubject(original, 'Person'), { limit: 50 });
        if (found.some(({ entry }) => entry.id === String(n))) ours += 1;
        if ((await nearest(anyAscii(original))).includes(String(n))) peer += 1;
      }
    },
  );
  return [
    {
      area,
      name: `recall@50, ${all.length} names in 14 languages' own script against Latin, own set`,
      figure: `${share(ours / all.length)} ${between(wilson(ours, all.length))}`,
      goal: '≥ 0.75',
      peer: `pg_trgm on any-ascii: ${share(peer / all.length)}`,
      met: ours / all.length >= 0.75,
    },
  ];
}
