import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import type { Context } from '../../identity/index.ts';
import { FieldPath, Words } from '../schema/index.ts';
import type { Conversations, ConversationView } from '../service/index.ts';
import { plain, refParams, taken, Text } from './shapes.ts';
import { ThreadAct } from './thread-act.ts';

const Conversation = z.object({
  kind: z.literal('requests.conversation'),
  version: z.literal(1),
  conversation: Text,
});
function toConversation(view: ConversationView): z.input<typeof Conversation> {
  return { kind: 'requests.conversation', version: 1, conversation: plain(view) };
}

/** What passes between the two authorities about a request of ours. */
export function conversationApi(conversations: Conversations): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  const tag = 'requests';
  return [
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
