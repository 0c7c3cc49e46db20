import { z } from 'zod';
import { apiRoute, type ApiRoute } from '../../../platform/http/routes.ts';
import { addDays, Instant, PlainDate, StateCode } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { Status } from '../schema/index.ts';
import { deskViews, type Requests } from '../service/index.ts';
import { DeskAnswer, deskAnswer, deskQuery, refParams } from './shapes.ts';

/** What may be done with a request on a desk. */
export const DeskChange = z.union([
  z.strictObject({ assign: z.string().min(1).max(100) }),
  z.strictObject({ waitUntil: PlainDate.nullable() }),
  z.strictObject({ undo: z.literal(true) }),
]);

const ListItem = z.object({
  reference: z.string(),
  caseFileId: z.string(),
  status: Status,
  types: z.array(z.string()),
  requestedState: z.string().nullable(),
  urgent: z.boolean(),
  deadline: z.string().nullable(),
  tasksDone: z.number().int(),
  requestVersion: z.number().int(),
  owner: z.string(),
  waitingUntil: PlainDate.nullable(),
  dueOn: PlainDate.nullable(),
  dueAt: Instant.nullable(),
  createdBy: z.string(),
  changedAt: Instant,
});

const Notice = z.object({
  reference: z.string(),
  clock: z.string(),
  item: z.string().nullable(),
  dueAt: Instant,
  level: z.number().int(),
  audience: z.enum(['owner', 'deputy', 'head']),
  owner: z.string(),
  at: Instant,
});

const Deadline = z.object({
  reference: z.string(),
  side: z.enum(['outgoing', 'incoming']),
  clock: z.string(),
  item: z.string().nullable(),
  startAt: Instant,
  dueAt: Instant,
  paused: z.boolean(),
  types: z.array(z.string()),
  urgent: z.boolean(),
  otherState: StateCode.nullable(),
  otherAuthority: z.string().nullable(),
  owner: z.string(),
  level: z.number().int().nullable(),
});

/** Lists, terms and the work of handing on, on both sides. */
export function deskApi(requests: Requests): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  return [
    route({
      method: 'get',
      path: '/api/requests',
      permission: 'requests.list',
      tag: 'requests',
      summary: 'Lists the requests you may know of, newest change first.',
      input: {
        query: z.object({
          status: Status.optional(),
          'due-before': PlainDate.optional(),
          to: StateCode.optional(),
          ...deskQuery,
        }),
      },
      output: z.object({
        kind: z.literal('requests.list'),
        version: z.literal(1),
        requests: z.array(ListItem),
        next: z.string().nullable(),
      }),
      handler: async ({ ctx, query: { 'due-before': dueBefore, ...query } }) => ({
        kind: 'requests.list',
        version: 1,
        ...(await requests.list(ctx, { ...query, ...(dueBefore ? { dueBefore } : {}) })),
      }),
    }),
    route({
      method: 'get',
      path: '/api/requests/desk',
      permission: 'requests.list',
      tag: 'requests',
      summary: 'How many requests lie in each view of your desk, and what it was told of running terms.',
      input: {},
      output: z.object({
        kind: z.literal('requests.desk'),
        version: z.literal(1),
        counts: z.record(z.enum(deskViews), z.number().int()),
        notices: z.array(Notice),
      }),
      handler: async ({ ctx }) => ({
        kind: 'requests.desk',
        version: 1,
        counts: await requests.deskCounts(ctx),
        notices: await requests.notices(ctx),
      }),
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/desk',
      permission: 'requests.assign',
      audit: 'requests.assign',
      tag: 'requests',
      summary:
        'Gives a request to a member of its case file, puts it aside until a day, or takes the last of these back.',
      input: {
        params: refParams,
        body: DeskChange,
      },
      output: DeskAnswer,
      handler: async ({ ctx, params, body }) => {
        if ('assign' in body) return deskAnswer(await requests.assign(ctx, params.ref, body.assign));
        if ('waitUntil' in body) return deskAnswer(await requests.waitUntil(ctx, params.ref, body.waitUntil));
        return deskAnswer(await requests.undoDesk(ctx, params.ref));
      },
    }),
    route({
      method: 'get',
      path: '/api/requests/deadlines',
      permission: 'requests.list',
      tag: 'requests',
      summary: 'Every term that ends within some days, overdue ones too, of both sides; next end first.',
      input: { query: z.object({ days: z.coerce.number().int().min(0).max(3_660).default(90) }) },
      output: z.object({
        kind: z.literal('requests.deadlines'),
        version: z.literal(1),
        deadlines: z.array(Deadline),
      }),
      handler: async ({ ctx, query }) => ({
        kind: 'requests.deadlines',
        version: 1,
        deadlines: await requests.deadlines(ctx, { until: addDays(ctx.today(), query.days) }),
      }),
    }),
  ];
}
