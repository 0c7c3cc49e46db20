import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import {
  addPeople,
  bundlePrograms,
  endAll,
  environmentOf,
  freePort,
  handling,
  openBeside,
  startProcess,
  type NodeProcess,
} from '../faults/process.ts';
import { need, serverPids, use } from './tools.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-disk-'));
const small = join(base, 'small');
let programs: { main: string; cli: string };
beforeAll(async () => {
  mkdirSync(small);
  programs = await bundlePrograms();
});
afterAll(async () => {
  await endAll();
  spawnSync('umount', [small]);
  rmSync(base, { recursive: true, force: true });
});

const mega = 1_048_576;
const freeMb = (folder: string) => {
  const { bavail, bsize } = statfsSync(folder);
  return Math.floor((bavail * bsize) / mega);
};

/** A small disk of its own; where mounts are forbidden, a reserve close below what is free stands in. */
function smallDisk(): { folder: string; reserveMb: number; standIn: boolean } {
  need('mount');
  const { status } = use('mount', ['-t', 'tmpfs', '-o', 'size=512m,mode=0755', 'tmpfs', small]);
  if (status === 0) return { folder: small, reserveMb: 32, standIn: false };
  console.warn('disk: mounts are forbidden here; a reserve close below the free space stands in for a full disk');
  return { folder: small, reserveMb: freeMb(small) - 600, standIn: true };
}

async function openCaseFile(client: Client, number: string) {
  return client.api('POST', '/api/case-files', { number, title: 'On a full disk', handling });
}

test('below the reserve a node only reads and says so; with room again it goes on without a restart', async () => {
  const { folder, reserveMb } = smallDisk();
  const environment = environmentOf(join(folder, 'node'), await freePort(), {
    COMITY_DISK_RESERVE_MB: String(reserveMb),
  });
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const { client } = person!;
  expect((await openCaseFile(client, 'D-before')).status).toBe(201);
  const ballast = join(folder, 'ballast');
  const piece = Buffer.alloc(mega, 1);
  for (let n = 0; freeMb(folder) > reserveMb - 8; n += 1) writeFileSync(ballast, piece, { flag: 'a' });
  let refused = await openCaseFile(client, 'D-0');
  for (let n = 1; refused.status === 201 && n < 40; n += 1) {
    await pause(500);
    refused = await openCaseFile(client, `D-${n}`);
  }
  expect([refused.status, refused.json().code]).toEqual([503, 'http.read-only']);
  const page = await client.get('/case-files');
  expect(page.status).toBe(200);
  expect(page.text).toContain('Storage is almost full. You can read and print, but not add.');
  const { text } = await node.get('/metrics');
  expect(text).toMatch(/^comity_read_only 1$/m);
  // A form gets a page with words, not a stack trace.
  const form = await client.post('/profile/display', { theme: 'dark', return: '/' });
  expect(form.status).toBe(503);
  expect(form.text).toContain('Storage is almost full. You can read and print, but not add.');
  // Reading is still recorded: the log has its reserve.
  const listed = await client.get('/api/case-files');
  expect(listed.status).toBe(200);
  const { caseFiles } = listed.json<{ caseFiles: { id: string }[] }>();
  expect((await client.get(`/api/case-files/${caseFiles[0]!.id}`)).status).toBe(200);
  rmSync(ballast);
  let back = await openCaseFile(client, 'E-0');
  for (let n = 1; back.status !== 201 && n < 40; n += 1) {
    await pause(500);
    back = await openCaseFile(client, `E-${n}`);
  }
  expect(back.status).toBe(201);
  expect((await client.get('/case-files')).text).not.toContain('Storage is almost full.');
  expect((await node.kill('SIGTERM')).code).toBe(0);
});

/** Attaches strace so that the n-th call of each process fails. */
async function inject(pids: number[], calls: string, error: string, when: string): Promise<ChildProcess> {
  const which = pids.flatMap((pid) => ['-p', String(pid)]);
  const rule = `inject=${calls}:error=${error}:when=${when}`;
  const tracer = spawn(need('strace'), ['-f', '-e', `trace=${calls}`, '-e', rule, '-o', '/dev/null', ...which], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    tracer.once('exit', () => reject(new Error(`strace ended: ${said}`)));
    tracer.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.split('attached').length > pids.length) resolve();
      if (said.includes('Operation not permitted')) reject(new Error(`strace may not attach here: ${said}`));
    });
  });
  return tracer;
}

async function detach(tracer: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => tracer.once('close', resolve));
  if (tracer.exitCode === null && tracer.signalCode === null) {
    tracer.kill('SIGINT');
    await ended;
  }
}

async function numbersStored(node: NodeProcess): Promise<string[]> {
  for (let tries = 0; ; tries += 1) {
    try {
      const beside = await openBeside(node.environment);
      try {
        const owner = await beside.database.ownerClient();
        try {
          const { rows } = await owner.query<{ number: string }>('select number from case_files');
          return rows.map((row) => row.number);
        } finally {
          await owner.end();
        }
      } finally {
        await beside.close();
      }
    } catch (error) {
      if (tries >= 40) throw error;
      await pause(250);
    }
  }
}

test('the n-th flush or write of the database fails: what was acknowledged is there, what was not says so and is absent', async () => {
  const environment = environmentOf(join(base, 'inject'), await freePort());
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const { client } = person!;
  const csrf = await client.csrf();
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const cases = [
    ...[1, 2, 3, 5, 8].map((n) => ({ calls: 'fdatasync,fsync', error: 'EIO', n })),
    ...[1, 2, 3, 5, 8].map((n) => ({ calls: 'pwrite64,pwritev', error: 'ENOSPC', n })),
  ];
  let struck = 0;
  for (const { calls, error, n } of cases) {
    const beside = await openBeside(environment);
    const { pid } = beside.database.server!;
    await beside.close();
    const tracer = await inject(serverPids(pid), calls, error, String(n));
    const before = refused.length;
    for (let attempt = 0; attempt < 12; attempt += 1) {
      const number = `${calls.slice(0, 4)}-${n}-${attempt}`;
      const body = JSON.stringify({ number, title: 'Struck', handling });
      const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID(), 'X-CSRF-Token': csrf };
      const answer = await client.call('POST', '/api/case-files', { headers, body });
      if (answer.status === 201) acknowledged.push(number);
      else {
        // Words or a problem document, never a stack trace.
        expect(answer.status).toBeGreaterThanOrEqual(500);
        expect(answer.text).not.toMatch(/ at .*\.(js|ts):\d+/);
        refused.push(number);
      }
    }
    await detach(tracer);
    if (refused.length > before) struck += 1;
    expect(node.child.exitCode).toBeNull();
    // The server may be coming back: a write succeeds again before the next fault.
    let status = 0;
    for (let tries = 0; status !== 201 && tries < 60; tries += 1) {
      const number = `after-${calls.slice(0, 4)}-${n}-${tries}`;
      status = (await openCaseFile(client, number).catch(() => ({ status: 0 }))).status;
      if (status !== 201) await pause(250);
      else acknowledged.push(number);
    }
    expect(status).toBe(201);
  }
  const stored = await numbersStored(node);
  expect(acknowledged.filter((number) => stored.filter((one) => one === number).length !== 1)).toEqual([]);
  // One that failed at its very last flush may be there; never twice.
  expect(new Set(stored).size).toBe(stored.length);
  expect(struck).toBeGreaterThan(3);
  expect((await node.kill('SIGTERM')).code).toBe(0);
  const again = await startProcess(programs.main, environment);
  expect((await again.kill('SIGTERM')).code).toBe(0);
});

test('a file whose flush fails is not acknowledged and not listed', async () => {
  const environment = environmentOf(join(base, 'blob'), await freePort());
  const node = await startProcess(programs.main, environment);
  const [person] = await addPeople(node, [{ signInName: 'ann', roles: ['prosecutor'] }]);
  const { client } = person!;
  const made = (await openCaseFile(client, 'B-1')).json<{ caseFile: { id: string } }>();
  const path = `/api/case-files/${made.caseFile.id}/files`;
  const content = Buffer.alloc(50_000, 3).toString('base64');
  const tracer = await inject([node.child.pid!], 'fsync,fdatasync', 'EIO', '1+');
  const struck = await client.api('POST', path, { fileName: 'struck.bin', content });
  expect([struck.status, struck.json().code]).toEqual([503, 'blobs.not-writable']);
  await detach(tracer);
  expect((await client.get(path)).json<{ files: unknown[] }>().files).toEqual([]);
  expect(readdirSync(join(base, 'blob', 'blobs', 'incoming'))).toEqual([]);
  expect((await client.api('POST', path, { fileName: 'kept.bin', content })).status).toBe(201);
  expect((await node.kill('SIGTERM')).code).toBe(0);
});
