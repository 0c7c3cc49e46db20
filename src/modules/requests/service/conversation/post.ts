import { z } from 'zod';
import type { Tx } from '../../../../platform/db/index.ts';
import { Unavailable } from '../../../../platform/errors.ts';
import {
  putInOutbox,
  type MessageOutcome,
  type OutgoingContent,
  type OutgoingMessage,
} from '../../../../platform/outbox/index.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { EvidenceFileId } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { nextCount } from '../../rules/index.ts';
import {
  Line,
  type CarriedKind,
  type DraftRequest,
  type SharedAct,
  type SharedActKind,
  type Side,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { CarriedMessage } from '../incoming/types.ts';
import type { SealedCase } from '../sealed-case.ts';
import type { Carrying } from './carrying.ts';

/** What is kept of a message beside its state. */
const KeptContent = z.strictObject({
  from: z.string(),
  to: z.string(),
  inReplyTo: z.string().nullable(),
  legalBasis: z.strictObject({ instrument: z.string(), article: z.string(), on: z.string() }).nullable(),
  tlp: z.string(),
  priority: z.enum(['routine', 'urgent', 'immediate']),
  subject: Line,
  nationalReferences: z.array(z.string()),
  body: z.record(z.string(), z.json()),
  fileIds: z.array(EvidenceFileId),
  act: z
    .strictObject({
      id: z.string(),
      n: z.int(),
      side: z.string(),
      kind: z.string(),
      at: z.string(),
      causes: z.string().nullable(),
    })
    .nullable(),
});
type KeptContent = z.infer<typeof KeptContent>;

/** The two ends of a conversation, as one row has them. */
export interface Ends {
  requestId: string | null;
  draftId: string | null;
  caseFileId: store.RequestRow['case_file_id'];
  conversationId: string;
  own: string;
  other: string;
}

/** What a message says and with what. */
export interface Letter {
  kind: CarriedKind;
  body: object;
  act: SharedAct | null;
  /** Of the request: law, handling, urgency and references of the envelope. */
  about: Pick<DraftRequest, 'handling' | 'urgency' | 'basis'>;
  references: (string | null)[];
  files?: readonly EvidenceFileId[];
  inReplyTo?: string | null;
}

export interface Post {
  /** The next act of a side, after everything known here. */
  nextAct(
    tx: Tx,
    ctx: Context,
    requestId: string,
    act: { side: Side; kind: SharedActKind; causes?: string | null },
  ): Promise<SharedAct>;
  /** Keeps the message and its act, records its files as released, and puts it into the outbox: all in this transaction. */
  send(tx: Tx, ctx: Context, ends: Ends, letter: Letter): Promise<string>;
  keepAct(tx: Tx, ends: Ends, act: SharedAct, messageId: string | null): Promise<boolean>;
  /** Keeps a message that came in. */
  keepIncoming(
    tx: Tx,
    ends: Ends,
    message: Pick<
      OutgoingContent,
      'inReplyTo' | 'legalBasis' | 'tlp' | 'priority' | 'subject' | 'nationalReferences' | 'body'
    > & {
      id: string;
      kind: string;
      receivedAt: CarriedMessage['at'];
    },
    state: 'taken' | 'late' | 'conflict',
    act: SharedAct | null,
  ): Promise<void>;
  /** Messages of a request or draft, opened. */
  list(
    tx: Tx,
    of: { requestId: string } | { draftId: string },
  ): Promise<{ message: CarriedMessage; body: Record<string, unknown> }[]>;
  pack(message: OutgoingMessage): Promise<OutgoingContent | undefined>;
  outcome(tx: Tx, outcome: MessageOutcome): Promise<store.MessageRow | undefined>;
  /** An official reads the request: the sender of what nobody had opened is told, once. */
  opened(tx: Tx, ctx: Context, requestId: string): Promise<void>;
  /** Takes a message back that has not left; whether it will not leave. */
  recall(tx: Tx, ctx: Context, id: string): Promise<boolean>;
}

export function endsOf(row: store.RequestRow): Ends | undefined {
  const { id, case_file_id, conversation_id, own_authority, other_authority } = row;
  if (conversation_id === null || own_authority === null || other_authority === null) return undefined;
  return {
    requestId: id,
    draftId: null,
    caseFileId: case_file_id,
    conversationId: conversation_id,
    own: own_authority,
    other: other_authority,
  };
}

const place = (id: string) => `request-messages/${id}`;

/** Order in which a message gets on: a state never goes back. */
const order: readonly CarriedMessage['state'][] = [
  'queued',
  'held-here',
  'delivered',
  'received',
  'opened',
  'handed-over',
];
const ends: readonly CarriedMessage['state'][] = ['refused', 'expired', 'recalled'];

/** State after what was told; the same told twice, or told late, changes nothing. */
export function stateAfter(state: CarriedMessage['state'], told: CarriedMessage['state']): CarriedMessage['state'] {
  if (state === 'recalled') return state;
  if (ends.includes(told))
    return order.indexOf(state) >= order.indexOf('delivered') && told !== 'refused' ? state : told;
  if (state === 'refused') return state;
  // Delivered after it expired: it came late, but it came.
  if (state === 'expired') return told === 'held-here' ? state : told;
  return order.indexOf(told) > order.indexOf(state) ? told : state;
}

/** Keeps, sends and takes back the messages of requests. `carrying` is absent where requests leave by paper only. */
export function createPost(sealed: SealedCase, carrying: Carrying | undefined): Post {
  async function openContent(tx: Tx, row: store.MessageRow): Promise<KeptContent> {
    return KeptContent.parse(await sealed.open(tx, row.case_file_id, row.sealed_content, place(row.id)));
  }

  async function keep(
    tx: Tx,
    to: Ends,
    row: Pick<store.MessageRow, 'id' | 'kind' | 'direction' | 'at' | 'state'>,
    content: KeptContent,
  ): Promise<void> {
    await store.insertMessage(tx, {
      ...row,
      request_id: to.requestId,
      draft_id: to.draftId,
      case_file_id: to.caseFileId,
      conversation_id: to.conversationId,
      state_at: row.at,
      reason: null,
      act_id: content.act?.id ?? null,
      sealed_content: await sealed.seal(tx, to.caseFileId, content, place(row.id)),
    });
  }

  const post: Post = {
    async nextAct(tx, ctx, requestId, { side, kind, causes = null }) {
      const at = ctx.clock.now();
      const known = await store.listSharedActs(tx, requestId);
      return { id: uuidv7(ctx.random, Date.parse(at)), n: nextCount(known), side, kind, at, causes };
    },

    async keepAct(tx, to, act, messageId) {
      if (to.requestId === null) return false;
      const { id, ...rest } = act;
      return store.insertSharedAct(tx, {
        ...rest,
        act_id: id,
        request_id: to.requestId,
        case_file_id: to.caseFileId,
        message_id: messageId,
      });
    },

    async send(tx, ctx, to, { kind, body, act, about, references, files = [], inReplyTo = null }) {
      if (!carrying) throw new Unavailable('requests.not-by-node');
      const at = ctx.clock.now();
      const id = uuidv7(ctx.random, Date.parse(at));
      const basis = about.basis?.primary;
      const content: KeptContent = KeptContent.parse(
        JSON.parse(
          JSON.stringify({
            from: to.own,
            to: to.other,
            inReplyTo,
            legalBasis:
              basis?.instrument && basis.article
                ? {
                    instrument: basis.instrument.slice(0, 40),
                    article: basis.article.slice(0, 60),
                    on: about.basis?.snapshot?.onRequest ?? ctx.today(),
                  }
                : null,
            tlp: about.handling?.tlp ?? 'AMBER',
            priority: about.urgency?.level === 'urgent' ? 'urgent' : 'routine',
            subject: `${kind.split('/')[0] ?? kind} ${references[0] ?? ''}`.trim(),
            nationalReferences: references.filter((one) => one !== null),
            body,
            fileIds: [...files],
            act,
          }),
        ),
      );
      await keep(tx, to, { id, kind, direction: 'out', at, state: 'queued' }, content);
      if (act) await post.keepAct(tx, to, act, id);
      if (files.length > 0) await carrying.evidence.recordRelease(tx, ctx, files, id, { to: to.other });
      await putInOutbox(tx, ctx, {
        id,
        stream: `${to.conversationId} ${to.own} ${to.other}`,
        kind,
        payload: { case_file: to.caseFileId },
      });
      return id;
    },

    async keepIncoming(tx, to, message, state, act) {
      const { id, kind, receivedAt, inReplyTo, legalBasis, tlp, priority, subject, nationalReferences, body } = message;
      const content = KeptContent.parse(
        JSON.parse(
          JSON.stringify({
            from: to.other,
            to: to.own,
            inReplyTo,
            legalBasis,
            tlp,
            priority,
            subject,
            nationalReferences,
            body,
            fileIds: [],
            act,
          }),
        ),
      );
      await keep(tx, to, { id, kind, direction: 'in', at: receivedAt, state }, content);
    },

    async list(tx, of) {
      const rows = await store.listMessages(tx, of);
      const acts = 'requestId' in of ? await store.listSharedActs(tx, of.requestId) : [];
      return Promise.all(
        rows.map(async (row) => {
          const { body } = await openContent(tx, row);
          const act = acts.find((one) => one.id === row.act_id && one.kind !== 'deliver') ?? null;
          const { id, direction, kind, state, at, state_at: stateAt, reason } = row;
          return { message: { id, direction, kind, state, at, stateAt, reason, act }, body };
        }),
      );
    },

    async pack(message) {
      if (!carrying) return undefined;
      const { evidence } = carrying;
      return carrying.node().transaction(async (tx) => {
        // Held still, so that nobody takes back what is being sealed.
        const row = await store.lockMessage(tx, message.id);
        if (!row || ends.includes(row.state)) return undefined;
        const content = await openContent(tx, row);
        const { fileIds, act: _act, legalBasis, ...rest } = content;
        return {
          ...rest,
          legalBasis: legalBasis as OutgoingContent['legalBasis'],
          conversationId: row.conversation_id,
          files: fileIds.length > 0 ? await evidence.openReleased(tx, fileIds, row.id) : [],
        };
      });
    },

    async outcome(tx, { id, outcome, at, reason }) {
      const row = await store.lockMessage(tx, id);
      if (!row || row.direction !== 'out') return undefined;
      const state = stateAfter(row.state, outcome);
      if (state !== row.state) await store.updateMessage(tx, id, { state, state_at: at, reason });
      return { ...row, state };
    },

    async opened(tx, { actor, clock }, requestId) {
      if (!carrying?.recordAccess || actor.kind !== 'person') return;
      for (const id of await store.markOpened(tx, requestId, clock.now()))
        await carrying.recordAccess(tx, id, actor.roles[0] ?? '');
    },

    async recall(tx, ctx, id) {
      const row = await store.lockMessage(tx, id);
      if (!row || row.direction !== 'out') return false;
      // Nobody has it: it came to nothing.
      if (ends.includes(row.state)) return true;
      const stopped =
        row.state === 'queued' || (row.state === 'held-here' && (await carrying?.recall?.(tx, id)) === true);
      if (!stopped) return false;
      await store.updateMessage(tx, id, { state: 'recalled', state_at: ctx.clock.now(), reason: null });
      // What is still in the outbox finds nothing to send.
      if (row.state === 'queued') await carrying?.recall?.(tx, id);
      return true;
    },
  };
  return post;
}
