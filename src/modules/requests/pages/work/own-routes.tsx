import { page, redirect, type PageAnswer } from '../../../../platform/http/routes.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { RequestView } from '../../service/index.ts';
import { EvidencePage } from '../case/evidence.tsx';
import { CasePage } from '../case/frame.tsx';
import { didWords } from '../case/did.ts';
import { deskOf } from '../case/hand-on.ts';
import { HistoryPage, type HistoryEvent } from '../case/history.tsx';
import { messageOfAct, type CaseParts } from '../case/parts.ts';
import { givePack } from '../case/pack.ts';
import { placeOptions } from '../case/places.ts';
import { ClocksPage } from '../case/records.tsx';
import { wordsOf, type Saying } from '../case/said.tsx';
import { nowOf } from '../incoming/load.tsx';
import { mayPack } from '../incoming/routes.tsx';
import { Remarks, remarksAt } from '../thread/draft.tsx';
import { ThreadPage } from '../thread/page.tsx';
import type { Conversant } from '../thread/routes.tsx';
import type { Problem } from '../../../../platform/values/index.ts';
import type { Typed } from '../../../../web/index.ts';
import { frameOfOwn, loadOwn, ownShell, printableOfOwn, type Call, type Own } from './load.tsx';
import { OverviewPage, RequestText } from './overview.tsx';
import { actorNames } from './parts.ts';
import { VersionsPage } from './records.tsx';
import { SupplementList } from './supplement.tsx';

/** The authority asked, as the directory names it; empty while none is chosen. */
async function askedAuthority(parts: CaseParts, ctx: Context, view: View, request: RequestView): Promise<string> {
  const asked = request.request.requested?.authority?.authority;
  return asked ? parts.authorityName(ctx, view, asked) : view.t('work.not-provided');
}

export async function showOverview(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view, query } = call;
  const own = await loadOwn(parts, ctx, reference);
  const { request, conversation } = own;
  const check = await parts.requests.check(ctx, request.reference);
  const done =
    query.done === 'sign'
      ? view.t('work.signed-lede', { reference: request.reference })
      : query.done && view.t.has(`requests.did.${query.done}`)
        ? view.t.code(`requests.did.${query.done}`)
        : undefined;
  return page(
    <OverviewPage
      {...await ownShell(parts, call, own, check)}
      request={request}
      conversation={conversation}
      authority={await askedAuthority(parts, ctx, view, request)}
      check={check}
      sayings={sayingsOf(view, own)}
      names={await actorNames(ctx, parts, request)}
      desk={await deskOf(parts, ctx, request)}
      done={done}
    />,
  );
}

export async function showText(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view } = call;
  const own = await loadOwn(parts, ctx, reference);
  const shell = await ownShell(parts, call, own);
  const { remarks } = own.conversation;
  const isDraft = own.request.status === 'draft' || own.request.status === 'draft-shared';
  return page(
    <CasePage {...shell} tab="request">
      <Remarks view={view} remarks={remarksAt(remarks, '')} from={shell.frame.state} />
      <RequestText
        view={view}
        printable={await printableOfOwn(parts, ctx, own.request)}
        watermark={own.request.status === 'draft-shared' ? view.t('thread.watermark') : undefined}
        notesOf={(path) => {
          const here = path ? remarksAt(remarks, path) : [];
          if (here.length === 0) return null;
          return (
            <>
              <Remarks view={view} remarks={here} from={shell.frame.state} />
              {isDraft && path ? (
                <p>
                  <a
                    href={`/requests/${own.request.reference}/write/check?at=${encodeURIComponent(path.replaceAll('/', '.'))}`}
                  >
                    {view.t('work.change-here')}
                  </a>
                </p>
              ) : null}
            </>
          );
        }}
      />
    </CasePage>,
  );
}

export async function showClocks(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const own = await loadOwn(parts, call.ctx, reference);
  return page(<ClocksPage {...await ownShell(parts, call, own)} clocks={own.request.clocks} now={nowOf(call.ctx)} />);
}

/** For the signatory: what a passkey is touched for, by prepared supplement. */
async function passkeysFor(
  parts: CaseParts,
  ctx: Context,
  { request, conversation }: Own,
): Promise<Map<string, unknown>> {
  const prepared = conversation.supplements.filter((one) => one.status === 'prepared');
  const may = request.next.some((one) => one.action === 'supplement' && one.allowed);
  const found = new Map<string, unknown>();
  for (const one of may ? prepared : []) {
    const options = await parts.signing.optionsFor(ctx, one.contentHash);
    if (options) found.set(one.id, options);
  }
  return found;
}

export async function showVersions(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view } = call;
  const own = await loadOwn(parts, ctx, reference);
  const revisions = await parts.requests.revisions(ctx, own.request.reference);
  const names = await ctx.transaction((tx) => parts.namesOf(tx, [...new Set(revisions.map((one) => one.saved_by))]));
  const { supplements } = own.conversation;
  const passkeys = await passkeysFor(parts, ctx, own);
  return page(
    <VersionsPage
      {...await ownShell(parts, call, own)}
      revisions={revisions}
      names={names}
      islands={passkeys.size > 0 ? ['passkey'] : []}
      supplements={
        supplements.length > 0 ? (
          <SupplementList
            view={view}
            request={own.request}
            supplements={supplements}
            passkeys={passkeys}
            printable={await printableOfOwn(parts, ctx, own.request)}
          />
        ) : null
      }
    />,
  );
}

export async function showEvidence(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const own = await loadOwn(parts, call.ctx, reference);
  const { request, conversation } = own;
  return page(
    <EvidencePage
      {...await ownShell(parts, call, own)}
      caseFileId={request.caseFileId}
      files={await parts.evidence.listFiles(call.ctx, request.caseFileId)}
      replies={conversation.replies}
      received={conversation.results}
      messages={conversation.messages}
      mayPack={mayPack(call.ctx)}
    />,
  );
}

export async function givePackOfOwn(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { request, conversation } = await loadOwn(parts, call.ctx, reference);
  const files = (await parts.evidence.listFiles(call.ctx, request.caseFileId)).map((one) => one.id);
  return givePack(call.ctx, parts.evidence, { files, messages: conversation.messages }, call.query.message);
}

const receiving: ReadonlySet<string> = new Set([
  'receive-reply',
  'receive-status',
  'receive-comment',
  'receive-late',
  'record-registration',
  'record-delivery',
]);

function titleOf(view: View, { kind, data }: RequestView['actions'][number], reply: string | undefined): string {
  if (reply) return view.t.code(`requests.reply.${reply}`);
  const status = `incoming.said.${data.subject ?? ''}`;
  return kind === 'receive-status' && view.t.has(status) ? view.t.code(status) : didWords(view, kind);
}

function wordsFor(view: View, request: RequestView, one: RequestView['actions'][number]): { words?: string } {
  const words = wordsOf(view, request.request, one.data);
  return words === '' ? {} : { words };
}

/** What the other State said with an act that is no reply: a reminder, or what became of a supplement. */
function sayingsOf(view: View, { request }: Own): Saying[] {
  return request.actions.flatMap((one) => {
    const words =
      one.kind === 'receive-status' || one.kind === 'receive-late' ? wordsOf(view, request.request, one.data) : '';
    const title = `incoming.said.${one.data.subject ?? ''}`;
    return words === ''
      ? []
      : [
          {
            id: one.id,
            at: one.at,
            title: view.t.has(title) ? view.t.code(title) : didWords(view, one.kind),
            words,
          },
        ];
  });
}

function eventsOf(
  view: View,
  { request, conversation }: Own,
  names: Map<string, string>,
  authority: string,
): HistoryEvent[] {
  return request.actions
    .filter((one, index) => one.kind !== 'edit' || request.actions[index + 1]?.kind !== 'edit')
    .map((one): HistoryEvent => {
      const isTheirs = receiving.has(one.kind);
      const message =
        conversation.messages.find((sent) => sent.id === one.data.message) ??
        (one.data.act ? messageOfAct(conversation.messages, one.data.act) : undefined);
      const reply = isTheirs
        ? conversation.replies.find(({ act }) => act.id === one.data.act || act.id === message?.act?.id)?.reply.reply
        : undefined;
      return {
        id: one.id,
        side: isTheirs ? 'requested' : 'requesting',
        at: one.at,
        title: titleOf(view, one, reply),
        ...wordsFor(view, request, one),
        by: isTheirs ? authority : (names.get(one.actor) ?? view.node.authorityName),
        ...(message ? { message } : {}),
        shared: one.shared,
      };
    });
}

export async function showHistory(parts: CaseParts, call: Call, reference: string): Promise<PageAnswer> {
  const { ctx, view, query } = call;
  const own = await loadOwn(parts, ctx, reference);
  const asked = own.request.request.requested?.authority?.authority;
  const authority = await askedAuthority(parts, ctx, view, own.request);
  return page(
    <HistoryPage
      {...await ownShell(parts, call, own)}
      events={eventsOf(view, own, await actorNames(ctx, parts, own.request), authority)}
      place={asked ? await parts.placeOf(ctx, view, asked) : null}
      onlyShared={query.only === 'shared'}
    />,
  );
}

export async function showThread(
  parts: CaseParts,
  call: Call,
  reference: string,
  typed: Typed = {},
  problems: readonly Problem[] = [],
): Promise<PageAnswer> {
  const { ctx, view } = call;
  const own = await loadOwn(parts, ctx, reference);
  if (own.conversation.shared.stage === null) return redirect(`/requests/${own.request.reference}`);
  const printable = await printableOfOwn(parts, ctx, own.request);
  return page(
    <ThreadPage
      {...await ownShell(parts, call, own)}
      questions={own.conversation.thread}
      names={{ ours: view.node.authorityName, theirs: await askedAuthority(parts, ctx, view, own.request) }}
      printable={printable}
      places={placeOptions(view, printable)}
      mayWrite={!['closed', 'withdrawn', 'sent'].includes(own.request.status)}
      typed={typed}
      problems={problems}
    />,
    problems.length > 0 ? 422 : 200,
  );
}

/** This side of the conversation. */
export async function ownConversant(parts: CaseParts, { ctx, view }: Call, reference: string): Promise<Conversant> {
  const own = await loadOwn(parts, ctx, reference);
  return {
    frame: frameOfOwn(view, own),
    questions: own.conversation.thread,
    names: { ours: view.node.authorityName, theirs: await askedAuthority(parts, ctx, view, own.request) },
    printable: await printableOfOwn(parts, ctx, own.request),
    caseFileId: own.request.caseFileId,
    ask: (question) => parts.conversations.ask(ctx, reference, question),
    answer: (question, answer) => parts.conversations.answerQuestion(ctx, reference, question, answer),
    settle: (question) => parts.conversations.settle(ctx, reference, question),
    unsent: parts.unsent,
  };
}
