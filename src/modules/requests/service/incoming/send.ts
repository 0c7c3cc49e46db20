import type { Tx } from '../../../../platform/db/index.ts';
import { canonical, fail, hashOf, ok, problem, type Problem, type Result } from '../../../../platform/values/index.ts';
import { EvidenceFileId } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { foldShared } from '../../rules/index.ts';
import {
  readShape,
  RequestReply,
  type ChangeDecision,
  type ReplyContent,
  type SharedAct,
  type SharedActKind,
  type ThreadEntry,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { Ends } from '../conversation/post.ts';
import { withoutUndefined } from '../sealed-case.ts';
import type { IncomingBase } from './base.ts';
import type { LoadedIncoming } from './types.ts';

/** What went out: its message, and the act that both sides know. */
export interface Sent {
  message: string;
  act: SharedAct;
}

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

/** Makes the reply whole, signs it with the authority's key and puts it into the outbox. */
export async function sendReply(
  { parts, post, thread }: IncomingBase,
  tx: Tx,
  ctx: Context,
  { row, draft }: LoadedIncoming,
  to: Ends,
  content: ReplyContent,
  causes: string | null,
): Promise<Result<Sent, Problem[]>> {
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

/** Tells the other side that an act was done, with a word to it or with what became of its changes. */
export async function sendStatus(
  { post }: IncomingBase,
  tx: Tx,
  ctx: Context,
  { row, draft }: LoadedIncoming,
  to: Ends,
  kind: SharedActKind,
  note: Record<string, string> | null,
  decisions: readonly ChangeDecision[] = [],
): Promise<Sent> {
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
