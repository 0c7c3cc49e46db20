import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type fakeClock } from '../../src/platform/clock.ts';
import { openFileKeyStore, type KeyStore } from '../../src/platform/crypto/index.ts';
import { createLog } from '../../src/platform/log.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { stateCode } from '../../src/platform/values/index.ts';
import { loadSampleDirectory, type AuthoritiesNeeds } from '../../src/modules/authorities/index.ts';
import { NodeId } from '../../src/modules/exchange/schema.ts';
import { createTrust, type Trust, type TrustParts } from '../../src/modules/exchange/trust/index.ts';
import { createContext, type Actor, type Context, type Role } from '../../src/modules/identity/index.ts';
import { feedRoutes } from '../../src/modules/exchange/replicate-routes.ts';
import type { ReplicateParts } from '../../src/modules/exchange/replicate.ts';
import type { PeerCall } from '../../src/modules/exchange/client.ts';
import { Unavailable } from '../../src/platform/errors.ts';
import { Readable } from 'node:stream';
import { testDatabase, type TestDatabase } from './database.ts';

export type TestClock = ReturnType<typeof fakeClock>;

/** One node as far as trust goes: database, keys, directory of its own State, and the people who confirm. */
export interface TrustNode {
  state: string;
  database: TestDatabase;
  clock: TestClock;
  keys: KeyStore;
  directory: AuthoritiesNeeds;
  parts: TrustParts;
  trust: Trust;
  system: Context;
  /** Two administrators who just proved who they are. */
  people: [Context, Context];
  /** Context of an actor of this node. */
  as(actor: Actor): Context;
  /** All own feeds as text. */
  feeds(): Promise<string[]>;
  close(): Promise<void>;
}

const samples = { XA: 'alba', XB: 'borea', XC: 'cordia', XD: 'delmar' } as const;

export interface TrustNodeOptions {
  clock: TestClock;
  state: 'XA' | 'XB' | 'XC' | 'XD' | 'secretariat';
  /** Name of the node; small letters of the State unless told. */
  node?: string;
  more?: Partial<TrustParts>;
}

export async function trustNode({ clock, state, node, more = {} }: TrustNodeOptions): Promise<TrustNode> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'comity-trust-'));
  const keys = await openFileKeyStore({
    folder,
    passphraseFile: join(folder, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 2 ** 10,
  });
  const ownState = state === 'secretariat' ? null : stateCode(state);
  const name = node ?? state.toLowerCase();
  const directory: AuthoritiesNeeds = { secretariat: 'secretariat' };
  const log = createLog('silent');
  const as = (actor: Actor) =>
    createContext({
      db: database.db,
      actor,
      clock,
      random: systemRandom,
      log,
      locale: 'en',
      state: ownState ?? stateCode('XA'),
      zone: 'Europe/Vienna',
      profile: 'demo',
    });
  const person = (id: string, roles: Role[]): Actor => ({
    kind: 'person',
    id,
    name: 'Test',
    officeId: '01890000-0000-7000-8000-0000000000aa',
    authority: null,
    roles,
    steppedUpAt: clock.now(),
  });
  const system = as({ kind: 'system', id: 'exchange' });
  const parts: TrustParts = {
    keys,
    own: {
      node: name,
      owner: ownState ?? name,
      state: ownState,
      authorities: ownState ? [`${state}:central-authority`] : [],
      endpoints: [`https://${name}.localhost:8443`],
      tlsKids: [],
      logOrigin: `comity/${name}/exchange/1`,
    },
    clock,
    directory,
    ...more,
  };
  const trust = createTrust(parts);
  await trust.start(system);
  if (state !== 'secretariat')
    await system.transaction((tx) => loadSampleDirectory(tx, system, { needs: directory, names: [samples[state]] }));
  await trust.start(system);
  const people = () =>
    ['01890000-0000-7000-8000-0000000000a1', '01890000-0000-7000-8000-0000000000a2'].map((id) =>
      as(person(id, ['administrator'])),
    ) as [Context, Context];
  return {
    state,
    database,
    clock,
    keys,
    directory,
    parts,
    trust,
    system,
    get people() {
      return people();
    },
    as,
    feeds: () =>
      system.transaction(async (tx) => {
        const texts = [];
        for (const feed of ['nodes', 'directory', 'treaties']) {
          const text = await trust.feed(tx, parts.own.owner, feed, 0);
          if (text?.includes('"record"')) texts.push(text);
        }
        return texts;
      }),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Lines between nodes in one process, over the routes of the server but without sockets. */
export interface TestLines {
  /** Nodes that do not answer. */
  down: Set<string>;
  /** Who asked whom for what, in order. */
  calls: { from: string; to: string; method: string; path: string }[];
  /** Changes an answer on its way. */
  tamper?: ((to: string, path: string, body: string) => string) | undefined;
  from(node: TrustNode): ReplicateParts;
}

export function linesBetween(nodes: readonly TrustNode[]): TestLines {
  const lines: TestLines = {
    down: new Set(),
    calls: [],
    from(node) {
      const call: PeerCall = async (to, { method, path, body = '' }) => {
        const from = node.parts.own.node;
        lines.calls.push({ from, to, method, path });
        const there = nodes.find((one) => one.parts.own.node === to);
        if (!there || lines.down.has(to)) throw new Unavailable('exchange.not-reached');
        const url = new URL(path, 'https://node.test');
        const route = feedRoutes(there.trust, there.system).find(
          (one) => one.method === method && one.path.test(url.pathname),
        );
        if (!route) return { status: 404, body: '' };
        const answer = await route.answer(
          {
            method,
            path: url.pathname,
            query: url.searchParams,
            peer: NodeId.parse(from),
            headers: {},
            body: Buffer.from(body),
            stream: Readable.from([]),
          },
          route.path.exec(url.pathname)?.groups ?? {},
        );
        const text = String(answer.body ?? '');
        return { status: answer.status, body: lines.tamper ? lines.tamper(to, path, text) : text };
      };
      return {
        trust: node.trust,
        call,
        clock: node.clock,
        random: systemRandom,
        log: createLog('silent'),
        ctx: node.system,
      };
    },
  };
  return lines;
}
