import { isUnknown, type StateCode } from '../platform/values/index.ts';
import { withTransaction } from '../platform/db/index.ts';
import { findEntry } from '../modules/authorities/index.ts';
import { findTracked } from '../modules/exchange/index.ts';
import type { CaseParts, Waiting } from '../modules/requests/index.ts';
import { listColleagues } from './neighbours.ts';
import type { Node } from './node.ts';

type Given = Pick<CaseParts, 'placeOf' | 'authorityName' | 'waiting' | 'proofHref' | 'colleagues'>;

/** What the pages of a request take from the directory and from whoever carries messages. */
export function caseParts(node: Node): Given {
  return {
    colleagues: listColleagues,
    async placeOf(ctx, view, authority) {
      const found = await ctx.transaction((tx) => findEntry(tx, authority, ctx.today()));
      if (!found) return null;
      const { timeZone, city, phones } = found.entry;
      if (isUnknown(timeZone)) return null;
      return {
        zone: timeZone,
        place: typeof city === 'string' ? city : view.stateName(authority.split(':')[0] as StateCode),
        phone: isUnknown(phones) ? null : (phones[0] ?? null),
      };
    },
    async authorityName(ctx, view, authority) {
      const names = (await ctx.transaction((tx) => findEntry(tx, authority, ctx.today())))?.entry.names ?? [];
      const inLanguage = (lang: string) => names.find((name) => name.lang === lang);
      // English is read further than whatever language the entry happens to begin with.
      return (inLanguage(view.locale) ?? inLanguage('en') ?? names[0])?.text ?? authority;
    },
    async waiting(_ctx, ids) {
      const found = new Map<string, Waiting>();
      // Where a message is on its way tells nothing of what it says; readers of the request may know.
      await withTransaction(node.database.db, 'system:exchange', async (tx) => {
        for (const id of ids) {
          const one = await findTracked(tx, id);
          if (one) found.set(id, { since: one.at, lastError: one.code, nextTry: one.nextAt });
        }
      });
      return found;
    },
    proofHref: (ctx) =>
      ctx.may('exchange.read-queue') ? (message) => `/system/exchange/messages/${message}` : undefined,
  };
}
