import type { Command } from '../platform/cli/index.ts';
import type { Route } from '../platform/http/routes.ts';
import type { OfferedLocale, Translate } from '../platform/i18n/index.ts';
import type { StateCode } from '../platform/values/index.ts';
import { admits, type Context } from '../modules/identity/index.ts';
import { packsApi, packsCommands, packsPages } from '../modules/packs/index.ts';
import {
  createTreaties,
  lazyFacts,
  loadTreaties,
  sampleFolder,
  toAlpha2,
  treatiesApi,
  treatiesCommands,
  treatiesPages,
  type Treaties,
} from '../modules/treaties/index.ts';
import type { Config } from '../platform/config.ts';
import type { RailEntry, View } from '../web/index.ts';
import { declarationTexts } from './texts.ts';

/** What the modules of a node offer together. */
export interface Modules {
  routes: Route<Context, View>[];
  commands: Command<Context>[];
  treaties: Treaties;
  rail(ctx: Context, t: Translate): RailEntry[];
  toAlpha2(code: StateCode): string;
  recordedName(code: StateCode): string;
  authorityName(locale: OfferedLocale): string;
}

const railEntries = [
  { id: 'desk', href: '/desk', icon: 'desk', label: 'app.nav-desk', permission: 'requests.list' },
  {
    id: 'case-files',
    href: '/case-files',
    icon: 'evidence',
    label: 'app.nav-case-files',
    permission: 'evidence.list-case-files',
  },
  { id: 'approvals', href: '/approvals', icon: 'approvals', label: 'app.nav-approvals', permission: 'requests.sign' },
  {
    id: 'authorities',
    href: '/authorities',
    icon: 'authorities',
    label: 'app.nav-authorities',
    permission: 'authorities.read-public',
  },
  { id: 'law', href: '/law', icon: 'law', label: 'app.nav-law', permission: 'treaties.read' },
  { id: 'packs', href: '/packs', icon: 'knowledge', label: 'app.nav-packs', permission: 'packs.import' },
  {
    id: 'people',
    href: '/system/people',
    icon: 'people',
    label: 'app.nav-people',
    permission: 'identity.manage-people',
  },
  { id: 'oversight', href: '/oversight', icon: 'oversight', label: 'app.nav-oversight', permission: 'audit.read' },
] as const;

/** Builds every module and hands it its neighbours. `words` are those of all modules. */
export function buildModules(config: Config, words: Record<OfferedLocale, Translate>): Modules {
  const withSamples = config.COMITY_PROFILE !== 'production';
  const facts = lazyFacts(() => loadTreaties(withSamples ? { samples: sampleFolder } : {}));
  const treaties = createTreaties({ facts, words });
  return {
    treaties,
    routes: [
      ...treatiesApi(treaties),
      ...treatiesPages({ treaties, declarations: (ctx) => declarationTexts(ctx, config.packsFolder) }),
      ...packsApi(),
      ...packsPages(),
    ],
    commands: [...treatiesCommands(treaties), ...packsCommands(config)],
    rail: (ctx, t) =>
      railEntries
        .filter((entry) => admits(ctx.actor, entry.permission))
        .map(({ id, href, icon, label }) => ({ id, href, icon, label: t(label) })),
    toAlpha2: (code) => toAlpha2(facts().states, code),
    recordedName: (code) => facts().states.byCode.get(code)?.name ?? code,
    authorityName: () => '',
  };
}
