import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { createLogs, type Logs } from '../../src/modules/audit/index.ts';
import { answerReconcile, type ReconcileParts } from '../../src/modules/exchange/service/reconcile.ts';
import { createWatch } from '../../src/modules/exchange/service/witness.ts';
import type { NodeId, TrustView, VerifyingKey } from '../../src/modules/exchange/schema.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { openFileKeyStore } from '../../src/platform/crypto/index.ts';
import { withTransaction, type Tx } from '../../src/platform/db/index.ts';
import { Invalid, Unavailable } from '../../src/platform/errors.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { testDatabase, type TestDatabase } from './database.ts';

/** One node as far as logs and histories go: database, keys, log; no port. */
export interface LogSide {
  node: NodeId;
  database: TestDatabase;
  logs: Logs;
  parts: ReconcileParts;
  /** Whether others reach it. */
  up: boolean;
  inside<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
}

export interface LogSides {
  clock: ReturnType<typeof fakeClock>;
  sides: Record<string, LogSide>;
  trust: TrustView;
  /** Publishes the key of an authority. */
  addAuthority(id: string, node: string, key: { kid: string; publicKey?: JWK }): void;
  /** Questions asked so far. */
  asked: number;
  close(): Promise<void>;
}

/** Nodes that know each other's keys and ask each other in one process: `logSides('XA', 'XB')` are `xa` and `xb`. */
export async function logSides(...names: string[]): Promise<LogSides> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-sides-'));
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const random = systemRandom;
  const published = new Map<string, { kid: string; use: string; publicKey: JWK }[]>();
  const origins = new Map<string, string>();
  const authorities = new Map<string, { node: string; kid: string; publicKey: JWK }>();
  const trust = {
    nodeOf: (id: string) => authorities.get(id)?.node,
    authorityKey(id: string, kid: string) {
      const found = authorities.get(id);
      return found?.kid === kid ? { finding: 'valid', publicKey: found.publicKey } : { finding: 'unknown' };
    },
    node: (id: string) => {
      const keys = published.get(id);
      if (!keys) return undefined;
      return { owner: id.toUpperCase(), entry: { node: id, keys, logOrigin: origins.get(id) } };
    },
    nodeKey(node: string, kid: string, use: string) {
      const found = published.get(node)?.find((one) => one.kid === kid && one.use === use);
      return found ? { finding: 'valid', publicKey: found.publicKey as VerifyingKey } : { finding: 'unknown' };
    },
  } as unknown as TrustView;
  const all: LogSides = {
    clock,
    sides: {},
    trust,
    addAuthority: (id, node, { kid, publicKey }) => void authorities.set(id, { node, kid, publicKey: publicKey! }),
    asked: 0,
    async close() {
      for (const side of Object.values(all.sides)) await side.database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (const name of names) {
    const node = name.toLowerCase() as NodeId;
    const database = await testDatabase();
    const passphraseFile = join(folder, `${node}.pass`);
    const keys = await openFileKeyStore({ folder: join(folder, node), passphraseFile, clock, random, cost: 1024 });
    const logs = createLogs({ keys, clock, random, name, checkpointFile: join(folder, `${node}.checkpoint`) });
    const nodeSign = await keys.ensure('node/sign', 'ES256');
    await logs.open(database.db);
    const publish = async () => {
      const log = await logs.key();
      origins.set(node, await withTransaction(database.db, 'system:test', (tx) => originNow(tx, name)));
      published.set(node, [
        { kid: nodeSign.kid, use: 'node-sign', publicKey: nodeSign.publicKey! },
        { kid: log.kid, use: 'log', publicKey: log.publicKey! },
      ]);
    };
    await publish();
    const own = { keys, clock, random, logs };
    const parts: ReconcileParts = {
      ...own,
      db: database.db,
      node,
      trust: { loadTrust: async () => trust, ownKeys: async () => ({ nodeSign, authorities: new Map() }) },
      watch: createWatch(own),
      publish,
      async call(peer, { body = '' }) {
        const other = all.sides[peer];
        all.asked += 1;
        if (!other?.up) throw new Unavailable('exchange.not-reached');
        try {
          return { status: 200, body: await answerReconcile(other.parts, node, body) };
        } catch (error) {
          if (error instanceof Invalid) return { status: 422, body: error.code };
          throw error;
        }
      },
    };
    const inside = <T>(work: (tx: Tx) => Promise<T>) => withTransaction(database.db, 'system:test', work);
    all.sides[node] = { node, database, logs, parts, up: true, inside };
  }
  return all;
}

async function originNow(tx: Tx, name: string): Promise<string> {
  const { epoch } = await tx.selectFrom('log_heads').select('epoch').executeTakeFirstOrThrow();
  return `comity/${name}/exchange/${epoch}`;
}
