import { randomUUID } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { request, type ClientRequest } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { systemClock } from '../../src/platform/clock.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { addJob } from '../../src/platform/jobs/index.ts';
import type { Answer, Client } from '../support/client.ts';
import {
  addPeople,
  environmentOf,
  freePort,
  handling,
  interrupt,
  openBeside,
  run,
  startProcess,
  withPrograms,
} from './process.ts';

const { base, programs } = withPrograms('stop');

const cookieOf = (client: Client) => [...client.cookies].map(([name, value]) => `${name}=${value}`).join('; ');

/** Begins a write and holds its last bytes back. */
function beginWrite(port: number, client: Client, csrf: string, path: string, body: Buffer) {
  const outgoing: ClientRequest = request({
    host: '127.0.0.1',
    port,
    method: 'POST',
    path,
    setHost: false,
    headers: {
      Host: client.host,
      Cookie: cookieOf(client),
      'Content-Type': 'application/json',
      'Content-Length': String(body.length),
      'Idempotency-Key': randomUUID(),
      'X-CSRF-Token': csrf,
    },
  });
  const answered = new Promise<{ status: number | undefined; text: string }>((resolve) => {
    outgoing.on('error', () => resolve({ status: undefined, text: '' }));
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.on('data', (chunk: Buffer) => (text += chunk.toString()));
      incoming.on('end', () => resolve({ status: incoming.statusCode, text }));
      incoming.on('error', () => resolve({ status: undefined, text }));
    });
  });
  const half = body.length >> 1;
  const begun = new Promise<void>((resolve) => outgoing.write(body.subarray(0, half), () => resolve()));
  return { begun, answered, finish: () => void outgoing.end(body.subarray(half)) };
}

async function withCaseFile(name: string) {
  const environment = environmentOf(join(base, name), await freePort());
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const { client } = person!;
  const made = await client.api('POST', '/api/case-files', { title: 'Stop', handling });
  expect(made.status).toBe(201);
  const { caseFile } = made.json<{ caseFile: { id: string } }>();
  return { environment, node, client, path: `/api/case-files/${caseFile.id}/files` };
}

/** Waits until the node has heard the signal. */
async function untilStopping(node: Awaited<ReturnType<typeof startProcess>>): Promise<void> {
  while (!node.errors().includes('node.stopping')) await new Promise((resolve) => setImmediate(resolve));
}

test('told to stop during an upload, a node takes the rest of it, turns away what is new, and ends in order', async () => {
  const { environment, node, client, path } = await withCaseFile('finish');
  const bytes = Buffer.alloc(300_000, 7);
  const body = Buffer.from(JSON.stringify({ fileName: 'long.bin', content: bytes.toString('base64') }));
  const csrf = await client.csrf();
  const upload = beginWrite(node.port, client, csrf, path, body);
  await upload.begun;
  // A page under way at the same moment.
  const page = node.get('/law');
  await pause(200);
  const began = performance.now();
  node.child.kill('SIGTERM');
  await untilStopping(node);
  const ready = await node.get('/readyz');
  expect([ready.status, ready.text]).toEqual([503, 'stopping\n']);
  const late = await node.get('/law');
  expect([late.status, late.json().code]).toEqual([503, 'app.stopping']);
  expect((await node.get('/healthz')).status).toBe(200);
  upload.finish();
  expect((await upload.answered).status).toBe(201);
  expect((await page).status).toBe(200);
  const ended = await node.ended;
  expect([ended.code, ended.signal]).toEqual([0, null]);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect(existsSync(join(base, 'finish', 'postgres', 'data', 'postmaster.pid'))).toBe(false);
  const again = await startProcess(programs.main, environment);
  const listed: Answer = await client.get(path);
  expect(listed.json<{ files: unknown[] }>().files).toHaveLength(1);
  expect((await again.kill('SIGINT')).code).toBe(0);
});

test('an upload whose rest never comes does not hold a stop beyond 15 seconds, and leaves nothing half', async () => {
  const { environment, node, client, path } = await withCaseFile('cut');
  const body = Buffer.from(
    JSON.stringify({ fileName: 'half.bin', content: Buffer.alloc(90_000, 1).toString('base64') }),
  );
  const upload = beginWrite(node.port, client, await client.csrf(), path, body);
  await upload.begun;
  await pause(200);
  const began = performance.now();
  const ended = await node.kill('SIGTERM');
  expect([ended.code, ended.signal]).toEqual([0, null]);
  expect(performance.now() - began).toBeLessThan(15_000);
  expect((await upload.answered).status).not.toBe(201);
  const again = await startProcess(programs.main, environment);
  expect((await client.get(path)).json<{ files: unknown[] }>().files).toEqual([]);
  expect((await again.kill('SIGTERM')).code).toBe(0);
});

test('told to stop as soon as it listens, or while PostgreSQL starts, a node leaves data that open again', async () => {
  const environment = environmentOf(join(base, 'early'), await freePort());
  for (let round = 0; round < 3; round += 1) {
    const node = await startProcess(programs.main, environment);
    expect((await node.kill('SIGTERM')).code).toBe(0);
    const early = await interrupt(programs.main, environment, 300 + round * 500);
    // Before its first own line it ends as any program does; later in order.
    expect(early.code === 0 || early.signal === 'SIGTERM', early.err).toBe(true);
  }
});

test('a second node on the same folder, data of a newer build, and a taken port are each refused in words', async () => {
  const environment = environmentOf(join(base, 'refused'), await freePort());
  const node = await startProcess(programs.main, environment);
  const second = await run(programs.main, [], { ...environment, COMITY_PORT: String(await freePort()) });
  expect(second.code).toBe(4);
  expect(second.err).toContain('A node already runs on the folder');
  const taken = await run(programs.cli, ['start', '--json'], {
    ...environment,
    COMITY_DATA: join(base, 'other'),
  });
  expect([taken.code, (JSON.parse(taken.out) as { code: string }).code]).toEqual([4, 'app.port-taken']);
  const beside = await openBeside(environment);
  const owner = await beside.database.ownerClient();
  await owner.query("insert into migrations (name, sha256) values ('requests/9999-of-tomorrow', repeat('0', 64))");
  await owner.end();
  await beside.close();
  expect((await node.kill('SIGTERM')).code).toBe(0);
  const older = await run(programs.main, [], environment);
  expect(older.code).toBe(4);
  expect(older.err).toContain('written by a newer Comity (requests/9999-of-tomorrow)');
  expect(older.err).not.toMatch(/\n\s+at /);
  const started = await run(programs.cli, ['start'], environment);
  expect([started.code, started.err]).toEqual([4, older.err]);
});

test('when its database ends for good, a node stops with code 4 and says so', async () => {
  const folder = join(base, 'died');
  const environment = environmentOf(folder, await freePort());
  const node = await startProcess(programs.main, environment);
  const beside = await openBeside(environment);
  const { pid } = beside.database.server!;
  await beside.close();
  // Without its folder the server cannot be started again.
  renameSync(join(folder, 'postgres', 'data'), join(folder, 'postgres', 'gone'));
  process.kill(pid, 'SIGKILL');
  const ended = await node.ended;
  expect([ended.code, ended.signal]).toEqual([4, null]);
  expect(ended.err).toContain('The database of this node ended and does not start again');
});

test('pages and background work share a node: the worker does jobs and shows no page', async () => {
  const environment = environmentOf(join(base, 'roles'), await freePort());
  const web = await startProcess(programs.main, { ...environment, COMITY_ROLE: 'web' });
  const workerPort = await freePort();
  const count = async () => {
    const beside = await openBeside(environment);
    const jobs = await beside.database.db.selectFrom('jobs').select(['kind', 'run_at']).execute();
    await beside.close();
    return jobs.filter((job) => job.kind === 'app.tidy' && job.run_at <= systemClock.now()).length;
  };
  const beside = await openBeside(environment);
  const { clock, random } = beside;
  await withTransaction(beside.database.db, 'system:jobs', (tx) =>
    addJob(tx, { clock, random }, { kind: 'app.tidy', key: 'hourly' }),
  );
  await beside.close();
  expect(await count()).toBe(1);
  const worker = await startProcess(programs.main, {
    ...environment,
    COMITY_ROLE: 'worker',
    COMITY_PORT: String(workerPort),
  });
  for (let tries = 0; tries < 100 && (await count()) > 0; tries += 1);
  expect(await count()).toBe(0);
  expect((await worker.get('/readyz')).status).toBe(200);
  expect((await worker.get('/law')).status).toBe(404);
  expect((await web.get('/law')).status).toBe(200);
  expect((await worker.kill('SIGTERM')).code).toBe(0);
  expect((await web.get('/readyz')).status).toBe(200);
  expect((await web.kill('SIGTERM')).code).toBe(0);
});
