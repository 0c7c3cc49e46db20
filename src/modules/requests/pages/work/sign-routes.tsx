import { page, redirect, type PageAnswer } from '../../../../platform/http/routes.ts';
import { Hash, problem, type Problem } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { ActionData } from '../../schema/index.ts';
import type { RequestView } from '../../service/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { SignPage } from './act.tsx';
import { printableOfOwn, type Call } from './load.tsx';
import { requestedState } from './parts.ts';

/** Requests to one State that are looked at for the guard against the wrong one. */
const guardLimit = 200;

/** The two letters are asked for urgent requests, and where nothing was signed for that State before. */
export async function guardFor(parts: CaseParts, ctx: Context, view: View, request: RequestView, typed: string) {
  const to = request.request.requested?.state;
  if (!to) return null;
  if (!request.urgent) {
    const { requests: earlier } = await parts.requests.list(ctx, { to, limit: guardLimit });
    const before = earlier.some(
      (item) =>
        item.reference !== request.reference &&
        !['draft', 'peer-review', 'legal-clearance', 'to-sign', 'draft-shared', 'discarded'].includes(item.status),
    );
    if (before) return null;
  }
  return { name: requestedState(view, request), typed, letters: parts.toAlpha2(to) };
}

async function signPage(
  parts: CaseParts,
  call: Call,
  request: RequestView,
  problems: readonly Problem[],
  status: number,
): Promise<PageAnswer> {
  const { ctx, view, form } = call;
  return page(
    <SignPage
      view={view}
      request={request}
      printable={await printableOfOwn(parts, ctx, request)}
      check={await parts.requests.check(ctx, request.reference)}
      problems={problems}
      passkey={await parts.signing.optionsFor(ctx, request.contentHash)}
      guard={await guardFor(parts, ctx, view, request, form.values.state?.[0] ?? '')}
    />,
    status,
  );
}

export async function showSign(parts: CaseParts, call: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(call.ctx, call.params.ref ?? '');
  if (!request.next.some((one) => one.action === 'sign')) return redirect(`/requests/${request.reference}`);
  return signPage(parts, call, request, [], 200);
}

/** Without a passkey the second factor must be fresh: the reader proves it and comes back to the page. */
export function stepUpFor({ ctx }: Call, assertion: string | undefined, back: string): PageAnswer | undefined {
  const members = ctx.actor.kind === 'person' ? [ctx.actor.id] : [];
  if (assertion || ctx.may('requests.sign', { members, involved: [] })) return undefined;
  return redirect(`/sign-in/step-up?next=${encodeURIComponent(back)}`);
}

export async function doSign(parts: CaseParts, call: Call): Promise<PageAnswer> {
  const { ctx, view, params, form } = call;
  const request = await parts.requests.get(ctx, params.ref ?? '');
  const typed = form.values.state?.[0] ?? '';
  const guard = await guardFor(parts, ctx, view, request, typed);
  if (guard && typed.trim().toUpperCase() !== guard.letters) {
    const wrong = problem('work.wrong-state', ['state'], { params: { state: guard.name } });
    return signPage(parts, call, request, [wrong], 422);
  }
  const hash = Hash.safeParse(form.values.contentHash?.[0]);
  const assertion = form.values.passkey?.[0];
  const data: ActionData = { ...(hash.success ? { contentHash: hash.data } : {}), ...(assertion ? { assertion } : {}) };
  const stepUp = stepUpFor(call, assertion, `/requests/${request.reference}/sign`);
  if (stepUp) return stepUp;
  const done = await parts.requests.act(ctx, request.reference, 'sign', data, form.values.seen?.[0] ?? null);
  if (done.ok) return redirect(`/requests/${request.reference}?done=sign`);
  return signPage(parts, call, request, done.error, 422);
}
