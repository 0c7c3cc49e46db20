import { NotFound } from '../../../../platform/errors.ts';
import { page, type PageAnswer, type PageRoute } from '../../../../platform/http/routes.ts';
import { Hash } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import type { Context } from '../../../identity/index.ts';
import { checkContent, checkFile, issueDocument, readSha256, renditionFormats } from '../../documents/index.ts';
import type { CaseParts } from '../case/parts.ts';
import { changeDesk } from '../case/hand-on.ts';
import { locate } from '../incoming/load.tsx';
import { doIncomingBulk, showIncomingDesk } from '../incoming/desk-routes.tsx';
import * as incoming from '../incoming/routes.tsx';
import { doIncomingAct, showIncomingAct } from '../reply/routes.tsx';
import { doRemark, showDraft } from '../thread/draft-routes.tsx';
import { doAnswer, doAsk, doSettle, showAnswer } from '../thread/routes.tsx';
import { doAct, dropSupplement, prepareSupplement, sendSupplement, showAct, showSupplement } from './act-routes.tsx';
import { giveCalendar, showDeadlines } from './deadlines-routes.tsx';
import { doOwnBulk, showApprovals, showDesk, showOwnDesk } from './desk-routes.tsx';
import type { Call } from './load.tsx';
import * as own from './own-routes.tsx';
import { bothLanguages } from './parts.ts';
import { doSign, showSign } from './sign-routes.tsx';
import { VerifyPage } from './verify.tsx';

export type { WorkParts } from './parts.ts';

async function giveDocument(parts: CaseParts, { ctx, params, query }: Call): Promise<PageAnswer> {
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

type Handler = (call: Call) => Promise<PageAnswer>;
type Sided = (parts: CaseParts, call: Call, reference: string) => Promise<PageAnswer>;

/** One address for both sides: which one it is, the reference tells. */
function sided(parts: CaseParts, ours: Sided, theirs: Sided): Handler {
  return async (call) => {
    const { side, reference } = await locate(parts, call.ctx, call.params.ref ?? '');
    if (reference !== call.params.ref && Object.keys(call.form.values).length === 0)
      return { type: 'redirect', to: call.view.path.replace(call.params.ref ?? '', reference) };
    return (side === 'incoming' ? theirs : ours)(parts, call, reference);
  };
}

/** For pages that one side alone has. */
const nowhere: Sided = () => Promise.reject(new NotFound('requests.not-found'));

/** Desk, request page of both sides, acts, messages, evidence, signature, documents and the public check of documents. */
export function workPages(parts: CaseParts): PageRoute<Context, View>[] {
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
  const read = (path: string, ours: Sided, theirs: Sided) =>
    get(path, 'requests.list', sided(parts, ours, theirs), 'requests.read');
  const write = (path: string, audit: string, ours: Sided, theirs: Sided) =>
    post(path, 'requests.list', audit, sided(parts, ours, theirs));
  const ask =
    (conversant: typeof own.ownConversant, show: typeof own.showThread): Sided =>
    async (all, call, reference) =>
      doAsk(call, await conversant(all, call, reference), (typed, problems) =>
        show(all, call, reference, typed, problems),
      );
  const answering =
    (conversant: typeof own.ownConversant, act: 'show' | 'answer' | 'settle'): Sided =>
    async (all, call, reference) => {
      const side = await conversant(all, call, reference);
      if (act === 'show') return showAnswer(call, side, all.evidence);
      return act === 'answer' ? doAnswer(call, side, all.evidence) : doSettle(call, side);
    };
  const { ownConversant } = own;
  const { incomingConversant } = incoming;
  return [
    get('/verify', 'requests.verify', showVerify),
    get('/desk', 'requests.list', (call) => showDesk(parts, call)),
    get('/desk/own', 'requests.list', (call) => showOwnDesk(parts, call, 'mine')),
    get('/desk/incoming', 'requests.list', (call) => showIncomingDesk(parts, call)),
    get('/requests', 'requests.list', (call) => showOwnDesk(parts, call, 'all')),
    post('/desk/own', 'requests.list', 'requests.assign', (call) => doOwnBulk(parts, call)),
    post('/desk/incoming', 'requests.list', 'requests.assign', (call) => doIncomingBulk(parts, call)),
    get('/approvals', 'requests.list', (call) => showApprovals(parts, call)),
    get('/deadlines', 'requests.list', (call) => showDeadlines(parts, call)),
    get('/deadlines/calendar.ics', 'requests.list', (call) => giveCalendar(parts, call)),
    read('/requests/:ref', own.showOverview, incoming.showIncoming),
    read('/requests/:ref/request', own.showText, incoming.showIncomingText),
    read('/requests/:ref/messages', own.showThread, incoming.showIncomingThread),
    read('/requests/:ref/messages/:question', answering(ownConversant, 'show'), answering(incomingConversant, 'show')),
    read('/requests/:ref/evidence', own.showEvidence, incoming.showIncomingEvidence),
    get(
      '/requests/:ref/evidence/pack',
      'evidence.export',
      sided(parts, own.givePackOfOwn, incoming.giveIncomingPack),
      'evidence.export',
    ),
    read('/requests/:ref/deadlines', own.showClocks, incoming.showIncomingClocks),
    read('/requests/:ref/versions', own.showVersions, incoming.showIncomingVersions),
    read('/requests/:ref/history', own.showHistory, incoming.showIncomingHistory),
    read('/requests/:ref/act/:action', showAct, showIncomingAct),
    read('/requests/:ref/supplement', showSupplement, nowhere),
    write('/requests/:ref/act/:action', 'requests.act', doAct, doIncomingAct),
    write(
      '/requests/:ref/messages',
      'requests.ask',
      ask(ownConversant, own.showThread),
      ask(incomingConversant, incoming.showIncomingThread),
    ),
    write(
      '/requests/:ref/messages/:question',
      'requests.answer',
      answering(ownConversant, 'answer'),
      answering(incomingConversant, 'answer'),
    ),
    write(
      '/requests/:ref/messages/:question/settle',
      'requests.settle',
      answering(ownConversant, 'settle'),
      answering(incomingConversant, 'settle'),
    ),
    write('/requests/:ref/notes', 'requests.add-note', nowhere, incoming.addNote),
    write('/requests/:ref/supplement', 'requests.prepare-supplement', prepareSupplement, nowhere),
    write('/requests/:ref/supplement/:id/send', 'requests.supplement', sendSupplement, nowhere),
    write('/requests/:ref/supplement/:id/drop', 'requests.drop-supplement', dropSupplement, nowhere),
    get('/drafts/:id', 'requests.list', (call) => showDraft(parts, call), 'requests.read-draft'),
    post('/drafts/:id', 'requests.list', 'requests.remark', (call) => doRemark(parts, call)),
    get('/requests/:ref/document/:format', 'requests.print', (call) => giveDocument(parts, call), 'requests.print'),
    get('/requests/:ref/sign', 'requests.sign', (call) => showSign(parts, call), 'requests.read'),
    post('/requests/:ref/sign', 'requests.sign', 'requests.sign', (call) => doSign(parts, call)),
    post(
      '/requests/:ref/desk',
      'requests.assign',
      'requests.assign',
      sided(
        parts,
        async ({ requests }, call, reference) => {
          // Whoever may not know of the request learns nothing here either, whatever the form says.
          await requests.get(call.ctx, reference);
          return changeDesk(call, reference, requests);
        },
        (all, call, reference) => changeDesk(call, reference, all.incoming),
      ),
    ),
  ];
}
