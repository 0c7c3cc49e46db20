import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { introduceNodes, type Introduced } from '../../app/introduce.ts';
import { buildLive } from '../../app/live.ts';
import { buildModules } from '../../app/modules.ts';
import { openNode } from '../../app/node.ts';
import { translators } from '../../app/words.ts';
import { loadSampleDirectory } from '../../modules/authorities/index.ts';
import { readConfig } from '../../platform/config.ts';
import { openPostgres, type PostgresServer } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log.ts';
import type { Ask, Counted, Used } from './node.ts';

/** One of two nodes: its settings and PostgreSQL, and its process while it runs. */
export interface Side {
  state: 'XA' | 'XB';
  authority: string;
  settings: Record<string, string>;
  database: PostgresServer;
  /** Port on which the other expects it. */
  port: number;
  child: ChildProcess | undefined;
  begin(port?: number): Promise<void>;
  ask<Answer = object>(ask: Ask): Promise<Answer>;
  count(): Promise<Counted>;
  used(): Promise<Used>;
  /** Ends the process at once. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export interface Pair {
  alba: Side;
  borea: Side;
  close(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The programs stand beside each other: `dist/`. */
export const programOf = (name: string) => join(dirname(process.argv[1] ?? ''), `${name}.js`);

async function makeSide(state: Side['state'], folder: string): Promise<Side> {
  const database = await openPostgres({ folder: join(folder, state, 'server') });
  const port = await freePort();
  const authority = `${state}:central-authority`;
  let turn = 0;
  const waiting = new Map<number, (answer: object) => void>();
  const side: Side = {
    state,
    authority,
    database,
    port,
    child: undefined,
    settings: {
      COMITY_PROFILE: 'demo',
      COMITY_STATE: state,
      COMITY_AUTHORITY: authority,
      COMITY_DATA: join(folder, state, 'data'),
      COMITY_LOG_LEVEL: 'error',
      COMITY_DISK_RESERVE_MB: '16',
      COMITY_EXCHANGE_PORT: String(port),
      COMITY_EXCHANGE_ORIGIN: `https://${state.toLowerCase()}.localhost:${port}`,
      COMITY_EXCHANGE_PER_SECOND: '2000',
      COMITY_MAX_FILE_MB: '20480',
      DATABASE_URL: database.url('comity_super', 'postgres'),
    },
    async begin(listening = port) {
      const settings = { ...side.settings, COMITY_EXCHANGE_PORT: String(listening) };
      const child = fork(programOf('bench-node'), [JSON.stringify(settings)], {
        env: { PATH: process['env'].PATH ?? '' },
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        execArgv: [],
      });
      side.child = child;
      await new Promise<void>((resolve, reject) => {
        child.once('exit', (code) => reject(new Error(`The node of ${state} ended with ${code}`)));
        child.on('message', (said: { ready?: true; turn?: number; answer?: object }) => {
          if (said.ready) resolve();
          if (said.turn !== undefined) waiting.get(said.turn)?.(said.answer ?? {});
          if (said.turn !== undefined) waiting.delete(said.turn);
        });
      });
    },
    ask: <Answer>(ask: Ask) =>
      new Promise<Answer>((resolve, reject) => {
        turn += 1;
        waiting.set(turn, (answer) =>
          'failed' in answer ? reject(new Error(String(answer.failed))) : resolve(answer as Answer),
        );
        side.child?.send({ turn, ask });
      }),
    count: () => side.ask<Counted>({ do: 'count' }),
    used: () => side.ask<Used>({ do: 'used' }),
    async kill() {
      const { child } = side;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      const { child } = side;
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      void side.ask({ do: 'stop' });
      await ended;
    },
  };
  return side;
}

const samples = { XA: 'alba', XB: 'borea' } as const;

/** Makes both nodes, with keys and directories, and lets them trust each other; then they stop. */
export async function introduceSides(sides: readonly Side[]): Promise<void> {
  const opened: (Introduced & { stop(): Promise<void> })[] = [];
  for (const { settings, state } of sides) {
    const config = readConfig(settings);
    const node = await openNode(config, { log: createLog('silent') });
    const modules = buildModules(config, translators);
    const live = await buildLive(node, modules, 'http://localhost');
    const { exchange } = live;
    await exchange.start(node.database);
    await exchange.system.transaction((tx) =>
      loadSampleDirectory(tx, exchange.system, { needs: modules.authoritiesNeeds, names: [samples[state]] }),
    );
    await exchange.trust.start(exchange.system);
    opened.push({ node, live, stop: () => exchange.stop().then(() => node.close()) });
  }
  await introduceNodes(opened[0]!, opened[1]!);
  // Each asks the other once for its newest records: from then on what is known counts as fresh.
  for (const { live } of opened) await live.exchange.replication()?.once();
  await Promise.all(opened.map((one) => one.stop()));
}

/** Two nodes that trust each other, each with a PostgreSQL that flushes; no process of theirs runs yet. */
export async function makePair(folder: string): Promise<Pair> {
  const sides: Side[] = [];
  const close = async () => {
    for (const side of sides) {
      await side.kill();
      await side.database.stop();
    }
  };
  try {
    sides.push(await makeSide('XA', folder));
    sides.push(await makeSide('XB', folder));
    await introduceSides(sides);
  } catch (error) {
    await close();
    throw error;
  }
  return { alba: sides[0]!, borea: sides[1]!, close };
}

/** Processor time of a process and of all it ever started, in milliseconds: PostgreSQL with its workers. */
export function cpuOfTree(pid: number): number {
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const text = readFileSync(`/proc/${name}/stat`, 'utf8');
      const rest = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const numbers = rest.map(Number);
      const [user = 0, system = 0, childUser = 0, childSystem = 0] = numbers.slice(11, 15);
      if (Number(name) === pid) ticks += user + system + childUser + childSystem;
      else if (numbers[1] === pid) ticks += user + system;
    } catch {
      // Ended while it was looked at.
    }
  }
  return ticks * 10;
}
