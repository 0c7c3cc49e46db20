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

describe('files as offices send them', () => {
  const good = 'name1,name2,is_match\nВиктор Окафор,Viktor Okafor,true\nعمر ناصر,Omar Nasser,false\n';
  const utf16 = (text: string, big: boolean) => {
    const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
    return big ? bytes.swap16() : bytes;
  };
  test.each([
    ['little', false],
    ['big', true],
  ])('UTF-16 with the %s end first is read by its mark, and it says so', async (_end, big) => {
    const { results, rejected, notes, evaluation } = await match(utf16(good, big));
    expect(rejected).toEqual([]);
    expect(results.map(({ name1 }) => name1)).toEqual(['Виктор Окафор', 'عمر ناصر']);
    expect(notes).toEqual(['goods.note-recoded']);
    expect(evaluation?.n).toBe(2);
  });

  test('Windows-1256 is refused row by row with a hint, and read when it is named', async () => {
    // "omr" and "nasr" in Arabic by that code page.
    const bytes = Buffer.concat([
      Buffer.from('name1,name2\n'),
      Buffer.from([0xda, 0xe3, 0xd1]),
      Buffer.from(',Omar\n'),
    ]);
    const refused = await match(bytes);
    expect(refused).toMatchObject({ results: [], rejected: [{ row: 1, code: 'goods.encoding', byteOffset: 12 }] });
    expect(refused.notes).toEqual(['goods.note-encoding']);
    const path = file(bytes);
    const read = await matchPairs(path, { prior: 0.5, explain: false, schema: 'Person', encoding: 'windows-1256' });
    expect(read.results[0]?.name1).toBe('عمر');
    await expect(matchPairs(path, { prior: 0.5, explain: false, schema: 'Person', encoding: 'klingon' })).rejects.toMatchObject({ code: 'goods.encoding-unknown' }); // prettier-ignore
  });

  const headers: readonly [string, string, string[]][] = [
    ['Name_1;Name 2;IS-MATCH', 'Chidi Okafor;Okafor Chidi;yes', []],
    ['name_a,name_b,label', 'Chidi Okafor,Okafor Chidi,1', []],
    ['id,English,Own script,label', '7,Chidi Okafor,Okafor Chidi,match', ['goods.note-first-two-columns']],
    ['sep=;\nleft;right;is_match', 'Chidi Okafor;Okafor Chidi;true', []],
    ['name1,name2,is_match,name1', 'Chidi Okafor,Okafor Chidi,true,Someone else', ['goods.note-column-twice']],
  ];
  test.each(headers)('a header %j is understood', async (header, row, noted) => {
    const { results, notes, evaluation } = await match(`${header}\n${row}\n`);
    expect(results).toHaveLength(1);
    expect(results[0]?.similarity).toBeGreaterThan(0.95);
    expect(notes).toEqual(noted);
    expect(evaluation?.matches).toBe(1);
  });

  test('a header with one of the two names is refused by the name of the other', async () => {
    await expect(match('name1,other\nChidi Okafor,Okafor Chidi\n')).rejects.toMatchObject({ code: 'goods.column-missing', params: { column: 'name2' } }); // prettier-ignore
  });

  test('what stands before a quotation mark that is never closed is compared, the rest is told', async () => {
    const { results, rejected } = await match('name1,name2\nChidi Okafor,Okafor Chidi\n"Ivan,Petrov\nx,y\n');
    expect(results).toHaveLength(1);
    expect(rejected).toMatchObject([{ row: 2, code: 'goods.rest-unreadable' }]);
  });

  test('a folder is no file', async () => {
    await expect(matchPairs(folder, { prior: 0.5, explain: false, schema: 'Person' })).rejects.toMatchObject({ code: 'goods.file-unreadable' }); // prettier-ignore
  });

  test('a list without kinds may hold persons and bodies; rows of one id are one entry', async () => {
    const opened = await openListFile(
      file('id,name\nE-1,"OKAFOR, William"\nE-2,Borean Transit Lines LLC\nE-1,Uzoma Adeyemi\n'),
      {},
    );
    expect(opened.list.size).toBe(2);
    const queries = file('query,expected\nBill Okafor,E-1\nAdeyemi Uzoma,E-1\nBorean Transit Line Ltd,E-2\n');
    const options = { limit: 5, explain: false, schema: 'Thing', expect: 'expected' } as const;
    const { evaluation, results } = await screenFile(opened, queries, options, () => 0);
    expect(evaluation).toMatchObject({ expected: 3, recallAt1: 1 });
    expect(results.every(({ candidates }) => candidates[0]?.decision === 'alert')).toBe(true);
  });

  test('a name in pieces is put together', async () => {
    const opened = await openListFile(file('dataid,first_name,second_name,family name\n1,Chidi,Uzoma,Okafor\n'), {});
    expect(opened.list.entry(0)).toMatchObject({ id: '1', names: ['Chidi Uzoma Okafor'] });
  });

  test('a column that was asked for and is not there is refused, in the list and in the queries', async () => {
    const list = file('id,name\nE-1,Chidi Okafor\n');
    await expect(openListFile(list, { name: 'caption' })).rejects.toMatchObject({ params: { column: 'caption' } });
    const options = { limit: 5, explain: false, schema: 'Thing', expect: 'truth' } as const;
    await expect(screenFile(await openListFile(list, {}), list, options, () => 0)).rejects.toMatchObject({ code: 'goods.column-missing', params: { column: 'truth' } }); // prettier-ignore
  });

  test('an empty list and empty queries give an empty answer; one letter and ten thousand are names', async () => {
    const [none, list] = [await openListFile(file(''), {}), await openListFile(file(`id,name\n1,X\n2,${'ab '.repeat(4000)}\n`), {})]; // prettier-ignore
    const options = { limit: 5, explain: false, schema: 'Thing' } as const;
    expect(await screenFile(none, file('name\nChidi Okafor\n'), options, () => 0)).toMatchObject({
      queries: 1,
      rejected: [],
    });
    expect(await screenFile(list, file(''), options, () => 0)).toMatchObject({ queries: 0, rejected: [] });
    const { results } = await screenFile(list, file(`name\nX\n${'ab '.repeat(4000)}\n`), options, () => 0);
    expect(results.map(({ candidates }) => candidates[0]?.entryId)).toEqual(['1', '2']);
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
