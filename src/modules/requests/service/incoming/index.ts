import { Invalid } from '../../../../platform/errors.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { addDays, ok, parseReference, type Instant } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import { visibleCaseFiles } from '../../../evidence/index.ts';
import { admits, type Context } from '../../../identity/index.ts';
import type { Tx } from '../../../../platform/db/index.ts';
import { IncomingStatus } from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import type { Posted } from '../conversation/thread.ts';
import { pageOf } from '../list-place.ts';
import { handTo, putAside, takeBackLast } from '../hand-on.ts';
import { incomingActs } from './act.ts';
import { incomingBase, notePlace, type IncomingParts } from './base.ts';
import { draftUses } from './drafts.ts';
import type { ActOutcome, IncomingListItem, IncomingRequests, LoadedIncoming } from './types.ts';
import type { Problem, Result } from '../../../../platform/values/index.ts';

export type { IncomingParts } from './base.ts';

function toListItem(row: store.RequestRow, dueAt: Instant | null, opened: boolean): IncomingListItem {
  return {
    reference: row.reference,
    otherReference: row.other_reference ?? '',
    caseFileId: row.case_file_id,
    status: IncomingStatus.parse(row.status),
    types: row.types,
    requestingState: row.requesting_state,
    urgent: row.urgent,
    deadline: row.deadline,
    requestVersion: row.request_version,
    owner: row.owner_id,
    waitingUntil: row.waiting_until,
    dueOn: row.due_on,
    dueAt,
    changedByOtherSide: row.changed_by_other_side,
    opened,
    receivedAt: row.received_at ?? row.created_at,
    changedAt: row.changed_at,
  };
}

function readerOf(ctx: Context): store.IncomingReader {
  return {
    personId: ctx.actor.kind === 'person' ? ctx.actor.id : '',
    today: ctx.today(),
    until: addDays(ctx.today(), 7),
    approves: admits(ctx.actor, 'requests.refuse') || admits(ctx.actor, 'requests.check-results'),
  };
}

/** Builds the use cases of the requested side. */
export function createIncoming(parts: IncomingParts): IncomingRequests {
  const base = incomingBase(parts);
  const acts = incomingActs(base);
  const { sealed, thread } = base;
  const column = 'requests.case_file_id';

  async function byThread(
    ctx: Context,
    reference: string,
    work: (tx: Tx, loaded: LoadedIncoming) => Promise<Result<Posted, Problem[]>>,
  ): Promise<ActOutcome> {
    return ctx.transaction(async (tx) => {
      const loaded = await base.load(tx, ctx, reference, 'requests.correspond', true);
      const done = await work(tx, loaded);
      if (!done.ok) return done;
      await store.updateRequest(tx, loaded.row.id, { changed_at: ctx.clock.now() });
      await recordAudit(
        tx,
        ctx,
        'requests.correspond',
        { kind: 'request', id: loaded.row.reference },
        { act: done.value.act.kind, message: done.value.message },
      );
      return ok(await base.again(tx, ctx, reference));
    });
  }
  const threaded = (loaded: LoadedIncoming) => ({ row: loaded.row, draft: loaded.draft, side: 'requested' as const });

  /** Handing on and putting aside: the rules are those of the own requests. */
  async function desk(
    ctx: Context,
    reference: string,
    change: (tx: Tx, held: Pick<LoadedIncoming, 'row' | 'facts'>) => Promise<unknown>,
  ) {
    return ctx.transaction(async (tx) => {
      await change(tx, await base.findAllowed(tx, ctx, reference, 'requests.assign', true));
      return base.again(tx, ctx, reference);
    });
  }

  return {
    async sideOf(ctx, reference) {
      const read = parseReference(reference);
      const text = read.ok ? read.value : reference.slice(0, 100);
      return ctx.transaction(async (tx) => {
        // Rows of case files that the reader may not know of are not among those found.
        const found = await store.findByAnyReference(tx, text);
        const row = found.find((one) => one.reference === text) ?? found[0];
        return row && { side: row.side, reference: row.reference };
      });
    },

    list: (ctx, { order, after, limit, view, ...rest } = {}) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        const { rows, next } = await pageOf({ order, after, limit }, (paging) =>
          store.listIncomingRows(tx, visibleCaseFiles(ctx, column), {
            ...rest,
            ...(view ? { view: { name: view, reader: readerOf(ctx) } } : {}),
            ...paging,
          }),
        );
        const ids = rows.map((row) => row.id);
        const [due, opened] = [await store.listNextDue(tx, ids), await store.listOpened(tx, ids)];
        return { requests: rows.map((row) => toListItem(row, due.get(row.id) ?? null, opened.has(row.id))), next };
      }),

    counts: (ctx) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.list');
        return store.countIncomingViews(tx, visibleCaseFiles(ctx, column), readerOf(ctx));
      }),

    wasOpened: (ctx, reference) =>
      ctx.transaction(async (tx) => {
        const { row } = await base.findAllowed(tx, ctx, reference, 'requests.read', false);
        return (await store.listOpened(tx, [row.id])).has(row.id);
      }),

    get: (ctx, reference) =>
      ctx.transaction(async (tx) => {
        const loaded = await base.load(tx, ctx, reference, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: loaded.row.reference });
        await base.post.opened(tx, ctx, loaded.row.id);
        return base.view(tx, ctx, loaded);
      }),

    act: (ctx, reference, kind, input, seen) => acts.take(ctx, reference, kind, input, seen),
    actUnread: acts.take,
    checkReply: acts.checkReply,

    addNote: (ctx, reference, text) =>
      ctx.transaction(async (tx) => {
        const { row } = await base.findAllowed(tx, ctx, reference, 'requests.note', true);
        if (text.trim() === '' || text.length > 20_000)
          throw new Invalid('requests.line-too-long', { params: { limit: 20_000 } });
        const at = ctx.clock.now();
        const id = uuidv7(ctx.random, Date.parse(at));
        await store.insertNote(tx, {
          id,
          request_id: row.id,
          case_file_id: row.case_file_id,
          at,
          by_person: ctx.actor.kind === 'person' ? ctx.actor.id : '',
          sealed_note: await sealed.seal(tx, row.case_file_id, { text }, notePlace(id)),
        });
        await recordAudit(tx, ctx, 'requests.note', { kind: 'request', id: row.reference }, { note: id });
        return base.again(tx, ctx, reference);
      }),

    ask: (ctx, reference, question) =>
      byThread(ctx, reference, (tx, loaded) => thread.ask(tx, ctx, threaded(loaded), question)),
    answer: (ctx, reference, question, answer) =>
      byThread(ctx, reference, (tx, loaded) => thread.answer(tx, ctx, threaded(loaded), question, answer)),
    settle: (ctx, reference, question) =>
      byThread(ctx, reference, (tx, loaded) => thread.settle(tx, ctx, threaded(loaded), question)),

    assign: (ctx, reference, personId) => desk(ctx, reference, (tx, held) => handTo(tx, ctx, held, personId)),
    waitUntil: (ctx, reference, day) => desk(ctx, reference, (tx, held) => putAside(tx, ctx, held, day)),
    undoDesk: (ctx, reference) => desk(ctx, reference, (tx, held) => takeBackLast(tx, ctx, held)),

    listConflicts: (ctx, reference) =>
      ctx.transaction(async (tx) => {
        const { row } = await base.load(tx, ctx, reference, 'requests.read', false);
        await recordAudit(tx, ctx, 'requests.read', { kind: 'request', id: row.reference }, { part: 'conflicts' });
        const listed = await base.post.list(tx, { requestId: row.id });
        return listed
          .filter(({ message }) => message.state === 'conflict')
          .map(({ message, body }) => ({ message, request: body }));
      }),

    listQuarantine: (ctx) =>
      ctx.transaction(async (tx) => {
        ctx.allow('requests.read-quarantine');
        const rows = await store.listQuarantine(tx, 200);
        return rows.map(({ message_id: message, from_authority: from, kind, code, at }) => ({
          message,
          from,
          kind,
          code,
          at,
        }));
      }),

    ...draftUses(base),
  };
}
