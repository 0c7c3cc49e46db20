import { page, redirect, type PageRoute } from '../../../platform/http/routes.ts';
import type { View } from '../../../web/index.ts';
import { acceptBundle, listTreatyBundles } from '../bundle.ts';
import type { Context } from '../../identity/index.ts';
import { acceptImport, listTreatyImports, losesTooMuch } from '../importer.ts';
import { confirmReading, getReading } from '../readings.ts';
import { ImportsPage, ofBundle, ofImport, type Proposal } from './imports.tsx';
import type { LawParts } from './parts.ts';
import { ReadingPage } from './readings.tsx';

async function proposals(parts: LawParts, ctx: Context, view: View): Promise<Proposal[]> {
  const facts = parts.treaties.facts();
  const imports = await listTreatyImports(ctx);
  const bundles = await listTreatyBundles(ctx);
  const ids = [...imports.map((one) => one.proposedBy), ...bundles.map((one) => one.broughtBy)];
  const names = await parts.namesOf(
    ctx,
    [...new Set(ids)].filter((id) => id.includes('-')),
  );
  const second = (by: string) => ctx.may('treaties.accept-import', { createdBy: by, involved: [by] });
  const shared = (by: string) => ({
    by: names.get(by) ?? view.t(by === 'exchange' ? 'law.by-feed' : 'law.by-command-line'),
    mayAccept: second(by),
  });
  return [
    ...imports.map((one) => ({
      ...ofImport(view, one, facts.instruments.get(one.instrument) ?? null),
      ...shared(one.proposedBy),
      needsReason: losesTooMuch(facts, one),
    })),
    ...bundles.map((one) => ({ ...ofBundle(one), ...shared(one.broughtBy) })),
  ].sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** Pages of what waits for a person: tables and sets to accept, readings to confirm. */
export function proposalRoutes(parts: LawParts): PageRoute<Context, View>[] {
  return [
    {
      kind: 'page',
      method: 'get',
      path: '/law/imports',
      permission: 'treaties.import',
      async handler({ ctx, view }) {
        await parts.treaties.refresh(ctx);
        return page(<ImportsPage view={view} proposals={await proposals(parts, ctx, view)} />);
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/law/imports/:id/accept',
      permission: 'treaties.accept-import',
      audit: 'treaties.accept-import',
      async handler({ ctx, params, form }) {
        const reason = form.values.reason?.[0]?.trim();
        await acceptImport(ctx, parts.live, params.id ?? '', reason ? { reason } : undefined);
        return redirect('/law/imports');
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/law/bundles/:id/accept',
      permission: 'treaties.accept-import',
      audit: 'treaties.accept-import',
      async handler({ ctx, params }) {
        await acceptBundle(ctx, parts.live, params.id ?? '');
        return redirect('/law/imports');
      },
    },
    {
      kind: 'page',
      method: 'get',
      path: '/law/readings/:id',
      permission: 'treaties.read',
      async handler({ ctx, view, params, query }) {
        await parts.treaties.refresh(ctx);
        const facts = parts.treaties.facts();
        const reading = getReading(facts, params.id ?? '');
        const words = await parts.declarations(ctx);
        return page(
          <ReadingPage
            view={view}
            reading={reading}
            instrument={facts.instruments.get(reading.instrument)!}
            text={words(reading.instrument, reading.state)}
            mayConfirm={ctx.may('treaties.confirm-reading')}
            done={query.done === 'yes'}
          />,
        );
      },
    },
    {
      kind: 'page',
      method: 'post',
      path: '/law/readings/:id/confirm',
      permission: 'treaties.confirm-reading',
      audit: 'treaties.confirm-reading',
      async handler({ ctx, params }) {
        const reading = await confirmReading(ctx, parts.live, params.id ?? '');
        return redirect(`/law/readings/${reading.id}?done=yes`);
      },
    },
  ];
}
