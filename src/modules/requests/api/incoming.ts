import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import { Problem, StateCode } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { DraftRemark, IncomingActionKind, IncomingStatus } from '../schema/index.ts';
import type { IncomingRequests, IncomingView } from '../service/index.ts';
import { DeskChange } from './desk.ts';
import { DeskAnswer, deskQuery, plain, refParams, taken, Text } from './shapes.ts';
import { ThreadAct } from './thread-act.ts';

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

/** Requests that come in, and drafts that other States show. */
export function requestedApi(incoming: IncomingRequests): ApiRoute<Context>[] {
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
          ...deskQuery,
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
      path: '/api/incoming/:ref/desk',
      permission: 'requests.assign',
      audit: 'requests.assign',
      tag: 'requests',
      summary: 'Gives it to a member of its case file, puts it aside until a day, or takes the last of these back.',
      input: { params: refParams, body: DeskChange },
      output: DeskAnswer.omit({ mayUndo: true }).extend({ owner: z.string().nullable() }),
      handler: async ({ ctx, params, body }) => {
        const view =
          'assign' in body
            ? await incoming.assign(ctx, params.ref, body.assign)
            : 'waitUntil' in body
              ? await incoming.waitUntil(ctx, params.ref, body.waitUntil)
              : await incoming.undoDesk(ctx, params.ref);
        const { reference, owner, waitingUntil } = view;
        return { kind: 'requests.desk-state', version: 1, reference, owner, waitingUntil };
      },
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
  ];
}
