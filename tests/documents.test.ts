import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../src/platform/paths.ts';
import { clearColumnsPage } from './support/clear-columns.ts';
import { testDatabase } from './support/database.ts';

function documents(): string[] {
  const under = (folder: string): string[] =>
    readdirSync(join(packageRoot, folder), { recursive: true })
      .map((name) => join(folder, String(name)))
      .filter((name) => name.endsWith('.md'));
  const top = readdirSync(packageRoot).filter((name) => name.endsWith('.md'));
  return [...top, ...under('docs')];
}

describe('the documents', () => {
  test('point only to what is there', () => {
    const missing: string[] = [];
    for (const file of documents()) {
      const text = readFileSync(join(packageRoot, file), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^(https?:|mailto:|#)/.test(target)) continue;
        const path = join(packageRoot, dirname(file), target.split('#')[0]!);
        if (!existsSync(path)) missing.push(`${file}: ${relative(packageRoot, path)}`);
      }
    }
    expect(missing).toEqual([]);
  });

  test('say where to report a weakness, when an answer comes, and what is supported', () => {
    const text = readFileSync(join(packageRoot, 'SECURITY.md'), 'utf8');
    for (const said of [/security contact/, /three working days/, /newest minor version is supported/])
      expect(text).toMatch(said);
  });

  test('carry pictures that load on a bad line', () => {
    const folder = join(packageRoot, 'docs/pictures');
    for (const name of readdirSync(folder))
      expect(statSync(join(folder, name)).size, name).toBeLessThanOrEqual(200 * 1024);
  });
});

test('the page of columns in clear is what the migrations make', async () => {
  const database = await testDatabase();
  try {
    await expect(await clearColumnsPage(database)).toMatchFileSnapshot(
      join(packageRoot, 'docs/security/clear-columns.md'),
    );
  } finally {
    await database.close();
  }
});

describe('the catalogue of trials', () => {
  const text = readFileSync(join(packageRoot, 'docs/catalogue.md'), 'utf8');
  const rows = [...text.matchAll(/^\| ([DNMKFAGIWSCU]\d+) \| ([^|]*) \| ([^|]*) \| [^|]* \|$/gm)].map(
    ([, id = '', what = '', where = '']) => ({
      id,
      what: what.trim(),
      where: where.trim(),
    }),
  );

  test('holds every number of its groups once', () => {
    const sizes = { D: 17, N: 16, M: 16, K: 11, F: 11, A: 12, G: 9, I: 14, W: 20, S: 10, C: 9, U: 6 };
    const wanted = Object.entries(sizes).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, n) => `${group}${n + 1}`),
    );
    expect(rows.map((row) => row.id).sort()).toEqual(wanted.sort());
  });

  test('names test files that exist, or says why there is none', () => {
    for (const { id, where } of rows) {
      const files = [...where.matchAll(/`([^`]+\.test\.tsx?)`/g)].map(([, file]) => file!);
      for (const file of files) expect(existsSync(join(packageRoot, file)), `${id}: ${file}`).toBe(true);
      if (files.length === 0) expect(where, id).toMatch(/^Not built: .{10,}/);
    }
  });
});
