import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { withTransaction } from '../../src/platform/db/index.ts';
import { checkLog } from '../../src/modules/audit/index.ts';
import type { Client } from '../support/client.ts';
import { isNightly } from '../support/nightly.ts';
import {
  addPeople,
  environmentOf,
  freePort,
  handling,
  openBeside,
  startProcess,
  type Environment,
  type NodeProcess,
  withPrograms,
} from './process.ts';

const { base, programs } = withPrograms('kill');

interface Written {
  number: string;
  key: string;
  /** Status of the answer; undefined when the line broke. */
  status: number | undefined;
}

const bodyFor = (number: string) => JSON.stringify({ number, title: `Matter ${number}`, handling });

function write(client: Client, csrf: string, { number, key }: Written) {
  return client.call('POST', '/api/case-files', {
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'X-CSRF-Token': csrf },
    body: bodyFor(number),
  });
}

/** Opens case files without pause until the line breaks. */
async function load(client: Client, csrf: string, name: string, stop: () => boolean, written: Written[]) {
  for (let n = 0; !stop(); n += 1) {
    const one: Written = { number: `${name}-${n}`, key: randomUUID(), status: undefined };
    written.push(one);
    try {
      one.status = (await write(client, csrf, one)).status;
    } catch {
      return;
    }
  }
}

async function countsByNumber(environment: Environment): Promise<Map<string, number>> {
  const beside = await openBeside(environment);
  try {
    const rows = await withTransaction(beside.database.db, 'system:tests', async (tx) => {
      const report = await checkLog(tx);
      expect(report.whole).toBe(true);
      const owner = await beside.database.ownerClient();
      try {
        const found = await owner.query<{ number: string; files: number; keys: number }>(
          `select c.number, count(*)::int as files, count(distinct m.case_file_id)::int as keys
             from case_files c left join case_file_members m on m.case_file_id = c.id group by c.number`,
        );
        return found.rows;
      } finally {
        await owner.end();
      }
    });
    // Half a case file would have no member.
    expect(rows.filter((row) => row.files !== row.keys && row.files === 1)).toEqual([]);
    return new Map(rows.map((row) => [row.number, row.files]));
  } finally {
    await beside.close();
  }
}

/** With the twenty of crash.test.ts more than thirty on each change, and more than two hundred by night. */
const rounds = isNightly ? 180 : 12;

test(
  `${rounds} times killed under writes with idempotency keys: every acknowledged write is there exactly once`,
  { timeout: isNightly ? 3_600_000 : 300_000 },
  async () => {
    const environment = environmentOf(join(base, 'load'), await freePort(), { COMITY_LOG_LEVEL: 'info' });
    let node: NodeProcess = await startProcess(programs.main, environment);
    const people = await addPeople(
      node,
      ['ann', 'bo', 'cy', 'dee'].map((signInName) => ({ signInName, roles: ['prosecutor'] as const })),
    );
    const proofs = await Promise.all(people.map(({ client }) => client.csrf()));
    const written: Written[] = [];
    const readyTimes: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      let stopped = false;
      const before = written.length;
      const enough = 12 + ((round * 13) % 30);
      const loads = people.map(({ client }, who) =>
        load(client, proofs[who]!, `R${round}-${who}`, () => stopped, written),
      );
      const reached = (async () => {
        while (written.slice(before).filter((one) => one.status === 201).length < enough)
          await new Promise((resolve) => setImmediate(resolve));
      })();
      await reached;
      await node.kill('SIGKILL');
      stopped = true;
      await Promise.all(loads);
      const began = performance.now();
      node = await startProcess(programs.main, environment);
      readyTimes.push(performance.now() - began);
    }
    const unanswered = written.filter((one) => one.status === undefined);
    // A client that got no answer sends again with its key: done before, done now, or told to wait; never twice.
    const again = new Map<string, number>();
    for (const one of unanswered) {
      const who = Number(one.number.split('-')[1]);
      again.set(one.number, (await write(people[who]!.client, proofs[who]!, one)).status);
    }
    const counts = await countsByNumber(environment);
    const acknowledged = written.filter((one) => one.status === 201);
    expect(written.filter((one) => one.status !== undefined && one.status !== 201)).toEqual([]);
    expect(acknowledged.filter((one) => counts.get(one.number) !== 1)).toEqual([]);
    expect([...counts].filter(([, count]) => count !== 1)).toEqual([]);
    for (const [number, status] of again) {
      expect([200, 201, 409], number).toContain(status);
      if (status !== 409) expect(counts.get(number), number).toBe(1);
    }
    expect(acknowledged.length).toBeGreaterThan(rounds * 12);
    expect(Math.max(...readyTimes)).toBeLessThan(10_000);
    expect((await node.kill('SIGTERM')).code).toBe(0);
  },
);

test('the database ends at once under load: the node lives, and writes succeed again within 5 seconds', async () => {
  const environment = environmentOf(join(base, 'restart'), await freePort());
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const csrf = await person!.client.csrf();
  const beside = await openBeside(environment);
  const pid = beside.database.server!.pid;
  await beside.close();
  const written: Written[] = [];
  const attempt = async (n: number) => {
    const one: Written = { number: `D-${n}`, key: randomUUID(), status: undefined };
    written.push(one);
    one.status = (await write(person!.client, csrf, one)).status;
    return one.status;
  };
  let n = 0;
  for (; n < 20; n += 1) expect(await attempt(n)).toBe(201);
  process.kill(pid, 'SIGQUIT');
  const ended = performance.now();
  const seen = new Set<number | undefined>();
  for (; performance.now() - ended < 10_000; n += 1) {
    const status = await attempt(n);
    seen.add(status);
    if (status === 201 && seen.size > 1) break;
  }
  n += 1;
  expect(performance.now() - ended).toBeLessThan(5_000);
  // What was refused said so in our words and form, and the node is the same process.
  expect([...seen].every((status) => status === 201 || status === 500 || status === 503)).toBe(true);
  for (let more = 0; more < 10; more += 1, n += 1) expect(await attempt(n)).toBe(201);
  expect(node.child.exitCode).toBeNull();
  const counts = await countsByNumber(environment);
  expect(written.filter((one) => one.status === 201 && counts.get(one.number) !== 1)).toEqual([]);
  expect([...counts.values()].every((count) => count === 1)).toBe(true);
  expect((await node.kill('SIGTERM')).code).toBe(0);
});

test('connections cut at random lose no write and make none twice', async () => {
  const environment = environmentOf(join(base, 'cut'), await freePort());
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const csrf = await person!.client.csrf();
  const beside = await openBeside(environment);
  const admin = await beside.database.ownerClient();
  const written: Written[] = [];
  let cutting = true;
  const cuts = (async () => {
    for (let n = 0; n < 200 && cutting; n += 1) {
      await sql`select 1`.execute(beside.database.db).catch(() => {});
      await admin
        .query(
          `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'comity_app' and state <> 'idle' limit 1`,
        )
        .catch(() => {});
    }
  })();
  for (let n = 0; n < 150; n += 1) {
    const one: Written = { number: `T-${n}`, key: randomUUID(), status: undefined };
    written.push(one);
    one.status = (await write(person!.client, csrf, one)).status;
  }
  cutting = false;
  await cuts;
  await admin.end();
  await beside.close();
  const counts = await countsByNumber(environment);
  expect(written.filter((one) => one.status === 201 && counts.get(one.number) !== 1)).toEqual([]);
  expect([...counts.values()].every((count) => count === 1)).toBe(true);
  expect((await node.kill('SIGTERM')).code).toBe(0);
});
