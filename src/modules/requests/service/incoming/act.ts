import type { z } from 'zod';
import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict, Invalid, NotAllowed } from '../../../../platform/errors.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context, SigningInput } from '../../../identity/index.ts';
import {
  approvedActs,
  consultationsOf,
  decideIncoming,
  involvedInIncoming,
  permissionAt,
  reportedItems,
  type ReplyFacts,
} from '../../rules/index.ts';
import {
  incomingInput,
  readShape,
  ReplyContent,
  type ChangeDecision,
  type IncomingActionData,
  type IncomingActionKind,
  type SharedActKind,
} from '../../schema/index.ts';
import { endsOf } from '../conversation/post.ts';
import type { IncomingBase } from './base.ts';
import { decideChanges, openSupplements } from './changes.ts';
import { approvalHash, findReported } from './next.ts';
import { sendReply, sendStatus } from './send.ts';
import type { ActOutcome, LoadedIncoming } from './types.ts';

/** Acts whose whole content is that they were done. */
const byStatus: Partial<Record<IncomingActionKind, SharedActKind>> = {
  'accept-execution': 'accept-execution',
  resume: 'resume',
  'remind-other-side': 'remind',
};

interface Given {
  reply?: ReplyContent;
  decisions?: ChangeDecision[];
  [field: string]: unknown;
}

export interface IncomingActs {
  take(
    ctx: Context,
    reference: string,
    kind: IncomingActionKind,
    input: unknown,
    seen: string | null,
    approval?: SigningInput,
  ): Promise<ActOutcome>;
  checkReply(ctx: Context, reference: string, reply: unknown): Promise<Problem[]>;
}

export function incomingActs(base: IncomingBase): IncomingActs {
  const { parts } = base;
  const { definitions, carrying } = parts;

  async function replyFacts(tx: Tx, ctx: Context, { row, draft, actions, state }: LoadedIncoming): Promise<ReplyFacts> {
    const files = await carrying.evidence.findFilesIn(tx, row.case_file_id);
    return {
      definitions,
      request: draft,
      today: ctx.today(),
      consultations: consultationsOf(actions).map((one) => one.id),
      useQuestions: state.useQuestions,
      reminders: state.reminders,
      withdrawn: state.withdrawn,
      reported: reportedItems(actions),
      files: new Map(files.map(({ id, sha256, size, addedBy }) => [id as string, { sha256, size, addedBy }])),
      actor: ctx.actor.kind === 'person' ? ctx.actor.id : '',
    };
  }

  /** The official's own proof over what is about to leave; it stays here. */
  async function approve(
    tx: Tx,
    ctx: Context,
    reply: ReplyContent,
    approval: SigningInput,
  ): Promise<Result<string, Problem[]>> {
    const proof = await parts.signing.verify(tx, ctx, approvalHash(reply), approval);
    if (proof.ok) return ok(JSON.stringify(proof.value).slice(0, 20_000));
    if (proof.error.code === 'identity.step-up-needed') throw new NotAllowed(proof.error.code);
    return fail([proof.error]);
  }

  function inputOf(kind: IncomingActionKind, input: unknown): Result<Given, Problem[]> {
    const schemas: Partial<Record<IncomingActionKind, z.ZodType<Given>>> = incomingInput;
    const schema = schemas[kind];
    if (!schema) throw new Invalid('requests.unknown-action', { params: { given: kind } });
    return readShape(schema, input ?? {});
  }

  return {
    take: (ctx, reference, kind, input, seen, approval = {}) =>
      ctx.transaction(async (tx) => {
        const loaded = await base.load(tx, ctx, reference, 'requests.read', true);
        const { row, facts, state, actions } = loaded;
        const permission = permissionAt(state.status, kind);
        if (permission === 'system') throw new Invalid('requests.unknown-action', { params: { given: kind } });
        ctx.allow(permission, { ...facts, createdBy: undefined, involved: involvedInIncoming(state, kind) });
        const given = inputOf(kind, input);
        if (!given.ok) return given;
        const open = kind === 'acknowledge-change' ? await openSupplements(base, tx, row) : [];
        const decision = decideIncoming(kind, given.value, seen, {
          state,
          head: row.head_action,
          reply: await replyFacts(tx, ctx, loaded),
          openChanges: open.flatMap(({ kept }) => kept.changes.map((one) => one.id)),
        });
        if (!decision.ok) {
          const changed = decision.error.find(
            (one) => one.code === 'requests.changed-meanwhile' || one.code === 'requests.action-not-allowed',
          );
          if (changed) throw new Conflict(changed.code, { problems: decision.error, params: changed.params ?? {} });
          return decision;
        }
        const to = endsOf(row);
        if (!to) return fail([problem('requests.not-by-node')]);
        const { decisions: _decisions, ...rest } = given.value;
        const data = { ...rest } as IncomingActionData;
        if (kind === 'remind-other-side') {
          data.words = given.value['note'] as Record<string, string>;
          delete data.note;
        }
        let shared = false;
        const about = { message: '', act: '' };
        const reply =
          kind === 'send-results' ? reportedReply(loaded) : kind === 'report-executed' ? undefined : given.value.reply;
        if (reply) {
          const causes = reply.reply === 'consent-to-use' || reply.reply === 'use-declined' ? reply.request : null;
          // Files may have changed since they were reported: checked again as they leave.
          if (approvedActs.has(kind)) {
            const approved = await approve(tx, ctx, reply, approval);
            if (!approved.ok) return approved;
            data.approval = approved.value;
          }
          const sent = await sendReply(base, tx, ctx, loaded, to, reply, causes);
          if (!sent.ok) return sent;
          shared = true;
          Object.assign(about, { message: sent.value.message, act: sent.value.act.id });
        }
        const status = byStatus[kind];
        if (status || kind === 'acknowledge-change') {
          const sent = await sendStatus(
            base,
            tx,
            ctx,
            loaded,
            to,
            status ?? 'acknowledge-change',
            data.words ?? null,
            given.value.decisions ?? [],
          );
          shared = true;
          Object.assign(about, { message: sent.message, act: sent.act.id });
        }
        if (shared) Object.assign(data, about);
        const working =
          kind === 'acknowledge-change'
            ? await decideChanges(base, tx, loaded, open, given.value.decisions ?? [])
            : undefined;
        if (kind === 'acknowledge-change') data.decisions = given.value.decisions ?? [];
        if (kind === 'forward' && data.persons)
          for (const person of data.persons)
            if (!facts.members.includes(person)) await carrying.evidence.addMemberIn(tx, ctx, row.case_file_id, person);
        const owner =
          kind === 'register' && row.owner_id === null && ctx.actor.kind === 'person' ? ctx.actor.id : undefined;
        await base.record(tx, ctx, loaded, kind, data, {
          shared,
          ...(working ? { draft: working } : {}),
          ...(owner ? { columns: { owner_id: owner } } : {}),
        });
        await recordAudit(
          tx,
          ctx,
          permission,
          { kind: 'request', id: row.reference },
          { action: kind, acts: actions.length + 1, warnings: decision.value.length },
        );
        return ok(await base.again(tx, ctx, reference));
      }),

    checkReply: (ctx, reference, reply) =>
      ctx.transaction(async (tx) => {
        const loaded = await base.load(tx, ctx, reference, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.check', { kind: 'request', id: loaded.row.reference }, { part: 'reply' });
        const read = readShape(ReplyContent, reply);
        if (!read.ok) return read.error;
        const decision = decideIncoming('receive-late', { reply: read.value }, null, {
          state: loaded.state,
          head: loaded.row.head_action,
          reply: await replyFacts(tx, ctx, loaded),
          openChanges: [],
        });
        return decision.ok ? decision.value : decision.error;
      }),
  };
}

/** The reply that was reported as executed and is about to leave. */
function reportedReply(loaded: LoadedIncoming): ReplyContent {
  const found = findReported(loaded);
  if (!found) throw new Conflict('requests.check-first');
  return found;
}
