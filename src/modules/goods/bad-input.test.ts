import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { matchPairs } from './pairs.ts';
import { parseName, prepareList, screen, similarityOf } from './rules/index.ts';
import { namedSubject } from './compare.ts';
import { openListFile, screenFile } from './screening.ts';

const folder = mkdtempSync(join(tmpdir(), 'comity-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function file(content: string | Buffer): string {
  const path = join(folder, `${(files += 1)}.csv`);
  writeFileSync(path, content);
  return path;
}
const match = (content: string | Buffer) => matchPairs(file(content), { prior: 0.5, explain: false, schema: 'Person' });

describe('pairs of a file: a row that cannot be read is told, the run goes on', () => {
  const good = 'Chidi Okafor,Okafor Chidi';
  const rows: readonly [string, string, string, string | null][] = [
    ['an empty name', ',Chidi Okafor', 'goods.name-empty', 'name1'],
    ['a blank name', 'Chidi Okafor,"   "', 'goods.name-empty', 'name2'],
    ['symbols alone', 'Chidi Okafor,—?!', 'goods.name-empty', 'name2'],
    ['marks of direction alone', '\u202e\u200b,Chidi Okafor', 'goods.name-empty', 'name1'],
    ['a cell too many', 'Chidi Okafor,Okafor,third', 'goods.row-wrong-column-count', null],
    ['a cell too few', 'Chidi Okafor', 'goods.row-wrong-column-count', null],
  ];
  test.each(rows)('%s', async (_what, row, code, column) => {
    const { results, rejected } = await match(`name1,name2\n${good}\n${row}\n${good}\n`);
    expect(rejected).toEqual([{ row: 2, code, column }]);
    expect(results.map((one) => one.row)).toEqual([1, 3]);
  });

  test('another encoding is refused with the place of the byte', async () => {
    const bytes = Buffer.concat([
      Buffer.from('name1,name2\nChidi Okafor,'),
      Buffer.from([0x4a, 0xf6, 0x72, 0x67]),
      Buffer.from(`\n${good}\n`),
    ]);
    const { results, rejected } = await match(bytes);
    expect(rejected).toEqual([{ row: 1, code: 'goods.encoding', column: 'name2', byteOffset: 26 }]);
    expect(results).toHaveLength(1);
  });

  test('the same name in both columns is 1, and only a name', async () => {
    const { results } = await match('name1,name2\nChidi Okafor,Chidi Okafor\n');
    expect(results[0]).toMatchObject({ similarity: 1, band: 'name-only' });
  });

  test('a long name is cut, marks of direction are taken out; both are noted', async () => {
    const { results, notes } = await match(`name1,name2\nChidi ${'a'.repeat(600)},\u202eChidi\u202c Okafor\n`);
    expect(results).toHaveLength(1);
    expect(results[0]?.name1).toHaveLength(606);
    expect(notes.sort()).toEqual(['goods.note-controls-stripped', 'goods.note-cut']);
  });

  const dates: readonly [string, string[]][] = [
    ['00/00/1970', ['name', 'birth-date']],
    ['00/00/0000', ['name']],
    ['31/02/1970', ['name']],
    ['unknown', ['name']],
    ['', ['name']],
  ];
  test.each(dates)('a birth given as %j is unknown or a year, never 1 January', async (given, comparable) => {
    const { results } = await match(
      `name1,name2,birthDate1,birthDate2\nChidi Okafor,Okafor Chidi,${given},1970-11-23\n`,
    );
    expect(results[0]?.comparable).toEqual(comparable);
    expect(results[0]?.band).not.toBe('contradicted');
  });

  const tables: readonly [string, string][] = [
    ['a byte order mark', '\ufeffname1,name2\nChidi Okafor,Okafor Chidi\n'],
    ['semicolons', 'name1;name2\nChidi Okafor;Okafor Chidi\n'],
    ['tabs', 'name1\tname2\nChidi Okafor\tOkafor Chidi\n'],
    ['lines of Windows', 'name1,name2\r\nChidi Okafor,Okafor Chidi\r\n'],
    ['a quoted line break', 'name1,name2\n"Chidi\nOkafor","Okafor Chidi"\n'],
    ['comments and empty lines', '# made up\n\nname1,name2\n# more\nChidi Okafor,Okafor Chidi\n\n'],
    ['other names of the columns', 'query,expected match\nChidi Okafor,Okafor Chidi\n'],
    ['columns in another order', 'id,name2,name1\n7,Okafor Chidi,Chidi Okafor\n'],
    ['no end of the last line', 'name1,name2\nChidi Okafor,Okafor Chidi'],
  ];
  test.each(tables)('a table with %s is read', async (_what, content) => {
    const { results, rejected } = await match(content);
    expect(rejected).toEqual([]);
    expect(results).toHaveLength(1);
    expect(results[0]?.similarity).toBeGreaterThan(0.95);
  });

  test('without a known header the first two columns are taken, and it says so', async () => {
    const { results, notes } = await match('Chidi Okafor,Okafor Chidi,x\nIvan Petrov,Petrov Ivan,y\n');
    expect(results).toHaveLength(2);
    expect(notes).toEqual(['goods.note-first-two-columns']);
  });

  test('an empty file has no result and no fault', async () => {
    expect(await match('')).toMatchObject({ results: [], rejected: [] });
  });

  test('a file that is no table, or is not there, is refused', async () => {
    await expect(matchPairs(join(folder, 'none.csv'), { prior: 0.5, explain: false, schema: 'Person' })).rejects.toMatchObject({ code: 'goods.file-unreadable' }); // prettier-ignore
  });
});

describe('traps', () => {
  test('half a surrogate pair is refused', () => {
    expect(parseName('Chidi \udc00', 'person')).toMatchObject({ ok: false, problem: 'encoding' });
  });

  test('one side missing has no score, not a score of nought', () => {
    expect(similarityOf('', 'Chidi Okafor', 'person')).toBeUndefined();
  });

  test('ten thousand equal words, or a hundred different ones, are one name like others', () => {
    const equal = 'ali '.repeat(10_000);
    expect(similarityOf(equal, equal, 'person')).toBe(1);
    expect(similarityOf(equal, 'Ali', 'person')).toBeGreaterThanOrEqual(0);
    const list = prepareList([{ id: '1', ...namedSubject(equal, 'Person') }]);
    expect(screen(list, namedSubject(equal, 'Person'), { limit: 1 }).found).toHaveLength(1);
  });

  test('entries of a list and queries that are no names are told by row; the others are screened', async () => {
    const opened = await openListFile(file('id,name\nE-1,Chidi Okafor\nE-2,\nE-3,"?"\nE-4,Ivan Petrov\n'), {});
    expect(opened.rejected.map(({ row, code }) => [row, code])).toEqual([
      [2, 'goods.name-empty'],
      [3, 'goods.name-empty'],
    ]);
    const answer = await screenFile(
      opened,
      file('name\nOkafor Chidi\n"—"\nPetrov Ivan\n'),
      { limit: 5, explain: false, schema: 'Thing' },
      () => 0,
    );
    expect(answer.results.map(({ row, candidates }) => [row, candidates[0]?.entryId])).toEqual([
      [1, 'E-1'],
      [3, 'E-4'],
    ]);
    expect(answer.rejected).toMatchObject([{ row: 2, code: 'goods.name-empty' }]);
  });
});
