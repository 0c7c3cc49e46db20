import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, describe, expect, test } from 'vitest';
import { dataFolder, loadTreaties, sampleFolder } from './dataset.ts';
import { derivedEffect } from './rules/index.ts';
import { InstrumentId } from './schema/index.ts';
import { developmentTexts, splitReference, walkSources } from './sources.ts';
import { findProvision, readTexts, TreatyText } from './texts.ts';

const facts = loadTreaties();
const here = { names: facts.names, instruments: facts.instruments };
const folder = mkdtempSync(join(tmpdir(), 'comity-sources-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const invented = {
  id: 'untoc',
  title: 'Invented text',
  language: 'en',
  articles: [
    {
      number: '1',
      title: 'One',
      paragraphs: [
        {
          number: null,
          text: 'Words:',
          items: [{ letter: 'a', text: 'first', items: [{ roman: 'i', text: 'inner' }] }],
        },
      ],
    },
    {
      number: '2',
      title: null,
      paragraphs: [{ number: 1, text: 'Numbered', items: [{ letter: 'b', text: 'second' }] }],
    },
  ],
};

describe('finding a place in a text', () => {
  const text = TreatyText.parse(invented);
  test.each([
    ['1', 'Words: (a) first (i) inner'],
    ['1(a)', 'first (i) inner'],
    ['1(a)(i)', 'inner'],
    ['2(1)', 'Numbered (b) second'],
    ['2(1)(b)', 'second'],
  ])('art. %s', (place, words) => {
    expect(findProvision(text, place)!.words).toBe(words);
  });
  test.each(['3', '1(b)', '2(2)', '2(1)(a)', '1(a)(ii)', 'first'])('art. %s does not exist', (place) => {
    expect(findProvision(text, place)).toBeUndefined();
  });
});

test('a written reference is taken apart into its places', () => {
  expect(splitReference('UNTOC art. 18(13), 18(14); UNCAC art. 46(13), 1988 Convention art. 7(8)')).toEqual([
    'UNTOC art. 18(13)',
    'UNTOC art. 18(14)',
    'UNCAC art. 46(13)',
    '1988 Convention art. 7(8)',
  ]);
});

test('a reference to a place that the text lacks is found out, in code and in tables', () => {
  const at = '@' + 'source';
  mkdirSync(join(folder, 'src'), { recursive: true });
  mkdirSync(join(folder, 'texts'), { recursive: true });
  writeFileSync(
    join(folder, 'src', 'rule.ts'),
    `/** ${at} UNTOC art. 1(a)(i)\n * ${at} UNTOC art. 99\n * ${at} Model Law art. 4 */`,
  );
  writeFileSync(join(folder, 'src', 'table.json'), JSON.stringify({ source: ['UNTOC', 'art. 2(1)(z)'].join(' ') }));
  writeFileSync(join(folder, 'texts', 'untoc.json'), JSON.stringify(invented));
  const answer = walkSources({ ...here, root: folder, textFolders: [join(folder, 'texts')] });
  expect(answer.found.map((one) => one.provision)).toEqual(['UNTOC art. 1(a)(i)']);
  expect(answer.missing).toEqual([
    { provision: 'UNTOC art. 2(1)(z)', files: [join('src', 'table.json')] },
    { provision: 'UNTOC art. 99', files: [join('src', 'rule.ts')] },
  ]);
  expect(answer.elsewhere.map((one) => one.provision)).toEqual(['Model Law art. 4']);
});

test('without texts nothing is called missing and the answer says that none is here', () => {
  const answer = walkSources({ ...here, textFolders: [join(folder, 'nowhere')] });
  expect(answer).toMatchObject({ texts: [], missing: [], found: [] });
});

describe.skipIf(!existsSync(developmentTexts))('with the texts of the development folder', () => {
  test('nine texts are read', () => {
    expect([...readTexts([developmentTexts]).keys()]).toHaveLength(9);
  });
  test('every legal reference of the program resolves to its place', () => {
    const answer = walkSources({ ...here });
    expect(answer.found.length).toBeGreaterThan(60);
    expect(answer.missing).toEqual([]);
  });
  test('every provision that was read exists in its text', () => {
    const texts = readTexts([developmentTexts]);
    for (const [id, byState] of facts.readings) {
      const text = texts.get(facts.instruments.get(id)?.textId ?? '');
      if (!text) continue;
      for (const reading of [...byState.values()].flat()) {
        for (const path of reading.articles) {
          expect(
            text.articles.some((article) => article.number === path.article),
            `${id} ${reading.provision}`,
          ).toBe(true);
        }
      }
    }
  });
});

describe('the shipped data', () => {
  test('every derived entry into force in the file is the one our rule gives', () => {
    const rows: Record<string, string>[] = parse(readFileSync(join(dataFolder, 'participation.csv'), 'utf8'), {
      columns: true,
    });
    const derived = rows.filter((row) => row['eif_basis'] === 'derived' && row['action_date'] !== '');
    for (const row of derived) {
      const instrument = facts.instruments.get(InstrumentId.parse(row['instrument']))!;
      expect(derivedEffect(instrument, row['action_date'] as never), JSON.stringify(row)).toBe(row['entry_into_force']);
    }
    expect(derived.length).toBeGreaterThan(2200);
  });
  test('holds no wording of a declaration', () => {
    const header = (name: string) => readFileSync(join(dataFolder, name), 'utf8').split('\n')[0]!.split(',');
    for (const name of ['declarations.csv', 'notifications.csv', 'provisions.csv']) {
      expect(header(name)).not.toContain('text');
      expect(header(name)).not.toContain('words');
    }
  });
  test('invented States are there only when asked for', () => {
    expect([...facts.states.byCode.keys()].filter((code) => code.length === 2)).toEqual([]);
    expect(loadTreaties({ samples: sampleFolder }).states.byCode.has('XA' as never)).toBe(true);
  });
  test('a missing file is named', () => {
    expect(() => loadTreaties({ folder })).toThrow('treaties.data-missing');
  });
});
