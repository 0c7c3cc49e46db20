import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { CliHost } from '../platform/cli/run.ts';
import { systemClock } from '../platform/clock.ts';
import type { Tables } from '../platform/db/index.ts';
import { Unavailable } from '../platform/errors.ts';
import { isOffered, type OfferedLocale } from '../platform/i18n/index.ts';
import { createLog } from '../platform/log.ts';
import { systemRandom } from '../platform/random.ts';
import { createContext, type Actor, type Context } from '../modules/identity/index.ts';
import { assembled } from './commands.ts';
import { buildLive } from './live.ts';
import { contextFor, openNode } from './node.ts';
import { translators } from './words.ts';

const operator: Actor = { kind: 'system', id: 'cli' };

function localeOf(language: string | undefined): OfferedLocale {
  return isOffered(language) ? language : 'en';
}

/** A context for commands that work from files: whatever reaches for the database says so. */
function contextWithoutDatabase(locale: OfferedLocale): Context {
  const { config } = assembled();
  const db = new Kysely<Tables>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (any) => new PostgresIntrospector(any),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  });
  const ctx = createContext({
    actor: operator,
    db,
    clock: systemClock,
    random: systemRandom,
    log: createLog(config.COMITY_LOG_LEVEL),
    state: config.COMITY_STATE,
    zone: config.COMITY_TIME_ZONE,
    profile: config.COMITY_PROFILE,
    locale,
  });
  return {
    ...ctx,
    transaction: () => Promise.reject(new Unavailable('cli.no-node')),
  };
}

export const cliHost: CliHost<Context> = {
  async open(needs, language) {
    const locale = localeOf(language);
    if (needs === 'files') return { ctx: contextWithoutDatabase(locale), close: async () => undefined };
    const { config, modules } = assembled();
    const node = await openNode(config, { share: true });
    await buildLive(node, modules, config.COMITY_ORIGIN || `http://localhost:${config.COMITY_PORT}`);
    return { ctx: contextFor(node, operator, locale), close: () => node.close() };
  },
  out: (text) => void process.stdout.write(`${text}\n`),
  err: (text) => void process.stderr.write(`${text}\n`),
  words: (code, params, language) => translators[localeOf(language)].code(code, params),
};
