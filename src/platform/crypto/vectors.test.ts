import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../paths.ts';
import { canonical, hashOf, instant, sha256 } from '../values/index.ts';
import { readDelegation } from './record-file.ts';
import { checkFeed, SignedRecord, verifyRecord } from './record.ts';

const Vector = z.object({
  root: z.object({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string() }),
  delegation: z.string(),
  records: z.array(z.object({ jws: z.string(), hash: z.string(), record: SignedRecord })),
});
const vector = Vector.parse(
  JSON.parse(readFileSync(join(packageRoot, 'src/platform/crypto/vectors/feed-1.json'), 'utf8')),
);

test('records signed by version 1 stay readable, down to the hash of each', async () => {
  const key = await readDelegation(vector.delegation, vector.root);
  expect(key).toMatchObject({ owner: 'XA', feeds: ['directory'], from: instant('2026-01-01T00:00:00.000Z') });
  const checked = vector.records.map(({ jws }) => verifyRecord(jws, () => key));
  for (const [index, { record, hash }] of vector.records.entries()) {
    expect(checked[index]).toMatchObject({ ok: true, value: { record, hash } });
    expect(hash).toBe(hashOf(record));
    expect(hash).toBe(`sha256:${sha256(canonical(record))}`);
  }
  const built = checked.flatMap((one) => (one.ok ? [one.value] : []));
  expect(checkFeed(built)).toMatchObject({ accepted: built, waiting: [], problems: [] });
});

test('a delegation signed by anybody but the root is not one', async () => {
  const other = { ...vector.root, x: vector.root.y, y: vector.root.x };
  expect(await readDelegation(vector.delegation, other)).toBeUndefined();
});
