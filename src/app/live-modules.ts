import type { KeyStore } from '../platform/crypto/index.ts';
import type { Route } from '../platform/http/routes.ts';
import type { OfferedLocale, Translate } from '../platform/i18n/index.ts';
import type { StateCode } from '../platform/values/index.ts';
import type { MessageUses } from '../platform/outbox/index.ts';
import type { Exchange } from '../modules/exchange/index.ts';
import type { Evidence } from '../modules/evidence/index.ts';
import type { Goods } from '../modules/goods/index.ts';
import type { Knowledge } from '../modules/knowledge/index.ts';
import type { Context, IdentityNode, Signing } from '../modules/identity/index.ts';
import type { IncomingRequests, PrintSetting, Requests } from '../modules/requests/index.ts';
import type { RailEntry, View } from '../web/index.ts';

/** What a node offers once its database, keys and files are open. */
export interface LiveModules {
  identity: IdentityNode;
  signing: Signing;
  keys: KeyStore;
  evidence: Evidence;
  goods: Goods;
  knowledge: Knowledge;
  requests: Requests;
  incoming: IncomingRequests;
  exchange: Exchange;
  /** What modules send to other nodes and take from them, by kind. */
  uses: MessageUses;
  printSetting: PrintSetting;
  /** Whether this is a node of the demo with a tour. */
  tour: boolean;
  routes: Route<Context, View>[];
  rail(ctx: Context, t: Translate): RailEntry[];
  toAlpha2(code: StateCode): string;
  recordedName(code: StateCode): string;
  authorityName(locale: OfferedLocale): string;
  /** Reads again what other processes may have published: profiles of States, the own authority's entry. */
  refresh(): Promise<void>;
}
