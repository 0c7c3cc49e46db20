import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, expect, test } from 'vitest';
import { openNodeDatabase } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-pg-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a node finds its rows again after a restart', async () => {
  const first = await openNodeDatabase({ folder });
  const answer = await sql<{
    d: string;
    t: string;
    n: string;
    who: string;
  }>`SELECT date '2003-09-29' AS d, timestamptz '2026-05-14 12:00:00.5+00' AS t, 9007199254740993::int8 AS n, current_user AS who`.execute(
    first.db,
  );
  expect(answer.rows[0]).toEqual({
    d: '2003-09-29',
    t: '2026-05-14T12:00:00.500Z',
    n: '9007199254740993',
    who: 'comity_app',
  });
  await first.close();
  const again = await openNodeDatabase({ folder });
  await again.close();
});
