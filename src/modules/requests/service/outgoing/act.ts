import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../../platform/errors.ts';
import { dayIn, fail, ok, type Problem, type Result } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context } from '../../../identity/index.ts';
import {
  actionPermission,
  decideAction,
  fold,
  involvedIn,
  signedHash,
  statusAfter,
  warningsWithoutReason,
  type Sending,
} from '../../rules/index.ts';
import {
  canonicalContent,
  contentHash,
  type ActionData,
  type ActionKind,
  type DraftRequest,
  type RequestAction,
  type Stage,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { RequestView } from '../types.ts';
import { personOf, storedAs, type Loaded, type OutgoingBase } from './base.ts';
import type { OutgoingLetters } from './letters.ts';

const stageOfAction: Partial<Record<ActionKind, Stage>> = {
  'submit-for-review': 'review',
  clear: 'clear',
  sign: 'sign',
  transmit: 'transmit',
};

/** How a signed request is about to leave. */
async function sendingOf(
  tx: Tx,
  ctx: Context,
  { draft, actions }: Loaded,
  data: ActionData,
  letters: OutgoingLetters,
): Promise<Sending> {
  const signed = actions.findLast((one) => one.kind === 'sign');
  const channel = data.channel ?? draft.requested?.channel ?? 'node';
  return {
    channel,
    released: await store.hasRendition(tx, contentHash(draft)),
    today: ctx.today(),
    signedOn: signed ? dayIn(ctx.zone, signed.at) : ctx.today(),
    ...(channel === 'node' ? { byNode: await letters.againstSending(tx, draft) } : {}),
  };
}

/** The text that an act leaves behind, or undefined when it leaves it as it was. */
async function textAfter(
  { parts }: OutgoingBase,
  ctx: Context,
  kind: ActionKind,
  draft: DraftRequest,
  actions: readonly RequestAction[],
): Promise<DraftRequest | undefined> {
  const { jws: _jws, at: _at, ...unsigned } = draft.signature ?? {};
  switch (kind) {
    case 'sign': {
      const jws = await parts.signContent?.(canonicalContent(draft));
      return {
        ...draft,
        contentHash: contentHash(draft),
        signature: { ...unsigned, on: ctx.today(), at: ctx.clock.now(), ...(jws ? { jws } : {}) },
      };
    }
    case 'reopen':
      return { ...draft, contentHash: null, signature: unsigned };
    case 'resubmit':
      return {
        ...draft,
        contentHash: null,
        signature: unsigned,
        requestVersion: (draft.requestVersion ?? 1) + 1,
        supersedes: signedHash(actions),
      };
    default:
      return undefined;
  }
}

/** Takes an act of those that may follow: state, audit and outgoing message in one transaction. */
export async function takeAction(
  base: OutgoingBase,
  letters: OutgoingLetters,
  tx: Tx,
  ctx: Context,
  text: string,
  kind: ActionKind,
  data: ActionData,
  seen: string | null,
): Promise<Result<RequestView, Problem[]>> {
  const { parts, sealed } = base;
  const permission = actionPermission[kind];
  // Sharing and answering have use cases of their own: what is shown or answered goes with them.
  if (permission === 'system' || kind === 'open' || kind === 'edit')
    throw new Invalid('requests.unknown-action', { params: { given: kind } });
  const loaded = await base.load(tx, ctx, text, 'requests.read', true);
  const { row, draft, actions, facts } = loaded;
  const person = personOf(ctx);
  ctx.allow(permission, { ...facts, createdBy: undefined, involved: involvedIn(actions, kind) });
  const stage = stageOfAction[kind];
  const problems = stage ? (await base.checkWith(tx, ctx, draft, stage, storedAs(row))).problems : [];
  const hash = contentHash(draft);
  const sending = kind === 'transmit' ? await sendingOf(tx, ctx, loaded, data, letters) : undefined;
  const before = {
    actions,
    actor: person.id,
    now: ctx.clock.now(),
    contentHash: hash,
    urgent: row.urgent,
    problems,
    open: warningsWithoutReason(draft, problems),
    ...(sending ? { sending } : {}),
  };
  // The proof is asked for last: a passkey is not touched for an act that cannot be done.
  const decision = decideAction(
    kind,
    kind === 'sign' ? { ...data, assertion: data.assertion ?? 'asked-for' } : data,
    seen,
    before,
  );
  if (!decision.ok) {
    const changed = decision.error.find(
      (one) => one.code === 'requests.changed-meanwhile' || one.code === 'requests.action-not-allowed',
    );
    if (changed) throw new Conflict(changed.code, { problems: decision.error, params: changed.params ?? {} });
    return decision;
  }
  let stored: ActionData = sending
    ? { ...decision.value, channel: sending.channel, contentHash: hash }
    : decision.value;
  if (kind === 'sign') {
    const proof = await parts.signing.verify(tx, ctx, hash, data.assertion ? { assertion: data.assertion } : {});
    if (!proof.ok) return fail([proof.error]);
    stored = { ...decision.value, contentHash: hash, assertion: JSON.stringify(proof.value).slice(0, 20_000) };
  }
  const left = await letters.leave(tx, ctx, loaded, kind, stored);
  if (!left.ok) return left;
  stored = { ...stored, ...left.value.data };
  const changedText = left.value.draft ?? (await textAfter(base, ctx, kind, draft, actions));
  const action = await base.append(tx, ctx, row, { seq: actions.length + 1, kind, data: stored, by: person.id });
  const status = statusAfter(fold(actions), kind, stored);
  const revision = changedText ? row.revision + 1 : row.revision;
  if (changedText)
    await sealed.saveText(tx, row, {
      revision,
      section: 'all',
      draft: changedText,
      by: person.id,
      at: ctx.clock.now(),
    });
  const after = changedText ?? draft;
  await base.saveAround(
    tx,
    ctx,
    row,
    {
      draft: after,
      actions: [...actions, action],
      status,
      facts: await parts.facts(tx, ctx, after, 'draft', storedAs(row)),
    },
    {
      status,
      head_action: action.id,
      revision,
      changed_at: action.at,
      ...left.value.columns,
      // A new status ends the waiting for it.
      ...(status === fold(actions) ? {} : { waiting_until: null }),
    },
  );
  await recordAudit(tx, ctx, permission, { kind: 'request', id: row.reference }, { action: kind, status });
  return ok(await base.again(tx, ctx, row.reference));
}
