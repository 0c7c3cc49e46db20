import type { Tx } from '../../../../platform/db/index.ts';
import type { IncomingMessage, MessageHandler } from '../../../../platform/outbox/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context } from '../../../identity/index.ts';
import { allAnswered, isAllowedIncoming } from '../../rules/index.ts';
import {
  RequestStatusBody,
  RequestSupplementBody,
  RequestThreadBody,
  RequestWithdrawalBody,
  ResultsReceiptBody,
  type IncomingActionData,
  type IncomingActionKind,
  type SharedAct,
  type SharedActKind,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { versionSection } from '../incoming/base.ts';
import { supplementPlace, type KeptSupplement } from '../outgoing/supplements.ts';
import { verifyRequest } from './request.ts';
import {
  lockOf,
  looking,
  readBody,
  refused,
  takeFiles,
  takeThread,
  withConsent,
  type Prepared,
  type Receiving,
} from './setting.ts';

/** What an act of the requesting side is at the requested one. */
const actions: Partial<Record<SharedActKind, IncomingActionKind>> = {
  remind: 'receive-reminder',
  consult: 'receive-consultation',
  'accept-conditions': 'receive-answer',
  'decline-conditions': 'receive-answer',
  'query-results': 'receive-query',
  'ask-other-use': 'receive-use-question',
  'return-items': 'receive-return',
  close: 'receive-closing',
};

/** Handlers of what the requesting State sends about a request that came in. */
export function fromRequesting(receiving: Receiving) {
  const { incoming } = receiving;
  const { post, sealed, thread } = incoming;

  /** Keeps the message with its act and appends what it is here; what comes too late changes nothing and is kept. */
  async function record(
    tx: Tx,
    ctx: Context,
    message: IncomingMessage,
    act: SharedAct,
    kind: IncomingActionKind,
    data: IncomingActionData,
    before?: (
      row: store.RequestRow,
      late: boolean,
    ) => Promise<{ row: store.RequestRow; columns: store.RequestChange } | undefined>,
  ): Promise<void> {
    const { row, ends } = await lockOf(tx, message, 'incoming');
    const loaded = await incoming.openRow(tx, row);
    const late = !isAllowedIncoming(loaded.state, kind);
    await post.keepIncoming(tx, ends, message, late ? 'late' : 'taken', act);
    await post.keepAct(tx, ends, act, message.id);
    const changed = await before?.(row, late);
    const more = { message: message.id, act: act.id };
    await incoming.record(
      tx,
      ctx,
      { ...loaded, row: changed?.row ?? row },
      late ? 'receive-late' : kind,
      late ? { ...more, subject: kind } : { ...data, ...more },
      { shared: true, ...(changed && !late ? { columns: changed.columns, draft: loaded.draft } : {}) },
    );
    await recordAudit(
      tx,
      ctx,
      'requests.receive',
      { kind: 'request', id: row.reference },
      { message: message.id, act: act.kind, late: late ? 1 : 0 },
    );
  }

  const conversation = async (tx: Tx, message: IncomingMessage) => {
    await lockOf(tx, message, 'incoming');
  };

  const supplement: MessageHandler<Prepared> = looking(receiving, {
    async inspect(tx, _ctx, message) {
      const raw = message.body['request'];
      if (typeof raw !== 'object' || raw === null) throw refused('requests.bad-body');
      const body = readBody(RequestSupplementBody, message);
      const { row } = await lockOf(tx, message, 'incoming');
      await verifyRequest(tx, receiving, { ...raw, act: body.act }, message.from);
      if (body.request.reference !== row.other_reference) throw refused('requests.unknown-conversation');
      if (body.request.requestVersion <= row.request_version) throw refused('requests.old-version');
    },
    async take(tx, ctx, message, { staged }) {
      const body = readBody(RequestSupplementBody, message);
      const raw = message.body['request'] as Record<string, unknown>;
      const { draft } = await verifyRequest(tx, receiving, { ...raw, act: body.act }, message.from);
      const version = body.request.requestVersion;
      await record(
        tx,
        ctx,
        message,
        body.act,
        'receive-supplement',
        { supplement: body.id, version },
        async (row, late) => {
          if (late) return undefined;
          const by = await store.actingFor(tx);
          const at = ctx.clock.now();
          const revision = row.revision + 1;
          await sealed.saveText(tx, row, { revision, section: versionSection(version), draft, by, at });
          const kept: KeptSupplement = { changes: body.changes, draft, ofRevision: row.revision, decisions: [] };
          await store.insertSupplement(tx, {
            id: body.id,
            request_id: row.id,
            case_file_id: row.case_file_id,
            direction: 'in',
            status: 'received',
            request_version: version,
            at,
            by_whom: message.from,
            sealed_body: await sealed.seal(tx, row.case_file_id, kept, supplementPlace(body.id)),
          });
          await takeFiles(
            tx,
            ctx,
            receiving,
            { requestId: row.id, caseFileId: row.case_file_id, messageId: message.id, from: message.from },
            staged,
            (file) => ({
              items: (body.request.annexes ?? [])
                .filter((one) => one.sha256 === file.sha256)
                .map((one) => `annex:${String(one.n)}`),
              useLimitation: withConsent(message.from, body.request.handling),
            }),
          );
          return {
            row: { ...row, revision },
            columns: { request_version: version, content_hash: body.request.contentHash },
          };
        },
      );
    },
  });

  const withdrawal: MessageHandler<Prepared> = looking(receiving, {
    async inspect(tx, _ctx, message) {
      readBody(RequestWithdrawalBody, message);
      await conversation(tx, message);
    },
    async take(tx, ctx, message) {
      const body = readBody(RequestWithdrawalBody, message);
      await record(tx, ctx, message, body.act, 'receive-withdrawal', {
        ...(body.measures ? { subject: 'part', measures: body.measures } : {}),
        ...(body.reason ? { words: body.reason } : {}),
      });
    },
  });

  const receipt: MessageHandler<Prepared> = looking(receiving, {
    async inspect(tx, _ctx, message) {
      readBody(ResultsReceiptBody, message);
      await conversation(tx, message);
    },
    async take(tx, ctx, message) {
      const body = readBody(ResultsReceiptBody, message);
      await record(tx, ctx, message, body.act, 'record-results-receipt', { receipt: body.items });
    },
  });

  return {
    supplement,
    withdrawal,
    receipt,

    async status(tx: Tx, ctx: Context, message: IncomingMessage): Promise<void> {
      const { act, note, use } = readBody(RequestStatusBody, message);
      const kind = actions[act.kind];
      if (!kind) throw refused('requests.bad-body');
      await record(tx, ctx, message, act, kind, {
        ...(note ? { words: note } : {}),
        ...(use ? { use } : {}),
        ...(kind === 'receive-answer' ? { answered: true, subject: act.kind } : {}),
      });
    },

    async thread(tx: Tx, ctx: Context, message: IncomingMessage, { staged }: Prepared): Promise<void> {
      const { act, entries } = readBody(RequestThreadBody, message);
      const { row } = await lockOf(tx, message, 'incoming');
      const theirs = entries.map((one) => ({ ...one, side: 'requesting' as const }));
      await takeThread(tx, ctx, receiving, row, message, theirs, staged);
      const answered = allAnswered(await thread.fold(tx, row), 'requested');
      // A question or settlement of the other side is no answer to ours.
      const kind = entries.some((one) => one.type === 'answer') ? 'receive-answer' : 'receive-late';
      await record(tx, ctx, message, act, kind, kind === 'receive-answer' ? { answered } : { subject: act.kind });
    },
  };
}
