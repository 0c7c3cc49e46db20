import { z } from 'zod';
import type { Tx } from '../../../../platform/db/index.ts';
import type { Problem } from '../../../../platform/values/index.ts';
import type { Context, Permission } from '../../../identity/index.ts';
import { checkRequest, foldIncoming, foldShared, incomingClocks, type IncomingState } from '../../rules/index.ts';
import {
  type IncomingAction,
  IncomingActionData,
  IncomingActionKind,
  RequestReply,
  ResultsReceiptBody,
  type DraftRequest,
  type RequestFacts,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { Carrying } from '../conversation/carrying.ts';
import { createPost, type Post } from '../conversation/post.ts';
import { threadUses, type ThreadUses } from '../conversation/thread.ts';
import { saveClocks } from '../desk.ts';
import { findAllowedOn } from '../find-allowed.ts';
import { saveMatchKeys } from '../matches.ts';
import { readReference, storedAs } from '../outgoing/base.ts';
import { KeptSupplement, supplementPlace } from '../outgoing/supplements.ts';
import { sealedCase, type SealedCase } from '../sealed-case.ts';
import type { RequestsParts } from '../types.ts';
import { notKnownHere, readForeign } from './foreign.ts';
import { approvalHash, findReported, nextOf, proposalsOf } from './next.ts';
import type { IncomingSupplement, IncomingView, LoadedIncoming, SignatureFinding } from './types.ts';

/** What the requested side is made from. */
export interface IncomingParts extends Pick<
  RequestsParts,
  'definitions' | 'sealer' | 'facts' | 'matching' | 'own' | 'signing' | 'signContent' | 'namesOf'
> {
  carrying: Carrying;
}

export interface IncomingBase {
  parts: IncomingParts;
  sealed: SealedCase;
  post: Post;
  thread: ThreadUses;
  findAllowed(
    tx: Tx,
    ctx: Context,
    text: string,
    permission: Permission,
    forChange: boolean,
  ): Promise<Pick<LoadedIncoming, 'row' | 'facts'>>;
  load(tx: Tx, ctx: Context, text: string, permission: Permission, forChange: boolean): Promise<LoadedIncoming>;
  /** A request that the caller has found, for what the node itself does. */
  openRow(tx: Tx, row: store.RequestRow): Promise<Omit<LoadedIncoming, 'facts'>>;
  /** Appends an act with its status, terms and columns. Answers the state after it. */
  record(
    tx: Tx,
    ctx: Context,
    loaded: Omit<LoadedIncoming, 'facts'>,
    kind: IncomingActionKind,
    data: IncomingActionData,
    more?: { by?: string; shared?: boolean; draft?: DraftRequest; section?: string; columns?: store.RequestChange },
  ): Promise<{ action: IncomingAction; state: IncomingState; actions: IncomingAction[] }>;
  checkWith(
    tx: Tx,
    ctx: Context,
    draft: DraftRequest,
    row: store.RequestRow,
  ): Promise<{ problems: Problem[]; facts: RequestFacts }>;
  view(tx: Tx, ctx: Context, loaded: LoadedIncoming): Promise<IncomingView>;
  again(tx: Tx, ctx: Context, reference: string): Promise<IncomingView>;
}

/** What is kept of the signature when a request is taken. */
export const KeptFinding = z.strictObject({
  authority: z.string(),
  kid: z.string(),
  signedAt: z.string(),
  signatory: z.string(),
  contentHash: z.string(),
  finding: z.literal('valid'),
});

export const notePlace = (id: string) => `request-notes/${id}`;

/** Section names of the revisions that hold the text as it was sent. */
export const versionSection = (version: number) => `version:${version}`;

export function incomingBase(parts: IncomingParts): IncomingBase {
  const { definitions, carrying } = parts;
  const sealed = sealedCase(parts.sealer);
  const post = createPost(sealed, carrying);
  const thread = threadUses(sealed, post, carrying);

  async function supplementsOf(tx: Tx, ctx: Context, row: store.RequestRow): Promise<IncomingSupplement[]> {
    const rows = (await store.listSupplements(tx, row.id)).filter((one) => one.direction === 'in');
    return Promise.all(
      rows.map(async (one) => {
        const kept = KeptSupplement.parse(
          await sealed.open(tx, one.case_file_id, one.sealed_body, supplementPlace(one.id)),
        );
        const decided = new Map(kept.decisions.map((decision) => [decision.id, decision]));
        const { problems } = await base.checkWith(tx, ctx, kept.draft, row);
        return {
          id: one.id,
          requestVersion: one.request_version,
          at: one.at,
          changes: kept.changes.map((change) => ({ ...change, decision: decided.get(change.id) ?? null })),
          problems,
        };
      }),
    );
  }

  const base: IncomingBase = {
    parts,
    sealed,
    post,
    thread,

    findAllowed: (tx, ctx, text, permission, forChange) =>
      findAllowedOn('incoming', tx, ctx, readReference(text), permission, forChange),

    async load(tx, ctx, text, permission, forChange) {
      const { row, facts } = await base.findAllowed(tx, ctx, text, permission, forChange);
      return { ...(await base.openRow(tx, row)), facts };
    },

    async openRow(tx, row) {
      const actions = await sealed.openActs(tx, row, IncomingActionKind, IncomingActionData);
      return {
        row,
        draft: await sealed.openText(tx, row, row.revision),
        actions,
        state: foldIncoming(actions),
      };
    },

    async record(tx, ctx, { row, draft, actions }, kind, data, more = {}) {
      const by = more.by ?? (ctx.actor.kind === 'person' ? ctx.actor.id : await store.actingFor(tx));
      const action = await sealed.append(tx, ctx, row, {
        seq: actions.length + 1,
        kind,
        data,
        by,
        shared: more.shared ?? false,
      });
      const after = [...actions, action];
      const state = foldIncoming(after);
      const text = more.draft ?? draft;
      const revision = more.draft ? row.revision + 1 : row.revision;
      if (more.draft)
        await sealed.saveText(tx, row, {
          revision,
          section: more.section ?? 'working-copy',
          draft: more.draft,
          by,
          at: action.at,
        });
      const facts = await parts.facts(tx, ctx, text, 'draft', storedAs(row));
      const due_on = await saveClocks(tx, ctx, row, incomingClocks(text, after, facts, ctx.zone));
      if (parts.matching && (more.draft || actions.length === 0))
        await saveMatchKeys(parts.matching, tx, storedAs(row), text);
      await store.updateRequest(tx, row.id, {
        status: state.status,
        head_action: action.id,
        changed_at: action.at,
        changed_by_other_side: state.changedByOtherSide,
        due_on,
        revision,
        types: text.types ?? [],
        urgent: text.urgency?.level === 'urgent',
        deadline: text.deadline?.date ?? null,
        ...(state.status === foldIncoming(actions).status ? {} : { waiting_until: null }),
        ...more.columns,
      });
      return { action, state, actions: after };
    },

    async checkWith(tx, ctx, draft, row) {
      const facts = await parts.facts(tx, ctx, draft, 'draft', storedAs(row));
      return { problems: checkRequest(definitions, draft, facts, ctx.today()), facts };
    },

    async view(tx, ctx, loaded) {
      const { row, draft, actions, state, facts } = loaded;
      const listed = await post.list(tx, { requestId: row.id });
      const texts = listed.filter(
        ({ message }) =>
          message.direction === 'in' &&
          message.state === 'taken' &&
          (message.kind === 'request/1' || message.kind === 'request-supplement/1'),
      );
      const newest = texts.at(-1);
      const raw = newest
        ? newest.message.kind === 'request/1'
          ? newest.body
          : z.record(z.string(), z.json()).parse(newest.body['request'])
        : {};
      const heads = await store.listRevisions(tx, row.id);
      const versions = await Promise.all(
        heads
          .filter((one) => one.section.startsWith('version:'))
          .map(async (one) => ({
            requestVersion: Number(one.section.slice('version:'.length)),
            contentHash: one.content_hash,
            at: one.saved_at,
            request: await sealed.openText(tx, row, one.revision),
          })),
      );
      const { problems, facts: known } = await base.checkWith(tx, ctx, draft, row);
      const found = actions.findLast((one) => one.kind === 'receive' || one.kind === 'reopen-on-resubmission');
      const signature = KeptFinding.parse(JSON.parse(found?.data.summary ?? '{}')) as SignatureFinding;
      const acts = await store.listSharedActs(tx, row.id);
      const addressed = draft.requested?.authority?.authority ?? '';
      const wrongState = draft.requested?.state !== undefined && draft.requested.state !== ctx.state;
      const misdirected =
        addressed !== '' && (addressed !== row.own_authority || wrongState) ? { addressedTo: addressed } : null;
      const files = await store.listFiles(tx, row.id);
      const stored = new Map<string, { sha256: string; scan: string }>(
        (await carrying.evidence.findFilesIn(tx, row.case_file_id)).map((one) => [one.id, one]),
      );
      const notes = await Promise.all(
        (await store.listNotes(tx, row.id)).map(async ({ id, at, by_person: by, sealed_note, case_file_id }) => ({
          id,
          at,
          by,
          text: z
            .strictObject({ text: z.string() })
            .parse(await sealed.open(tx, case_file_id, sealed_note, notePlace(id))).text,
        })),
      );
      const reported = findReported(loaded);
      const { unknownFields } = readForeign(raw);
      return {
        id: row.id,
        reference: row.reference,
        otherReference: row.other_reference ?? '',
        caseFileId: row.case_file_id,
        conversationId: row.conversation_id ?? '',
        state,
        status: state.status,
        shared: foldShared(acts),
        head: row.head_action,
        from: { state: row.requesting_state, authority: row.other_authority ?? '' },
        requestVersion: row.request_version,
        contentHash: row.content_hash,
        urgent: row.urgent,
        owner: row.owner_id,
        waitingUntil: row.waiting_until,
        receivedAt: row.received_at ?? row.created_at,
        signedAt: signature.signedAt,
        signature,
        versions,
        verbatim: raw,
        notKnownHere: { fields: unknownFields, ...notKnownHere(raw, definitions) },
        working: draft,
        problems,
        files: files.map(({ file_id, item }) => ({
          fileId: file_id,
          annex: item.startsWith('annex:') ? Number(item.slice('annex:'.length)) : null,
          sha256: stored.get(file_id)?.sha256 ?? '',
          state: stored.get(file_id)?.scan ?? 'not-scanned',
        })),
        notes,
        thread: await thread.list(tx, row, 'requested'),
        supplements: await supplementsOf(tx, ctx, row),
        messages: listed.map((one) => one.message),
        replies: listed.flatMap(({ message, body }) => {
          if (message.kind !== 'request-reply/1' || message.direction !== 'out') return [];
          const read = RequestReply.safeParse(body);
          return read.success ? [{ act: read.data.act, reply: read.data, state: message.state }] : [];
        }),
        receipts: listed.flatMap(({ message, body }) => {
          if (message.kind !== 'results-receipt/1' || message.direction !== 'in') return [];
          const read = ResultsReceiptBody.safeParse(body);
          return read.success ? [read.data] : [];
        }),
        actions,
        next: nextOf(ctx, facts, state),
        clocks: incomingClocks(draft, actions, known, ctx.zone),
        proposals: proposalsOf(parts.own, ctx, loaded, misdirected),
        approvalHash: reported && state.checkedBy !== null ? approvalHash(reported) : null,
        misdirected,
        changedAt: row.changed_at,
      };
    },

    again: async (tx, ctx, reference) =>
      base.view(tx, ctx, await base.load(tx, ctx, reference, 'requests.read', false)),
  };
  return base;
}
