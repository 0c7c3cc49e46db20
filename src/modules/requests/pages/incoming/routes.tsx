import { page, redirect, type PageAnswer, type PageCall } from '../../../../platform/http/routes.ts';
import { problem, type Problem } from '../../../../platform/values/index.ts';
import type { Typed, View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { deskViews, type IncomingView } from '../../service/index.ts';
import { EvidencePage } from '../case/evidence.tsx';
import { CasePage } from '../case/frame.tsx';
import { deskOfIncoming } from '../case/hand-on.ts';
import { HistoryPage, type HistoryEvent } from '../case/history.tsx';
import { messageOfAct, type CaseParts, type Waiting } from '../case/parts.ts';
import { givePack } from '../case/pack.ts';
import { placeOptions } from '../case/places.ts';
import { ClocksPage, SupplementsPage } from '../case/records.tsx';
import { Stages, WaitingNotice } from '../case/stages.tsx';
import { ThreadPage, type Names } from '../thread/page.tsx';
import type { Conversant } from '../thread/routes.tsx';
import { RequestText } from '../work/overview.tsx';
import { bothLanguages } from '../work/parts.ts';
import { IncomingDesk } from './list.tsx';
import { basisLine, frameOf, nowOf, printableOf } from './load.tsx';
import { NextIncomingStep } from './next.tsx';
import { IncomingOverview } from './overview.tsx';

type Call = PageCall<Context, View>;

const deskLimit = 50;
const similarShown = 3;

export async function showIncomingDesk(parts: CaseParts, { ctx, view, query }: Call): Promise<PageAnswer> {
  const counts = await parts.incoming.counts(ctx);
  const wanted = deskViews.find((one) => one === query.view);
  const shown = wanted ?? (['new', 'mine', 'all'] as const).find((one) => counts[one] > 0) ?? 'all';
  const { requests: items, next } = await parts.incoming.list(ctx, {
    view: shown,
    order: 'due',
    limit: deskLimit,
    ...(query.after ? { after: query.after } : {}),
  });
  const owners = [...new Set(items.flatMap((item) => (item.owner === null ? [] : [item.owner])))];
  const names =
    owners.length === 0 ? new Map<string, string>() : await ctx.transaction((tx) => parts.namesOf(tx, owners));
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
      names={names}
      drafts={mayAssess ? await parts.incoming.listDrafts(ctx) : []}
      quarantine={mayAssess ? await parts.incoming.listQuarantine(ctx) : []}
      more={next ? `/desk/incoming?view=${shown}&after=${encodeURIComponent(next)}` : undefined}
      today={ctx.today()}
      now={nowOf(ctx)}
    />,
  );
}

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
      title: view.t.code(`requests.incoming-action.${one.kind}`),
      ...(one.data.reason ? { words: one.data.reason } : {}),
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
