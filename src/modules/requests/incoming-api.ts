import { z } from 'zod';
import { Invalid } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { PlainDate, Problem, StateCode, type Result } from '../../platform/values/index.ts';
import type { Context } from '../identity/index.ts';
import { DraftRemark, FieldPath, IncomingActionKind, IncomingStatus, Words } from './schema/index.ts';
import type { Conversations, ConversationView, IncomingRequests, IncomingView } from './service/index.ts';
import { incomingViews } from './store/index.ts';

const Text = z.record(z.string(), z.json());
const refParams = z.object({ ref: z.string().max(40) });

function plain(value: unknown): Record<string, z.core.util.JSONType> {
  return Text.parse(JSON.parse(JSON.stringify(value)));
}

/** Shape of an incoming request as the API gives it. */
const Incoming = z.object({
  kind: z.literal('requests.incoming'),
  version: z.literal(1),
  reference: z.string(),
  otherReference: z.string(),
  caseFileId: z.string(),
  status: IncomingStatus,
  stage: z.string().nullable(),
  head: z.string(),
  from: z.object({ state: StateCode, authority: z.string() }),
  requestVersion: z.number().int(),
  contentHash: z.string(),
  urgent: z.boolean(),
  changedByOtherSide: z.boolean(),
  request: Text.describe('As it was sent, with what is not known here'),
  working: Text.describe('Own working copy'),
  problems: z.array(Problem),
  view: Text.describe('Thread, supplements, messages, replies, receipts, notes, acts, terms, what may follow'),
});

function toIncoming(view: IncomingView): z.input<typeof Incoming> {
  const { reference, otherReference, caseFileId, status, head, from, requestVersion, contentHash, urgent } = view;
  const { state, shared, verbatim, working, problems, actions, versions: _versions, id: _id, ...rest } = view;
  return {
    kind: 'requests.incoming',
    version: 1,
    reference,
    otherReference,
    caseFileId,
    status,
    stage: shared.stage,
    head,
    from,
    requestVersion,
    contentHash,
    urgent,
    changedByOtherSide: state.changedByOtherSide,
    request: plain(verbatim),
    working: plain(working),
    problems,
    view: plain({
      ...rest,
      shared,
      actions: actions.map(({ data: { approval: _approval, ...data }, ...action }) => ({ ...action, data })),
    }),
  };
}

const Conversation = z.object({
  kind: z.literal('requests.conversation'),
  version: z.literal(1),
  conversation: Text,
});
function toConversation(view: ConversationView): z.input<typeof Conversation> {
  return { kind: 'requests.conversation', version: 1, conversation: plain(view) };
}

/** The value of what was decided, or every problem at once. */
function taken<T>(done: Result<T, readonly Problem[]>): T {
  if (done.ok) return done.value;
  const [first] = done.error;
  throw new Invalid(first?.code ?? 'requests.action-not-allowed', {
    problems: [...done.error],
    params: first?.params ?? {},
  });
}

const ThreadAct = z.union([
  z.strictObject({
    ask: z.strictObject({ path: FieldPath, text: Words, why: Words.optional(), by: PlainDate.optional() }),
  }),
  z.strictObject({
    answer: z.strictObject({ question: z.uuid(), text: Words, files: z.array(z.uuid()).max(50).optional() }),
  }),
  z.strictObject({ settle: z.strictObject({ question: z.uuid() }) }),
]);

/** Routes of requests that come in, and of the conversation about those that went out. */
export function incomingApi(incoming: IncomingRequests, conversations: Conversations): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  const tag = 'requests';
  return [
    route({
      method: 'get',
      path: '/api/incoming',
      permission: 'requests.list',
      tag,
      summary: 'Lists the requests of other States that you may know of.',
      input: {
        query: z.object({
          status: IncomingStatus.optional(),
          from: StateCode.optional(),
          owner: z.string().max(100).optional(),
          view: z.enum(incomingViews).optional(),
          order: z.enum(['changed', 'due']).default('changed'),
          after: z.string().max(100).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
      },
      output: z.object({
        kind: z.literal('requests.incoming-list'),
        version: z.literal(1),
        requests: z.array(Text),
        next: z.string().nullable(),
      }),
      handler: async ({ ctx, query: { status, from, owner, view, after, ...rest } }) => {
        const found = await incoming.list(ctx, {
          ...rest,
          ...(status ? { status } : {}),
          ...(from ? { from } : {}),
          ...(owner ? { owner } : {}),
          ...(view ? { view } : {}),
          ...(after ? { after } : {}),
        });
        return {
          kind: 'requests.incoming-list',
          version: 1,
          requests: found.requests.map(plain),
          next: found.next,
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/incoming/:ref',
      permission: 'requests.read',
      audit: 'requests.read',
      tag,
      summary: 'One request of another State with everything that belongs to it.',
      input: { params: refParams },
      output: Incoming,
      handler: async ({ ctx, params }) => toIncoming(await incoming.get(ctx, params.ref)),
    }),
    route({
      method: 'post',
      path: '/api/incoming/:ref/actions',
      permission: 'requests.read',
      audit: 'requests.act',
      tag,
      summary: 'Takes an act of those that may follow. Name the last act you saw.',
      input: {
        params: refParams,
        body: z.strictObject({ action: IncomingActionKind, data: Text.default({}), seen: z.string().max(60) }),
      },
      output: Incoming,
      handler: async ({ ctx, params, body }) =>
        toIncoming(taken(await incoming.actUnread(ctx, params.ref, body.action, body.data, body.seen))),
    }),
    route({
      method: 'post',
      path: '/api/incoming/:ref/reply/check',
      permission: 'requests.read',
      audit: 'requests.check',
      tag,
      summary: 'Says everything that stands against a reply; nothing is kept or sent.',
      input: { params: refParams, body: z.strictObject({ reply: Text }) },
      output: z.object({ kind: z.literal('requests.problems'), version: z.literal(1), problems: z.array(Problem) }),
      handler: async ({ ctx, params, body }) => ({
        kind: 'requests.problems',
        version: 1,
        problems: await incoming.checkReply(ctx, params.ref, body.reply),
      }),
    }),
    route({
      method: 'post',
      path: '/api/incoming/:ref/notes',
      permission: 'requests.note',
      audit: 'requests.note',
      tag,
      summary: 'Adds a note of the own desk, which is in no message.',
      input: { params: refParams, body: z.strictObject({ text: z.string().min(1).max(20_000) }) },
      output: Incoming,
      handler: async ({ ctx, params, body }) => toIncoming(await incoming.addNote(ctx, params.ref, body.text)),
    }),
    route({
      method: 'post',
      path: '/api/incoming/:ref/thread',
      permission: 'requests.correspond',
      audit: 'requests.correspond',
      tag,
      summary: 'Asks, answers or settles a question between the two authorities.',
      input: { params: refParams, body: ThreadAct },
      output: Incoming,
      handler: async ({ ctx, params: { ref }, body }) => {
        if ('ask' in body) return toIncoming(taken(await incoming.ask(ctx, ref, body.ask)));
        if ('settle' in body) return toIncoming(taken(await incoming.settle(ctx, ref, body.settle.question)));
        const { question, ...answer } = body.answer;
        return toIncoming(taken(await incoming.answer(ctx, ref, question, answer)));
      },
    }),
    route({
      method: 'get',
      path: '/api/incoming/:ref/conflicts',
      permission: 'requests.read',
      audit: 'requests.read',
      tag,
      summary: 'Other texts that came under the same reference.',
      input: { params: refParams },
      output: z.object({ kind: z.literal('requests.conflicts'), version: z.literal(1), conflicts: z.array(Text) }),
      handler: async ({ ctx, params }) => ({
        kind: 'requests.conflicts',
        version: 1,
        conflicts: (await incoming.listConflicts(ctx, params.ref)).map(plain),
      }),
    }),
    route({
      method: 'get',
      path: '/api/quarantine/requests',
      permission: 'requests.read-quarantine',
      tag,
      summary: 'Messages that were not taken, and why.',
      input: {},
      output: z.object({ kind: z.literal('requests.quarantine'), version: z.literal(1), messages: z.array(Text) }),
      handler: async ({ ctx }) => ({
        kind: 'requests.quarantine',
        version: 1,
        messages: (await incoming.listQuarantine(ctx)).map(plain),
      }),
    }),
    route({
      method: 'get',
      path: '/api/shared-drafts',
      permission: 'requests.list',
      tag,
      summary: 'Drafts that other States show for remarks.',
      input: {},
      output: z.object({ kind: z.literal('requests.shared-drafts'), version: z.literal(1), drafts: z.array(Text) }),
      handler: async ({ ctx }) => ({
        kind: 'requests.shared-drafts',
        version: 1,
        drafts: (await incoming.listDrafts(ctx)).map(plain),
      }),
    }),
    route({
      method: 'post',
      path: '/api/shared-drafts/:id/remarks',
      permission: 'requests.remark',
      audit: 'requests.remark',
      tag,
      summary: 'Sends remarks on a draft.',
      input: {
        params: z.object({ id: z.string().max(60) }),
        body: z.strictObject({
          remarks: z
            .array(DraftRemark.omit({ id: true }))
            .min(1)
            .max(500),
        }),
      },
      output: z.object({ kind: z.literal('requests.shared-draft'), version: z.literal(1), draft: Text }),
      handler: async ({ ctx, params, body }) => ({
        kind: 'requests.shared-draft',
        version: 1,
        draft: plain(taken(await incoming.remark(ctx, params.id, body.remarks))),
      }),
    }),
    route({
      method: 'get',
      path: '/api/requests/:ref/conversation',
      permission: 'requests.read',
      audit: 'requests.read',
      tag,
      summary: 'What went between the two authorities about a request of ours.',
      input: { params: refParams },
      output: Conversation,
      handler: async ({ ctx, params }) => toConversation(await conversations.conversation(ctx, params.ref)),
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/thread',
      permission: 'requests.correspond',
      audit: 'requests.correspond',
      tag,
      summary: 'Asks, answers or settles a question about a request of ours.',
      input: { params: refParams, body: ThreadAct },
      output: Conversation,
      handler: async ({ ctx, params: { ref }, body }) => {
        if ('ask' in body) return toConversation(taken(await conversations.ask(ctx, ref, body.ask)));
        if ('settle' in body) return toConversation(taken(await conversations.settle(ctx, ref, body.settle.question)));
        const { question, ...answer } = body.answer;
        return toConversation(taken(await conversations.answerQuestion(ctx, ref, question, answer)));
      },
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/shared-draft',
      permission: 'requests.edit',
      audit: 'requests.edit',
      tag,
      summary: 'Shows the draft to the other State: no request, thirty days.',
      input: {
        params: refParams,
        body: z.strictObject({
          initials: z.boolean().default(true),
          note: Words.optional(),
          seen: z.string().max(60).nullable().default(null),
        }),
      },
      output: Conversation,
      handler: async ({ ctx, params, body: { seen, ...share } }) =>
        toConversation(taken(await conversations.shareDraft(ctx, params.ref, share, seen))),
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/supplements',
      permission: 'requests.edit',
      audit: 'requests.edit',
      tag,
      summary: 'Prepares a new version with its changes; the signatory sends it.',
      input: {
        params: refParams,
        body: z.strictObject({
          changes: z
            .array(z.strictObject({ path: FieldPath, after: z.json(), why: Words }))
            .min(1)
            .max(2_000),
        }),
      },
      output: z.object({ kind: z.literal('requests.supplement'), version: z.literal(1), supplement: Text }),
      handler: async ({ ctx, params, body }) => ({
        kind: 'requests.supplement',
        version: 1,
        supplement: plain(taken(await conversations.prepareSupplement(ctx, params.ref, body.changes))),
      }),
    }),
  ];
}
