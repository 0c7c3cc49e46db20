import type { Tx } from '../../../../platform/db/index.ts';
import type {
  IncomingFile,
  IncomingMessage,
  MessageHandler,
  MessageOutcome,
} from '../../../../platform/outbox/index.ts';
import { canonical, hashOf } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import { EvidenceFileId, type UseLimitation } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { answerBy, bankSecrecyIn, fold, foldShared, isAllowed, termsOfResults } from '../../rules/index.ts';
import {
  DraftRemarkBody,
  RequestReply,
  RequestStatusBody,
  RequestThreadBody,
  type ActionData,
  type ActionKind,
  type SharedAct,
  type ThreadEntry,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { remarkPlace } from '../outgoing/conversation.ts';
import { KeptSupplement, supplementPlace } from '../outgoing/supplements.ts';
import { lockOf, looking, readBody, refused, takeFiles, takeThread, type Prepared, type Receiving } from './setting.ts';

/** Where a reply leads at the requesting State; null leaves the status. */
const leadsTo: Record<RequestReply['reply'], NonNullable<ActionData['reply']> | null> = {
  acknowledgement: 'registered',
  'more-information': 'information-asked',
  'secrecy-not-possible': 'information-asked',
  conditions: 'conditions-proposed',
  postponed: 'postponed',
  'partly-executed': 'in-execution',
  executed: 'results-sent',
  refused: 'refused',
  'returned-unexecuted': 'returned-unexecuted',
  'consent-to-use': null,
  'use-declined': null,
};

/** Days that a reply sets: until when it is to be answered or looked at again, and what ends with its results. */
function termsIn(reply: RequestReply): Pick<ActionData, 'until' | 'terms'> {
  const until = answerBy(reply);
  const terms = termsOfResults(reply);
  return { ...(until ? { until } : {}), ...(terms.length > 0 ? { terms } : {}) };
}

const limitOf: Record<string, UseLimitation['use'] | null> = {
  'only-this-case': 'this-case',
  'this-case-and-related': 'stated-purposes',
  'any-criminal-proceeding': null,
};

/** Handlers of what the requested State sends about a request of ours. */
export function fromRequested(receiving: Receiving) {
  const { carrying, outgoing, incoming } = receiving;
  const { post, thread } = incoming;
  const { sealed } = outgoing;

  async function record(
    tx: Tx,
    ctx: Context,
    message: IncomingMessage,
    act: SharedAct,
    kind: ActionKind,
    data: ActionData,
    columns: store.RequestChange = {},
  ): Promise<store.RequestRow> {
    const { row, ends } = await lockOf(tx, message, 'outgoing');
    const loaded = await outgoing.openRow(tx, row);
    const late = !isAllowed(fold(loaded.actions), kind);
    await post.keepIncoming(tx, ends, message, late ? 'late' : 'taken', act);
    await post.keepAct(tx, ends, act, message.id);
    const by = await store.actingFor(tx);
    const more = { message: message.id, act: act.id };
    await outgoing.record(
      tx,
      ctx,
      loaded,
      late ? 'receive-late' : kind,
      late ? { ...more, subject: data.subject ?? kind } : { ...data, ...more },
      { by, columns },
    );
    await recordAudit(
      tx,
      ctx,
      'requests.receive',
      { kind: 'request', id: row.reference },
      { message: message.id, act: act.kind, late: late ? 1 : 0 },
    );
    return row;
  }

  const reply: MessageHandler<Prepared> = looking(receiving, {
    async inspect(tx, _ctx, message) {
      const body = readBody(RequestReply, message);
      const { row } = await lockOf(tx, message, 'outgoing');
      if (body.to !== row.reference || body.from.authority !== message.from) throw refused('requests.other-authority');
      const forbidden = bankSecrecyIn(body);
      if (forbidden.length > 0) throw refused('requests.bank-secrecy', forbidden);
      const { signature, contentHash, ...content } = message.body;
      if (hashOf(content) !== contentHash) throw refused('requests.wrong-hash');
      if (!signature || !body.signature) throw refused('requests.not-signed');
      const { jws, at } = body.signature;
      const signed = await carrying.verifyContent(tx, {
        authority: message.from,
        canonical: canonical(content),
        jws,
        at,
      });
      if (!signed.ok) throw refused(signed.error);
      const sent = new Set<string>(message.files.map((one) => one.sha256));
      const named =
        body.reply === 'executed' || body.reply === 'partly-executed'
          ? body.results.flatMap((one) => one.evidence)
          : [];
      if (named.some((one) => !sent.has(one.sha256))) throw refused('requests.annex-missing');
    },
    async take(tx, ctx, message, { staged }) {
      const body = RequestReply.parse(message.body);
      const lead = leadsTo[body.reply];
      const kind: ActionKind = body.reply === 'acknowledgement' ? 'record-registration' : 'receive-reply';
      const row = await record(
        tx,
        ctx,
        message,
        body.act,
        kind,
        {
          subject: body.reply,
          otherReference: body.from.reference,
          ...(lead && kind === 'receive-reply' ? { reply: lead } : {}),
          ...termsIn(body),
        },
        { other_reference: body.from.reference },
      );
      if (body.reply === 'more-information' || body.reply === 'secrecy-not-possible') {
        const questions = body.reply === 'more-information' ? body.questions : [body.question];
        const entries = questions.map(({ id, path, text, why, by }): ThreadEntry => ({
          type: 'question',
          id,
          question: id,
          side: 'requested',
          at: body.act.at,
          path,
          text,
          why,
          by,
        }));
        await thread.keep(tx, row, entries, message.id);
      }
      if (body.reply === 'executed' || body.reply === 'partly-executed') {
        const itemOf = (file: IncomingFile) => {
          const items = body.results.flatMap((one) =>
            one.evidence
              .filter((evidence) => evidence.sha256 === file.sha256)
              .map((evidence) => ({ item: `result:${evidence.id}`, use: limitOf[one.use] ?? null })),
          );
          const order: (UseLimitation['use'] | null)[] = ['this-case', 'stated-purposes', 'with-consent', null];
          const use = items.map((one) => one.use).sort((a, b) => order.indexOf(a) - order.indexOf(b))[0] ?? null;
          return {
            items: items.map((one) => one.item),
            useLimitation:
              use === null ? null : { use, source: message.from, instrument: 'XVIII-12', article: '18(19)' },
          };
        };
        const of = { requestId: row.id, caseFileId: row.case_file_id, messageId: message.id, from: message.from };
        await takeFiles(tx, ctx, receiving, of, staged, itemOf);
      }
      if (body.reply === 'consent-to-use') {
        const files = await store.listFiles(tx, row.id);
        const covered = new Set(body.evidence.map((one) => `result:${one}`));
        const ids = files
          .filter(({ item }) => item.startsWith('result:') && (covered.size === 0 || covered.has(item)))
          .map(({ file_id }) => EvidenceFileId.parse(file_id));
        await carrying.evidence.recordConsent(tx, ctx, [...new Set(ids)], {
          consentId: body.act.id,
          by: message.from,
          on: body.on,
          covers: Object.values(body.scope).join('\n'),
        });
      }
    },
  });

  const remark: MessageHandler<Prepared> = looking(receiving, {
    async inspect(tx, _ctx, message) {
      readBody(DraftRemarkBody, message);
      await lockOf(tx, message, 'outgoing');
    },
    async take(tx, ctx, message) {
      const body = readBody(DraftRemarkBody, message);
      const { row, ends } = await lockOf(tx, message, 'outgoing');
      const loaded = await outgoing.openRow(tx, row);
      const late = !isAllowed(fold(loaded.actions), 'receive-comment');
      await post.keepIncoming(tx, ends, message, late ? 'late' : 'taken', null);
      for (const one of body.remarks)
        await store.insertRemark(tx, {
          id: one.id,
          request_id: row.id,
          draft_id: null,
          case_file_id: row.case_file_id,
          at: message.receivedAt,
          by_whom: message.from,
          sealed_remark: await sealed.seal(tx, row.case_file_id, one, remarkPlace(one.id)),
        });
      const by = await store.actingFor(tx);
      // Taken back or submitted meanwhile: the remarks are read beside the text all the same.
      if (!late) await outgoing.record(tx, ctx, loaded, 'receive-comment', { message: message.id }, { by });
      await recordAudit(
        tx,
        ctx,
        'requests.receive',
        { kind: 'request', id: row.reference },
        { message: message.id, remarks: body.remarks.length },
      );
    },
  });

  return {
    reply,
    remark,

    async status(tx: Tx, ctx: Context, message: IncomingMessage): Promise<void> {
      const { act, note, decisions } = readBody(RequestStatusBody, message);
      const { row } = await lockOf(tx, message, 'outgoing');
      const acts = [...(await store.listSharedActs(tx, row.id)), act];
      const executing = foldShared(acts).stage === 'being-executed';
      const leads = act.kind === 'accept-execution' || act.kind === 'resume';
      await record(tx, ctx, message, act, 'receive-status', {
        subject: act.kind,
        ...(note ? { words: note } : {}),
        ...(leads ? { reply: executing ? 'in-execution' : 'registered' } : {}),
      });
      if (act.kind !== 'acknowledge-change') return;
      for (const one of await store.listSupplements(tx, row.id)) {
        if (one.direction !== 'out' || one.status !== 'sent') continue;
        const kept = KeptSupplement.parse(
          await sealed.open(tx, one.case_file_id, one.sealed_body, supplementPlace(one.id)),
        );
        const decided = decisions
          .filter((decision) => kept.changes.some((change) => change.id === decision.id))
          .map(({ id, accepted, reason }) => ({
            id,
            accepted,
            ...(reason ? { reason: Object.values(reason)[0] ?? '' } : {}),
          }));
        if (decided.length === 0) continue;
        await store.updateSupplement(tx, one.id, {
          status: 'sent',
          sealed_body: await sealed.seal(
            tx,
            row.case_file_id,
            { ...kept, decisions: decided },
            supplementPlace(one.id),
          ),
        });
      }
    },

    async thread(tx: Tx, ctx: Context, message: IncomingMessage, { staged }: Prepared): Promise<void> {
      const { act, entries } = readBody(RequestThreadBody, message);
      const { row } = await lockOf(tx, message, 'outgoing');
      const theirs = entries.map((one) => ({ ...one, side: 'requested' as const }));
      await takeThread(tx, ctx, receiving, row, message, theirs, staged);
      await record(tx, ctx, message, act, 'receive-status', { subject: act.kind });
    },

    /** What became of a message of ours; delivery of the request itself is an act that both sides know. */
    async outcome(tx: Tx, outcome: MessageOutcome): Promise<void> {
      const row = await post.outcome(tx, outcome);
      if (!row?.request_id || row.kind !== 'request/1' || outcome.outcome !== 'delivered') return;
      const request = await store.lockConversation(tx, row.conversation_id, 'outgoing');
      const act = (await store.listSharedActs(tx, row.request_id)).find(
        (one) => one.id === row.act_id && one.kind === 'transmit',
      );
      if (!request || !act) return;
      const isNew = await store.insertSharedAct(tx, {
        request_id: request.id,
        case_file_id: request.case_file_id,
        act_id: act.id,
        kind: 'deliver',
        n: act.n,
        side: 'requested',
        at: outcome.at,
        causes: act.id,
        message_id: row.id,
      });
      if (!isNew) return;
      const ctx = carrying.node();
      const loaded = await outgoing.openRow(tx, request);
      const by = await store.actingFor(tx);
      // The answer may have come before this receipt was written down.
      if (isAllowed(fold(loaded.actions), 'record-delivery'))
        await outgoing.record(tx, ctx, loaded, 'record-delivery', { message: row.id, act: act.id }, { by });
      await recordAudit(tx, ctx, 'requests.deliver', { kind: 'request', id: request.reference }, { message: row.id });
    },
  };
}
