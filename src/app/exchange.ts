import type { KeyStore } from '../platform/crypto/index.ts';
import type { MessageUses } from '../platform/outbox/index.ts';
import type { Route } from '../platform/http/routes.ts';
import {
  exchangePages,
  logPages,
  openExchange,
  type Exchange,
  type ExchangeSetting,
} from '../modules/exchange/index.ts';
import type { Context } from '../modules/identity/index.ts';
import { toAlpha2, treatiesFeed } from '../modules/treaties/index.ts';
import type { View } from '../web/index.ts';
import type { Modules } from './modules.ts';
import type { Node } from './node.ts';
import { version } from './version.ts';

/** Modules whose messages cross the border, one after another; no two know the same kind. */
export function mergeUses(all: readonly MessageUses[]): MessageUses {
  return {
    pack: Object.assign({}, ...all.map((one) => one.pack)) as MessageUses['pack'],
    handlers: Object.assign({}, ...all.map((one) => one.handlers)) as MessageUses['handlers'],
    outcomes: Object.assign({}, ...all.map((one) => one.outcomes)) as MessageUses['outcomes'],
  };
}

/** What the settings say of this node among others. A node without an authority speaks for no State. */
export function exchangeSetting({ config }: Pick<Node, 'config'>, modules: Modules): ExchangeSetting {
  const alpha2 = toAlpha2(modules.treaties.facts().states, config.COMITY_STATE);
  const node = config.COMITY_NODE || alpha2.toLowerCase();
  const isOfState = config.COMITY_AUTHORITY !== '';
  return {
    node,
    logName: isOfState ? alpha2 : node,
    state: isOfState ? config.COMITY_STATE : null,
    authorities: isOfState ? [config.COMITY_AUTHORITY] : [],
    host: config.COMITY_EXCHANGE_HOST,
    port: config.COMITY_EXCHANGE_PORT === '' ? null : Number(config.COMITY_EXCHANGE_PORT),
    collects: config.COMITY_EXCHANGE_COLLECTS === 'yes',
    origin: config.COMITY_EXCHANGE_ORIGIN,
    networks: config.COMITY_EXCHANGE_NETWORKS,
    perSecond: config.COMITY_EXCHANGE_PER_SECOND,
    stagedBytes: config.COMITY_EXCHANGE_STAGED_MB * 1_048_576,
    stampBlockAfterHours: config.COMITY_STAMP_BLOCK_AFTER_HOURS,
    dataFolder: config.dataFolder,
    profile: config.COMITY_PROFILE,
    zone: config.COMITY_TIME_ZONE,
    version,
  };
}

/** The exchange of a node; `uses` is filled when all modules stand. */
export function openNodeExchange(node: Node, modules: Modules, keys: KeyStore, uses: MessageUses): Promise<Exchange> {
  return openExchange(exchangeSetting(node, modules), {
    db: node.database.db,
    clock: node.clock,
    random: node.random,
    log: node.log,
    keys,
    directory: modules.authoritiesNeeds,
    uses,
    feeds: { treaties: treatiesFeed(modules.treatyData) },
  });
}

/** Pages of the exchange: queue, messages, comparisons. */
export function exchangeRoutes(exchange: Exchange): Route<Context, View>[] {
  return [
    ...exchangePages({
      acts: exchange.delivery.acts,
      setting: () => ({ isOn: exchange.isOn, durable: exchange.durable, collects: exchange.setting.collects }),
      async knownNodes() {
        const view = await exchange.system.transaction((tx) => exchange.trust.loadTrust(tx));
        const own = exchange.trust.own.node;
        return view
          .nodes()
          .flatMap(({ entry }) =>
            entry.node === own ? [] : [{ node: entry.node, collects: entry.endpoints.length === 0 }],
          );
      },
      proofFile: (ctx, id) => exchange.history.proofFile(ctx, id),
    }),
    ...logPages(() => exchange.history),
  ];
}
