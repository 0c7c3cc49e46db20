import type { Context as HonoContext } from 'hono';
import type { Command } from '../platform/cli/index.ts';
import type { Route } from '../platform/http/routes.ts';
import type { OfferedLocale, Translate } from '../platform/i18n/index.ts';
import type { StateCode } from '../platform/values/index.ts';
import type { Context } from '../modules/identity/index.ts';
import type { RailEntry, View } from '../web/index.ts';
import type { KnownVisitor } from './visit.ts';

/** What the modules of a node offer together. */
export interface Modules {
  routes: Route<Context, View>[];
  commands: Command<Context>[];
  findVisitor(c: HonoContext): Promise<KnownVisitor | null>;
  rail(ctx: Context, t: Translate): RailEntry[];
  toAlpha2(code: StateCode): string;
  recordedName(code: StateCode): string;
  authorityName(locale: OfferedLocale): string;
}
