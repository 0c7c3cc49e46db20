// Two nodes in processes of their own, each with its PostgreSQL, behind fault proxies: loaded, killed, drained, compared.
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { introduceNodes, type Introduced } from '../../../src/app/introduce.ts';
import { buildLive } from '../../../src/app/live.ts';
import { buildModules } from '../../../src/app/modules.ts';
import { openNode } from '../../../src/app/node.ts';
import { translators } from '../../../src/app/words.ts';
import { loadSampleDirectory } from '../../../src/modules/authorities/index.ts';
import { readConfig } from '../../../src/platform/config.ts';
import { openPostgres, type PostgresServer } from '../../../src/platform/db/index.ts';
import { createLog } from '../../../src/platform/log.ts';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import type { Order } from './note-node.ts';

export interface LabOptions {
  cycles: number;
  /** Ends after so long with the cycles that were done: what was sent until then is drained and compared. */
  minutes?: number;
  seed: number;
  /** The bundled program of a node. */
  program: string;
  /** The same as a newer build, with one more change of the database: half-way one side goes on as that. */
  newer?: string;
  say?(line: string): void;
}

export interface LabResult {
  cycles: number;
  sent: number;
  delivered: number;
  lost: number;
  duplicated: number;
  reordered: number;
  forged_accepted: number;
  plaintext_found: number;
  /** Sides that went on as a newer build while the other sent. */
  upgraded: number;
  seed: number;
}

/** The same numbers for the same seed. */
function seeded(seed: number): () => number {
  let state = seed >>> 0 || 1;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Accepted {
  id: string;
  conversationId: string;
  n: number;
}

interface Told {
  taken: { id: string; conversation: string; n: number; place: number; whole: boolean }[];
  open: Record<'waiting' | 'unopened' | 'unpacked' | 'untold', string>;
  ends: { message_id: string; status: string }[];
}

interface Side {
  state: 'XA' | 'XB';
  folder: string;
  program: string;
  settings: Record<string, string>;
  database: PostgresServer;
  proxy: FaultProxy;
  child: ChildProcess | undefined;
  ready: Promise<void>;
  accepted: Accepted[];
  counters: Map<string, number>;
  conversations: string[];
  log: string;
  forged: number;
  told: ((told: Told) => void)[];
}

const samples = { XA: 'alba', XB: 'borea' } as const;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

export async function runLaboratory({
  cycles,
  minutes = Infinity,
  seed,
  program,
  newer,
  say = () => {},
}: LabOptions): Promise<LabResult> {
  const chance = seeded(seed);
  const pick = (most: number) => Math.floor(chance() * most);
  const base = await mkdtemp(join(tmpdir(), 'comity-crash-'));
  const canary = randomBytes(32).toString('hex');
  const bytes = randomBytes(32);
  const sides: Side[] = [];

  async function prepare(state: 'XA' | 'XB'): Promise<Side> {
    const folder = join(base, state);
    const database = await openPostgres({ folder: join(folder, 'server') });
    const port = await freePort();
    const proxy = await startFaultProxy({ port: () => port }, chance);
    proxy.record(true);
    return {
      state,
      folder,
      program,
      database,
      proxy,
      settings: {
        COMITY_PROFILE: 'demo',
        COMITY_STATE: state,
        COMITY_AUTHORITY: `${state}:central-authority`,
        COMITY_DATA: join(folder, 'data'),
        COMITY_LOG_LEVEL: 'info',
        COMITY_DISK_RESERVE_MB: '16',
        COMITY_EXCHANGE_PORT: String(port),
        COMITY_EXCHANGE_ORIGIN: `https://${samples[state]}.localhost:${proxy.port}`,
        COMITY_EXCHANGE_PER_SECOND: '5000',
        DATABASE_URL: database.url('comity_super', 'postgres'),
      },
      child: undefined,
      ready: Promise.resolve(),
      accepted: [],
      counters: new Map(),
      conversations: Array.from({ length: 6 }, () => randomBytes(16).toString('base64url')),
      log: '',
      forged: 0,
      told: [],
    };
  }

  /** Makes both nodes, with keys and directories, and lets them trust each other; then they stop. */
  async function introduceSides(): Promise<void> {
    const opened: (Introduced & { stop(): Promise<void> })[] = [];
    for (const side of sides) {
      const config = readConfig(side.settings);
      const node = await openNode(config, { log: createLog('silent') });
      const modules = buildModules(config, translators);
      const live = await buildLive(node, modules, 'http://localhost');
      const { exchange } = live;
      await exchange.start(node.database);
      await exchange.system.transaction((tx) =>
        loadSampleDirectory(tx, exchange.system, {
          needs: modules.authoritiesNeeds,
          names: [samples[side.state]],
        }),
      );
      await exchange.trust.start(exchange.system);
      opened.push({ node, live, stop: () => exchange.stop().then(() => node.close()) });
    }
    await introduceNodes(opened[0]!, opened[1]!);
    // Each asks the other once for its newest records: from then on what is known counts as fresh.
    for (const { live } of opened) await live.exchange.replication()?.once();
    await Promise.all(opened.map((one) => one.stop()));
  }

  function begin(side: Side): void {
    const given = JSON.stringify({ settings: side.settings, canary, bytes: bytes.toString('base64') });
    const child = spawn(process.execPath, [side.program, given], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process['env'].PATH ?? '' },
    });
    side.child = child;
    child.stdin.on('error', () => undefined);
    child.stderr.on('data', (text: Buffer) => (side.log += text.toString()));
    side.ready = new Promise((resolve) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        const event = JSON.parse(line) as { ready?: true; accepted?: Accepted; forged?: number; told?: Told };
        if (event.ready) resolve();
        if (event.accepted) side.accepted.push(event.accepted);
        if (event.forged) side.forged += event.forged;
        if (event.told) side.told.shift()?.(event.told);
      });
      child.once('close', () => resolve());
    });
  }

  const order = (side: Side, what: Order) => void side.child?.stdin?.write(`${JSON.stringify(what)}\n`);
  const isAlive = (side: Side) =>
    side.child !== undefined && side.child.exitCode === null && side.child.signalCode === null;
  const gone = (side: Side) =>
    !isAlive(side) ? Promise.resolve() : new Promise<void>((resolve) => side.child?.once('close', () => resolve()));

  function load(side: Side, count: number): void {
    const to = side.state === 'XA' ? 'XB:central-authority' : 'XA:central-authority';
    for (let sent = 0; sent < count; sent += 1) {
      const conversationId = side.conversations[pick(side.conversations.length)]!;
      const n = side.counters.get(conversationId) ?? 0;
      side.counters.set(conversationId, n + 1);
      order(side, { send: { to, conversationId, n, large: chance() < 0.04 } });
    }
  }

  async function ask(side: Side): Promise<Told | undefined> {
    const answered = new Promise<Told>((resolve) => side.told.push(resolve));
    order(side, { tell: true });
    return Promise.race([answered, pause(20_000).then(() => undefined)]);
  }

  async function cycle(number: number): Promise<void> {
    await Promise.all(sides.map((side) => side.ready));
    const victims = [[sides[0]!], [sides[1]!], sides][number % 3]!;
    const atStep = number % 2 === 0;
    // Half of the cycles kill at a random moment, half at one of the eight steps of receiving.
    if (atStep) for (const side of victims) order(side, { dieAt: 1 + (Math.floor(number / 2) % 8), after: pick(6) });
    for (const side of sides) load(side, 10 + pick(10));
    if (number % 4 === 1) for (const side of sides) order(side, { forge: side.state === 'XA' ? 'xb' : 'xa' });
    if (number % 5 === 4) sides[number % 2]!.proxy.set({ jitterMs: 15 });
    await Promise.race([pause(150 + pick(700)), ...(atStep ? victims.map(gone) : [])]);
    if (number % 10 === 9) process.kill(sides[number % 2]!.database.pid, 'SIGKILL');
    if (number % 7 === 3) for (const side of sides) side.proxy.reset();
    for (const side of victims) side.child?.kill('SIGKILL');
    await Promise.all(victims.map(gone));
    for (const side of sides) side.proxy.set({});
    for (const side of victims) begin(side);
  }

  /** One side is told to stop and goes on as a newer build, while the other keeps sending. */
  async function upgrade(side: Side, build: string): Promise<void> {
    await Promise.all(sides.map((one) => one.ready));
    for (const one of sides) load(one, 20);
    side.child?.kill('SIGTERM');
    await gone(side);
    for (const one of sides) if (one !== side) load(one, 20);
    side.program = build;
    begin(side);
  }

  /** Waits until both say that nothing is under way, as long as that grows less; answers what each took. */
  async function drain(): Promise<Map<Side, Told>> {
    const told = new Map<Side, Told>();
    let least = Infinity;
    for (let idle = 0; idle < 300; idle += 1) {
      await Promise.all(sides.map((side) => side.ready));
      for (const side of sides) {
        if (!isAlive(side)) begin(side);
        const answer = await ask(side);
        if (answer) told.set(side, answer);
      }
      const rest = [...told.values()]
        .flatMap(({ open }) => Object.values(open))
        .reduce((sum, text) => sum + Number(text), 0);
      if (told.size === sides.length && rest === 0) return told;
      if (told.size === sides.length && rest < least) [least, idle] = [rest, 0];
      await pause(500);
    }
    return told;
  }

  async function findPlaintext(): Promise<number> {
    const needles = [
      Buffer.from(canary),
      bytes,
      Buffer.from(canary, 'hex'),
      Buffer.from(bytes.toString('base64').slice(0, 40)),
      Buffer.from(bytes.toString('hex')),
    ];
    const holds = (text: Buffer) => needles.some((needle) => text.includes(needle));
    let found = 0;
    for (const side of sides) {
      const admin = new pg.Client({ connectionString: side.database.url('comity_super', 'postgres') });
      await admin.connect();
      await admin.query('CHECKPOINT').finally(() => admin.end());
      if (holds(side.proxy.captured())) found += 1;
      if (holds(Buffer.from(side.log))) found += 1;
      for (const file of await readdir(side.folder, { recursive: true, withFileTypes: true })) {
        if (!file.isFile()) continue;
        let last = Buffer.alloc(0);
        try {
          for await (const piece of createReadStream(join(file.parentPath, file.name))) {
            const both = Buffer.concat([last, piece as Buffer]);
            if (holds(both)) {
              found += 1;
              say(`plaintext in ${join(file.parentPath, file.name)}`);
              break;
            }
            last = both.subarray(-128);
          }
        } catch (error) {
          // The running server takes files away while they are looked at.
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        }
      }
    }
    return found;
  }

  function compare(
    told: Map<Side, Told>,
  ): Omit<LabResult, 'cycles' | 'forged_accepted' | 'plaintext_found' | 'upgraded' | 'seed'> {
    const result = { sent: 0, delivered: 0, lost: 0, duplicated: 0, reordered: 0 };
    for (const side of sides) {
      const there = told.get(sides.find((one) => one !== side)!)?.taken ?? [];
      const counts = new Map<string, number>();
      for (const { id } of there) counts.set(id, (counts.get(id) ?? 0) + 1);
      // Written and never said, since the process ended between the two: sent all the same.
      const sent = new Set([...side.accepted.map(({ id }) => id), ...counts.keys()]);
      result.sent += sent.size;
      result.delivered += counts.size;
      result.lost +=
        side.accepted.filter(({ id }) => !counts.has(id)).length + there.filter((one) => !one.whole).length;
      result.duplicated += [...counts.values()].filter((count) => count > 1).length;
      for (const conversation of side.conversations) {
        const own = there.filter((one) => one.conversation === conversation).sort((a, b) => a.place - b.place);
        result.reordered += own.filter((one, index) => index > 0 && one.n <= own[index - 1]!.n).length;
        result.reordered += own.filter((one, index) => one.place !== index).length;
      }
    }
    return result;
  }

  try {
    sides.push(await prepare('XA'), await prepare('XB'));
    await introduceSides();
    for (const side of sides) begin(side);
    const began = performance.now();
    const seconds = () => Math.round((performance.now() - began) / 1000);
    let done = 0;
    let upgraded = 0;
    for (; done < cycles && seconds() < minutes * 60; done += 1) {
      if (done > 0 && done % 20 === 0) say(`${done} cycles in ${seconds()} s`);
      await cycle(done);
      if (newer !== undefined && upgraded === 0 && done + 1 >= cycles / 2) {
        await upgrade(sides[0]!, newer);
        upgraded += 1;
      }
    }
    say(`${done} cycles in ${seconds()} s, draining`);
    const told = await drain();
    say(`drained after ${seconds()} s`);
    const compared = compare(told);
    const result = {
      cycles: done,
      ...compared,
      forged_accepted: sides.reduce((sum, side) => sum + side.forged, 0),
      plaintext_found: await findPlaintext(),
      upgraded,
      seed,
    };
    if (compared.lost > 0 || compared.reordered > 0) {
      for (const [side, { open }] of told) say(`${side.state} ${JSON.stringify(open)}`);
      for (const side of sides) say(`${side.state} log: ${side.log.split('\n').slice(-15).join('\n')}`);
    }
    return result;
  } finally {
    for (const side of sides) {
      side.child?.kill('SIGKILL');
      await gone(side);
      await side.proxy.close();
      await side.database.stop();
    }
    await rm(base, { recursive: true, force: true });
  }
}
