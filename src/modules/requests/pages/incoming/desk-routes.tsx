import { Conflict, ComityError } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { deskViews } from '../../service/index.ts';
import { takeBulk, type BulkOutcome } from '../case/bulk.tsx';
import { deskLimit, doneIn, ownersOf } from '../case/desk-load.ts';
import type { CaseParts } from '../case/parts.ts';
import { IncomingDesk } from './list.tsx';
import { nowOf } from './load.tsx';

type Call = PageCall<Context, View>;

export async function showIncomingDesk(
  parts: CaseParts,
  { ctx, view, query }: Call,
  outcome?: BulkOutcome,
): Promise<PageAnswer> {
  const counts = await parts.incoming.counts(ctx);
  const wanted = deskViews.find((one) => one === query.view);
  const shown = wanted ?? (['new', 'mine', 'all'] as const).find((one) => counts[one] > 0) ?? 'all';
  const { requests: items, next } = await parts.incoming.list(ctx, {
    view: shown,
    order: 'due',
    limit: deskLimit,
    ...(query.after ? { after: query.after } : {}),
  });
  // Whoever registers sees what was shown as a draft and what was not taken; both belong to no case of a single person.
  const members = ctx.actor.kind === 'person' ? [ctx.actor.id] : [];
  const mayAssess = ctx.may('requests.register', { members });
  return page(
    <IncomingDesk
      view={view}
      current={shown}
      counts={counts}
      ownCount={(await parts.requests.deskCounts(ctx)).all}
      items={items}
      names={await ownersOf(parts, ctx, items)}
      drafts={mayAssess ? await parts.incoming.listDrafts(ctx) : []}
      quarantine={mayAssess ? await parts.incoming.listQuarantine(ctx) : []}
      more={next ? `/desk/incoming?view=${shown}&after=${encodeURIComponent(next)}` : undefined}
      now={nowOf(ctx)}
      people={items.length > 0 ? await parts.colleagues(ctx) : []}
      mayRegister={mayAssess && items.some((one) => one.status === 'received')}
      outcome={outcome}
      done={doneIn(query)}
    />,
    outcome && outcome.problems.length + outcome.failed.length > 0 ? 422 : 200,
  );
}

/** One act on several requests of other States. What nobody has read is not registered with others. */
export async function doIncomingBulk(parts: CaseParts, call: Call): Promise<PageAnswer> {
  const { incoming } = parts;
  const outcome = await takeBulk(call, {
    assign: incoming.assign,
    waitUntil: incoming.waitUntil,
    async register(ctx, reference) {
      if (!(await incoming.wasOpened(ctx, reference))) throw new Conflict('requests.open-it-first');
      const done = await incoming.act(ctx, reference, 'register', {}, null);
      if (!done.ok) throw new ComityError(done.error[0]?.code ?? 'requests.action-not-allowed');
    },
  });
  if (outcome.problems.length + outcome.failed.length > 0) return showIncomingDesk(parts, call, outcome);
  const current = deskViews.find((one) => one === call.query.view) ?? 'all';
  return redirect(`/desk/incoming?view=${current}&done=${outcome.done}`);
}
