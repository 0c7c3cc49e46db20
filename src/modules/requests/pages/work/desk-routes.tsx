import { page, type PageAnswer } from '../../../../platform/http/routes.ts';
import { deskViews, type DeskView } from '../../service/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { showIncomingDesk } from '../incoming/routes.tsx';
import { DeskPage } from './desk.tsx';
import type { Call } from './load.tsx';

/** Rows of the desk on one page. */
const deskLimit = 50;

/** The desk: where this authority has only requests of other States, those come first. */
export async function showDesk(parts: CaseParts, call: Call): Promise<PageAnswer> {
  const { ctx, query } = call;
  if (query.view === undefined) {
    const [own, incoming] = [await parts.requests.deskCounts(ctx), await parts.incoming.counts(ctx)];
    if (own.all === 0 && incoming.all > 0) return showIncomingDesk(parts, call);
  }
  return showOwnDesk(parts, call, 'mine');
}

export async function showOwnDesk(
  parts: CaseParts,
  { ctx, view, query }: Call,
  fallback: DeskView,
): Promise<PageAnswer> {
  const counts = await parts.requests.deskCounts(ctx);
  const wanted = deskViews.find((one) => one === query.view);
  const shown = wanted ?? (['approve', fallback, 'new', 'all'] as const).find((one) => counts[one] > 0) ?? fallback;
  const { requests: items, next } = await parts.requests.list(ctx, {
    view: shown,
    order: 'due',
    limit: deskLimit,
    ...(query.after ? { after: query.after } : {}),
  });
  const owners = [...new Set(items.map((item) => item.owner))];
  const names =
    owners.length === 0 ? new Map<string, string>() : await ctx.transaction((tx) => parts.namesOf(tx, owners));
  return page(
    <DeskPage
      view={view}
      current={shown}
      counts={counts}
      incoming={(await parts.incoming.counts(ctx)).all}
      items={items}
      names={names}
      more={next ? `/desk/own?view=${shown}&after=${encodeURIComponent(next)}` : undefined}
      today={ctx.today()}
      mayCreate={ctx.may('evidence.open-case-file')}
    />,
  );
}
