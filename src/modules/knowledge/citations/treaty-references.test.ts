import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { developmentTexts, loadTreaties, readTexts } from '../../treaties/index.ts';
import { detectCitations } from './detect.ts';
import { createInstrumentNames } from './instruments.ts';
import { listUnits, treatyTree } from './treaty-units.ts';

const facts = loadTreaties();
const texts = readTexts([developmentTexts]);
const treaties = [...facts.instruments.values()].flatMap((one) => {
  const text = one.textId ? texts.get(one.textId) : undefined;
  return text ? [{ id: one.id, text }] : [];
});

/** What a person read in 200 places of the nine treaties: the words of the reference, and the units it means. */
const checked = readFileSync(join(import.meta.dirname, 'samples', 'treaty-references.tsv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [instrument = '', unit = '', reference = '', targets = ''] = line.split('\t');
    return { instrument, unit, reference, targets };
  });

describe.skipIf(treaties.length < 9)('references inside the nine treaties (development texts)', () => {
  const trees = new Map(treaties.map(({ id, text }) => [String(id), treatyTree(String(id), text)]));
  const names = createInstrumentNames(
    [...facts.instruments.values()].map((one) => ({
      id: one.id,
      title: one.title,
      aliases: facts.names.aliasesOf(one.id).filter((alias) => /\p{L}{3}/u.test(alias)),
      ...(one.parent ? { parent: one.parent } : {}),
    })),
  );
  const found = treaties.flatMap(({ id, text }) =>
    listUnits(text).flatMap(({ path, text: words }) =>
      detectCitations(words, {
        names,
        tree: (instrument) => trees.get(instrument),
        standing: { instrument: id, path },
        language: 'en',
      })
        .filter((one) => one.type === 'article')
        .map((one) => ({ instrument: String(id), unit: path.join('/'), ...one })),
    ),
  );
  const inside = found.filter((one) => one.reason !== 'unknown-instrument' && one.reason !== 'no-outline');

  test('at least 97 in 100 lead to a unit that exists', () => {
    const resolved = inside.filter((one) => one.status === 'resolved').length;
    expect(inside.length).toBeGreaterThan(800);
    expect(resolved / inside.length).toBeGreaterThanOrEqual(0.97);
  });

  test('at least 98 in 100 of those read by a person are right', () => {
    const wrong = checked.filter(
      ({ instrument, unit, reference, targets }) =>
        !found.some(
          (one) =>
            one.instrument === instrument &&
            one.unit === unit &&
            one.found.trim() === reference &&
            one.target.map((target) => `${target.id} ${target.article ?? ''}`).join(' ; ') === targets,
        ),
    );
    expect(checked.length).toBe(200);
    const named = wrong.map((one) => `${one.instrument} ${one.unit} ${one.reference}`).join('\n');
    expect(1 - wrong.length / checked.length, named).toBeGreaterThanOrEqual(0.98);
  });
});

test('the development texts are beside the project, or the trial above says that it did not run', () => {
  if (treaties.length < 9) console.warn('knowledge: no treaty texts beside the project; references were not tried');
});
