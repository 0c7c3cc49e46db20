import { page, redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../../platform/values/index.ts';
import type { Typed, View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { IncomingView } from '../../service/index.ts';
import { EvidencePage } from '../case/evidence.tsx';
import { CasePage } from '../case/frame.tsx';
import { didWords } from '../case/did.ts';
import { deskOfIncoming } from '../case/hand-on.ts';
import { HistoryPage, type HistoryEvent } from '../case/history.tsx';
import { messageOfAct, type CaseParts, type Waiting } from '../case/parts.ts';
import { givePack } from '../case/pack.ts';
import { placeOptions } from '../case/places.ts';
import { ClocksPage, SupplementsPage } from '../case/records.tsx';
import { wordsOf, type Saying } from '../case/said.tsx';
import { Stages, WaitingNotice } from '../case/stages.tsx';
import { ThreadPage, type Names } from '../thread/page.tsx';
import type { Conversant } from '../thread/routes.tsx';
import { RequestText } from '../work/overview.tsx';
import { bothLanguages } from '../work/parts.ts';
import { basisLine, frameOf, nowOf, printableOf } from './load.tsx';
import { NextIncomingStep } from './next.tsx';
import { IncomingOverview } from './overview.tsx';

type Call = PageCall<Context, View>;

const similarShown = 3;

/** Heading, next step and stages, which stand on every tab. */
async function shellOf(parts: CaseParts, { ctx, view }: Call, request: IncomingView) {
  const state = view.stateName(request.from.state);
  const waiting = await waitingOf(parts, ctx, request);
  return {
    view,
    frame: frameOf(view, request),
    notices: <WaitingNotice view={view} state={state} messages={request.messages} waiting={waiting} />,
    next: <NextIncomingStep view={view} request={request} state={state} now={nowOf(ctx)} />,
    tracker: (
      <Stages view={view} shared={request.shared} messages={request.messages} proofHref={parts.proofHref?.(ctx)} />
    ),
  };
}

async function waitingOf(parts: CaseParts, ctx: Context, request: IncomingView): Promise<Map<string, Waiting>> {
  const held = request.messages.filter((one) => one.direction === 'out' && ['queued', 'held-here'].includes(one.state));
  return parts.waiting && held.length > 0
    ? parts.waiting(
        ctx,
        held.map((one) => one.id),
      )
    : new Map();
}

async function namesFor(parts: CaseParts, ctx: Context, request: IncomingView): Promise<Map<string, string>> {
  const ids = [...new Set([...request.actions.map((one) => one.actor), ...request.notes.map((one) => one.by)])];
  const people = ids.filter((id) => /^[0-9a-f-]{36}$/.test(id));
  return people.length === 0 ? new Map() : ctx.transaction((tx) => parts.namesOf(tx, people));
}

export async function showIncoming(
  parts: CaseParts,
  call: Call,
  reference: string,
  note?: { typed: string; problems: Problem[] },
): Promise<PageAnswer> {
  const { ctx, view, query } = call;
  const request = await parts.incoming.get(ctx, reference);
  const state = view.stateName(request.from.state);
  const language = bothLanguages.find((one) => one === query.text) ?? view.locale;
  const { requests: earlier } = await parts.incoming.list(ctx, {
    from: request.from.state,
    order: 'changed',
    limit: 20,
  });
  const similar = earlier.filter(
    (one) => one.reference !== request.reference && one.types.some((type) => request.working.types?.includes(type)),
  );
  return page(
    <IncomingOverview
      view={view}
      frame={frameOf(view, request)}
      request={request}
      state={state}
      printable={await printableOf(parts, ctx, request, request.versions.at(-1)?.request, [language])}
      names={await namesFor(parts, ctx, request)}
      desk={await deskOfIncoming(parts, ctx, request)}
      authority={await parts.authorityName(ctx, view, request.from.authority)}
      place={await parts.placeOf(ctx, view, request.from.authority)}
      basis={basisLine(parts, ctx, view, request)}
      similar={similar.slice(0, similarShown)}
      waiting={await waitingOf(parts, ctx, request)}
      now={nowOf(ctx)}
      sayings={sayingsOf(view, request)}
      done={query.done}
      mayNote
      note={note}
      proofHref={parts.proofHref?.(ctx)}
    />,
    note ? 422 : 200,
  );
}

export async function addNote(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const text = call.form.values.note?.[0] ?? '';
  if (text.trim() === '')
    return showIncoming(parts, call, reference, { typed: text, problems: [problem('incoming.no-note', ['note'])] });
  await parts.incoming.addNote(call.ctx, reference, text);
  return redirect(`/requests/${reference}`);
}

export async function showIncomingText(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const request = await parts.incoming.get(call.ctx, reference);
  return page(
    <CasePage {...await shellOf(parts, call, request)} tab="request">
      <RequestText view={call.view} printable={await printableOf(parts, call.ctx, request)} />
    </CasePage>,
  );
}

export async function showIncomingClocks(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const request = await parts.incoming.get(call.ctx, reference);
  return page(<ClocksPage {...await shellOf(parts, call, request)} clocks={request.clocks} now={nowOf(call.ctx)} />);
}

export async function showIncomingVersions(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const request = await parts.incoming.get(call.ctx, reference);
  return page(
    <SupplementsPage
      {...await shellOf(parts, call, request)}
      request={request}
      printable={await printableOf(parts, call.ctx, request)}
    />,
  );
}

export async function showIncomingEvidence(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const request = await parts.incoming.get(call.ctx, reference);
  return page(
    <EvidencePage
      {...await shellOf(parts, call, request)}
      caseFileId={request.caseFileId}
      files={await parts.evidence.listFiles(call.ctx, request.caseFileId)}
      replies={request.replies}
      received={request.receipts.flatMap((one) =>
        one.items.map(({ evidence, sent, received }) => ({ evidence, fileId: evidence, sent, received })),
      )}
      messages={request.messages}
      mayPack={mayPack(call.ctx)}
    />,
  );
}

/** Whoever reads the case file may take proofs out; the service asks again for the very file. */
export function mayPack(ctx: Context): boolean {
  return ctx.may('evidence.export', { members: ctx.actor.kind === 'person' ? [ctx.actor.id] : [] });
}

export async function giveIncomingPack(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const request = await parts.incoming.get(call.ctx, reference);
  const files = (await parts.evidence.listFiles(call.ctx, request.caseFileId)).map((one) => one.id);
  return givePack(call.ctx, parts.evidence, { files, messages: request.messages }, call.query.message);
}

/** Acts of the other State that the node noted here, by the act's name there. */
const theirs: Partial<Record<IncomingView['actions'][number]['kind'], true>> = {
  'receive-answer': true,
  'record-results-receipt': true,
  'receive-supplement': true,
  'receive-withdrawal': true,
  'receive-reminder': true,
  'receive-consultation': true,
  'receive-query': true,
  'receive-use-question': true,
  'receive-return': true,
  'receive-closing': true,
  'receive-late': true,
};

/** Name of an act; of what came late and of an answer to conditions, what it was. */
function actTitle(view: View, { kind, data }: IncomingView['actions'][number]): string {
  const answered = `incoming.said.${data.subject ?? ''}`;
  return view.t.has(answered) ? view.t.code(answered) : didWords(view, kind);
}

function wordsFor(view: View, request: IncomingView, one: IncomingView['actions'][number]): { words?: string } {
  const words = wordsOf(view, request.working, one.data);
  return words === '' ? {} : { words };
}

/** Acts that say something to this desk: shown on the overview, not only among everything that happened. */
const saying: ReadonlySet<string> = new Set([
  'receive-reminder',
  'receive-consultation',
  'receive-query',
  'receive-use-question',
  'receive-return',
  'receive-withdrawal',
  'receive-closing',
]);

function sayingsOf(view: View, request: IncomingView): Saying[] {
  return request.actions.flatMap((one) => {
    const words = wordsOf(view, request.working, one.data);
    const says = saying.has(one.kind) || view.t.has(`incoming.said.${one.data.subject ?? ''}`);
    return says && (words !== '' || one.kind !== 'receive-closing')
      ? [{ id: one.id, at: one.at, title: actTitle(view, one), words }]
      : [];
  });
}

function eventsOf(
  view: View,
  request: IncomingView,
  names: ReadonlyMap<string, string>,
  authority: string,
): HistoryEvent[] {
  return request.actions.map((one): HistoryEvent => {
    const isTheirs = theirs[one.kind] ?? false;
    const message =
      request.messages.find((sent) => sent.id === one.data.message) ??
      (one.data.act ? messageOfAct(request.messages, one.data.act) : undefined);
    return {
      id: one.id,
      side: isTheirs ? 'requesting' : 'requested',
      at: one.at,
      title: actTitle(view, one),
      ...wordsFor(view, request, one),
      by: isTheirs ? authority : (names.get(one.actor) ?? view.node.authorityName),
      ...(message ? { message } : {}),
      shared: one.shared || isTheirs || one.kind === 'receive',
    };
  });
}

export async function showIncomingHistory(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view, query } = call;
  const request = await parts.incoming.get(ctx, reference);
  const authority = await parts.authorityName(ctx, view, request.from.authority);
  return page(
    <HistoryPage
      {...await shellOf(parts, call, request)}
      events={eventsOf(view, request, await namesFor(parts, ctx, request), authority)}
      place={await parts.placeOf(ctx, view, request.from.authority)}
      onlyShared={query.only === 'shared'}
    />,
  );
}

async function names(parts: CaseParts, ctx: Context, view: View, request: IncomingView): Promise<Names> {
  return { ours: view.node.authorityName, theirs: await parts.authorityName(ctx, view, request.from.authority) };
}

export async function showIncomingThread(
  parts: CaseParts,
  call: Call,
  reference: string,
  typed: Typed = {},
  problems: readonly Problem[] = [],
): Promise<PageAnswer> {
  const { ctx, view } = call;
  const request = await parts.incoming.get(ctx, reference);
  const printable = await printableOf(parts, ctx, request);
  return page(
    <ThreadPage
      {...await shellOf(parts, call, request)}
      questions={request.thread}
      names={await names(parts, ctx, view, request)}
      printable={printable}
      places={placeOptions(view, printable)}
      mayWrite={request.status !== 'closed' && request.status !== 'received'}
      typed={typed}
      problems={problems}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

/** This side of the conversation. */
export async function incomingConversant(
  parts: CaseParts,
  { ctx, view }: Call,
  reference: string,
): Promise<Conversant> {
  const request = await parts.incoming.get(ctx, reference);
  return {
    frame: frameOf(view, request),
    questions: request.thread,
    names: await names(parts, ctx, view, request),
    printable: await printableOf(parts, ctx, request),
    caseFileId: request.caseFileId,
    ask: (question) => parts.incoming.ask(ctx, reference, question),
    answer: (question, answer) => parts.incoming.answer(ctx, reference, question, answer),
    settle: (question) => parts.incoming.settle(ctx, reference, question),
    unsent: parts.unsent,
  };
}
