import { Invalid } from '../../../../platform/errors.ts';
import { redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import { problem } from '../../../../platform/values/index.ts';
import { readDate, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { IncomingView, RequestView } from '../../service/index.ts';
import type { DeskSideProps } from './desk-side.tsx';
import type { CaseParts } from './parts.ts';

const caseFileLimit = 200;

export async function deskOf(parts: CaseParts, ctx: Context, request: RequestView): Promise<DeskSideProps | null> {
  const members = await parts.membersOf(ctx, request.caseFileId);
  if (!ctx.may('requests.assign', { members: members.map((one) => one.id) })) return null;
  const { requests: listed } = await parts.requests.list(ctx, { caseFileId: request.caseFileId, limit: caseFileLimit });
  const item = listed.find((one) => one.reference === request.reference);
  return item ? { owner: item.owner, waitingUntil: item.waitingUntil, members, self: selfOf(ctx) } : null;
}

function selfOf(ctx: Context): string | null {
  return ctx.actor.kind === 'person' ? ctx.actor.id : null;
}

/** The same for a request of another State. */
export async function deskOfIncoming(
  parts: CaseParts,
  ctx: Context,
  { caseFileId, owner, waitingUntil }: IncomingView,
): Promise<DeskSideProps | null> {
  const members = await parts.membersOf(ctx, caseFileId);
  const may = ctx.may('requests.assign', { members: members.map((one) => one.id) });
  return may ? { owner, waitingUntil, members, self: selfOf(ctx) } : null;
}

/** Assigns, puts aside, takes up again, undoes: a matter of the own desk, on both sides. */
export async function changeDesk(
  { ctx, view, form }: PageCall<Context, View>,
  reference: string,
  desk: {
    assign(ctx: Context, reference: string, personId: string): Promise<unknown>;
    waitUntil: CaseParts['requests']['waitUntil'] | CaseParts['incoming']['waitUntil'];
    undoDesk(ctx: Context, reference: string): Promise<unknown>;
  },
): Promise<PageAnswer> {
  const act = form.values.act?.[0];
  if (act === 'assign') await desk.assign(ctx, reference, form.values.person?.[0] ?? '');
  else if (act === 'undo') await desk.undoDesk(ctx, reference);
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
