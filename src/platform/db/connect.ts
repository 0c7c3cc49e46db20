import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely';
import pg from 'pg';
import { Unavailable } from '../errors.ts';
import { planningPool } from './prepared.ts';
import type { Tables } from './tables.ts';

type Database = Kysely<Tables>;

const builtin = pg.types.builtins;
const oids = { dateArray: 1182, timestamptzArray: 1185, int8Array: 1016, numericArray: 1231, textArray: 1009 };

/** `2026-05-14 12:00:00.123456+00` → `2026-05-14T12:00:00.123Z`. Sessions run in UTC. */
function toInstantText(text: string): string {
  const match = /^(\d{4,}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(?:\.(\d{1,6}))?\+00$/.exec(text);
  if (!match) return text;
  return `${match[1]}T${match[2]}.${(match[3] ?? '').padEnd(3, '0').slice(0, 3)}Z`;
}

const asText = (text: string): string => text;
const textArray = pg.types.getTypeParser(oids.textArray) as (text: string) => (string | null)[];

/** Days, moments and large numbers come as text, once and for all. */
const types: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    switch (oid as number) {
      case builtin.DATE:
      case builtin.TIMESTAMP:
      case builtin.INT8:
      case builtin.NUMERIC:
      case builtin.INTERVAL:
        return asText;
      case builtin.TIMESTAMPTZ:
        return toInstantText;
      case oids.dateArray:
      case oids.int8Array:
      case oids.numericArray:
        return textArray;
      case oids.timestamptzArray:
        return (text: string) => textArray(text).map((item) => (item === null ? null : toInstantText(item)));
      default:
        return format === 'binary' ? pg.types.getTypeParser(oid, 'binary') : pg.types.getTypeParser(oid, 'text');
    }
  },
};

export interface Connection {
  db: Database;
  pool: pg.Pool;
  /** A connection of its own outside the pool, for LISTEN or COPY. End it yourself. */
  client(): Promise<pg.Client>;
  close(): Promise<void>;
}

export interface ConnectOptions {
  url: string;
  /** Role to act in from the first statement, when the address logs in as another. */
  role?: string;
  /** Most connections at a time; 10 unless told. */
  size?: number;
  /** Statements whose plans each connection keeps; none unless told. */
  planned?: RegExp;
  onError?(error: Error): void;
}

/** Opens a pool. Nothing is connected until the first statement. */
export function connect({ url, role, size = 10, planned, onError }: ConnectOptions): Connection {
  const settings = {
    connectionString: url,
    types,
    options: `-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601${role ? ` -c role=${role}` : ''}`,
    connectionTimeoutMillis: 15_000,
    application_name: 'comity',
  };
  const pool = new pg.Pool({ ...settings, max: size, idleTimeoutMillis: 30_000, allowExitOnIdle: true });
  // A connection that breaks while idle is dropped by the pool; its next user gets a fresh one.
  pool.on('error', (error) => onError?.(error));
  // One that breaks while in use says so to its user as well; without a listener it would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  const seen = planned ? planningPool(pool, planned) : pool;
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: seen }) });
  return {
    db,
    pool,
    async client() {
      const client = new pg.Client(settings);
      client.on('error', (error) => onError?.(error));
      await client.connect();
      return client;
    },
    close: () => db.destroy(),
  };
}

/** SQLSTATE of a database error, if it is one. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined;
}

const transient = new Set(['40001', '40P01']);
/** `data_corrupted`, `index_corrupted`. */
const damaged = new Set(['XX001', 'XX002']);

/** Whether the database met a page that does not hold what was written to it. */
export function isDamaged(error: unknown): boolean {
  return damaged.has(sqlState(error) ?? '');
}

/**
 * One transaction that names who asks to the database first, so that row-level security knows.
 * `actor`: a person's id, `system:<name>` or `public`.
 * What lies on a damaged page is never served: that is `db.damaged`.
 * With `retry` the work is run again after a deadlock or serialization failure: give it only work whose every effect is in the transaction.
 */
export async function withTransaction<T>(
  db: Database,
  actor: string,
  work: (tx: Transaction<Tables>) => Promise<T>,
  options: { retry?: boolean } = {},
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction().execute(async (tx) => {
        await sql`SELECT set_config('comity.actor', ${actor}, true)`.execute(tx);
        return work(tx);
      });
    } catch (error) {
      if (isDamaged(error)) throw new Unavailable('db.damaged', { cause: error });
      if (!options.retry || tries >= 4 || !transient.has(sqlState(error) ?? '')) throw error;
    }
  }
}
