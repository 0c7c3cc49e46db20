import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { developmentTexts, loadTreaties, readTexts } from '../../treaties/index.ts';
import { detectCitations } from './detect.ts';
import { loadCitationFacts, readOutlines } from './facts.ts';
import { listUnits, treatyTree } from './treaty-units.ts';

/**
 * Whole articles of the nine treaties, drawn by lot (seed 20261122) and read through by a person who did not see what
 * the engine finds: every reference to an article, paragraph or item with its place in the unit and what it means. An
 * article without references has one row without a place.
 */
const rows = readFileSync(join(import.meta.dirname, 'samples', 'read-through.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [instrument = '', unit = '', from = '', to = '', meant = ''] = line.split('\t');
    return { instrument, unit, from: Number(from), to: Number(to), meant };
  });
const marked = rows.filter(({ meant }) => meant !== '');
const drawn = new Set(rows.map(({ instrument, unit }) => `${instrument} ${unit.split('/')[0] ?? ''}`));

const facts = loadTreaties();
const texts = readTexts([developmentTexts]);
const treaties = [...facts.instruments.values()].flatMap((one) => {
  const text = one.textId ? texts.get(one.textId) : undefined;
  return text ? [{ id: one.id as string, text }] : [];
});

describe.skipIf(treaties.length < 9)('references of articles read through by a person (development texts)', () => {
  const citations = loadCitationFacts();
  const found = treaties.flatMap(({ id, text }) =>
    listUnits(text)
      .filter(({ path }) => drawn.has(`${id} ${path[0] ?? ''}`))
      .flatMap(({ path, text: words }) =>
        detectCitations(words, { ...citations, standing: { instrument: id, path }, language: 'en' })
          .filter((one) => one.type === 'article')
          .map((one) => ({ ...one, instrument: id, unit: path.join('/') })),
      ),
  );
  const meantBy = (one: (typeof found)[number]) =>
    one.target.map((target) => `${target.id} ${target.article ?? ''}`).join(' ; ');
  const lookedAt = marked.map((mark) => {
    const at = found.filter(
      (one) =>
        one.instrument === mark.instrument &&
        one.unit === mark.unit &&
        one.span[0] < mark.to &&
        mark.from < one.span[1],
    );
    return { mark, isFound: at.length > 0, isRight: at.some((one) => meantBy(one) === mark.meant) };
  });
  const name = ({ mark }: (typeof lookedAt)[number]) => `${mark.instrument} ${mark.unit} at ${String(mark.from)}`;

  test('at least 97 in 100 of all references are found and lead to the right units', () => {
    expect(marked.length).toBeGreaterThanOrEqual(200);
    const right = lookedAt.filter(({ isRight }) => isRight).length;
    const missed = lookedAt.filter(({ isRight }) => !isRight).map(name);
    expect(right / lookedAt.length, missed.join('\n')).toBeGreaterThanOrEqual(0.97);
  });

  test('at least 98 in 100 of what is linked is a reference that was marked, and links to the right units', () => {
    const linked = found.filter((one) => one.status === 'resolved');
    const wrong = linked.filter(
      (one) =>
        !marked.some(
          (mark) =>
            one.instrument === mark.instrument &&
            one.unit === mark.unit &&
            one.span[0] < mark.to &&
            mark.from < one.span[1] &&
            meantBy(one) === mark.meant,
        ),
    );
    const named = wrong.map((one) => `${one.instrument} ${one.unit} ${one.found}: ${meantBy(one)}`);
    expect(1 - wrong.length / linked.length, named.join('\n')).toBeGreaterThanOrEqual(0.98);
  });

  test('the outlines that ship are those of the texts', () => {
    const outlines = readOutlines();
    for (const { id, text } of treaties) {
      const [shipped, read] = [outlines.get(id)!, treatyTree(id, text)];
      const paths = listUnits(text).map(({ path }) => path);
      expect(paths.filter((path) => !shipped.has(path))).toEqual([]);
      const walk = (path: readonly string[]): void => {
        for (const below of shipped.children(path)) {
          expect(read.has(below), `${id} ${below.join('/')}`).toBe(true);
          walk(below);
        }
      };
      walk([]);
    }
  });
});
