// Brings docs/catalogue.md up to date: which test files try each trial, and how their last run ended.
// Tests name a trial at the beginning of their title: test('M3: a flipped byte anywhere is refused', …).
// node scripts/catalogue.mjs [REPORT.json …]   reports are those of TEST_REPORT
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'docs/catalogue.md');
const begins = /^((?:[A-Z]\d{1,2})(?:, ?[A-Z]\d{1,2}| and [A-Z]\d{1,2})*): /;
const idsOf = (title) => begins.exec(title)?.[1].split(/, ?| and /) ?? [];

/** Test files by trial, from the titles in the sources. */
const named = new Map();
for (const folder of ['src', 'tests']) {
  for (const name of readdirSync(join(root, folder), { recursive: true })) {
    if (!/\.test\.tsx?$/.test(name)) continue;
    const file = join(folder, name);
    // Knowledge numbers trials of its own by the same letters.
    if (file.startsWith(join('src', 'modules', 'knowledge'))) continue;
    for (const [, title] of readFileSync(join(root, file), 'utf8').matchAll(
      /\b(?:test|it|describe)[^(]*\(\s*[`'"]([^`'"]*)/g,
    ))
      for (const id of idsOf(title)) named.set(id, new Set([...(named.get(id) ?? []), file]));
  }
}

/** Outcomes by trial and by file. */
const byTrial = new Map();
const byFile = new Map();
const count = (map, key, status, on) => {
  const sum = map.get(key) ?? { passed: 0, failed: 0, on };
  if (status === 'passed') sum.passed += 1;
  if (status === 'failed') sum.failed += 1;
  map.set(key, sum);
};
for (const report of process.argv.slice(2)) {
  const { startTime, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const on = new Date(startTime).toISOString().slice(0, 10);
  for (const { name, assertionResults } of testResults) {
    // A later report of a file takes the place of an earlier one.
    byFile.delete(relative(root, name));
    for (const sums of byTrial.values()) sums.delete(relative(root, name));
    for (const { title, ancestorTitles, status } of assertionResults) {
      count(byFile, relative(root, name), status, on);
      for (const id of new Set([title, ...ancestorTitles].flatMap(idsOf))) {
        if (!byTrial.has(id)) byTrial.set(id, new Map());
        count(byTrial.get(id), relative(root, name), status, on);
      }
    }
  }
}
const added = (sums) =>
  sums.length === 0
    ? undefined
    : sums.reduce((a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, on: b.on }));
const outcome = (sum) =>
  sum === undefined || sum.passed + sum.failed === 0
    ? undefined
    : sum.failed > 0
      ? `failed ${sum.on} (${sum.failed} of ${sum.passed + sum.failed})`
      : `passed ${sum.on} (${sum.passed})`;

const text = readFileSync(page, 'utf8')
  .split('\n')
  .map((line) => {
    const row = /^\| ([A-Z]\d+) \| ([^|]*) \| ([^|]*) \|(?: ([^|]*) \|)?$/.exec(line);
    if (!row) return line;
    const [, id, what, where, last = '–'] = row;
    const stated = [...where.matchAll(/`([^`]+\.test\.tsx?)`/g)].map(([, file]) => file);
    const missing = [...(named.get(id) ?? [])].filter((file) => !stated.includes(file)).sort();
    const list = missing.map((file) => `\`${file}\``).join(', ');
    const shown = missing.length === 0 ? where.trim() : stated.length === 0 ? list : `${list}, ${where.trim()}`;
    const files = [...shown.matchAll(/`([^`]+\.test\.tsx?)`/g)].map(([, file]) => file);
    const sums = files.map((file) => byFile.get(file)).filter(Boolean);
    const together = added(sums);
    const result =
      files.length === 0
        ? '–'
        : (outcome(added([...(byTrial.get(id)?.values() ?? [])])) ?? outcome(together) ?? last.trim());
    return `| ${id} | ${what.trim()} | ${shown} | ${result} |`;
  })
  .join('\n');
writeFileSync(page, text);
