import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startNode, type TestNode } from '../support/node.ts';
import { contextFor } from '../../src/app/node.ts';
import { translators } from '../../src/app/words.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { locales } from '../../src/platform/i18n/index.ts';
import { knowledgeCommands } from '../../src/modules/knowledge/index.ts';
import { importPack, removePack } from '../../src/modules/packs/index.ts';

// Words of ours in the frame of a treaty we know the outline of: no text of a treaty stands in this repository.
const invented = {
  id: 'untoc',
  title: 'Invented Convention on Lanterns',
  language: 'en',
  preamble: 'The lantern keepers, wishing for light,',
  articles: [
    {
      number: '16',
      title: 'Handing over',
      paragraphs: [{ number: 1, text: 'Lantern thieves may be handed over.', items: [] }],
    },
    {
      number: '18',
      title: 'Mutual lamp assistance',
      paragraphs: [
        {
          number: 1,
          text: 'Keepers shall afford one another lamp assistance under article 16, paragraph 1.',
          items: [],
        },
        {
          number: 15,
          text: 'A request for lamp assistance shall contain:',
          items: [
            { letter: 'a', text: 'The lantern;' },
            { letter: 'b', text: 'The confiscation sought.' },
          ],
        },
      ],
    },
  ],
};

let alba: TestNode;
let folder: string;
const operator = () => contextFor(alba.node, { kind: 'system', id: 'cli' }, 'en');
const knowledge = () => alba.running.live.knowledge;

/** Does now what the workers of a node do when they are woken. */
async function readPacks() {
  await withTransaction(alba.node.database.db, 'system:test', (tx) => knowledge().readPacks(tx));
  await knowledge().needs.index.work();
}

beforeAll(async () => {
  alba = await startNode();
  folder = mkdtempSync(join(tmpdir(), 'comity-pack-'));
  mkdirSync(join(folder, 'treaties'));
  const bytes = JSON.stringify(invented);
  writeFileSync(join(folder, 'treaties', 'untoc.en.json'), bytes);
  const manifest = {
    kind: 'reference-pack',
    formatVersion: 1,
    id: 'lanterns',
    version: '1',
    title: 'Lantern texts',
    asOf: '2026-01-02',
    language: 'en',
    licence: 'Invented, free to use',
    sources: ['Invented for this test'],
    files: [
      {
        path: 'treaties/untoc.en.json',
        kind: 'treaty-text',
        sha256: createHash('sha256').update(bytes).digest('hex'),
      },
    ],
  };
  writeFileSync(join(folder, 'pack.json'), JSON.stringify(manifest));
}, 120_000);
afterAll(async () => {
  await alba.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the tests look at of any answer. */
interface Answer {
  code?: string;
  provisions: number;
  score: number;
  groups: { hits: { id: string; pinned: boolean; citing: boolean }[] }[];
  facets: Record<string, { value: string; count: number }[]>;
  contributions: { contribution: number }[];
}

const html = async (path: string) => (await alba.get(path)).text();
const json = async (path: string) => {
  const answer = await alba.get(path);
  return { status: answer.status, body: (await answer.json()) as Answer };
};

describe('the portal of a node', () => {
  test('without a pack it says that no text is installed and how one is brought in', async () => {
    await readPacks();
    const shown = await html('/knowledge');
    expect(shown).toContain('No text is installed yet');
    expect(shown).toContain('comity packs import FOLDER');
  });

  test('an accepted pack is found by its words, with pack and licence beside the text', async () => {
    await importPack(operator(), alba.node.config.packsFolder, folder);
    await readPacks();
    const shown = await html('/knowledge?q=lamp+assistance&match=all');
    expect(shown).toContain('3 provisions contain all your words.');
    expect(shown).toContain('Article 18(15)');
    expect(await html('/knowledge/works/XVIII-12/art_18__para_15')).toContain('Invented, free to use');
  });

  test('a reference stands first as a card, an item in its paragraph, and what cites it comes next', async () => {
    const { body } = await json('/api/knowledge/search?q=UNTOC+16(1)');
    expect(body).toMatchObject({ asked: { status: 'found', unit: 'XVIII-12#art_16__para_1@en' } });
    const hits = body.groups.flatMap((one) => one.hits);
    expect(hits[0]).toMatchObject({ id: 'XVIII-12#art_16__para_1@en', pinned: true });
    expect(hits[1]).toMatchObject({ id: 'XVIII-12#art_18__para_1@en', citing: true });
    const item = await json('/api/knowledge/search?q=art.+18(15)(b)+UNTOC');
    expect(item.body).toMatchObject({ asked: { status: 'found', unit: 'XVIII-12#art_18__para_15@en' } });
    const page = await alba.get('/knowledge/works/XVIII-12/art_18__para_15__list_1__point_b');
    expect(page.headers.get('location')).toBe(
      '/knowledge/works/XVIII-12/art_18__para_15#art_18__para_15__list_1__point_b',
    );
  });

  test('the command line finds and shows the same', async () => {
    const run = async (verb: string, ...args: string[]) => {
      const command = knowledgeCommands(knowledge).find((one) => one.verb === verb)!;
      const nothing = { options: {}, lists: {}, switches: new Set<string>(), say: () => {} };
      return command.run({ ctx: operator(), args, ...nothing });
    };
    const found = await run('search', 'lamp', 'assistance');
    expect(found.json).toMatchObject({ kind: 'knowledge.results', provisions: 3 });
    expect(found.text).toContain('XVIII-12#art_18__para_15@en');
    expect((await run('search', 'nothingofthekind')).exit).toBe(1);
    await expect(run('search')).rejects.toMatchObject({ code: 'knowledge.question-needed' });
    const shown = await run('show', 'UNTOC', '16(1)');
    expect(shown.json).toMatchObject({ kind: 'knowledge.provision', id: 'XVIII-12#art_16__para_1@en' });
    expect((await run('show', 'XVIII-12#art_16__para_1@en')).json).toEqual(shown.json);
    expect(shown.text).toContain('Cited by: XVIII-12#art_18__para_1@en');
    expect((await run('show', 'XVIII-12')).json).toMatchObject({ kind: 'knowledge.work', work: 'XVIII-12' });
    await expect(run('show', 'XVIII-12#art_99')).rejects.toMatchObject({ code: 'knowledge.unknown-eid' });
    await expect(run('show', 'no such thing')).rejects.toMatchObject({ code: 'knowledge.unknown-work' });
  });

  test('a place that does not exist is said not to, and the nearest is shown', async () => {
    const shown = await html('/knowledge?q=UNTOC+18(55)');
    expect(shown).toContain('UNTOC art. 18(55) does not exist.');
    expect(shown).toContain('The nearest is article 18, shown below.');
    expect(await html('/knowledge?q=A/RES/55/25')).toContain('The text of A/RES/55/25 is not on this node.');
  });

  test('a provision has its neighbours, what it cites, and the sentences that cite it', async () => {
    const shown = await html('/knowledge/works/XVIII-12/art_16__para_1');
    expect(shown).toContain('href="/knowledge/works/XVIII-12/art_18__para_1"');
    expect(shown).toMatch(/lamp assistance under\s*<mark>article 16, paragraph 1<\/mark>/);
    expect(await html('/knowledge/works/XVIII-12/art_18__para_1')).toContain(
      '<a href="/knowledge/works/XVIII-12/art_16__para_1">article 16, paragraph 1</a>',
    );
  });

  test('facets count what the list holds, and narrow it by the form alone', async () => {
    const all = await json('/api/knowledge/search?q=lantern');
    for (const { value, count } of all.body.facets.article!) {
      const { body } = await json(`/api/knowledge/search?q=lantern&article=${encodeURIComponent(value)}`);
      expect(body.provisions, value).toBe(count);
    }
    expect(await html('/knowledge?q=lantern&article=XVIII-12%23art_16')).toContain('Remove the filter');
  });

  test('the reasons of a place sum to its score', async () => {
    const { body } = await json('/api/knowledge/explain?q=lamp+assistance&unit=XVIII-12%23art_18__para_1@en');
    const sum = body.contributions.reduce((all, one) => all + one.contribution, 0);
    expect(sum).toBeCloseTo(body.score, 6);
    expect(await html('/knowledge?q=lamp&why=XVIII-12%23art_18__para_1@en')).toContain(
      'Rare words and words in headings',
    );
  });

  test('other names of a term are searched too, named, and left out when the reader says so', async () => {
    const shown = await html('/knowledge?q=%E6%B2%A1%E6%94%B6');
    expect(shown).toContain('art_18__para_15');
    expect(shown).toContain('Also searched:');
    expect(await html('/knowledge?q=%E6%B2%A1%E6%94%B6&drop=confiscation')).toContain('Nothing found');
  });

  test.each([
    ['over 1,000 characters', `q=${'a'.repeat(1001)}`, 'knowledge.query-too-long'],
    ['over 64 terms', `q=${Array.from({ length: 70 }, (_, n) => `word${n}`).join('+')}`, 'knowledge.query-too-long'],
    ['an asterisk for too much', 'q=a*', 'knowledge.wildcard-too-broad'],
    ['a day that does not exist', 'q=lamp&on=2023-02-30', 'knowledge.bad-date'],
    ['a day far ahead', 'q=lamp&on=2199-01-01', 'knowledge.bad-date'],
    ['an unknown State', 'q=lamp&state=Atlantis', 'knowledge.unknown-state'],
    ['an unknown treaty', 'q=lamp&instrument=UNTOQ', 'knowledge.unknown-instrument'],
    ['an unknown concept', 'q=lamp&drop=confiscatio', 'knowledge.unknown-concept'],
    ['an unknown article', 'q=lamp&article=XVIII-12%23art_99', 'knowledge.unknown-eid'],
    ['an unknown kind', 'q=lamp&kind=treatie', 'knowledge.unknown-value'],
    ['a place of another index', 'q=lamp&cursor=bm90LW91cnM', 'knowledge.cursor-expired'],
  ])('%s is refused to programs by its code, and a page still answers', async (_, query, code) => {
    const refused = await json(`/api/knowledge/search?${query}`);
    expect([refused.status, refused.body.code]).toEqual([422, code]);
    const page = await alba.get(`/knowledge?${query}`);
    expect([200, 422]).toContain(page.status);
    expect(await page.text()).toContain('<h1>');
  });

  test('near values are named, three at most', async () => {
    const shown = (await html('/knowledge?q=lamp&instrument=UNTOQ')).replaceAll(/<[^>]*>/g, '');
    expect(shown).toContain('UNTOQ is not a treaty we know. Near: UNTOC');
  });

  test.each(['knowledge/works/none', 'knowledge/works/XVIII-12/art_99', 'knowledge/works/XVIII-12/nonsense'])(
    '/%s is not there',
    async (path) => {
      expect((await alba.get(`/${path}`)).status).toBe(404);
    },
  );

  test('strange questions are read as words: quotes and brackets alone, operators, control and direction signs', async () => {
    for (const q of ['"lamp', '((lamp', 'AND OR NOT', '-', '"', 'lamp\u202e\u0007', 'title:', 'on:2023-02-30'])
      expect([200, 422], q).toContain((await alba.get(`/knowledge?q=${encodeURIComponent(q)}`)).status);
  });

  test('the page is whole in all six languages, each with its language and direction', async () => {
    const english = new Set<string>();
    for (const locale of locales) {
      const shown = await html(`/knowledge?q=lamp+assistance&lang=${locale}`);
      expect(shown).toContain(`<html lang="${locale}" dir="${locale === 'ar' ? 'rtl' : 'ltr'}"`);
      expect(shown).toContain(translators[locale]('knowledge.search'));
      for (const other of locales) if (other !== locale) expect(shown).toContain(`hreflang="${other}"`);
      if (locale !== 'en' && locale !== 'ar') {
        // Nothing of the frame and of the page fell back to English.
        for (const key of ['web.skip', 'web.sign-in', 'web.verify', 'web.languages', 'web.band-demo'] as const) {
          expect(translators[locale](key), key).not.toBe(translators.en(key));
          expect(shown).not.toContain(`>${translators.en(key)}<`);
        }
        english.add(translators[locale]('knowledge.unread-language'));
      }
    }
    expect(english.size).toBe(4);
    // Other pages stay with the languages in which all of them are complete.
    expect(await html('/law?lang=fr')).toContain('<html lang="en"');
  });

  test('a removed pack is gone from every answer at once', async () => {
    await removePack(operator(), alba.node.config.packsFolder, 'lanterns', '1');
    await withTransaction(alba.node.database.db, 'system:test', (tx) => knowledge().readPacks(tx));
    expect((await json('/api/knowledge/search?q=lantern')).body.provisions).toBe(0);
    expect((await alba.get('/knowledge/works/XVIII-12')).status).toBe(404);
  });
});
