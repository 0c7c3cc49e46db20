import { NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PageRoute } from '../../../../platform/http/routes.ts';
import { fail, Hash, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import {
  checkContent,
  checkFile,
  issueDocument,
  readSha256,
  renditionFormats,
  signedAt,
  toPrintable,
} from '../../documents/index.ts';
import { needsReason } from '../../rules/index.ts';
import { ActionKind, type ActionData } from '../../schema/index.ts';
import type { RequestListItem, RequestView } from '../../service/index.ts';
import { ActPage, SignPage } from './act.tsx';
import { DeskPage, deskViews, isInView, type DeskView } from './desk.tsx';
import { OverviewPage, RequestShell, RequestText } from './overview.tsx';
import { actorNames, bothLanguages, requestedState, type WorkParts } from './parts.ts';
import { DeadlinesPage, VersionsPage } from './records.tsx';
import { VerifyPage } from './verify.tsx';

export type { WorkParts } from './parts.ts';

type Call = PageCall<Context, View>;

/** The desk reads this many at most; the page says when there are more. */
const deskLimit = 200;

function isDeskView(text: string | undefined): text is DeskView {
  return (deskViews as readonly string[]).includes(text ?? '');
}

async function showDesk(parts: WorkParts, { ctx, view, query }: Call, fallback: DeskView): Promise<PageAnswer> {
  const { requests: items } = await parts.requests.list(ctx, { limit: deskLimit });
  const today = ctx.today();
  const inView = (one: DeskView) => items.filter((item) => isInView(item, one, ctx, today));
  const counts = Object.fromEntries(deskViews.map((one) => [one, inView(one).length])) as Record<DeskView, number>;
  const first = isDeskView(query.view)
    ? query.view
    : ((['approve', fallback, 'all'] as const).find((one) => counts[one] > 0) ?? fallback);
  const order = (item: RequestListItem) => `${item.urgent ? 0 : 1}${item.deadline ?? '9999-12-31'}${item.reference}`;
  const shown = inView(first).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  return page(
    <DeskPage
      view={view}
      current={first}
      counts={counts}
      items={shown}
      today={today}
      mayCreate={ctx.may('evidence.open-case-file')}
    />,
  );
}

async function showOverview(parts: WorkParts, { ctx, view, params, query }: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(ctx, params.ref ?? '');
  if (request.reference !== params.ref) return redirect(`/requests/${request.reference}`);
  const [check, names] = [await parts.requests.check(ctx, request.reference), await actorNames(ctx, parts, request)];
  const notice = query.done === 'sign' ? view.t('work.signed-lede', { reference: request.reference }) : undefined;
  return page(<OverviewPage view={view} request={request} check={check} names={names} notice={notice} />);
}

async function printableOf(parts: WorkParts, ctx: Context, request: RequestView) {
  return toPrintable(
    request.request,
    await parts.printSetting(ctx, request.request, bothLanguages, signedAt(request) ?? request.changedAt),
  );
}

async function showText(parts: WorkParts, { ctx, view, params }: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(ctx, params.ref ?? '');
  const printable = await printableOf(parts, ctx, request);
  return page(
    <RequestShell view={view} request={request} tab="request">
      <RequestText view={view} printable={printable} />
    </RequestShell>,
  );
}

function actionOf(text: string | undefined, request: RequestView): ActionKind {
  const action = ActionKind.safeParse(text);
  if (
    !action.success ||
    action.data === 'edit' ||
    action.data === 'sign' ||
    !request.next.some((one) => one.action === action.data)
  ) {
    throw new NotFound('requests.not-found');
  }
  return action.data;
}

async function showAct(parts: WorkParts, { ctx, view, params }: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(ctx, params.ref ?? '');
  const action = actionOf(params.action, request);
  const check = needsReason.has(action) ? null : await parts.requests.check(ctx, request.reference);
  return page(<ActPage view={view} request={request} action={action} problems={[]} reason="" check={check} />);
}

/** The central authority's own check belongs to clearing: who clears has looked, and is named. */
async function saveRisk(
  parts: WorkParts,
  ctx: Context,
  request: RequestView,
  answer: string | undefined,
): Promise<Result<unknown, Problem[]>> {
  if (answer !== 'none-found' && answer !== 'risk-found') return ok(undefined);
  const reviewer = ctx.actor.kind === 'person' ? ctx.actor.name : '';
  const saved = await parts.requests.saveRisk(ctx, request.reference, {
    ...request.request.internal?.risk,
    persecution: { answer, reviewer, on: ctx.today() },
  });
  return saved.ok ? saved : fail(saved.error.problems);
}

async function doAct(parts: WorkParts, { ctx, view, params, form }: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(ctx, params.ref ?? '');
  const action = actionOf(params.action, request);
  const reason = form.values.reason?.[0] ?? '';
  const data: ActionData = reason.trim() === '' ? {} : { reason };
  const risk = action === 'clear' ? await saveRisk(parts, ctx, request, form.values.persecution?.[0]) : ok(undefined);
  const done = risk.ok
    ? await parts.requests.act(ctx, request.reference, action, data, form.values.seen?.[0] ?? null)
    : risk;
  if (done.ok) return redirect(`/requests/${request.reference}?done=${action}`);
  return page(
    <ActPage
      view={view}
      request={request}
      action={action}
      problems={done.error.filter((one) => one.code !== 'requests.warning-without-reason')}
      reason={reason}
      check={await parts.requests.check(ctx, request.reference)}
    />,
    422,
  );
}

/** The two letters are asked for urgent requests, and where nothing was signed for that State before. */
async function guardFor(parts: WorkParts, ctx: Context, view: View, request: RequestView, typed: string) {
  const to = request.request.requested?.state;
  if (!to) return null;
  if (!request.urgent) {
    const { requests: earlier } = await parts.requests.list(ctx, { to, limit: deskLimit });
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
  parts: WorkParts,
  call: Call,
  request: RequestView,
  problems: readonly Problem[],
  status: number,
): Promise<PageAnswer> {
  const { ctx, view, form } = call;
  const guard = await guardFor(parts, ctx, view, request, form.values.state?.[0] ?? '');
  return page(
    <SignPage
      view={view}
      request={request}
      printable={await printableOf(parts, ctx, request)}
      check={await parts.requests.check(ctx, request.reference)}
      problems={problems}
      passkey={await parts.signing.optionsFor(ctx, request.contentHash)}
      guard={guard}
    />,
    status,
  );
}

async function showSign(parts: WorkParts, call: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(call.ctx, call.params.ref ?? '');
  if (!request.next.some((one) => one.action === 'sign')) return redirect(`/requests/${request.reference}`);
  return signPage(parts, call, request, [], 200);
}

async function doSign(parts: WorkParts, call: Call): Promise<PageAnswer> {
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
  // Without a passkey the second factor must be fresh: the reader proves it and comes back to this page.
  if (
    !assertion &&
    !ctx.may('requests.sign', { members: ctx.actor.kind === 'person' ? [ctx.actor.id] : [], involved: [] })
  ) {
    return redirect(`/sign-in/step-up?next=${encodeURIComponent(`/requests/${request.reference}/sign`)}`);
  }
  const done = await parts.requests.act(ctx, request.reference, 'sign', data, form.values.seen?.[0] ?? null);
  if (done.ok) return redirect(`/requests/${request.reference}?done=sign`);
  return signPage(parts, call, request, done.error, 422);
}

async function giveDocument(parts: WorkParts, { ctx, params, query }: Call): Promise<PageAnswer> {
  const format = renditionFormats.find((one) => one === params.format);
  if (!format) throw new NotFound('http.not-found');
  const wanted = (query.languages ?? 'en,ar').split(',').filter((one) => one === 'en' || one === 'ar');
  const languages = wanted.length > 0 ? wanted : [...bothLanguages];
  return { type: 'file', file: await issueDocument(ctx, parts, { reference: params.ref ?? '', format, languages }) };
}

async function showVerify({ ctx, view, query }: Call): Promise<PageAnswer> {
  if (query.content) {
    const hash = Hash.safeParse(`sha256:${query.content.toLowerCase()}`);
    const answer = hash.success ? { by: 'content' as const, found: await checkContent(ctx, hash.data) } : null;
    return page(
      <VerifyPage view={view} typed={hash.success ? '' : query.content} bad={!hash.success} answer={answer} />,
      hash.success ? 200 : 422,
    );
  }
  const typed = query.sha256 ?? '';
  if (typed.trim() === '') return page(<VerifyPage view={view} typed="" bad={false} answer={null} />);
  const hash = readSha256(typed);
  if (!hash) return page(<VerifyPage view={view} typed={typed} bad answer={null} />, 422);
  return page(
    <VerifyPage view={view} typed={typed} bad={false} answer={{ by: 'file', found: await checkFile(ctx, hash) }} />,
  );
}

/** Desk, request page, acts, signature, documents and the public check of documents. */
export function workPages(parts: WorkParts): PageRoute<Context, View>[] {
  type Handler = (call: Call) => Promise<PageAnswer>;
  const get = (path: string, permission: string, handler: Handler, audit?: string): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'get',
    path,
    permission,
    handler,
    ...(audit ? { audit } : {}),
  });
  const post = (path: string, permission: string, audit: string, handler: Handler): PageRoute<Context, View> => ({
    kind: 'page',
    method: 'post',
    path,
    permission,
    audit,
    handler,
  });
  return [
    get('/verify', 'requests.verify', showVerify),
    get('/desk', 'requests.list', (call) => showDesk(parts, call, 'mine')),
    get('/requests', 'requests.list', (call) => showDesk(parts, call, 'all')),
    get('/approvals', 'requests.list', (call) => showDesk(parts, call, 'approve')),
    get('/requests/:ref', 'requests.list', (call) => showOverview(parts, call), 'requests.read'),
    get('/requests/:ref/request', 'requests.list', (call) => showText(parts, call), 'requests.read'),
    get(
      '/requests/:ref/deadlines',
      'requests.list',
      async ({ ctx, view, params }) => {
        const request = await parts.requests.get(ctx, params.ref ?? '');
        return page(<DeadlinesPage view={view} request={request} />);
      },
      'requests.read',
    ),
    get(
      '/requests/:ref/versions',
      'requests.list',
      async ({ ctx, view, params }) => {
        const request = await parts.requests.get(ctx, params.ref ?? '');
        const revisions = await parts.requests.revisions(ctx, request.reference);
        const names = await ctx.transaction((tx) =>
          parts.namesOf(tx, [...new Set(revisions.map((one) => one.saved_by))]),
        );
        return page(<VersionsPage view={view} request={request} revisions={revisions} names={names} />);
      },
      'requests.read',
    ),
    get('/requests/:ref/document/:format', 'requests.print', (call) => giveDocument(parts, call), 'requests.print'),
    get('/requests/:ref/sign', 'requests.sign', (call) => showSign(parts, call), 'requests.read'),
    post('/requests/:ref/sign', 'requests.sign', 'requests.sign', (call) => doSign(parts, call)),
    get('/requests/:ref/act/:action', 'requests.list', (call) => showAct(parts, call), 'requests.read'),
    post('/requests/:ref/act/:action', 'requests.list', 'requests.act', (call) => doAct(parts, call)),
  ];
}
