import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildModules, type Modules } from '../../src/app/modules.ts';
import { openNode, type Node } from '../../src/app/node.ts';
import { serve, type RunningNode } from '../../src/app/serve.ts';
import { translators } from '../../src/app/words.ts';
import { readConfig } from '../../src/platform/config.ts';
import type { Clock } from '../../src/platform/clock.ts';
import { createLog, type Log } from '../../src/platform/log.ts';
import { testDatabase, type TestDatabase } from './database.ts';

export interface TestNode {
  node: Node;
  modules: Modules;
  running: RunningNode;
  database: TestDatabase;
  /** `http://alba.localhost:PORT`: browsers resolve it themselves; other clients connect to 127.0.0.1 with this Host. */
  origin: string;
  /** Fetches a path of this node from the suite itself. */
  get(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

const hosts: Record<string, string> = { XA: 'alba', XB: 'borea', XC: 'cordia', XD: 'delmar' };

export interface StartOptions {
  state?: 'XA' | 'XB' | 'XC' | 'XD';
  profile?: 'demo' | 'training' | 'production';
  clock?: Clock;
  /** Errors on standard error unless told. */
  log?: Log;
  environment?: Record<string, string>;
}

/** Starts a whole node in this process, on a database of its own. */
export async function startNode(options: StartOptions = {}): Promise<TestNode> {
  const database = await testDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'comity-node-'));
  const state = options.state ?? 'XA';
  const config = readConfig({
    COMITY_PROFILE: options.profile ?? 'demo',
    COMITY_STATE: state,
    COMITY_AUTHORITY: `${state}:central-authority`,
    COMITY_TIME_ZONE: 'Europe/Vienna',
    COMITY_DATA: folder,
    COMITY_PORT: '0',
    COMITY_LOG_LEVEL: 'error',
    COMITY_DISK_RESERVE_MB: '16',
    DATABASE_URL: database.url,
    ...options.environment,
  });
  const node = await openNode(config, {
    log: options.log ?? createLog('error'),
    ...(options.clock ? { clock: options.clock } : {}),
  });
  const modules = buildModules(config, translators);
  const running = await serve(node, modules, `${hosts[state]}.localhost`);
  const get = (path: string, init: RequestInit = {}) => {
    const headers = new Headers(init.headers);
    return fetch(`http://127.0.0.1:${running.port}${path}`, { redirect: 'manual', ...init, headers });
  };
  return {
    node,
    modules,
    running,
    database,
    origin: running.origin,
    get,
    async stop() {
      await running.stop();
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
