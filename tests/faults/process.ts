// A whole node in a process of its own, as `node dist/main.js` runs it, on a data folder of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openNode, contextFor } from '../../src/app/node.ts';
import {
  addSampleOffice,
  addSamplePerson,
  createDemoLink,
  type Actor,
  type Role,
} from '../../src/modules/identity/index.ts';
import { every } from '../../src/platform/clock.ts';
import { readConfig, type Config } from '../../src/platform/config.ts';
import { createLog } from '../../src/platform/log.ts';
import { bundleProgram } from '../support/bundle.ts';
import { createClient, send, type Client } from '../support/client.ts';

export const handling = {
  tlp: 'AMBER+STRICT',
  originator: 'XA:central-authority',
  groups: [],
  purposes: [],
  judicialUse: 'free',
  onward: 'on-request',
} as const;

/** Bundles of the two programs; the same sources as in `dist/`. */
export async function bundlePrograms(): Promise<{ main: string; cli: string }> {
  const [main, cli] = [await bundleProgram('src/main.ts'), await bundleProgram('src/cli.ts')];
  return { main, cli };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('No port')),
      );
    });
  });
}

export type Environment = Record<string, string>;

export function environmentOf(folder: string, port: number, more: Environment = {}): Environment {
  return {
    COMITY_PROFILE: 'demo',
    COMITY_STATE: 'XA',
    COMITY_AUTHORITY: 'XA:central-authority',
    COMITY_TIME_ZONE: 'Europe/Vienna',
    COMITY_DATA: folder,
    COMITY_PORT: String(port),
    COMITY_LOG_LEVEL: 'info',
    COMITY_DISK_RESERVE_MB: '16',
    ...more,
  };
}

/** The environment of this run without its own settings: a child reads only what the test gives it. */
function bare(more: Environment): NodeJS.ProcessEnv {
  const kept = Object.entries(process['env']).filter(
    ([name]) => !name.startsWith('COMITY_') && name !== 'DATABASE_URL',
  );
  return { ...Object.fromEntries(kept), ...more };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** Runs a command to its end. */
export async function run(program: string, args: string[], environment: Environment): Promise<Ended> {
  const child = spawn(process.execPath, [program, ...args], {
    env: bare(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return collect(child);
}

/** Starts a node and sends it a signal so many milliseconds later, whatever it is doing then. */
export async function interrupt(program: string, environment: Environment, millis: number): Promise<Ended> {
  const child = spawn(process.execPath, [program], { env: bare(environment), stdio: ['ignore', 'pipe', 'pipe'] });
  alive.add(child);
  const ended = collect(child);
  void ended.then(() => alive.delete(child));
  const timer = every(millis, () => child.kill('SIGTERM'));
  return ended.finally(() => timer.stop());
}

function collect(child: ChildProcess, onErr: (text: string) => void = () => {}): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString();
    onErr(err);
  });
  return new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal, out, err })));
}

export interface NodeProcess {
  child: ChildProcess;
  port: number;
  origin: string;
  environment: Environment;
  /** What it wrote until now. */
  errors(): string;
  ended: Promise<Ended>;
  kill(signal: NodeJS.Signals): Promise<Ended>;
  client(): Client;
  get(path: string): ReturnType<typeof send>;
}

const alive = new Set<ChildProcess>();

/** Starts a node and waits until it listens; throws with its words when it ends instead. */
export async function startProcess(
  program: string,
  environment: Environment,
  options: { through?: string[]; args?: string[] } = {},
): Promise<NodeProcess> {
  const [command = process.execPath, ...before] = [...(options.through ?? []), process.execPath];
  const child = spawn(command, [...before, program, ...(options.args ?? [])], {
    env: bare(environment),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  let errors = '';
  let listening: () => void = () => {};
  const started = new Promise<void>((resolve) => (listening = resolve));
  const ended = collect(child, (text) => {
    errors = text;
    if (text.includes('"node.listening"')) listening();
  });
  void ended.then(() => alive.delete(child));
  const early = await Promise.race([started, ended]);
  if (early) throw new Error(`The node ended with ${early.code}: ${early.err}`);
  const port = Number(environment.COMITY_PORT);
  const origin = environment.COMITY_ORIGIN ?? `http://localhost:${port}`;
  return {
    child,
    port,
    origin,
    environment,
    errors: () => errors,
    ended,
    kill(signal) {
      child.kill(signal);
      return ended;
    },
    client: () => createClient({ port, origin }),
    get: (path) => send(port, 'GET', path, { Host: `localhost:${port}` }),
  };
}

/** Nothing a failed test started stays behind. */
export async function endAll(): Promise<void> {
  for (const child of alive) child.kill('SIGKILL');
  await Promise.all([...alive].map((child) => new Promise((resolve) => child.once('close', resolve))));
}

/** A folder for the nodes of one test file and both programs; what a failed test started ends with the file. */
export function withPrograms(name: string): { base: string; programs: { main: string; cli: string } } {
  const base = mkdtempSync(join(tmpdir(), `comity-${name}-`));
  const programs = { main: '', cli: '' };
  beforeAll(async () => void Object.assign(programs, await bundlePrograms()));
  afterAll(async () => {
    await endAll();
    rmSync(base, { recursive: true, force: true });
  });
  return { base, programs };
}

export function configOf(environment: Environment): Config {
  return readConfig(environment);
}

/** Opens the database of a running node from here. Close it. */
export function openBeside(environment: Environment) {
  return openNode(configOf(environment), { share: true, log: createLog('silent') });
}

const builder: Actor = { kind: 'system', id: 'tests' };

/** Adds people to a running node and signs each in. */
export async function addPeople(
  node: NodeProcess,
  people: readonly { signInName: string; name?: string; roles: readonly Role[] }[],
): Promise<{ id: string; client: Client }[]> {
  const beside = await openBeside(node.environment);
  try {
    const ctx = contextFor(beside, builder, 'en');
    const made = await ctx.transaction(async (tx) => {
      const officeId = await addSampleOffice(tx, ctx, { name: { en: 'Office of the tests' }, authority: null });
      const links: { id: string; link: string }[] = [];
      for (const { signInName, name = `Person ${signInName}`, roles } of people) {
        const id = await addSamplePerson(tx, ctx, { name, signInName, officeId, roles });
        links.push({ id, link: await createDemoLink(tx, ctx, id) });
      }
      return links;
    });
    const signedIn: { id: string; client: Client }[] = [];
    for (const { id, link } of made) {
      const client = node.client();
      await client.enter(link);
      signedIn.push({ id, client });
    }
    return signedIn;
  } finally {
    await beside.close();
  }
}
