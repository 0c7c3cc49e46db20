import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { checkLog } from '../../src/modules/audit/index.ts';
import { withTransaction } from '../../src/platform/db/index.ts';
import { soakMinutes } from '../support/nightly.ts';
import { addPeople, environmentOf, freePort, handling, openBeside, startProcess, withPrograms } from './process.ts';

const { base, programs } = withPrograms('soak');

/** Two hours by night unless `COMITY_SOAK_MINUTES` says otherwise; some seconds on each change. */
const minutes = soakMinutes;
const perSecond = 20;
const faultEvery = minutes < 5 ? 2_000 : 30_000;

/** Slope of the second half of the samples, per minute. */
function slope(samples: readonly { minute: number; value: number }[]): number {
  const late = samples.slice(samples.length >> 1);
  const mean = (pick: (one: (typeof late)[number]) => number) =>
    late.reduce((sum, one) => sum + pick(one), 0) / late.length;
  const [x, y] = [mean((one) => one.minute), mean((one) => one.value)];
  const spread = late.reduce((sum, one) => sum + (one.minute - x) ** 2, 0);
  return spread === 0 ? 0 : late.reduce((sum, one) => sum + (one.minute - x) * (one.value - y), 0) / spread;
}

test(
  `D15: ${minutes} minutes at ${perSecond} requests a second with a fault again and again: nothing lost or doubled, memory and handles flat`,
  async () => {
    const environment = environmentOf(join(base, 'node'), await freePort(), { COMITY_LOG_LEVEL: 'warn' });
    const node = await startProcess(programs.main, { ...environment, COMITY_LOG_LEVEL: 'info' });
    const people = await addPeople(
      node,
      ['ann', 'bob', 'cem', 'dia'].map((signInName) => ({ signInName, roles: ['prosecutor'] as const })),
    );
    const proofs = await Promise.all(people.map(({ client }) => client.csrf()));
    const written = new Map<string, number | undefined>();
    const strange: string[] = [];
    const memory: { minute: number; value: number }[] = [];
    const handles: number[] = [];
    const began = performance.now();
    const elapsed = () => (performance.now() - began) / 60_000;
    const isOver = () => elapsed() >= minutes;

    async function ask(n: number): Promise<void> {
      const who = n % people.length;
      const { client } = people[who]!;
      if (n % 5 !== 0) {
        const path = ['/case-files', '/api/case-files', '/desk', '/law'][n % 4]!;
        const answer = await client.get(path).catch(() => undefined);
        if (answer && ![200, 303, 500, 503].includes(answer.status)) strange.push(`${path}: ${answer.status}`);
        return;
      }
      const number = `S-${n}`;
      written.set(number, undefined);
      const headers = {
        'Content-Type': 'application/json',
        'Idempotency-Key': randomUUID(),
        'X-CSRF-Token': proofs[who]!,
      };
      const body = JSON.stringify({ number, title: `Matter ${n}`, handling });
      const answer = await client.call('POST', '/api/case-files', { headers, body }).catch(() => undefined);
      written.set(number, answer?.status);
      if (answer && ![201, 500, 503].includes(answer.status)) strange.push(`write: ${answer.status}`);
    }

    const serverPid = async () => {
      const beside = await openBeside(environment);
      try {
        return beside.database.server!.pid;
      } finally {
        await beside.close();
      }
    };
    const faults: (() => Promise<void>)[] = [
      async () => {
        const beside = await openBeside(environment);
        const owner = await beside.database.ownerClient();
        await owner
          .query(`select pg_terminate_backend(pid) from pg_stat_activity where usename = 'comity_app'`)
          .catch(() => undefined);
        await owner.end().catch(() => undefined);
        await beside.close();
      },
      async () => void process.kill(await serverPid(), 'SIGQUIT'),
      async () => {
        const pid = await serverPid();
        process.kill(pid, 'SIGSTOP');
        await pause(500);
        process.kill(pid, 'SIGCONT');
      },
      async () => {
        // Requests that are begun and never finished.
        for (let n = 0; n < 20; n += 1) {
          const socket = connect(node.port, '127.0.0.1');
          socket.on('error', () => undefined);
          socket.write('POST /api/case-files HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{');
          void pause(300).then(() => socket.destroy());
        }
        await pause(400);
      },
    ];

    const underWay = new Set<Promise<void>>();
    const load = (async () => {
      for (let n = 0; !isOver(); n += 1) {
        const one: Promise<void> = ask(n).finally(() => underWay.delete(one));
        underWay.add(one);
        await pause(1_000 / perSecond);
        // A node that stands still is not buried.
        while (underWay.size > 100) await pause(20);
      }
    })();
    const look = (async () => {
      while (!isOver()) {
        const status = readFileSync(`/proc/${node.child.pid}/status`, 'utf8');
        memory.push({ minute: elapsed(), value: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024 });
        handles.push(readdirSync(`/proc/${node.child.pid}/fd`).length);
        await pause(minutes < 5 ? 500 : 10_000);
      }
    })();
    let struck = 0;
    for (; !isOver(); struck += 1) {
      await pause(faultEvery);
      await faults[struck % faults.length]!().catch(() => undefined);
    }
    await Promise.all([load, look]);
    await Promise.all(underWay);
    expect(strange).toEqual([]);
    expect(struck).toBeGreaterThan(1);
    expect(node.child.exitCode).toBeNull();

    // Calm again: a write succeeds, and everything acknowledged is there once.
    let status = 0;
    for (let tries = 0; status !== 201 && tries < 120; tries += 1) {
      status = (
        await people[0]!.client.api('POST', '/api/case-files', { title: 'Calm', handling }).catch(() => ({ status: 0 }))
      ).status;
      if (status !== 201) await pause(250);
    }
    expect(status).toBe(201);
    const beside = await openBeside(environment);
    try {
      const owner = await beside.database.ownerClient();
      const { rows } = await owner.query<{ number: string; count: string }>(
        `select number, count(*) as count from case_files where number like 'S-%' group by number`,
      );
      await owner.end();
      const stored = new Map(rows.map((row) => [row.number, Number(row.count)]));
      expect([...written].filter(([number, code]) => code === 201 && stored.get(number) !== 1)).toEqual([]);
      expect([...stored].filter(([, count]) => count !== 1)).toEqual([]);
      expect([...written.values()].filter((code) => code === 201).length).toBeGreaterThan(
        minutes < 5 ? 0 : minutes * 100,
      );
      expect((await withTransaction(beside.database.db, 'system:tests', checkLog)).whole).toBe(true);
    } finally {
      await beside.close();
    }
    expect(Math.max(...handles.slice(-3))).toBeLessThan(Math.max(...handles.slice(0, 3)) + 150);
    // A slope needs time: what a start allocates is no leak.
    if (minutes >= 30) expect(slope(memory)).toBeLessThan(1);
    console.log(
      `${written.size} writes, ${struck} faults, memory ${Math.round(memory[0]?.value ?? 0)} to ${Math.round(memory.at(-1)?.value ?? 0)} MB, slope ${slope(memory).toFixed(2)} MB a minute`,
    );
    expect((await node.kill('SIGTERM')).code).toBe(0);
  },
  minutes * 60_000 + 300_000,
);
