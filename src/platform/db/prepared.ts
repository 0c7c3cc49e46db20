import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type pg from 'pg';

/** Runs of a statement after which it is worth a plan that is kept, and how many get one. */
const worthIt = 20;
const mostPlanned = 100;
/** Texts that are counted at a time: those of lists of many lengths pass through and are forgotten. */
const mostCounted = 1_000;
const longest = 4_000;

export interface Plans {
  /** Name under which a connection keeps the plan of a statement; undefined for one that is planned each time. */
  nameOf(text: string): string | undefined;
  size(): { named: number; counted: number };
}

/**
 * Names for statements that come again and again with every message: each connection reads and plans such a one once.
 * Not for questions whose best way depends on what is asked, as a search.
 * @param everyday which statements may be named
 */
export function createPlans(everyday: RegExp): Plans {
  const named = new Map<string, string>();
  let counts = new Map<string, number>();
  return {
    nameOf(text) {
      const known = named.get(text);
      if (known !== undefined || named.size >= mostPlanned) return known;
      if (text.length > longest || !everyday.test(text)) return undefined;
      const runs = (counts.get(text) ?? 0) + 1;
      if (runs < worthIt) {
        if (counts.size >= mostCounted) counts = new Map();
        counts.set(text, runs);
        return undefined;
      }
      counts.delete(text);
      const name = `comity_${named.size}`;
      named.set(text, name);
      return name;
    },
    size: () => ({ named: named.size, counted: counts.size }),
  };
}

/** A pool as the query builder sees it, whose everyday statements keep their plans. */
export function planningPool(pool: pg.Pool, everyday: RegExp): PostgresPool {
  const plans = createPlans(everyday);
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>();

  function wrap(client: pg.PoolClient): PostgresPoolClient {
    const query = (text: unknown, values: unknown[]) => {
      if (typeof text !== 'string') throw new Error('Answers come whole here');
      const name = plans.nameOf(text);
      return client.query(name === undefined ? { text, values } : { name, text, values });
    };
    // Everything else is the client's own.
    const planning: PostgresPoolClient = Object.create(client, { query: { value: query } });
    return planning;
  }

  return {
    async connect() {
      const client = await pool.connect();
      const known = clients.get(client) ?? wrap(client);
      clients.set(client, known);
      return known;
    },
    end: () => pool.end(),
  };
}
