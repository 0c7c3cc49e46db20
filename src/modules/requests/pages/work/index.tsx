import { Invalid, NotFound } from '../../../../platform/errors.ts';
import {
  page,
  redirect,
  type PageAnswer,
  type PageCall,
  type PageRoute,
  type PostedForm,
} from '../../../../platform/http/routes.ts';
import { fail, Hash, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { readDate, type View } from '../../../../web/index.ts';
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
import { ActionKind, channels as Channels, type ActionData } from '../../schema/index.ts';
import { deskViews, type DeskView, type RequestView } from '../../service/index.ts';
import { ActPage, SignPage } from './act.tsx';
import { DeskPage } from './desk.tsx';
import { OverviewPage, RequestShell, RequestText, type DeskSideProps } from './overview.tsx';
import { actorNames, bothLanguages, requestedState, type WorkParts } from './parts.ts';
import { DeadlinesPage, VersionsPage } from './records.tsx';
import { VerifyPage } from './verify.tsx';

export type { WorkParts } from './parts.ts';

type Call = PageCall<Context, View>;

/** Rows of the desk on one page. */
const deskLimit = 50;
/** Requests to one State that are looked at for the guard against the wrong one. */
const guardLimit = 200;

async function showDesk(parts: WorkParts, { ctx, view, query }: Call, fallback: DeskView): Promise<PageAnswer> {
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
      items={items}
      names={names}
      more={next ? `/desk?view=${shown}&after=${encodeURIComponent(next)}` : undefined}
      today={ctx.today()}
      mayCreate={ctx.may('evidence.open-case-file')}
    />,
  );
}

async function showOverview(parts: WorkParts, { ctx, view, params, query }: Call): Promise<PageAnswer> {
  const request = await parts.requests.get(ctx, params.ref ?? '');
  if (request.reference !== params.ref) return redirect(`/requests/${request.reference}`);
  const [check, names] = [await parts.requests.check(ctx, request.reference), await actorNames(ctx, parts, request)];
  const notice = query.done === 'sign' ? view.t('work.signed-lede', { reference: request.reference }) : undefined;
  const desk = await deskOf(parts, ctx, request);
  return page(<OverviewPage view={view} request={request} check={check} names={names} desk={desk} notice={notice} />);
}

async function deskOf(parts: WorkParts, ctx: Context, request: RequestView): Promise<DeskSideProps | null> {
  const members = await parts.membersOf(ctx, request.caseFileId);
  if (!ctx.may('requests.assign', { members: members.map((one) => one.id) })) return null;
  const { requests: listed } = await parts.requests.list(ctx, { caseFileId: request.caseFileId, limit: guardLimit });
  const item = listed.find((one) => one.reference === request.reference);
  return item ? { owner: item.owner, waitingUntil: item.waitingUntil, members } : null;
}

async function changeDesk(parts: WorkParts, { ctx, view, params, form }: Call): Promise<PageAnswer> {
  // Whoever may not know of the request learns nothing here either, whatever the form says.
  const { reference } = await parts.requests.get(ctx, params.ref ?? '');
  const act = form.values.act?.[0];
  if (act === 'assign') await parts.requests.assign(ctx, reference, form.values.person?.[0] ?? '');
  else if (act === 'undo') await parts.requests.undoDesk(ctx, reference);
  else if (act === 'wait') {
    const typed = form.values.wait?.[0] ?? '';
    const read = readDate(typed);
    if (typed !== '' && read.kind !== 'day') {
      const wrong = problem('web.bad-date', ['wait'], { params: { field: view.t('work.wait'), typed } });
      throw new Invalid('web.bad-date', { params: { field: view.t('work.wait'), typed }, problems: [wrong] });
    }
    await parts.requests.waitUntil(ctx, reference, read.kind === 'day' ? read.day : null);
  } else throw new Invalid('http.malformed');
  return redirect(`/requests/${reference}`);
}

/** What the form of an act says: a reason, or how a signed request left. */
function readAct(view: View, form: PostedForm): { data: ActionData; problems: Problem[] } {
  const one = (name: string) => form.values[name]?.[0]?.trim() ?? '';
  const data: ActionData = one('reason') === '' ? {} : { reason: form.values.reason?.[0] };
  const channel = Channels.safeParse(one('channel'));
  if (!channel.success) return { data, problems: [] };
  const on = readDate(one('on'));
  const wrong =
    on.kind === 'day'
      ? []
      : [problem('web.bad-date', ['on'], { params: { field: view.t('work.dispatch-on'), typed: one('on') } })];
  const missing = (['how', 'by'] as const).flatMap((name) =>
    one(name) === '' ? [problem('http.missing-value', [name])] : [],
  );
  const problems = [...wrong, ...missing];
  if (on.kind !== 'day' || problems.length > 0) return { data: { ...data, channel: channel.data }, problems };
  const dispatch = { on: on.day, how: one('how'), by: one('by') };
  return { data: { ...data, channel: channel.data, dispatch, ...(one('waive') ? { waiveHold: true } : {}) }, problems };
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
  return page(<ActPage view={view} request={request} action={action} problems={[]} typed={{}} check={check} />);
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
  const typed = Object.fromEntries(Object.entries(form.values).map(([name, values]) => [name, values[0] ?? '']));
  const { data, problems } = readAct(view, form);
  const risk = action === 'clear' ? await saveRisk(parts, ctx, request, form.values.persecution?.[0]) : ok(undefined);
  const done =
    problems.length > 0
      ? fail(problems)
      : risk.ok
        ? await parts.requests.act(ctx, request.reference, action, data, form.values.seen?.[0] ?? null)
        : risk;
  if (done.ok) return redirect(`/requests/${request.reference}?done=${action}`);
  return page(
    <ActPage
      view={view}
      request={request}
      action={action}
      problems={done.error.filter((one) => one.code !== 'requests.warning-without-reason')}
      typed={typed}
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
    post('/requests/:ref/desk', 'requests.assign', 'requests.assign', (call) => changeDesk(parts, call)),
    post('/requests/:ref/act/:action', 'requests.list', 'requests.act', (call) => doAct(parts, call)),
  ];
}
