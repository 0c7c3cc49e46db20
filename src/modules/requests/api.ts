import { z } from 'zod';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { Instant, PlainDate, Problem, StateCode } from '../../platform/values/index.ts';
import { CaseFileId } from '../evidence/index.ts';
import type { Context } from '../identity/index.ts';
import { ActionData, ActionKind, Status, type RuleDefinition } from './schema/index.ts';
import type { Requests, RequestView, SaveOutcome } from './service/index.ts';

/** A request's text: its shape is `DraftRequest`, whose problems the check names one by one. */
const Text = z.record(z.string(), z.json());

const Action = z.object({
  id: z.string(),
  at: Instant,
  actor: z.string(),
  kind: ActionKind,
  shared: z.boolean(),
  causes: z.string().nullish(),
  data: ActionData.omit({ assertion: true, jws: true }),
});

const View = z.object({
  kind: z.literal('requests.request'),
  version: z.literal(1),
  reference: z.string(),
  caseFileId: z.string(),
  status: Status,
  stage: z.string().nullable(),
  revision: z.number().int(),
  head: z.string(),
  requestVersion: z.number().int(),
  contentHash: z.string(),
  signedHash: z.string().nullable(),
  holdUntil: Instant.nullable(),
  urgent: z.boolean(),
  request: Text,
  actions: z.array(Action),
  next: z.array(z.object({ action: ActionKind, allowed: z.boolean(), needsReason: z.boolean() })),
  clocks: z.array(z.record(z.string(), z.json())),
  createdAt: Instant,
  changedAt: Instant,
});

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
  createdBy: z.string(),
  changedAt: Instant,
});

const CheckAnswer = z.object({
  kind: z.literal('requests.check'),
  version: z.literal(1),
  reference: z.string().nullable(),
  ruleSet: z.string(),
  on: PlainDate,
  blocked: z.boolean(),
  problems: z.array(Problem),
  open: z.array(Problem),
  completeness: z.object({
    done: z.number().int(),
    all: z.number().int(),
    missing: z.array(Problem),
    tasks: z.array(
      z.object({ task: z.string(), status: z.string(), missing: z.array(Problem), warnings: z.number().int() }),
    ),
  }),
});

function plain(value: unknown): Record<string, z.core.util.JSONType> {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}

function toAnswer(view: RequestView) {
  const { id: _id, createdBy: _by, request, actions, clocks, ...rest } = view;
  return {
    kind: 'requests.request' as const,
    version: 1 as const,
    ...rest,
    request: plain(request),
    clocks: clocks.map(plain),
    // Proofs of signature are for the audit and for verifiers, not for every reader.
    actions: actions.map(({ data: { assertion: _a, jws: _j, ...data }, ...action }) => ({ ...action, data })),
  };
}

function saved(outcome: SaveOutcome) {
  if (outcome.ok) return toAnswer(outcome.value);
  if ('problems' in outcome.error) throw new Invalid('requests.not-a-request', { problems: outcome.error.problems });
  const { task, by, revision } = outcome.error.conflict;
  throw new Conflict('requests.section-changed', { params: { task, by, revision } });
}

function ruleAnswer(rule: RuleDefinition) {
  const { id, version, title, side, appliesTo, profile, source, checks } = rule;
  const problems = checks.flatMap((check) =>
    Object.values(check.outcomes).map(({ code, severity }) => ({ code, severity })),
  );
  return {
    id,
    version,
    title,
    side,
    types: appliesTo?.types ?? [],
    instruments: appliesTo?.instruments ?? [],
    profile: profile ?? [],
    source,
    problems,
  };
}

const refParams = z.object({ ref: z.string().max(40) });

export function requestsApi(requests: Requests): ApiRoute<Context>[] {
  const route = apiRoute<Context>();
  const { definitions } = requests;
  return [
    route({
      method: 'get',
      path: '/api/requests/definitions',
      permission: 'requests.definitions',
      tag: 'requests',
      summary: 'Core fields and kinds of help, as this node asks them.',
      input: { query: z.object({ type: z.string().max(4).optional() }) },
      output: z.object({
        kind: z.literal('requests.definitions'),
        version: z.literal(1),
        ruleSet: z.string(),
        core: z.array(Text),
        types: z.array(Text),
      }),
      handler: async ({ query }) => {
        const types = definitions.types.filter(
          (one) => query.type === undefined || one.id === query.type.toUpperCase(),
        );
        if (types.length === 0)
          throw new NotFound('requests.unknown-definition', { params: { given: query.type ?? '' } });
        return {
          kind: 'requests.definitions',
          version: 1,
          ruleSet: definitions.ruleSet,
          core: query.type ? [] : definitions.core.map(plain),
          types: types.map(plain),
        };
      },
    }),
    route({
      method: 'get',
      path: '/api/requests/rules',
      permission: 'requests.definitions',
      tag: 'requests',
      summary: 'Rules a request is checked against, with their sources.',
      input: { query: z.object({ rule: z.string().max(4).optional() }) },
      output: z.object({
        kind: z.literal('requests.rules'),
        version: z.literal(1),
        ruleSet: z.string(),
        rules: z.array(Text),
      }),
      handler: async ({ query }) => {
        const rules = definitions.rules.filter(
          (one) => query.rule === undefined || one.id === query.rule.toUpperCase(),
        );
        if (rules.length === 0)
          throw new NotFound('requests.unknown-definition', { params: { given: query.rule ?? '' } });
        return {
          kind: 'requests.rules',
          version: 1,
          ruleSet: definitions.ruleSet,
          rules: rules.map((rule) => plain(ruleAnswer(rule))),
        };
      },
    }),
    route({
      method: 'post',
      path: '/api/requests/check',
      permission: 'requests.check',
      tag: 'requests',
      summary: 'Checks a request that is not stored here: every problem at once.',
      input: { body: Text },
      output: CheckAnswer,
      handler: async ({ ctx, body }) => requests.checkDraft(ctx, body),
    }),
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
          after: z.string().max(100).optional(),
          limit: z.coerce.number().int().min(1).max(200).default(50),
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
        if (!done.ok)
          throw new Invalid(done.error[0]?.code ?? 'requests.action-not-allowed', {
            problems: done.error,
            params: done.error[0]?.params ?? {},
          });
        return toAnswer(done.value);
      },
    }),
  ];
}
