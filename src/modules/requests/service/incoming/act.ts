import type { z } from 'zod';
import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict, Invalid, NotAllowed } from '../../../../platform/errors.ts';
import { canonical, fail, hashOf, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import { EvidenceFileId } from '../../../evidence/index.ts';
import type { Context, SigningInput } from '../../../identity/index.ts';
import {
  approvedActs,
  consultationsOf,
  decideIncoming,
  foldShared,
  incomingPermission,
  involvedInIncoming,
  withValueAt,
  type ReplyFacts,
} from '../../rules/index.ts';
import {
  DraftRequest,
  incomingInput,
  readShape,
  ReplyContent,
  RequestReply,
  type ChangeDecision,
  type IncomingActionData,
  type IncomingActionKind,
  type SharedAct,
  type SharedActKind,
  type ThreadEntry,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { endsOf, type Ends } from '../conversation/post.ts';
import { KeptSupplement, supplementPlace } from '../outgoing/supplements.ts';
import { withoutUndefined } from '../sealed-case.ts';
import type { IncomingBase } from './base.ts';
import { approvalHash, findReported } from './next.ts';
import type { ActOutcome, LoadedIncoming } from './types.ts';

/** What the other side reads of each reply. */
const actOfReply: Record<ReplyContent['reply'], SharedActKind> = {
  acknowledgement: 'acknowledge',
  'more-information': 'more-information',
  conditions: 'conditions',
  postponed: 'postponed',
  'partly-executed': 'partly-executed',
  executed: 'executed',
  refused: 'refused',
  'returned-unexecuted': 'returned-unexecuted',
  'secrecy-not-possible': 'secrecy-not-possible',
  'consent-to-use': 'consent-to-use',
  'use-declined': 'use-declined',
};

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
  const { parts, sealed, post, thread } = base;
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
      files: new Map(files.map(({ id, sha256, size, addedBy }) => [id as string, { sha256, size, addedBy }])),
      actor: ctx.actor.kind === 'person' ? ctx.actor.id : '',
    };
  }

  /** Makes the reply whole, signs it with the authority's key and puts it into the outbox. */
  async function sendReply(
    tx: Tx,
    ctx: Context,
    { row, draft }: LoadedIncoming,
    to: Ends,
    content: ReplyContent,
    causes: string | null,
  ): Promise<Result<{ message: string; act: SharedAct }, Problem[]>> {
    const act = await post.nextAct(tx, ctx, row.id, { side: 'requested', kind: actOfReply[content.reply], causes });
    const unsigned = {
      ...content,
      kind: 'request-reply',
      version: 1,
      to: row.other_reference ?? '',
      ofVersion: row.request_version,
      from: { state: ctx.state, reference: row.reference, authority: to.own },
      on: ctx.today(),
      act,
    };
    const jws = await parts.signContent?.(canonical(withoutUndefined(unsigned)));
    if (!jws) return fail([problem('requests.no-authority-key')]);
    const body = readShape(RequestReply, {
      ...withoutUndefined(unsigned),
      contentHash: hashOf(withoutUndefined(unsigned)),
      signature: { jws, at: act.at },
    });
    if (!body.ok) return fail(body.error);
    const files =
      content.reply === 'executed' || content.reply === 'partly-executed'
        ? [...new Set(content.results.flatMap((one) => one.evidence.map((file) => EvidenceFileId.parse(file.id))))]
        : [];
    const message = await post.send(tx, ctx, to, {
      kind: 'request-reply/1',
      body: body.value,
      act,
      about: draft,
      references: [row.reference, row.other_reference],
      files,
    });
    const questions: ThreadEntry[] =
      content.reply === 'more-information' || content.reply === 'secrecy-not-possible'
        ? (content.reply === 'more-information' ? content.questions : [content.question]).map((one) => ({
            type: 'question',
            id: one.id,
            question: one.id,
            side: 'requested',
            at: act.at,
            path: one.path,
            text: one.text,
            why: one.why,
            by: one.by,
          }))
        : [];
    if (questions.length > 0) await thread.keep(tx, row, questions, message);
    return ok({ message, act });
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

  async function sendStatus(
    tx: Tx,
    ctx: Context,
    { row, draft }: LoadedIncoming,
    to: Ends,
    kind: SharedActKind,
    note: Record<string, string> | null,
    decisions: readonly ChangeDecision[] = [],
  ): Promise<{ message: string; act: SharedAct }> {
    const act = await post.nextAct(tx, ctx, row.id, { side: 'requested', kind });
    const acts = await store.listSharedActs(tx, row.id);
    const message = await post.send(tx, ctx, to, {
      kind: 'request-status/1',
      body: {
        kind: 'request-status',
        version: 1,
        to: row.other_reference,
        stage: foldShared([...acts, act]).stage ?? 'received',
        note,
        use: null,
        decisions: decisions.map((one) => ({
          id: one.id,
          accepted: one.accepted,
          reason: one.reason ? { [draft.languages?.original ?? 'en']: one.reason } : null,
        })),
        act,
      },
      act,
      about: draft,
      references: [row.reference, row.other_reference],
    });
    return { message, act };
  }

  async function openSupplements(tx: Tx, row: store.RequestRow) {
    const rows = (await store.listSupplements(tx, row.id)).filter(
      (one) => one.direction === 'in' && one.status === 'received',
    );
    return Promise.all(
      rows.map(async (one) => ({
        row: one,
        kept: KeptSupplement.parse(await sealed.open(tx, one.case_file_id, one.sealed_body, supplementPlace(one.id))),
      })),
    );
  }

  /** Takes the accepted changes into the working copy, in their order, and keeps every decision. */
  async function decideChanges(
    tx: Tx,
    { row, draft }: LoadedIncoming,
    open: Awaited<ReturnType<typeof openSupplements>>,
    decisions: readonly ChangeDecision[],
  ): Promise<DraftRequest | undefined> {
    const decided = new Map(decisions.map((one) => [one.id, one]));
    let text: unknown = withoutUndefined(draft);
    for (const { row: supplement, kept } of open) {
      for (const change of kept.changes)
        if (decided.get(change.id)?.accepted) {
          const next = withValueAt(text, change.path, change.after);
          if (next === undefined) throw new Conflict('requests.bad-place', { params: { at: change.path.join('/') } });
          text = next;
        }
      await store.updateSupplement(tx, supplement.id, {
        status: 'decided',
        sealed_body: await sealed.seal(
          tx,
          row.case_file_id,
          { ...kept, decisions: decisions.filter((one) => kept.changes.some((change) => change.id === one.id)) },
          supplementPlace(supplement.id),
        ),
      });
    }
    return open.length > 0 ? DraftRequest.parse(text) : undefined;
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
        const permission = incomingPermission[kind];
        if (permission === 'system') throw new Invalid('requests.unknown-action', { params: { given: kind } });
        const loaded = await base.load(tx, ctx, reference, 'requests.read', true);
        const { row, facts, state, actions } = loaded;
        ctx.allow(permission, { ...facts, createdBy: undefined, involved: involvedInIncoming(state, kind) });
        const given = inputOf(kind, input);
        if (!given.ok) return given;
        const open = kind === 'acknowledge-change' ? await openSupplements(tx, row) : [];
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
          const sent = await sendReply(tx, ctx, loaded, to, reply, causes);
          if (!sent.ok) return sent;
          shared = true;
          Object.assign(about, { message: sent.value.message, act: sent.value.act.id });
        }
        const status = byStatus[kind];
        if (status || kind === 'acknowledge-change') {
          const sent = await sendStatus(
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
            ? await decideChanges(tx, loaded, open, given.value.decisions ?? [])
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
