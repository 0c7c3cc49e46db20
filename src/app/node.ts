import { mkdirSync, readFileSync } from 'node:fs';
import { systemClock, type Clock } from '../platform/clock.ts';
import { ConfigError, type Config } from '../platform/config.ts';
import { openNodeDatabase, type NodeDatabase } from '../platform/db/index.ts';
import type { OfferedLocale } from '../platform/i18n/index.ts';
import { createLog, type Log } from '../platform/log.ts';
import { systemRandom, type Random } from '../platform/random.ts';
import {
  createContext,
  identitySecrets,
  type Actor,
  type Context,
  type IdentityNode,
} from '../modules/identity/index.ts';
import { everydayStatements } from '../modules/exchange/index.ts';
import { readNodeKey } from './secrets.ts';

export { ConfigError };

/** One running copy of Comity: its settings, database and sources of time and chance. */
export interface Node {
  config: Config;
  database: NodeDatabase;
  clock: Clock;
  random: Random;
  log: Log;
  close(): Promise<void>;
}

export interface OpenNodeOptions {
  clock?: Clock;
  random?: Random;
  log?: Log;
  /** For commands beside a running node. */
  share?: boolean;
}

/** Opens the database of a node, starting its own PostgreSQL when needed. */
export async function openNode(config: Config, options: OpenNodeOptions = {}): Promise<Node> {
  const log = options.log ?? createLog(config.COMITY_LOG_LEVEL);
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  const database = await openNodeDatabase({
    folder: config.dataFolder,
    databaseUrl: config.DATABASE_URL,
    share: options.share ?? false,
    planned: everydayStatements,
    onError: (error) => log.error({ code: (error as NodeJS.ErrnoException).code }, 'db.connection-lost'),
  });
  return {
    config,
    database,
    clock: options.clock ?? systemClock,
    random: options.random ?? systemRandom,
    log,
    close: () => database.close(),
  };
}

/** The context of one call at this node. */
export function contextFor(node: Node, actor: Actor, locale: OfferedLocale, sessionId?: string): Context {
  return createContext({
    actor,
    db: node.database.db,
    clock: node.clock,
    random: node.random,
    log: node.log,
    state: node.config.COMITY_STATE,
    zone: node.config.COMITY_TIME_ZONE,
    profile: node.config.COMITY_PROFILE,
    locale,
    ...(sessionId === undefined ? {} : { sessionId }),
  });
}

/** What sign-in needs of the node, once the address people open is known. */
export function identityNodeOf(node: Node, origin: string): IdentityNode {
  const { config } = node;
  return {
    db: node.database.db,
    clock: node.clock,
    random: node.random,
    log: node.log,
    profile: config.COMITY_PROFILE,
    origin,
    name: `Comity ${config.COMITY_STATE}`,
    ...identitySecrets(readNodeKey(config.dataFolder, node.random), node.random),
    ...(config.COMITY_OIDC_ISSUER === '' ? {} : { oidc: oidcSettings(config) }),
  };
}

function oidcSettings(config: Config): NonNullable<IdentityNode['oidc']> {
  const file = config.COMITY_OIDC_CLIENT_SECRET_FILE;
  return {
    issuer: config.COMITY_OIDC_ISSUER,
    clientId: config.COMITY_OIDC_CLIENT_ID,
    clientSecret: file === '' ? '' : readFileSync(file, 'utf8').trim(),
    name: new URL(config.COMITY_OIDC_ISSUER).hostname,
  };
}
