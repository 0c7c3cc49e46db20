import { z } from 'zod';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import { Instant, PlainDate, Problem, type Result } from '../../../platform/values/index.ts';
import { ActionData, ActionKind, Status } from '../schema/index.ts';
import { deskViews, type DeskState, type Requests, type RequestView, type SaveOutcome } from '../service/index.ts';

/** A request's text: its shape is `DraftRequest`, whose problems the check names one by one. */
export const Text = z.record(z.string(), z.json());

/** What the lists of both desks may be asked. */
export const deskQuery = {
  owner: z.string().max(100).optional(),
  view: z.enum(deskViews).optional(),
  order: z.enum(['changed', 'due']).default('changed'),
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

export const refParams = z.object({ ref: z.string().max(40) });

export function plain(value: unknown): Record<string, z.core.util.JSONType> {
  return z.record(z.string(), z.json()).parse(JSON.parse(JSON.stringify(value)));
}

/** The value of what was decided, or every problem at once. */
export function taken<T>(done: Result<T, readonly Problem[]>): T {
  if (done.ok) return done.value;
  const [first] = done.error;
  throw new Invalid(first?.code ?? 'requests.action-not-allowed', {
    problems: [...done.error],
    params: first?.params ?? {},
  });
}

const Action = z.object({
  id: z.string(),
  at: Instant,
  actor: z.string(),
  kind: ActionKind,
  shared: z.boolean(),
  causes: z.string().nullish(),
  data: ActionData.omit({ assertion: true, jws: true }),
});

export const View = z.object({
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

export function toAnswer(view: RequestView) {
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

export const CheckAnswer = z.object({
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

export function saved(outcome: SaveOutcome | Awaited<ReturnType<Requests['saveRisk']>>) {
  if (outcome.ok) return toAnswer(outcome.value);
  if ('problems' in outcome.error) throw new Invalid('requests.not-a-request', { problems: outcome.error.problems });
  const { task, by, revision } = outcome.error.conflict;
  throw new Conflict('requests.section-changed', { params: { task, by, revision } });
}

export const DeskAnswer = z.object({
  kind: z.literal('requests.desk-state'),
  version: z.literal(1),
  reference: z.string(),
  owner: z.string(),
  waitingUntil: PlainDate.nullable(),
  mayUndo: z.boolean(),
});

export function deskAnswer(state: DeskState) {
  return { kind: 'requests.desk-state' as const, version: 1 as const, ...state };
}
