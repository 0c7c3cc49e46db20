import type { Command } from '../platform/cli/index.ts';
import type { Config } from '../platform/config.ts';
import { Unavailable } from '../platform/errors.ts';
import { formatsFor, stateName } from '../platform/i18n/formats.ts';
import type { OfferedLocale, Translate } from '../platform/i18n/index.ts';
import { auditCommands } from '../modules/audit/index.ts';
import { authoritiesCommands, type AuthoritiesNeeds, type Readers } from '../modules/authorities/index.ts';
import { evidenceCommands } from '../modules/evidence/index.ts';
import { goodsCommands } from '../modules/goods/index.ts';
import { exchangeCommands, logCommands, relayCommands, trustCommands } from '../modules/exchange/index.ts';
import { identityCommands, type Context } from '../modules/identity/index.ts';
import { knowledgeCommands, searchCommands, shippedThesaurus } from '../modules/knowledge/index.ts';
import { mandatesCommands } from '../modules/mandates/index.ts';
import { packsCommands } from '../modules/packs/index.ts';
import { documentsCommands, loadDefinitions, requestsCommands } from '../modules/requests/index.ts';
import {
  createLiveFacts,
  createTreaties,
  developmentTexts,
  InstrumentId,
  parseInstrument,
  sampleFolder,
  statusOn,
  toAlpha2,
  treatiesCommands,
  type LiveFacts,
  type ProfileLookup,
  type Treaties,
} from '../modules/treaties/index.ts';
import type { LiveModules } from './live-modules.ts';
import type { TourParts } from './tour.tsx';

/** What can be built from settings and files alone, and the commands of every module. */
export interface Modules {
  config: Config;
  words: Record<OfferedLocale, Translate>;
  treaties: Treaties;
  /** What the treaties answer from: shipped files and what this node accepted. */
  treatyData: LiveFacts;
  definitions: ReturnType<typeof loadDefinitions>;
  authoritiesNeeds: AuthoritiesNeeds;
  readers: Readers;
  commands: Command<Context>[];
  /** Profiles of other States as the node knows them; nothing is known until a database is open. */
  profiles: { lookup: ProfileLookup };
  /** Nodes of the demo, when this is one of them: what the tour leads through. */
  tour: Pick<TourParts, 'node' | 'nodes'> | undefined;
  /** Set once a database is open: what commands that need one reach for. */
  live: LiveModules | undefined;
}

/** Builds every module that files suffice for, and hands each its neighbours. */
export function buildModules(config: Config, words: Record<OfferedLocale, Translate>): Modules {
  const withSamples = config.COMITY_PROFILE !== 'production';
  const treatyData = createLiveFacts(withSamples ? { samples: sampleFolder } : {});
  const facts = treatyData.current;
  const profiles: Modules['profiles'] = { lookup: () => null };
  const treaties = createTreaties({
    facts,
    refresh: treatyData.refresh,
    words,
    profileFacts: (state, on) => profiles.lookup(state, on),
  });
  const definitions = loadDefinitions();
  const authoritiesNeeds: AuthoritiesNeeds = {
    statusOn(state, instrument, on) {
      const id = InstrumentId.safeParse(instrument);
      return id.success ? statusOn(facts(), id.data, state, on).status : 'unknown';
    },
    ownLanguages: ['en', 'ar'],
  };
  const readers: Readers = {
    state: (text) => treaties.readState(text),
    instrument(text) {
      const found = parseInstrument(facts(), text);
      return found.ok ? found.value : text;
    },
    stateName: (state, locale) =>
      stateName(
        formatsFor(locale),
        state,
        toAlpha2(facts().states, state),
        facts().states.byCode.get(state)?.name ?? state,
      ),
  };
  const modules: Modules = {
    config,
    words,
    treaties,
    treatyData,
    definitions,
    authoritiesNeeds,
    readers,
    profiles,
    commands: [],
    tour: undefined,
    live: undefined,
  };
  const live = () => {
    if (!modules.live) throw new Unavailable('cli.no-node');
    return modules.live;
  };
  const translate = (ctx: { locale: OfferedLocale }) => words[ctx.locale];
  modules.commands.push(
    ...treatiesCommands(treaties, { textFolders: [config.packsFolder, developmentTexts] }, treatyData, () => ({
      keys: live().keys,
      owner: live().exchange.trust.own.owner,
    })),
    ...authoritiesCommands(authoritiesNeeds, readers, words),
    ...requestsCommands({
      requests: () => live().requests,
      incoming: () => live().incoming,
      definitions,
      treatyFacts: facts,
      words: (locale) => words[locale],
    }),
    ...documentsCommands({ parts: live, words: (locale) => words[locale] }),
    ...evidenceCommands(() => live().evidence, translate),
    ...exchangeCommands(() => live().exchange, translate),
    ...relayCommands(() => live().exchange, config.COMITY_RELAY_FILE, translate),
    ...trustCommands({
      trust: () => live().exchange.trust,
      keys: () => live().keys,
      custody: config.COMITY_VAULT_SOCKET === '' ? 'node' : 'vault',
      dataFolder: config.dataFolder,
    }),
    ...logCommands({ part: () => live().exchange.history, words: translate }),
    ...identityCommands(() => live().identity, translate),
    ...auditCommands((ctx) => ('locale' in ctx ? translate(ctx as Context) : words.en)),
    ...packsCommands(config),
    ...searchCommands({ thesaurus: shippedThesaurus }),
    ...knowledgeCommands(() => live().knowledge),
    ...mandatesCommands((locale) => words[locale]),
    ...goodsCommands(
      (locale) => words[locale],
      () => live().goods,
    ),
  );
  return modules;
}
