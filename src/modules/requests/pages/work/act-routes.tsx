import { Conflict, NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PostedForm } from '../../../../platform/http/routes.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { changesRows, readDate, tidyRows, typedIn, type Option, type Typed, type View } from '../../../../web/index.ts';
import { EvidenceFileId } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { needsReason } from '../../rules/index.ts';
import { ActionKind, channels as Channels, type ActionData } from '../../schema/index.ts';
import type { RequestView } from '../../service/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { didWords } from '../case/did.ts';
import { placeOptions } from '../case/places.ts';
import type { ActSetting } from '../reply/form.tsx';
import { findUnsent, keepUnsent } from '../reply/kept.tsx';
import { ownForms, ownLeaving } from '../reply/own.tsx';
import { ReplyPage, type Meanwhile } from '../reply/page.tsx';
import { ResultList } from '../reply/shown.tsx';
import { ActPage } from './act.tsx';
import { frameOfOwn, loadOwn, printableOfOwn, type Call, type Own } from './load.tsx';
import { actorNames, requestedState } from './parts.ts';
import { stepUpFor } from './sign-routes.tsx';
import { personRows } from './new-persons.tsx';
import { readChanges, SupplementPage } from './supplement.tsx';

function actionOf(text: string | undefined, request: RequestView): ActionKind {
  const action = ActionKind.safeParse(text);
  const known = action.success && action.data !== 'edit' && action.data !== 'sign';
  if (!known || !request.next.some((one) => one.action === action.data)) throw new NotFound('requests.not-found');
  return action.data;
}

/** A form that its reader may not send is not shown: the service would refuse it after everything was typed. */
function mustBeAllowed(next: RequestView['next'], action: ActionKind): void {
  // Signing asks for a fresh proof, which its own page gets.
  const found = next.find((one) => one.action === action);
  if (!found?.allowed && action !== 'supplement') throw new NotFound('requests.not-found');
}

/** What the form of an act inside the own authority says: a reason, or how a signed request leaves. */
function readAct(view: View, form: PostedForm): { data: ActionData; problems: Problem[] } {
  const one = (name: string) => form.values[name]?.[0]?.trim() ?? '';
  const data: ActionData = one('reason') === '' ? {} : { reason: form.values.reason?.[0] };
  const channel = Channels.safeParse(one('channel'));
  if (!channel.success) return { data, problems: [] };
  const sending: ActionData = { ...data, channel: channel.data, ...(one('waive') ? { waiveHold: true } : {}) };
  if (channel.data === 'node') return { data: sending, problems: [] };
  const on = readDate(one('on'));
  const wrong =
    on.kind === 'day'
      ? []
      : [problem('web.bad-date', ['on'], { params: { field: view.t('work.dispatch-on'), typed: one('on') } })];
  const missing = (['how', 'by'] as const).flatMap((name) =>
    one(name) === '' ? [problem('http.missing-value', [name])] : [],
  );
  const problems = [...wrong, ...missing];
  if (on.kind !== 'day' || problems.length > 0) return { data: sending, problems };
  return { data: { ...sending, dispatch: { on: on.day, how: one('how'), by: one('by') } }, problems };
}

/** The central authority's own check belongs to clearing: who clears has looked, and is named. */
async function saveRisk(
  parts: CaseParts,
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

/** Files that came with results, under the ids their State knows them by: what another use is asked for. */
async function resultFiles(
  parts: CaseParts,
  ctx: Context,
  { request, conversation }: Own,
): Promise<ActSetting['files']> {
  if (conversation.results.length === 0) return [];
  const files = new Map(
    (await parts.evidence.listFiles(ctx, request.caseFileId)).map((one) => [one.id as string, one]),
  );
  return conversation.results.flatMap(({ evidence, fileId }) => {
    const file = files.get(fileId ?? '');
    return file ? [{ ...file, id: EvidenceFileId.parse(evidence) }] : [];
  });
}

async function settingOf(parts: CaseParts, { ctx, view }: Call, own: Own): Promise<ActSetting> {
  const { request } = own;
  return {
    view,
    request: request.request,
    state: requestedState(view, request),
    files: await resultFiles(parts, ctx, own),
    people: [],
    places: [],
    grounds: [],
    consultations: [],
    useQuestions: [],
    changes: [],
    proposals: [],
    newId: () => uuidv7(ctx.random, Date.parse(ctx.clock.now())),
  };
}

interface Again {
  typed?: Typed;
  problems?: readonly Problem[];
  status?: number;
  meanwhile?: readonly Meanwhile[];
  kept?: string;
}

/** Page of an act that the other State sees or waits for. */
async function showShared(
  parts: CaseParts,
  call: Call,
  own: Own,
  action: ActionKind,
  again: Again,
): Promise<PageAnswer> {
  const { view } = call;
  const { request, conversation } = own;
  const form = ownForms[action];
  if (!form) throw new NotFound('requests.not-found');
  const setting = await settingOf(parts, call, own);
  const results = action === 'confirm-results' || action === 'query-results';
  const answered = conversation.replies.findLast(({ reply }) => reply.reply === 'executed')?.reply;
  const fileOf = (id: string) => conversation.results.find((one) => one.evidence === id)?.fileId;
  const follows = `reply.own.${action}`;
  return page(
    <ReplyPage
      view={view}
      frame={frameOfOwn(view, own)}
      action={`/requests/${request.reference}/act/${action}`}
      label={view.t.code(`requests.action.${action}`)}
      follows={view.t.code(follows, { state: setting.state })}
      form={form}
      setting={setting}
      typed={again.typed ?? form.start?.(setting) ?? {}}
      problems={again.problems ?? []}
      seen={request.head}
      meanwhile={again.meanwhile}
      wide={results}
      about={
        results && answered?.reply === 'executed' ? (
          <ResultList
            view={view}
            request={request.request}
            results={answered.results}
            fileHref={(id) => {
              const file = fileOf(id);
              return file ? `/case-files/${request.caseFileId}/files/${file}/download` : undefined;
            }}
          />
        ) : undefined
      }
      kept={again.kept}
      leaves={ownLeaving.has(action)}
    />,
    again.status ?? 200,
  );
}

export async function showAct(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view, params } = call;
  const own = await loadOwn(parts, ctx, reference);
  const action = actionOf(params.action, own.request);
  mustBeAllowed(own.request.next, action);
  if (action === 'supplement') return redirect(`/requests/${reference}/supplement`);
  if (action === 'answer-question' || action === 'answer-conditions')
    return redirect(`/requests/${reference}/messages`);
  const form = ownForms[action];
  if (form) {
    const unsent = form.long ? await findUnsent(parts.unsent, call, reference, `act/${action}`) : undefined;
    return showShared(parts, call, own, action, unsent ?? {});
  }
  const check = needsReason.has(action) ? null : await parts.requests.check(ctx, reference);
  return page(<ActPage view={view} request={own.request} action={action} problems={[]} typed={{}} check={check} />);
}

/** Acts of others since the one the page showed. */
async function meanwhileOf(
  parts: CaseParts,
  { ctx, view }: Call,
  request: RequestView,
  seen: string | null,
): Promise<Meanwhile[]> {
  const names = await actorNames(ctx, parts, request);
  const from = request.actions.findIndex((one) => one.id === seen);
  return request.actions.slice(from + 1).map((one) => ({
    what: didWords(view, one.kind),
    who: names.get(one.actor) ?? requestedState(view, request),
    at: view.formats.moment(one.at, view.node.zone),
  }));
}

async function doShared(parts: CaseParts, call: Call, own: Own, action: ActionKind): Promise<PageAnswer> {
  const { ctx } = call;
  const { reference } = own.request;
  const form = ownForms[action];
  if (!form) throw new NotFound('requests.not-found');
  const posted = (form.rows ?? []).reduce(tidyRows, call.form);
  const typed = typedIn(posted);
  const kept = form.long ? await keepUnsent(parts.unsent, call, reference, `act/${action}`) : undefined;
  if (kept) return kept;
  if (changesRows(call.form)) return showShared(parts, call, own, action, { typed });
  const read = form.read(await settingOf(parts, call, own), posted);
  if (!read.ok) return showShared(parts, call, own, action, { typed, problems: read.error, status: 422 });
  const seen = posted.values.seen?.[0] ?? null;
  const data = read.value as ActionData & { note?: Record<string, string> };
  try {
    const done =
      action === 'share-draft'
        ? await parts.conversations.shareDraft(
            ctx,
            reference,
            { initials: data.initials ?? false, note: data.note },
            seen,
          )
        : await parts.requests.act(ctx, reference, action, data, seen);
    if (done.ok) {
      if (form.long) await parts.unsent.drop(ctx, reference, `act/${action}`);
      return redirect(`/requests/${reference}?done=${action}`);
    }
    return await showShared(parts, call, own, action, { typed, problems: done.error, status: 422 });
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    const meanwhile = await meanwhileOf(parts, call, own.request, seen);
    return showShared(parts, call, own, action, { typed, problems: [problem(error.code, [])], status: 409, meanwhile });
  }
}

export async function doAct(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view, params, form } = call;
  const own = await loadOwn(parts, ctx, reference);
  const { request } = own;
  const action = actionOf(params.action, request);
  if (ownForms[action]) return doShared(parts, call, own, action);
  const typed = Object.fromEntries(Object.entries(form.values).map(([name, values]) => [name, values[0] ?? '']));
  const { data, problems } = readAct(view, form);
  const risk = action === 'clear' ? await saveRisk(parts, ctx, request, form.values.persecution?.[0]) : ok(undefined);
  const done =
    problems.length > 0
      ? fail(problems)
      : risk.ok
        ? await parts.requests.act(ctx, reference, action, data, form.values.seen?.[0] ?? null)
        : risk;
  if (done.ok) return redirect(`/requests/${reference}?done=${action}`);
  return page(
    <ActPage
      view={view}
      request={request}
      action={action}
      problems={done.error.filter((one) => one.code !== 'requests.warning-without-reason')}
      typed={typed}
      check={await parts.requests.check(ctx, reference)}
    />,
    422,
  );
}

/** Every State of the treaty data, by its name in the reader's language. */
function stateOptions(parts: Pick<CaseParts, 'treaties'>, view: View): Option[] {
  return [...parts.treaties.facts().states.byCode.keys()]
    .map((code) => ({ value: code, label: view.stateName(code) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, view.locale));
}

async function supplementPage(
  parts: CaseParts,
  call: Call,
  own: Own,
  typed: Typed,
  problems: readonly Problem[],
  status = 200,
  kept?: string,
) {
  const { ctx, view } = call;
  const printable = await printableOfOwn(parts, ctx, own.request);
  return page(
    <SupplementPage
      view={view}
      frame={frameOfOwn(view, own)}
      request={own.request}
      places={placeOptions(view, printable)}
      states={stateOptions(parts, view)}
      typed={typed}
      problems={problems}
      kept={kept}
    />,
    status,
  );
}

function mustAllowSupplement({ request }: Own): void {
  if (!request.next.some((one) => one.action === 'supplement')) throw new NotFound('requests.not-found');
}

export async function showSupplement(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const own = await loadOwn(parts, call.ctx, reference);
  mustAllowSupplement(own);
  const unsent = await findUnsent(parts.unsent, call, reference, 'supplement');
  return supplementPage(parts, call, own, unsent?.typed ?? {}, [], 200, unsent?.kept);
}

export async function prepareSupplement(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view } = call;
  const own = await loadOwn(parts, ctx, reference);
  mustAllowSupplement(own);
  const kept = await keepUnsent(parts.unsent, call, reference, 'supplement');
  if (kept) return kept;
  const posted = tidyRows(tidyRows(call.form, 'changes'), personRows);
  const more = call.form.values._more;
  const typed = { ...typedIn(posted), ...(more ? { _more: more } : {}) };
  if (changesRows(call.form)) return supplementPage(parts, call, own, typed, []);
  const places = placeOptions(view, await printableOfOwn(parts, ctx, own.request));
  const read = readChanges(view, own.request.request, posted, places, stateOptions(parts, view));
  if (!read.ok) return supplementPage(parts, call, own, typed, read.error, 422);
  const done = await parts.conversations.prepareSupplement(ctx, reference, read.value);
  if (!done.ok) return supplementPage(parts, call, own, typed, done.error, 422);
  await parts.unsent.drop(ctx, reference, 'supplement');
  return redirect(`/requests/${reference}/versions#supplement-${done.value.id}`);
}

/** The signatory signs exactly the changes shown and sends them. */
export async function sendSupplement(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, params, form } = call;
  const own = await loadOwn(parts, ctx, reference);
  mustAllowSupplement(own);
  const assertion = form.values.passkey?.[0];
  const stepUp = stepUpFor(call, assertion, `/requests/${reference}/versions`);
  if (stepUp) return stepUp;
  const data: ActionData = { supplement: params.id, ...(assertion ? { assertion } : {}) };
  const done = await parts.requests.act(ctx, reference, 'supplement', data, form.values.seen?.[0] ?? null);
  if (done.ok) return redirect(`/requests/${reference}?done=supplement`);
  return supplementPage(parts, call, own, {}, done.error, 422);
}

export async function dropSupplement(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  await parts.conversations.dropSupplement(call.ctx, reference, call.params.id ?? '');
  return redirect(`/requests/${reference}/versions`);
}
