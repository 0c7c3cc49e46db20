import type { Tx } from '../../../../platform/db/index.ts';
import { NotFound } from '../../../../platform/errors.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { fail, ok, problem } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import { findCaseFileFacts, visibleCaseFiles } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { DraftRemark, DraftRemarkBody, DraftRequest, readShape, RequestDraftBody } from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { remarkPlace } from '../outgoing/conversation.ts';
import type { IncomingBase } from './base.ts';
import type { IncomingRequests, SharedDraft } from './types.ts';

export const draftPlace = (id: string) => `shared-drafts/${id}`;

function headOf(ctx: Context, row: store.SharedDraftRow): Omit<SharedDraft, 'body' | 'draft' | 'remarks'> {
  return {
    id: row.id,
    caseFileId: row.case_file_id,
    from: { state: row.from_state, authority: row.from_authority },
    reference: row.reference,
    receivedAt: row.received_at,
    expiresOn: row.expires_on,
    expired: ctx.today() > row.expires_on,
  };
}

/** Drafts that other States show: read, remarked on, never registered or executed. */
export function draftUses({
  sealed,
  post,
}: IncomingBase): Pick<IncomingRequests, 'listDrafts' | 'getDraft' | 'remark'> {
  async function find(tx: Tx, ctx: Context, id: string, permission: 'requests.read' | 'requests.remark') {
    const row = /^[0-9a-f-]{36}$/.test(id) ? await store.findSharedDraft(tx, id) : undefined;
    const facts = row && (await findCaseFileFacts(tx, row.case_file_id, ctx.clock.now()));
    ctx.allow('requests.read', facts ?? { members: [] });
    if (!row || !facts) throw new NotFound('requests.not-found');
    if (permission !== 'requests.read') ctx.allow(permission, facts);
    return row;
  }

  async function view(tx: Tx, ctx: Context, row: store.SharedDraftRow): Promise<SharedDraft> {
    const body = RequestDraftBody.parse(await sealed.open(tx, row.case_file_id, row.sealed_body, draftPlace(row.id)));
    const remarks = await Promise.all(
      (await store.listRemarks(tx, { draftId: row.id })).map(async (one) => ({
        ...DraftRemark.parse(await sealed.open(tx, one.case_file_id, one.sealed_remark, remarkPlace(one.id))),
        at: one.at,
        by: one.by_whom,
      })),
    );
    const read = DraftRequest.safeParse(body.draft);
    return { ...headOf(ctx, row), body, draft: read.success ? read.data : { kind: 'request' }, remarks };
  }

  return {
    listDrafts: (ctx) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        const rows = await store.listSharedDraftRows(tx, visibleCaseFiles(ctx, 'shared_drafts.case_file_id'), 200);
        return rows.map((row) => headOf(ctx, row));
      }),

    getDraft: (ctx, id) =>
      ctx.transaction(async (tx) => {
        const row = await find(tx, ctx, id, 'requests.read');
        await recordAudit(tx, ctx, 'requests.read', { kind: 'shared-draft', id });
        return view(tx, ctx, row);
      }),

    remark: (ctx, id, given) =>
      ctx.transaction(async (tx) => {
        const row = await find(tx, ctx, id, 'requests.remark');
        if (ctx.today() > row.expires_on) return fail([problem('requests.draft-expired')]);
        const at = ctx.clock.now();
        const shown = await view(tx, ctx, row);
        const read = readShape(DraftRemarkBody, {
          kind: 'draft-remark',
          version: 1,
          to: row.reference,
          ofHash: shown.body.contentHash,
          remarks: given.map((one) => ({ ...one, id: uuidv7(ctx.random, Date.parse(at)) })),
        });
        if (!read.ok) return read;
        const by = ctx.actor.kind === 'person' ? ctx.actor.id : '';
        const ends = {
          requestId: null,
          draftId: row.id,
          caseFileId: row.case_file_id,
          conversationId: row.conversation_id,
          own: row.own_authority,
          other: row.from_authority,
        };
        const message = await post.send(tx, ctx, ends, {
          kind: 'draft-remark/1',
          body: read.value,
          act: null,
          about: {},
          references: [row.reference],
        });
        for (const remark of read.value.remarks)
          await store.insertRemark(tx, {
            id: remark.id,
            request_id: null,
            draft_id: row.id,
            case_file_id: row.case_file_id,
            at,
            by_whom: by,
            sealed_remark: await sealed.seal(tx, row.case_file_id, remark, remarkPlace(remark.id)),
          });
        await recordAudit(tx, ctx, 'requests.remark', { kind: 'shared-draft', id }, { message });
        return ok(await view(tx, ctx, row));
      }),
  };
}
