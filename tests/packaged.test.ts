import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../src/platform/paths.ts';

const shared = join(packageRoot, '..', 'shared', 'data');
/** Data that may be used in tests and never shipped: compilations under CC BY-NC, test collections, no authentic texts. */
const testsOnly = ['knowledge/resolutions-fr', 'knowledge/resolutions-icpe', 'knowledge/ir', 'matching'];
const testsOnlyFiles = ['knowledge/treaties/uncac.zh-Hant.json'];

let packaged: string[] = [];
beforeAll(() => {
  const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: packageRoot,
    encoding: 'utf8',
    maxBuffer: 50_000_000,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [pack] = JSON.parse(listed) as { files: { path: string }[] }[];
  packaged = pack!.files.map(({ path }) => path);
}, 120_000);

const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');

test('no file of the package has the name of data that are for tests only', () => {
  expect(packaged.length).toBeGreaterThan(500);
  const named = /resolutions-fr|resolutions-icpe|cranfield|obliqa|zh-Hant|human-types|A-(?:HRC-)?RES-\d/i;
  expect(packaged.filter((path) => named.test(path))).toEqual([]);
});

test('no file of the package has the hash of a file that is for tests only', (test) => {
  if (!existsSync(shared)) return test.skip('the development data are not beside the project');
  const refused = new Map<string, string>();
  const add = (path: string) => {
    if (existsSync(join(shared, path))) refused.set(hashOf(join(shared, path)), path);
  };
  for (const folder of testsOnly.filter((one) => existsSync(join(shared, one))))
    for (const entry of readdirSync(join(shared, folder), { withFileTypes: true, recursive: true }))
      // Notes of provenance may be quoted; what they speak of may not be shipped.
      if (entry.isFile() && !/PROVENANCE|README|LICENSE/.test(entry.name))
        add(join(entry.parentPath, entry.name).slice(shared.length + 1));
  testsOnlyFiles.forEach(add);
  expect(refused.size).toBeGreaterThan(250);
  const found = packaged
    .filter((path) => existsSync(join(packageRoot, path)))
    .flatMap((path) => refused.get(hashOf(join(packageRoot, path))) ?? []);
  expect(found).toEqual([]);
});

test('no text of a treaty or a resolution is in the package: they come in reference packs', (test) => {
  if (!existsSync(shared)) return test.skip('the development data are not beside the project');
  const texts = ['knowledge/treaties', 'resolutions']
    .flatMap((folder) => readdirSync(join(shared, folder)).map((name) => join(shared, folder, name)))
    .filter((file) => /\.(?:json|md)$/.test(file) && !file.includes('PROVENANCE'));
  const refused = new Set(texts.map(hashOf));
  expect(
    packaged.filter((path) => existsSync(join(packageRoot, path)) && refused.has(hashOf(join(packageRoot, path)))),
  ).toEqual([]);
});
