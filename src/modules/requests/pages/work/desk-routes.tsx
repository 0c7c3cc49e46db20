import { page, redirect, type PageAnswer } from '../../../../platform/http/routes.ts';
import { deskViews, type DeskView } from '../../service/index.ts';
import { takeBulk, type BulkOutcome } from '../case/bulk.tsx';
import { deskLimit, doneIn, ownersOf } from '../case/desk-load.ts';
import type { CaseParts } from '../case/parts.ts';
import { nowOf } from '../incoming/load.tsx';
import { showIncomingDesk } from '../incoming/desk-routes.tsx';
import { ApprovalsPage } from './approvals.tsx';
import { DeskPage } from './desk.tsx';
import type { Call } from './load.tsx';

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
  outcome?: BulkOutcome,
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
  return page(
    <DeskPage
      view={view}
      current={shown}
      counts={counts}
      incoming={(await parts.incoming.counts(ctx)).all}
      items={items}
      names={await ownersOf(parts, ctx, items)}
      more={next ? `/desk/own?view=${shown}&after=${encodeURIComponent(next)}` : undefined}
      now={nowOf(ctx)}
      mayCreate={ctx.may('evidence.open-case-file')}
      people={items.length > 0 ? await parts.colleagues(ctx) : []}
      outcome={outcome}
      done={doneIn(query)}
    />,
    outcome && outcome.problems.length + outcome.failed.length > 0 ? 422 : 200,
  );
}

/** One act on several own requests. */
export async function doOwnBulk(parts: CaseParts, call: Call): Promise<PageAnswer> {
  const outcome = await takeBulk(call, parts.requests);
  if (outcome.problems.length + outcome.failed.length > 0) return showOwnDesk(parts, call, 'mine', outcome);
  const current = deskViews.find((one) => one === call.query.view) ?? 'mine';
  return redirect(`/desk/own?view=${current}&done=${outcome.done}`);
}

/** `/approvals`: what waits for the reader's decision, on both sides of the border. */
export async function showApprovals(parts: CaseParts, { ctx, view }: Call): Promise<PageAnswer> {
  const filter = { view: 'approve', order: 'due', limit: deskLimit } as const;
  const { requests: own } = await parts.requests.list(ctx, filter);
  const { requests: incoming } = await parts.incoming.list(ctx, filter);
  return page(
    <ApprovalsPage
      view={view}
      own={own}
      incoming={incoming}
      names={await ownersOf(parts, ctx, [...own, ...incoming])}
      now={nowOf(ctx)}
    />,
  );
}
