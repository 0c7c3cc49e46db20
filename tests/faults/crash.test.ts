import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundleProgram } from '../support/bundle.ts';

const base = mkdtempSync(join(tmpdir(), 'comity-faults-'));
let program: string;
const children: ChildProcess[] = [];
beforeAll(async () => void (program = await bundleProgram('tests/faults/writer.ts')));
afterAll(() => {
  for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  rmSync(base, { recursive: true, force: true });
  rmSync(program, { force: true });
});

interface Event {
  ready?: boolean;
  pid?: number;
  keys?: string[];
  acknowledged?: string;
  refused?: string;
}

/** A node in a process of its own, and what it says. */
function startWriter(folder: string, round: number | string, mode = 'write') {
  const child = spawn(process.execPath, [program, folder, String(round), mode], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const events: Event[] = [];
  const waiting: (() => void)[] = [];
  let errors = '';
  child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as Event);
    for (const wake of waiting.splice(0)) wake();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve)).then((code) => {
    for (const wake of waiting.splice(0)) wake();
    return code;
  });
  return {
    child,
    events,
    ended,
    errors: () => errors,
    async until(holds: (events: Event[]) => boolean): Promise<void> {
      while (!holds(events)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The node ended: ${errors}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    ready() {
      const found = events.find((event) => event.ready);
      if (!found?.pid || !found.keys) throw new Error(`Not ready: ${errors}`);
      return { pid: found.pid, keys: found.keys };
    },
  };
}

const acknowledged = (events: Event[]) => events.flatMap((event) => event.acknowledged ?? []);

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilGone(pid: number, seconds: number): Promise<boolean> {
  for (let waited = 0; waited < seconds * 1000; waited += 50) {
    if (!isAlive(pid)) return true;
    await pause(50);
  }
  return !isAlive(pid);
}

const rounds = 20;

test(
  `${rounds} times killed in mid-write, no acknowledged write is lost and none is half`,
  { timeout: 300_000 },
  async () => {
    const folder = join(base, 'node');
    const all: string[] = [];
    const readyTimes: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const began = performance.now();
      const node = startWriter(folder, round);
      await node.until((events) => events.some((event) => event.ready));
      readyTimes.push(performance.now() - began);
      const { pid, keys } = node.ready();
      const present = new Set(keys);
      expect(all.filter((key) => !present.has(key))).toEqual([]);
      const whole = keys.filter((key) => !key.endsWith('-half'));
      expect(whole.filter((key) => !present.has(`${key}-half`))).toEqual([]);
      expect(keys.length).toBe(whole.length * 2);
      const before = 20 + ((round * 37) % 90);
      await node.until((events) => acknowledged(events).length >= before);
      if (round % 3 === 1) {
        // The server alone: the node lives on, and its next writes succeed without a restart of the node.
        process.kill(pid, 'SIGKILL');
        const refusedAt = acknowledged(node.events).length;
        await node.until(
          (events) => acknowledged(events).length >= refusedAt + 40 && events.some((event) => event.refused),
        );
        expect(isAlive(node.child.pid ?? 0)).toBe(true);
      } else if (round % 3 === 2) {
        process.kill(pid, 'SIGKILL');
      }
      node.child.kill('SIGKILL');
      await node.ended;
      all.push(...acknowledged(node.events));
    }
    expect(all.length).toBeGreaterThan(rounds * 20);
    expect(Math.max(...readyTimes)).toBeLessThan(10_000);
  },
);

test('a killed node leaves no server behind', async () => {
  const node = startWriter(join(base, 'watch'), 0, 'hold');
  await node.until((events) => events.some((event) => event.ready));
  const { pid } = node.ready();
  expect(isAlive(pid)).toBe(true);
  node.child.kill('SIGKILL');
  expect(await untilGone(pid, 20)).toBe(true);
});

test('a second node on a folder is refused, and a command beside the running one is not', async () => {
  const folder = join(base, 'shared');
  const node = startWriter(folder, 0, 'hold');
  await node.until((events) => events.some((event) => event.ready));
  const second = startWriter(folder, 1);
  expect(await second.ended).not.toBe(0);
  expect(second.errors()).toContain('db.folder-in-use');
  const command = startWriter(folder, 2, 'share');
  expect(await command.ended).toBe(0);
  expect(command.ready().pid).toBe(node.ready().pid);
  expect(isAlive(node.ready().pid)).toBe(true);
  node.child.kill('SIGTERM');
  expect(await node.ended).toBe(0);
  expect(isAlive(node.ready().pid)).toBe(false);
  expect(existsSync(join(folder, 'postgres', 'data', 'postmaster.pid'))).toBe(false);
});

test('a node in a folder whose path is too long for a socket runs', async () => {
  const folder = join(base, 'a'.repeat(90), 'b'.repeat(90));
  const node = startWriter(folder, 0, 'hold');
  await node.until((events) => events.some((event) => event.ready));
  node.child.kill('SIGTERM');
  expect(await node.ended).toBe(0);
});
