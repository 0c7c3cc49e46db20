import { expect, test } from 'vitest';
import { MemoryStorage } from './engine/memory.ts';
import { searchIndex } from './engine/results.ts';
import { IndexView } from './engine/view.ts';
import type { SearchUnit } from './schema.ts';

// Why a kept engine was not chosen (docs/decisions/0007): its scores tell what a reader may not see.

const unit = (number: number, text: string, access: 'public' | 'state'): SearchUnit => ({
  id: `${access}-${String(number)}@en`,
  work: `${access}-${String(number)}`,
  kind: 'law',
  language: 'en',
  access,
  title: '',
  text,
});
const open = [
  unit(1, 'seizure of ships', 'public'),
  unit(2, 'extradition of nationals', 'public'),
  unit(3, 'transit of goods', 'public'),
];
/** Internal texts, all of seizure: they make the word usual. */
const hidden = Array.from({ length: 40 }, (_, number) => unit(number, 'seizure and again seizure', 'state'));
const question = 'seizure extradition';

test('the order of SQLite FTS5 for the public changes with texts the public may not see', async () => {
  const { default: Database } = await import('libsql');
  const ask = (units: readonly SearchUnit[]) => {
    const db = new Database(':memory:');
    db.exec('create virtual table doc using fts5(id unindexed, access unindexed, text)');
    const insert = db.prepare('insert into doc (id, access, text) values (?, ?, ?)');
    for (const { id, access, text } of units) insert.run(id, access, text);
    const rows = db
      .prepare("select id from doc where doc match ? and access = 'public' order by bm25(doc), id")
      .all('seizure OR extradition') as { id: string }[];
    db.close();
    return rows.map(({ id }) => id);
  };
  expect(ask(open)).toEqual(['public-1@en', 'public-2@en']);
  expect(ask([...open, ...hidden])).toEqual(['public-2@en', 'public-1@en']);
});

test('ours does not: order, scores and counts are the same with and without them', async () => {
  const ask = async (units: readonly SearchUnit[]) => {
    const storage = new MemoryStorage();
    storage.add(units);
    const parts = { storage, index: new IndexView(storage), labels: undefined };
    const { version: _version, ...answer } = await searchIndex(parts, {
      text: question,
      access: ['public'],
      language: 'en',
      match: 'some',
      facets: ['kind'],
    });
    return answer;
  };
  const alone = await ask(open);
  expect(alone.groups.map(({ work }) => work)).toEqual(['public-1', 'public-2']);
  expect(await ask([...open, ...hidden])).toEqual(alone);
});
