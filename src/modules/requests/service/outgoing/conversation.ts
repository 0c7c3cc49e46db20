import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict } from '../../../../platform/errors.ts';
import { addDays, fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context } from '../../../identity/index.ts';
import { allAnswered, draftDays, fold, foldShared, isAllowed } from '../../rules/index.ts';
import {
  contentHash,
  DraftRemark,
  RequestReply,
  ResultsReceiptBody,
  sharedPart,
  type ActionData,
  type ActionKind,
  type DraftRequest,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { Conversations, ConversationView, ShareDraft } from '../conversation/types.ts';
import type { Post } from '../conversation/post.ts';
import type { Posted, ThreadUses } from '../conversation/thread.ts';
import { personOf, type Loaded, type OutgoingBase } from './base.ts';
import type { OutgoingLetters } from './letters.ts';
import type { SupplementUses } from './supplements.ts';

export const remarkPlace = (id: string) => `request-remarks/${id}`;

/** First letters of a name, in any script. */
function initialsOf(name: string): string {
  return name
    .split(/[\s-]+/)
    .flatMap((part) => [...part][0] ?? [])
    .map((letter) => `${letter}.`)
    .join(' ');
}

/** The draft with persons as initials: no name, number, address or picture of anybody. */
export function withInitials(draft: DraftRequest): DraftRequest {
  const { persons, internal: _internal, ...rest } = draft;
  const names = (persons ?? []).flatMap((one) => {
    const given: unknown = Reflect.get(one, 'names') ?? Reflect.get(one, 'name');
    if (typeof given === 'string') return [given];
    return Array.isArray(given)
      ? given.flatMap((name: { text?: unknown }) => (typeof name.text === 'string' ? [name.text] : []))
      : [];
  });
  const hidden = [
    ...new Set(names.flatMap((name) => [name, ...name.split(/\s+/).filter((part) => [...part].length > 2)])),
  ].sort((a, b) => b.length - a.length);
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') return hidden.reduce((text, name) => text.replaceAll(name, initialsOf(name)), value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hide(item)]));
  };
  const shown = (persons ?? []).map((one) => ({
    id: one.id,
    kind: one.kind,
    names: [{ text: names.length > 0 ? initialsOf(firstName(one)) || 'N.' : 'N.', script: 'Latn', original: true }],
  }));
  return { ...(hide(rest) as DraftRequest), persons: shown as DraftRequest['persons'] };
}

function firstName(person: object): string {
  const given: unknown = Reflect.get(person, 'names') ?? Reflect.get(person, 'name');
  if (typeof given === 'string') return given;
  const first: unknown = Array.isArray(given) ? given[0] : undefined;
  const text: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'text') : undefined;
  return typeof text === 'string' ? text : '';
}

export function conversationUses(
  base: OutgoingBase,
  post: Post,
  letters: OutgoingLetters,
  thread: ThreadUses,
  supplements: SupplementUses,
): Conversations {
  const { parts, sealed } = base;

  async function view(tx: Tx, ctx: Context, row: store.RequestRow): Promise<ConversationView> {
    const listed = await post.list(tx, { requestId: row.id });
    const replies = listed.flatMap(({ message, body }) => {
      if (message.kind !== 'request-reply/1' || message.direction !== 'in') return [];
      const read = RequestReply.safeParse(body);
      return read.success ? [{ act: read.data.act, reply: read.data, at: message.at }] : [];
    });
    const receipts = listed.flatMap(({ message, body }) => {
      if (message.kind !== 'results-receipt/1') return [];
      const read = ResultsReceiptBody.safeParse(body);
      return read.success ? [{ body: read.data, state: message.state }] : [];
    });
    const taken = new Map((await store.listFiles(tx, row.id)).map((one) => [one.item, one.file_id]));
    const files = parts.carrying ? await parts.carrying.evidence.findFilesIn(tx, row.case_file_id) : [];
    const hashes = new Map<string, string>(files.map((one) => [one.id, one.sha256]));
    const results = replies.flatMap(({ reply }) =>
      reply.reply === 'executed' || reply.reply === 'partly-executed'
        ? reply.results.flatMap((item) =>
            item.evidence.map(({ id, sha256 }) => {
              const fileId = taken.get(`result:${id}`) ?? null;
              return {
                evidence: id,
                fileId,
                measure: item.measure,
                sent: sha256,
                received: fileId ? (hashes.get(fileId) ?? null) : null,
              };
            }),
          )
        : [],
    );
    const remarks = await Promise.all(
      (await store.listRemarks(tx, { requestId: row.id })).map(async (one) => ({
        ...DraftRemark.parse(await sealed.open(tx, one.case_file_id, one.sealed_remark, remarkPlace(one.id))),
        at: one.at,
        ofRevision: null,
      })),
    );
    return {
      conversationId: row.conversation_id,
      otherReference: row.other_reference,
      shared: foldShared(await store.listSharedActs(tx, row.id)),
      messages: listed.map((one) => one.message),
      thread: await thread.list(tx, row, 'requesting'),
      replies,
      results,
      receipts,
      remarks,
      supplements: await supplements.list(tx, ctx, row),
    };
  }

  /** Appends an act of a use case of its own, with all that goes with it. */
  function record(
    tx: Tx,
    ctx: Context,
    loaded: Loaded,
    kind: ActionKind,
    data: ActionData,
    columns: store.RequestChange = {},
  ): Promise<void> {
    return base.record(tx, ctx, loaded, kind, data, { by: personOf(ctx).id, columns });
  }

  async function byThread(
    ctx: Context,
    reference: string,
    work: (tx: Tx, loaded: Loaded) => Promise<Result<Posted, Problem[]>>,
  ): Promise<Result<ConversationView, Problem[]>> {
    return ctx.transaction(async (tx) => {
      const loaded = await base.load(tx, ctx, reference, 'requests.correspond', true);
      const { row, actions } = loaded;
      const done = await work(tx, loaded);
      if (!done.ok) return done;
      const { message, act, questions } = done.value;
      const status = fold(actions);
      if (act.kind === 'answer' && isAllowed(status, 'answer-question')) {
        // Asked while it was executed, it goes on being executed once everything is answered.
        const executing = foldShared(await store.listSharedActs(tx, row.id)).stage === 'being-executed';
        const back = allAnswered(questions, 'requested') ? { back: executing ? 'in-execution' : 'registered' } : {};
        const data = { message, act: act.id, ...back } as ActionData;
        await record(
          tx,
          ctx,
          loaded,
          'answer-question',
          status === 'information-asked' ? data : { message, act: act.id },
        );
      }
      await recordAudit(
        tx,
        ctx,
        'requests.correspond',
        { kind: 'request', id: row.reference },
        { act: act.kind, message },
      );
      return ok(await view(tx, ctx, row));
    });
  }

  const threaded = (loaded: Loaded) => ({ row: loaded.row, draft: loaded.draft, side: 'requesting' as const });

  return {
    conversation: (ctx, reference) =>
      ctx.transaction(async (tx) => {
        const { row } = await base.load(tx, ctx, reference, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: row.reference }, { part: 'conversation' });
        await post.opened(tx, ctx, row.id);
        return view(tx, ctx, row);
      }),

    shareDraft: (ctx, reference, share: ShareDraft, seen) =>
      ctx.transaction(async (tx) => {
        const loaded = await base.load(tx, ctx, reference, 'requests.edit', true);
        const { row, draft, actions } = loaded;
        const status = fold(actions);
        if (seen !== null && seen !== row.head_action)
          throw new Conflict('requests.changed-meanwhile', { params: { status, head: row.head_action } });
        if (!isAllowed(status, 'share-draft'))
          throw new Conflict('requests.action-not-allowed', { params: { action: 'share-draft', status } });
        const begun = await letters.begin(tx, ctx, loaded);
        if (!begun.ok) return begun;
        if (!(await parts.carrying?.mayReach(tx, begun.value.other)))
          return fail([problem('requests.not-by-node', ['channel'])]);
        const shown = share.initials ? withInitials(draft) : draft;
        const { contentHash: _hash, signature: _signature, ...text } = sharedPart(shown);
        const message = await post.send(tx, ctx, begun.value, {
          kind: 'request-draft/1',
          body: {
            kind: 'request-draft',
            version: 1,
            mark: 'DRAFT NOT A REQUEST',
            reference: row.reference,
            revision: row.revision,
            contentHash: contentHash(shown),
            expiresOn: addDays(ctx.today(), draftDays),
            initials: share.initials,
            note: share.note ?? null,
            draft: text,
          },
          act: null,
          about: draft,
          references: [row.reference],
        });
        const { conversationId, own: own_authority, other } = begun.value;
        await record(
          tx,
          ctx,
          loaded,
          'share-draft',
          { message, initials: share.initials, revision: row.revision },
          { conversation_id: conversationId, own_authority, other_authority: other },
        );
        await recordAudit(
          tx,
          ctx,
          'requests.edit',
          { kind: 'request', id: row.reference },
          { action: 'share-draft', message },
        );
        const again = await base.load(tx, ctx, reference, 'requests.read', false);
        return ok(await view(tx, ctx, again.row));
      }),

    ask: (ctx, reference, question) =>
      byThread(ctx, reference, (tx, loaded) => thread.ask(tx, ctx, threaded(loaded), question)),
    answerQuestion: (ctx, reference, question, answer) =>
      byThread(ctx, reference, (tx, loaded) => thread.answer(tx, ctx, threaded(loaded), question, answer)),
    settle: (ctx, reference, question) =>
      byThread(ctx, reference, (tx, loaded) => thread.settle(tx, ctx, threaded(loaded), question)),

    prepareSupplement: supplements.prepare,
    dropSupplement: supplements.drop,
  };
}
