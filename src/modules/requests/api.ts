import { z } from 'zod';
import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { apiRoute, type ApiRoute } from '../../platform/http/routes.ts';
import { Instant, PlainDate, Problem, StateCode } from '../../platform/values/index.ts';
import { CaseFileId } from '../evidence/index.ts';
import type { Context } from '../identity/index.ts';
import {
  ActionData,
  ActionKind,
  Internal,
  readShape,
  RequestFacts,
  Status,
  type RuleDefinition,
} from './schema/index.ts';
import type { DeskState, Requests, RequestView, SaveOutcome } from './service/index.ts';
import { deskViews } from './service/index.ts';

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
  shared: Text,
  otherReference: z.string().nullable(),
  revision: z.number().int(),
  head: z.string(),
  requestVersion: z.number().int(),
  contentHash: z.string(),
  signedHash: z.string().nullable(),
  holdUntil: Instant.nullable(),
  urgent: z.boolean(),
  owner: z.string(),
  waitingUntil: PlainDate.nullable(),
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
  owner: z.string(),
  waitingUntil: PlainDate.nullable(),
  dueOn: PlainDate.nullable(),
  createdBy: z.string(),
  changedAt: Instant,
});

const LawAnswer = z.enum(['yes', 'needs-consent', 'unknown', 'no']);

const BasisAnswer = z.object({
  kind: z.literal('requests.basis'),
  version: z.literal(1),
  onRequest: PlainDate,
  onOffence: PlainDate.nullable(),
  answer: LawAnswer,
  options: z.array(
    z.object({
      instrument: z.string(),
      article: z.string(),
      answer: LawAnswer,
      onOffence: LawAnswer.nullable(),
      conditions: z.array(
        z.object({
          code: z.string(),
          answer: LawAnswer,
          article: z.string().nullable(),
          text: z.string(),
          informs: z.boolean(),
        }),
      ),
      reservations: z.array(
        z.object({
          id: z.string(),
          state: StateCode,
          article: z.string(),
          position: z.string(),
          source: z.string(),
          confirmed: z.boolean(),
          acknowledged: z.boolean(),
        }),
      ),
      chosen: z.enum(['primary', 'alternative']).nullable(),
    }),
  ),
  missing: z.array(z.object({ code: z.string(), ask: z.string() })),
  otherTreaties: z.array(z.object({ title: z.string(), reference: z.string() })).nullable(),
  problem: z.string().nullable(),
  datasetSha256: z.string().nullable(),
});

const DeskAnswer = z.object({
  kind: z.literal('requests.desk-state'),
  version: z.literal(1),
  reference: z.string(),
  owner: z.string(),
  waitingUntil: PlainDate.nullable(),
  mayUndo: z.boolean(),
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
  const { id: _id, createdBy: _by, request, actions, clocks, shared, ...rest } = view;
  return {
    kind: 'requests.request' as const,
    version: 1 as const,
    ...rest,
    shared: plain(shared),
    request: plain(request),
    clocks: clocks.map(plain),
    // Proofs of signature are for the audit and for verifiers, not for every reader.
    actions: actions.map(({ data: { assertion: _a, jws: _j, ...data }, ...action }) => ({ ...action, data })),
  };
}

function deskAnswer(state: DeskState) {
  return { kind: 'requests.desk-state' as const, version: 1 as const, ...state };
}

function saved(outcome: SaveOutcome | Awaited<ReturnType<Requests['saveRisk']>>) {
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
      handler: async ({ ctx, body }) => {
        // A request alone is checked with what this node knows; with facts beside it, by those.
        if (!('facts' in body) || body['kind'] === 'request') return requests.checkDraft(ctx, body);
        const { request, facts } = body;
        const read = readShape(RequestFacts, facts);
        if (!read.ok) throw new Invalid('requests.not-a-request', { problems: read.error });
        return requests.checkDraft(ctx, request, read.value);
      },
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
          owner: z.string().max(100).optional(),
          view: z.enum(deskViews).optional(),
          order: z.enum(['changed', 'due']).default('changed'),
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
      method: 'get',
      path: '/api/requests/:ref/basis',
      permission: 'requests.read',
      audit: 'requests.read',
      tag: 'requests',
      summary: 'Every basis the request may rest on today, best first, and what is missing to be sure.',
      input: { params: refParams },
      output: BasisAnswer,
      handler: async ({ ctx, params }) => ({
        kind: 'requests.basis',
        version: 1,
        ...(await requests.basisOptions(ctx, params.ref)),
      }),
    }),
    route({
      method: 'post',
      path: '/api/requests/:ref/basis',
      permission: 'requests.edit',
      audit: 'requests.edit',
      tag: 'requests',
      summary: 'Takes a basis and stores what the law says of it. No basis is refused.',
      input: {
        params: refParams,
        body: z.strictObject({
          instrument: z.string().min(1).max(200),
          article: z.string().max(200).optional(),
          as: z.enum(['primary', 'alternative']).optional(),
          acknowledged: z.array(z.string().max(200)).max(200).optional(),
          seen: z.int().min(1).optional(),
        }),
      },
      output: View,
      handler: async ({ ctx, params, body }) => saved(await requests.chooseBasis(ctx, params.ref, body)),
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
      method: 'post',
      path: '/api/requests/:ref/desk',
      permission: 'requests.assign',
      audit: 'requests.assign',
      tag: 'requests',
      summary:
        'Gives a request to a member of its case file, puts it aside until a day, or takes the last of these back.',
      input: {
        params: refParams,
        body: z.union([
          z.strictObject({ assign: z.string().min(1).max(100) }),
          z.strictObject({ waitUntil: PlainDate.nullable() }),
          z.strictObject({ undo: z.literal(true) }),
        ]),
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
