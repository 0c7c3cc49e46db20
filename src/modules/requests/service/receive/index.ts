import type { IncomingMessage, MessageHandler, MessageUses } from '../../../../platform/outbox/index.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { Handling } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import {
  carriedBodies,
  readDraft,
  RequestDraftBody,
  RequestStatusBody,
  RequestThreadBody,
  type CarriedKind,
} from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { incomingBase, type IncomingParts } from '../incoming/base.ts';
import { draftPlace } from '../incoming/drafts.ts';
import { outgoingBase } from '../outgoing/base.ts';
import type { RequestsParts } from '../types.ts';
import { fromRequested } from './by-requested.ts';
import { fromRequesting } from './by-requesting.ts';
import { requestHandler } from './request.ts';
import { lockOf, looking, readBody, refused, type Prepared, type Receiving } from './setting.ts';

/** A draft shown to this State: kept in a case file of its own, where the request that follows will join it. */
function draftHandler(receiving: Receiving): MessageHandler<Prepared> {
  const { carrying, incoming } = receiving;
  return looking(receiving, {
    async inspect(tx, ctx, message) {
      const body = readBody(RequestDraftBody, message);
      // A draft that cannot be read here is no help to anybody: its sender is told.
      const text = readDraft(body.draft);
      if (!text.ok) throw refused('requests.bad-body', text.error);
      const requesting = body.draft['requesting'] as { centralAuthority?: { authority?: string } } | undefined;
      if (requesting?.centralAuthority?.authority !== message.from) throw refused('requests.from-other-authority');
      if (!(await carrying.deskOf(tx, message.to, ctx.clock.now()))) throw refused('requests.no-desk');
    },
    async take(tx, ctx, message) {
      const body = readBody(RequestDraftBody, message);
      const at = ctx.clock.now();
      const before = await store.findDraftOfConversation(tx, message.conversationId);
      const desk = await carrying.deskOf(tx, message.to, at);
      if (!desk) throw refused('requests.no-desk');
      const handling = Handling.safeParse(body.draft['handling']);
      const state = message.from.split(':')[0] ?? '';
      const caseFileId =
        before?.case_file_id ??
        (
          await carrying.evidence.openCaseFileFor(tx, ctx, {
            title: `${body.reference} ${message.from}`,
            handling: handling.success ? handling.data : Handling.parse({ tlp: 'AMBER', originator: state }),
            ...desk,
          })
        ).id;
      const id = uuidv7(ctx.random, Date.parse(at));
      await store.insertSharedDraft(tx, {
        id,
        case_file_id: caseFileId,
        conversation_id: message.conversationId,
        own_authority: message.to,
        from_state: state as store.SharedDraftRow['from_state'],
        from_authority: message.from,
        reference: body.reference,
        received_at: message.receivedAt,
        expires_on: body.expiresOn,
        message_id: message.id,
        sealed_body: await incoming.sealed.seal(tx, caseFileId, body, draftPlace(id)),
      });
      const ends = {
        requestId: null,
        draftId: id,
        caseFileId,
        conversationId: message.conversationId,
        own: message.to,
        other: message.from,
      };
      await incoming.post.keepIncoming(tx, ends, message, 'taken', null);
      await recordAudit(tx, ctx, 'requests.receive', { kind: 'shared-draft', id }, { message: message.id });
    },
  });
}

/**
 * What this module does with the messages it sends and gets: packs what its outbox rows stand for, takes what comes, and
 * hears what became of what it sent.
 */
export function requestMessageUses(parts: RequestsParts & Pick<IncomingParts, 'carrying'>): MessageUses {
  const receiving: Receiving = {
    carrying: parts.carrying,
    outgoing: outgoingBase(parts),
    incoming: incomingBase(parts),
  };
  const requesting = fromRequesting(receiving);
  const requested = fromRequested(receiving);

  /** Status and thread come from either side; the act says from which. */
  function eitherSide(kind: 'request-status/1' | 'request-thread/1'): MessageHandler<Prepared> {
    const name = kind === 'request-status/1' ? 'status' : 'thread';
    const sideOf = (message: IncomingMessage) =>
      (kind === 'request-status/1' ? readBody(RequestStatusBody, message) : readBody(RequestThreadBody, message)).act
        .side;
    return looking(receiving, {
      async inspect(tx, _ctx, message) {
        await lockOf(tx, message, sideOf(message) === 'requesting' ? 'incoming' : 'outgoing');
      },
      take: (tx, ctx, message, prepared) =>
        sideOf(message) === 'requesting'
          ? requesting[name](tx, ctx, message, prepared)
          : requested[name](tx, ctx, message, prepared),
    });
  }

  const handlers: Record<CarriedKind, MessageHandler<Prepared>> = {
    'request/1': requestHandler(receiving),
    'request-draft/1': draftHandler(receiving),
    'draft-remark/1': requested.remark,
    'request-supplement/1': requesting.supplement,
    'request-withdrawal/1': requesting.withdrawal,
    'request-reply/1': requested.reply,
    'request-thread/1': eitherSide('request-thread/1'),
    'request-status/1': eitherSide('request-status/1'),
    'results-receipt/1': requesting.receipt,
  };
  const kinds = Object.keys(carriedBodies) as CarriedKind[];
  const { post } = receiving.incoming;
  return {
    pack: Object.fromEntries(kinds.map((kind) => [kind, post.pack])),
    handlers: handlers as Record<string, MessageHandler>,
    outcomes: Object.fromEntries(kinds.map((kind) => [kind, requested.outcome])),
  };
}
