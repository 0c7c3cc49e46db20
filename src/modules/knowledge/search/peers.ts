import { Unavailable } from '../../../platform/errors.ts';
import { analyse } from './analysis/index.ts';
import type { Doc } from './collection.ts';
import type { JudgedEngine } from './evaluate.ts';

// Engines that are measured beside ours, each with its own ranking. They are development packages: a node has none of them.

export const peerNames: readonly string[] = ['minisearch', 'libsql-fts5', 'lancedb'];

const most = 100;
/** Our own terms, as text that any tokenizer cuts at blanks. */
const termsOf = (text: string): string[] =>
  analyse(text, 'en').flatMap(({ stem }) => (stem === undefined ? [] : [stem.replace(/[^\p{L}\p{N}]/gu, '')]));

/** @throws Unavailable `knowledge.engine-not-installed` */
export async function openPeer(name: string): Promise<JudgedEngine> {
  try {
    switch (name) {
      case 'minisearch':
        return await miniSearch();
      case 'libsql-fts5':
        return await fts5();
      default:
        return await lanceDb();
    }
  } catch (cause) {
    throw new Unavailable('knowledge.engine-not-installed', { params: { given: name }, cause });
  }
}

/** MiniSearch as it comes: its own words and its own BM25+. */
async function miniSearch(): Promise<JudgedEngine> {
  const { default: MiniSearch } = await import('minisearch');
  const engine = new MiniSearch<Doc>({ fields: ['title', 'text'] });
  return {
    name: 'minisearch',
    version: '7.2.0',
    settings: { defaults: true },
    index: async (docs) => engine.addAll(docs),
    search: async (text) =>
      engine
        .search(text)
        .slice(0, most)
        .map(({ id }) => String(id)),
    close: () => Promise.resolve(),
  };
}

/** SQLite's full text over our own terms; its bm25() with our weights of title and text. */
async function fts5(): Promise<JudgedEngine> {
  const { default: Database } = await import('libsql');
  const db = new Database(':memory:');
  db.exec("create virtual table doc using fts5(id unindexed, title, text, tokenize = 'unicode61', detail = column)");
  return {
    name: 'libsql-fts5',
    version: '0.5.29',
    settings: { tokens: 'own', bm25: [2, 1] },
    index: async (docs) => {
      const insert = db.prepare('insert into doc (id, title, text) values (?, ?, ?)');
      db.exec('begin');
      for (const { id, title, text } of docs) insert.run(id, termsOf(title).join(' '), termsOf(text).join(' '));
      db.exec('commit');
    },
    search: async (text) => {
      const asked = [...new Set(termsOf(text))].map((term) => `"${term}"`).join(' OR ');
      if (asked === '') return [];
      const rows = db
        .prepare('select id from doc where doc match ? order by bm25(doc, 0, 2.0, 1.0), id limit ?')
        .all(asked, most) as { id: string }[];
      return rows.map(({ id }) => id);
    },
    close: async () => void db.close(),
  };
}

interface LanceModule {
  connect(folder: string): Promise<{
    createTable(
      name: string,
      rows: object[],
    ): Promise<{
      add(rows: object[]): Promise<unknown>;
      createIndex(column: string, options: object): Promise<void>;
      query(): {
        fullTextSearch(
          text: string,
          options: object,
        ): {
          select(columns: string[]): { limit(count: number): { toArray(): Promise<{ id: string }[]> } };
        };
      };
    }>;
  }>;
  Index: { fts(options: object): object };
}

/** LanceDB's full text over our own terms in one column. */
async function lanceDb(): Promise<JudgedEngine> {
  const [{ mkdtempSync, rmSync }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs'),
    import('node:os'),
    import('node:path'),
  ]);
  // Nothing of it is a dependency: it is there only when someone installed it beside, to measure it.
  const packageName = '@lancedb/lancedb';
  const lance = (await import(packageName)) as LanceModule;
  const folder = mkdtempSync(join(tmpdir(), 'comity-lance-'));
  const db = await lance.connect(folder);
  let table: Awaited<ReturnType<typeof db.createTable>> | undefined;
  return {
    name: 'lancedb',
    version: 'as installed',
    settings: { tokens: 'own', column: 'title and text' },
    index: async (docs) => {
      const rows = docs.map(({ id, title, text }) => ({ id, terms: termsOf(`${title} ${text}`).join(' ') }));
      if (rows.length === 0) return;
      if (table) await table.add(rows);
      else table = await db.createTable('doc', rows);
    },
    finish: async () => {
      const config = lance.Index.fts({
        baseTokenizer: 'whitespace',
        stem: false,
        removeStopWords: false,
        lowercase: false,
        asciiFolding: false,
        withPosition: false,
      });
      await table?.createIndex('terms', { config });
    },
    search: async (text) => {
      const asked = termsOf(text).join(' ');
      if (asked === '' || !table) return [];
      const rows = await table
        .query()
        .fullTextSearch(asked, { columns: ['terms'] })
        .select(['id'])
        .limit(most)
        .toArray();
      return rows.map(({ id }) => id);
    },
    close: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
