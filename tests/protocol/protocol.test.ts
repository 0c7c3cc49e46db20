import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { printedKeys as refusedKeys } from '../../src/modules/exchange/rules/known-bad-keys.ts';
import { printedKeys, schemaFiles, vectorFiles } from './files.ts';
import { replay } from './replay.ts';
import type { Vector } from './signed-vectors.ts';

function listed(folder: string): string[] {
  return readdirSync(join('protocol', folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json'))
    .map((name) => `${folder}/${name}`)
    .sort();
}
const kinds = readdirSync(join('protocol', 'vectors')).sort();

test('the schemas are those of the code: node scripts/protocol.mjs writes them anew', () => {
  const files = schemaFiles();
  expect(listed('schemas')).toEqual([...files.keys()].sort());
  for (const [path, text] of files) expect(readFileSync(join('protocol', path), 'utf8'), path).toBe(text);
});

test('the vectors are those that the code writes, byte for byte', async () => {
  const files = await vectorFiles();
  expect(listed('vectors')).toEqual([...files.keys()].sort());
  for (const [path, text] of files) expect(readFileSync(join('protocol', path), 'utf8') === text, path).toBe(true);
});

test('K11: every key that the vectors print is refused', () => {
  expect([...refusedKeys].sort()).toEqual(printedKeys());
});

describe.each(kinds)('vectors of %s', (kind) => {
  const paths = listed(`vectors/${kind}`);
  test('are at least one valid and twelve invalid', () => {
    expect(paths.filter((path) => path.includes('/valid/')).length).toBeGreaterThanOrEqual(1);
    expect(paths.filter((path) => path.includes('/invalid/')).length).toBeGreaterThanOrEqual(12);
  });

  test.each(paths)('%s', async (path) => {
    const vector = JSON.parse(readFileSync(join('protocol', path), 'utf8')) as Vector;
    expect(vector.title.length).toBeGreaterThan(3);
    expect(vector.source.length).toBeGreaterThan(3);
    const said = await replay(vector);
    expect(said).toMatchObject(vector.expect);
  });
});
