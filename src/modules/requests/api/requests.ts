import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import { StateCode } from '../../../platform/values/index.ts';
import { CaseFileId } from '../../evidence/index.ts';
import type { Context } from '../../identity/index.ts';
import { ActionData, ActionKind, Internal } from '../schema/index.ts';
import type { Requests } from '../service/index.ts';
import { CheckAnswer, refParams, saved, taken, Text, toAnswer, View } from './shapes.ts';

/** Requests of ours: opened, written, checked, acted on. */
export function ownApi(requests: Requests): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  return [
    route({
      method: 'post',
      path: '/api/requests',
      permission: 'requests.create',
      audit: 'requests.create',
      tag: 'requests',
      status: 201,
      summary: 'Opens a request in a case file.',
      input: {
        body: z.strictObject({
          caseFileId: CaseFileId,
          types: z.array(z.string().max(4)).min(1).max(38),
          to: StateCode.optional(),
        }),
      },
      output: View,
      handler: async ({ ctx, body }) => toAnswer(await requests.open(ctx, body)),
    }),
    route({
      method: 'put',
      path: '/api/requests/:ref/risk',
      permission: 'requests.edit-risk',
      audit: 'requests.edit-risk',
      tag: 'requests',
      summary: 'Stores the risk check of the central authority. It never leaves the node.',
      input: { params: refParams, body: Internal.shape.risk.unwrap() },
      output: View,
      handler: async ({ ctx, params, body }) => saved(await requests.saveRisk(ctx, params.ref, body)),
    }),
    route({
      method: 'get',
      path: '/api/requests/:ref',
      permission: 'requests.read',
      audit: 'requests.read',
      tag: 'requests',
      summary: 'A request with its actions and what may follow.',
      input: { params: refParams },
      output: View,
      handler: async ({ ctx, params }) => toAnswer(await requests.get(ctx, params.ref)),
    }),
    route({
      method: 'put',
      path: '/api/requests/:ref/sections/:task',
      permission: 'requests.edit',
      audit: 'requests.edit',
      tag: 'requests',
      summary: 'Saves the parts of one task. Name the revision you saw.',
      input: {
        params: refParams.extend({
          task: z.enum(['facts', 'people', 'offence', 'need', 'urgency', 'evidence', 'conditions', 'check']),
        }),
        body: z.strictObject({ seen: z.int().min(1), content: Text }),
      },
      output: View,
      handler: async ({ ctx, params, body }) =>
        saved(await requests.saveSection(ctx, params.ref, { task: params.task, ...body })),
    }),
    route({
      method: 'get',
      path: '/api/requests/:ref/check',
      permission: 'requests.read',
      audit: 'requests.check',
      tag: 'requests',
      summary: 'Checks a stored request.',
      input: {
        params: refParams,
        query: z.object({ stage: z.enum(['draft', 'review', 'clear', 'sign', 'transmit']).default('draft') }),
      },
      output: CheckAnswer,
      handler: async ({ ctx, params, query }) => requests.check(ctx, params.ref, query.stage),
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/actions',
      permission: 'requests.read',
      audit: 'requests.act',
      tag: 'requests',
      summary: 'Takes an action of those that may follow. Name the last action you saw.',
      input: {
        params: refParams,
        body: z.strictObject({ action: ActionKind, data: ActionData.default({}), seen: z.string().max(60) }),
      },
      output: View,
      handler: async ({ ctx, params, body }) => {
        const done = await requests.act(ctx, params.ref, body.action, body.data, body.seen);
        return toAnswer(taken(done));
      },
    }),
  ];
}
