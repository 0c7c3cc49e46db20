import { Invalid } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer } from '../../../../platform/http/routes.ts';
import { problem } from '../../../../platform/values/index.ts';
import { readDate } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { deskViews, type DeskView, type RequestView } from '../../service/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { showIncomingDesk } from '../incoming/routes.tsx';
import { DeskPage } from './desk.tsx';
import type { Call } from './load.tsx';
import type { DeskSideProps } from './overview.tsx';

/** Rows of the desk on one page. */
const deskLimit = 50;
const caseFileLimit = 200;

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

export async function deskOf(parts: CaseParts, ctx: Context, request: RequestView): Promise<DeskSideProps | null> {
  const members = await parts.membersOf(ctx, request.caseFileId);
  if (!ctx.may('requests.assign', { members: members.map((one) => one.id) })) return null;
  const { requests: listed } = await parts.requests.list(ctx, { caseFileId: request.caseFileId, limit: caseFileLimit });
  const item = listed.find((one) => one.reference === request.reference);
  return item ? { owner: item.owner, waitingUntil: item.waitingUntil, members } : null;
}

/** Assigns, puts aside, takes up again, undoes: a matter of the own desk, on both sides. */
export async function changeDesk(
  { ctx, view, form }: Call,
  reference: string,
  desk: {
    assign(ctx: Context, reference: string, personId: string): Promise<unknown>;
    waitUntil: CaseParts['requests']['waitUntil'] | CaseParts['incoming']['waitUntil'];
    undo?(ctx: Context, reference: string): Promise<unknown>;
  },
): Promise<PageAnswer> {
  const act = form.values.act?.[0];
  if (act === 'assign') await desk.assign(ctx, reference, form.values.person?.[0] ?? '');
  else if (act === 'undo' && desk.undo) await desk.undo(ctx, reference);
  else if (act === 'wait') {
    const typed = form.values.wait?.[0] ?? '';
    const read = readDate(typed);
    if (typed !== '' && read.kind !== 'day') {
      const wrong = problem('web.bad-date', ['wait'], { params: { field: view.t('work.wait'), typed } });
      throw new Invalid('web.bad-date', { params: { field: view.t('work.wait'), typed }, problems: [wrong] });
    }
    await desk.waitUntil(ctx, reference, read.kind === 'day' ? read.day : null);
  } else throw new Invalid('http.malformed');
  return redirect(`/requests/${reference}`);
}
