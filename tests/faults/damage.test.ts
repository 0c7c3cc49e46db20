import {
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import pg from 'pg';
import { checkPages, ownServerData } from '../../src/platform/db/index.ts';
import { isWholePage } from '../../src/platform/db/damage.ts';
import { startNode, type TestNode } from '../support/node.ts';
import { addTestOffice, addTestPerson, type TestPerson } from '../support/office-people.ts';
import { until } from '../support/network.ts';
import { bundleProgram } from '../support/bundle.ts';
import { environmentOf, handling, run } from './process.ts';

// A node on a PostgreSQL of its own whose disk rots: what was never read since is found, and nothing rotten is shown.
const copy = mkdtempSync(join(tmpdir(), 'comity-damage-'));
let alba: TestNode;
let ann: TestPerson;
let data: string;

beforeAll(async () => {
  alba = await startNode({ environment: { DATABASE_URL: '' } });
  data = ownServerData(alba.node.config.dataFolder) ?? '';
  const officeId = await addTestOffice(alba, 'Operations');
  ann = await addTestPerson(alba, { signInName: 'ann', officeId, roles: ['prosecutor'] });
  for (let n = 0; n < 20; n += 1)
    expect((await ann.client.api('POST', '/api/case-files', { title: `Matter ${n}`, handling })).status).toBe(201);
}, 300_000);
afterAll(async () => {
  await alba?.stop();
  rmSync(copy, { recursive: true, force: true });
});

/** Asks the node's own server as its superuser. */
async function asSuper<T extends object>(query: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: alba.node.database.server!.url('comity_super') });
  await client.connect();
  try {
    return (await client.query<T>(query)).rows;
  } finally {
    await client.end();
  }
}

async function fileOf(relation: string): Promise<string> {
  await asSuper('CHECKPOINT');
  const [row] = await asSuper<{ path: string }>(`SELECT pg_relation_filepath('${relation}') AS path`);
  return row!.path;
}

/** Turns one bit of a file over. */
function flip(file: string, at: number, bit: number): void {
  const handle = openSync(file, 'r+');
  const byte = readFileSync(file)[at]! ^ (1 << bit);
  writeSync(handle, Buffer.of(byte), 0, 1, at);
  closeSync(handle);
}

test('D6: one bit turned over at any of two hundred places, and a file cut short by any number of bytes, is found', async () => {
  const files = [await fileOf('case_files'), await fileOf('audit_entries'), await fileOf('audit_leaves_pkey')];
  let found = 0;
  for (let n = 0; n < 200; n += 1) {
    const bytes = readFileSync(join(data, files[n % 3]!));
    const at = (n * 7_919 + (n % 7)) % bytes.length;
    const page = Math.floor(at / 8_192);
    const one = bytes.subarray(page * 8_192, (page + 1) * 8_192);
    expect(isWholePage(one, page)).toBe(true);
    bytes[at]! ^= 1 << (n % 8);
    if (!isWholePage(one, page)) found += 1;
  }
  expect(found).toBe(200);
  const whole = await checkPages(data);
  expect(whole.damaged).toEqual([]);
  expect(whole.pages).toBeGreaterThan(1_000);
  const torn = join(copy, files[0]!);
  for (const folder of [dirname(torn), join(copy, 'global')]) mkdirSync(folder, { recursive: true });
  cpSync(join(data, files[0]!), torn);
  for (const cut of [1, 511, 4_096]) {
    truncateSync(torn, statSync(torn).size - cut);
    expect((await checkPages(copy)).damaged).toEqual([
      { file: files[0], page: Math.floor(statSync(torn).size / 8_192) },
    ]);
  }
}, 300_000);

test('D6: what lies on a damaged page is shown to nobody, the page says so in words, and verify names the table', async () => {
  const file = await fileOf('case_files');
  flip(join(data, file), 8_000, 3);
  // Out of the server's memory: from now on it reads the disk.
  process.kill(alba.node.database.server!.pid, 'SIGQUIT');
  await until(
    () => asSuper('SELECT 1').then(() => true, () => false),
    'the database is back',
  ); // prettier-ignore
  const { client } = ann;
  const answer = await client.get('/api/case-files');
  expect([answer.status, answer.json().code]).toEqual([503, 'db.damaged']);
  const page = await client.get('/case-files');
  expect(page.status).toBe(503);
  expect(page.text).toContain('A part of the database is damaged on the disk.');
  expect(page.text).not.toContain('Matter ');

  const cli = await bundleProgram('src/cli.ts');
  const environment = environmentOf(alba.node.config.dataFolder, 0);
  const ended = await run(cli, ['verify', '--json'], environment);
  expect(ended.code, ended.err).toBe(1);
  expect(JSON.parse(ended.out)).toMatchObject({
    kind: 'verify',
    whole: false,
    database: { damaged: [{ file, page: 0, of: 'case_files' }] },
    files: { damaged: [] },
  });
  const words = await run(cli, ['verify'], environment);
  expect(words.out).toContain('page 0');
  expect(words.out).toContain('comity restore');
  flip(join(data, file), 8_000, 3);
}, 300_000);
