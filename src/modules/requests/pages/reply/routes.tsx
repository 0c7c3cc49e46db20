import { Conflict, NotFound } from '../../../../platform/errors.ts';
import { page, redirect, type PageAnswer, type PageCall, type PostedForm } from '../../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../../platform/values/index.ts';
import { changesRows, Section, tidyRows, typedIn, type Content, type Typed, type View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { approvedActs, consultationsOf } from '../../rules/index.ts';
import { incomingInput, type IncomingAction, type IncomingInputKind, type ResultItem } from '../../schema/index.ts';
import type { IncomingView } from '../../service/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { didWords } from '../case/did.ts';
import { placeOptions } from '../case/places.ts';
import { frameOf, printableOf } from '../incoming/load.tsx';
import { sizeOf } from '../case/size.ts';
import { secrecyForm } from './ask.tsx';
import type { ActForm, ActSetting } from './form.tsx';
import { findUnsent, keepUnsent } from './kept.tsx';
import { ReplyPage, type Meanwhile } from './page.tsx';
import { ChangeList, ResultList } from './shown.tsx';
import { incomingForms } from './table.ts';

type Call = PageCall<Context, View>;

/** Acts whose words leave this State: their button names the other one in full. */
const leaving: ReadonlySet<IncomingInputKind> = new Set<IncomingInputKind>([
  'return-misdirected',
  'acknowledge',
  'ask-information',
  'propose-conditions',
  'return-unexecuted',
  'accept-execution',
  'report-partial',
  'refuse',
  'postpone',
  'resume',
  'send-results',
  'consent-to-use',
  'decline-use',
  'acknowledge-change',
  'remind-other-side',
]);
/** Acts that cannot be taken back and end something: the two letters of the State are asked for when it is urgent. */
const guarded: ReadonlySet<IncomingInputKind> = new Set<IncomingInputKind>(['refuse', 'send-results']);

interface Loaded {
  parts: CaseParts;
  call: Call;
  request: IncomingView;
  action: IncomingInputKind;
  form: ActForm;
  setting: ActSetting;
  /** Says that secrecy cannot be kept instead of asking. */
  secrecy: boolean;
}

function actionOf(text: string | undefined, request: IncomingView): IncomingInputKind {
  const known = Object.keys(incomingInput).find((one) => one === text) as IncomingInputKind | undefined;
  const next = request.next.find((one) => one.action === known);
  if (!known || !next) throw new NotFound('requests.not-found');
  return known;
}

async function load(parts: CaseParts, call: Call, reference: string, strict: boolean): Promise<Loaded> {
  const { ctx, view, params, query, form: posted } = call;
  const request = await parts.incoming.get(ctx, reference);
  const name = params.action as IncomingInputKind | undefined;
  const action = strict || !name || !Object.hasOwn(incomingInput, name) ? actionOf(params.action, request) : name;
  const secrecy = action === 'ask-information' && (query.about === 'secrecy' || posted.values.about?.[0] === 'secrecy');
  const printable = await printableOf(parts, ctx, request);
  const useQuestions = request.actions.flatMap(({ kind, data }) =>
    kind === 'receive-use-question' && data.act && data.use && request.state.useQuestions.includes(data.act)
      ? [{ act: data.act, scope: data.use.scope, evidence: data.use.evidence }]
      : [],
  );
  const needsFiles = action === 'report-partial' || action === 'report-executed';
  const members = action === 'forward' ? await parts.colleagues(ctx) : [];
  return {
    parts,
    call,
    request,
    action,
    secrecy,
    form: secrecy ? secrecyForm : incomingForms[action],
    setting: {
      view,
      request: needsFiles ? withoutWithdrawn(request) : request.working,
      state: view.stateName(request.from.state),
      files: needsFiles ? await parts.evidence.listFiles(ctx, request.caseFileId) : [],
      people: members,
      places: placeOptions(view, printable),
      grounds: parts.definitions.grounds,
      consultations: consultationsOf(request.actions).flatMap(({ id, data }) =>
        data.with && data.on && data.how ? [{ id, with: data.with, on: data.on, how: data.how }] : [],
      ),
      useQuestions,
      changes: openSupplement(request)?.changes.filter((one) => one.decision === null) ?? [],
      proposals: request.proposals,
      newId: () => uuidv7(ctx.random, Date.parse(ctx.clock.now())),
    },
  };
}

/** The working copy without the items that were withdrawn: no result is owed for them. */
function withoutWithdrawn({ working, state }: IncomingView): IncomingView['working'] {
  const measures = working.measures?.filter((one) => !state.withdrawn.includes(one.id ?? ''));
  return measures ? { ...working, measures } : working;
}

function openSupplement(request: IncomingView) {
  return request.supplements.findLast((one) => one.changes.some((change) => change.decision === null));
}

/** Results that were reported here and wait for the second person. */
function reportedResults(request: IncomingView): readonly ResultItem[] {
  const reported = request.actions.find((one) => one.id === request.state.reported?.action)?.data.reply;
  return reported?.reply === 'executed' ? reported.results : [];
}

async function aboutOf(
  { parts, call, request, action }: Loaded,
  typed: Typed,
  problems: readonly Problem[],
): Promise<Content> {
  const { view, ctx } = call;
  const { t } = view;
  if (action === 'acknowledge-change') {
    const supplement = openSupplement(request);
    if (!supplement) return undefined;
    const printable = await printableOf(parts, ctx, request);
    return (
      <Section title={t('incoming.changes', { version: supplement.requestVersion })} id="changes">
        <ChangeList view={view} printable={printable} changes={supplement.changes} decide={{ typed, problems }} />
      </Section>
    );
  }
  if (action === 'check-results' || action === 'send-results') {
    return (
      <Section title={t('reply.results')} id="results">
        <ResultList
          view={view}
          request={request.working}
          results={reportedResults(request)}
          fileHref={(id) => `/case-files/${request.caseFileId}/files/${id}/download`}
        />
      </Section>
    );
  }
  return undefined;
}

function figuresOf({ call: { view }, request, action }: Loaded) {
  if (action !== 'send-results') return undefined;
  const results = reportedResults(request);
  const files = results.flatMap((one) => one.evidence);
  const bytes = files.reduce((sum, one) => sum + one.size, 0);
  return [
    { figure: view.formats.number(results.length), label: view.t('reply.leaves-items', { count: results.length }) },
    { figure: view.formats.number(files.length), label: view.t('reply.leaves-files', { count: files.length }) },
    { figure: <bdi>{sizeOf(view, bytes)}</bdi>, label: view.t('reply.leaves-size') },
  ];
}

async function showPage(
  loaded: Loaded,
  typed: Typed,
  problems: readonly Problem[],
  status: number,
  meanwhile?: readonly Meanwhile[],
  kept?: string,
): Promise<PageAnswer> {
  const { call, request, action, form, setting, secrecy } = loaded;
  const { view } = call;
  const label = secrecy ? view.t('reply.secrecy-title') : view.t.code(`requests.incoming-action.${action}`);
  const address = `/requests/${request.reference}/act/${action}`;
  return page(
    <ReplyPage
      view={view}
      frame={frameOf(view, request)}
      action={address}
      label={label}
      follows={view.t(`reply.after.${action}`, { state: setting.state })}
      form={form}
      setting={setting}
      typed={typed}
      problems={problems}
      seen={request.head}
      meanwhile={meanwhile}
      about={
        <>
          {secrecy ? <input type="hidden" name="about" value="secrecy" /> : null}
          {await aboutOf(loaded, typed, problems)}
        </>
      }
      wide={['acknowledge-change', 'check-results', 'send-results'].includes(action)}
      figures={figuresOf(loaded)}
      guard={guarded.has(action) && request.urgent}
      leaves={leaving.has(action)}
      kept={kept}
      approved={approvedActs.has(action)}
      passkey={
        action === 'send-results' && request.approvalHash
          ? await loaded.parts.signing.optionsFor(call.ctx, request.approvalHash)
          : null
      }
    />,
    status,
  );
}

/** Where words of this form are kept while they are not sent. */
function placeOf({ action, secrecy }: Loaded): string {
  return secrecy ? `act/${action}/secrecy` : `act/${action}`;
}

/** The page of an act at the requested State. */
export async function showIncomingAct(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const loaded = await load(parts, call, reference, true);
  // A form that its reader may not send is not shown: the service would refuse it after everything was typed.
  if (!loaded.request.next.find((one) => one.action === loaded.action)?.allowed)
    throw new NotFound('requests.not-found');
  const { at } = call.query;
  const start = loaded.form.start?.(loaded.setting) ?? {};
  const asked: Typed = at && loaded.action === 'ask-information' ? { 'questions.0.path': [at] } : {};
  const unsent = loaded.form.long ? await findUnsent(parts.unsent, call, reference, placeOf(loaded)) : undefined;
  return showPage(loaded, { ...start, ...unsent?.typed, ...asked }, [], 200, undefined, unsent?.kept);
}

/** Paths as the forms name their fields: the service speaks of `reply.questions.0.text`. */
function toFields(problems: readonly Problem[]): Problem[] {
  return problems.map((one) => (one.path[0] === 'reply' ? { ...one, path: one.path.slice(1) } : one));
}

function tidy(form: ActForm, posted: PostedForm): PostedForm {
  return (form.rows ?? []).reduce(tidyRows, posted);
}

/** Takes the act, or shows the page again with what stands against it and everything that was typed. */
export async function doIncomingAct(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const loaded = await load(parts, call, reference, false);
  const { ctx, view } = call;
  const { action, form, setting, request } = loaded;
  const posted = tidy(form, call.form);
  const typed = { ...typedIn(posted), ...rowAsked(call.form) };
  const kept = form.long ? await keepUnsent(parts.unsent, call, reference, placeOf(loaded)) : undefined;
  if (kept) return kept;
  if (changesRows(call.form)) return showPage(loaded, typed, [], 200);
  const letters = posted.values.state?.[0]?.trim().toUpperCase();
  if (guarded.has(action) && request.urgent && letters !== parts.toAlpha2(request.from.state)) {
    const wrong = problem('reply.wrong-state', ['state'], { params: { state: setting.state } });
    return showPage(loaded, typed, [wrong], 422);
  }
  const read = form.read(setting, posted);
  if (!read.ok) return showPage(loaded, typed, read.error, 422);
  const seen = posted.values.seen?.[0] ?? null;
  try {
    const assertion = posted.values.passkey?.[0];
    const approval = assertion ? { assertion } : {};
    const done = await parts.incoming.actUnread(ctx, reference, action, read.value, seen, approval);
    if (!done.ok) return await showPage(loaded, typed, toFields(done.error), 422);
    if (form.long) await parts.unsent.drop(ctx, reference, placeOf(loaded));
  } catch (error) {
    if (!(error instanceof Conflict)) throw error;
    return showPage(loaded, typed, [problem(error.code, [])], 409, await meanwhileOf(parts, ctx, view, request, seen));
  }
  return redirect(`/requests/${reference}?done=${action}`);
}

// `typedIn` leaves out what begins with `_`, but the page must know for which rows one more was asked.
function rowAsked(posted: PostedForm): Typed {
  return posted.values._more ? { _more: posted.values._more } : {};
}

/** Acts since the one that the page showed last. */
export async function meanwhileOf(
  parts: Pick<CaseParts, 'namesOf'>,
  ctx: Context,
  view: View,
  request: Pick<IncomingView, 'actions' | 'from'>,
  seen: string | null,
): Promise<Meanwhile[]> {
  const from = request.actions.findIndex((one) => one.id === seen);
  const since: readonly IncomingAction[] = request.actions.slice(from + 1);
  const ids = [...new Set(since.map((one) => one.actor))].filter((id) => !id.startsWith('system'));
  const names = ids.length === 0 ? new Map<string, string>() : await ctx.transaction((tx) => parts.namesOf(tx, ids));
  return since.map((one) => ({
    what: didWords(view, one.kind),
    who: names.get(one.actor) ?? view.stateName(request.from.state),
    at: view.formats.moment(one.at, view.node.zone),
  }));
}
