import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createSearchIndex } from '../../src/modules/knowledge/search/index.ts';
import { provisions } from '../../src/modules/knowledge/search/samples.ts';
import { bundleProgram } from '../support/bundle.ts';
import { testDatabase, type TestDatabase } from '../support/database.ts';
import { isNightly } from '../support/nightly.ts';

let database: TestDatabase;
let writer: string;
beforeAll(async () => {
  [database, writer] = await Promise.all([testDatabase(), bundleProgram('tests/faults/index-writer.ts')]);
});
afterAll(() => database.close());

const rounds = isNightly ? 50 : 2;
const perRound = 1_000_000;

/** Lets a process write, kills it after so many lines, and answers what it had said was written. */
async function killAfter(lines: number, first: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, database.url, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const written: number[] = [];
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    const [what, from] = line.split(' ');
    if (what === 'put') written.push(Number(from));
    seen += 1;
    if (seen === lines) child.kill('SIGKILL');
  }
  await ended;
  return written;
}

test(
  `two processes killed while they index, ${String(2 * rounds)} times: what was published is found, and the index is sound`,
  { timeout: 600_000 },
  async () => {
    const index = createSearchIndex({ db: database.db });
    const published = new Set<string>();
    for (let round = 0; round < rounds; round += 1) {
      const killed = await Promise.all(
        [0, 1].map((who) => killAfter(2 + ((round * 5 + who * 3) % 9), (2 * round + who) * perRound)),
      );
      // The first of each is taken away by the next that was put, said or unsaid.
      for (const from of killed.flat()) for (const { id } of provisions(from, 120).slice(1)) published.add(id);
      await index.work();
      expect(await index.verify()).toMatchObject({ ok: true, faults: [] });
      expect((await index.status()).waiting).toBe(0);
    }
    const found = await index.units([...published], ['public']);
    expect(found).toHaveLength(published.size);
    // Another process that comes later sees the same, and so does an index that is built anew.
    const ask = { text: 'confiscation', access: ['public' as const], language: 'en' as const, limit: 50 };
    const { units } = await createSearchIndex({ db: database.db }).search(ask);
    const before = await index.verify();
    expect(before.checkedUnits).toBeGreaterThanOrEqual(published.size);
    await index.rebuild();
    expect(await index.verify()).toEqual(before);
    expect((await index.search(ask)).units).toBe(units);
  },
);
