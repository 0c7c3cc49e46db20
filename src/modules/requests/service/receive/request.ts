import { Conflict } from '../../../../platform/errors.ts';
import type { Tx } from '../../../../platform/db/index.ts';
import type { IncomingMessage, MessageHandler } from '../../../../platform/outbox/index.ts';
import { uuidv7 } from '../../../../platform/random.ts';
import { toReference } from '../../../../platform/values/index.ts';
import { recordAudit } from '../../../audit/index.ts';
import type { Context } from '../../../identity/index.ts';
import { foldIncoming } from '../../rules/index.ts';
import { DraftRequest, IncomingActionKind, IncomingActionData, type RequestBody } from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { endsOf } from '../conversation/post.ts';
import { versionSection } from '../incoming/base.ts';
import { canonicalForeign, hashForeign, readForeign, type Verbatim } from '../incoming/foreign.ts';
import { looking, refused, takeFiles, withConsent, type Prepared, type Receiving } from './setting.ts';

/** A foreign text whose signature was checked. */
export interface Verified {
  body: RequestBody;
  /** The text as this node keeps it: without act, with what was sent. */
  draft: DraftRequest;
  kid: string;
}

/**
 * Verifies a request of another State: shape, hash over the text as it came, signature by a key of the authority that
 * sends it, and that it names that authority as its own.
 */
export async function verifyRequest(tx: Tx, { carrying }: Receiving, raw: Verbatim, from: string): Promise<Verified> {
  const { read } = readForeign(raw);
  if (!read.ok) throw refused('requests.bad-body', read.error);
  const body = read.value;
  const { act: _act, ...text } = body;
  if (body.requesting.centralAuthority.authority !== from) throw refused('requests.from-other-authority');
  const prefix = from.split(':')[0];
  if (prefix !== body.requesting.state && prefix !== carrying.toAlpha2(body.requesting.state))
    throw refused('requests.from-other-authority');
  if (hashForeign(raw) !== body.contentHash) throw refused('requests.wrong-hash');
  const jws = body.signature.jws;
  const at = body.signature.at;
  if (!jws || !at) throw refused('requests.not-signed');
  const signed = await carrying.verifyContent(tx, { authority: from, canonical: canonicalForeign(raw), jws, at });
  if (!signed.ok) throw refused(signed.error);
  return { body, draft: DraftRequest.parse(text), kid: signed.value.kid };
}

/** What a request that came in does: a new case, a new version of one that ended, or the same again. */
async function decide(
  tx: Tx,
  receiving: Receiving,
  message: IncomingMessage,
  { body }: Verified,
): Promise<{ known: store.RequestRow | undefined; again: boolean }> {
  const known =
    (await store.lockConversation(tx, message.conversationId, 'incoming')) ??
    (await store.findByOtherReference(tx, message.from, body.reference));
  if (!known) return { known: undefined, again: false };
  if (known.other_authority !== message.from) throw refused('requests.other-authority');
  if (known.content_hash === body.contentHash) return { known, again: false };
  const actions = await receiving.incoming.sealed.openActs(tx, known, IncomingActionKind, IncomingActionData);
  const { status } = foldIncoming(actions);
  const ended = status === 'refused' || status === 'returned-unexecuted' || status === 'withdrawn';
  const isNext = body.reference === known.other_reference && body.requestVersion > known.request_version;
  if (ended && isNext && known.conversation_id === message.conversationId) return { known, again: true };
  // Another text under a known reference: both are kept, the desk decides, the sender is told.
  throw new Conflict('requests.reference-reused', { params: { reference: body.reference } });
}

/** What a case file of a request is called at first: its subject in its own language, and the other State's reference. */
function titleOf({ proceeding, languages, reference }: DraftRequest): string {
  const subject = proceeding?.subject ?? {};
  const words = subject[languages?.original ?? 'en'] ?? Object.values(subject)[0] ?? '';
  return `${words.slice(0, 150)} ${reference ?? ''}`.trim();
}

/** Files by what they are in the text: annexes by their hash. */
function annexesOf(body: RequestBody) {
  return (sha256: string) =>
    (body.annexes ?? []).filter((one) => one.sha256 === sha256).map((one) => `annex:${String(one.n)}`);
}

export function requestHandler(receiving: Receiving): MessageHandler<Prepared> {
  const { carrying, incoming } = receiving;
  const { parts, sealed, post } = incoming;

  async function open(tx: Tx, ctx: Context, message: IncomingMessage, verified: Verified): Promise<store.RequestRow> {
    const { body, draft } = verified;
    const at = ctx.clock.now();
    const shown = await store.findDraftOfConversation(tx, message.conversationId);
    const desk = await carrying.deskOf(tx, message.to, at);
    if (!desk) throw refused('requests.no-desk');
    const { officeId, members } = desk;
    const file = shown
      ? shown.case_file_id
      : (
          await carrying.evidence.openCaseFileFor(tx, ctx, {
            title: titleOf(draft),
            handling: body.handling,
            officeId,
            members,
          })
        ).id;
    const month = ctx.today().slice(0, 7);
    const training = ctx.profile === 'training';
    const reference = toReference(parts.own.alpha2, month, await store.nextNumber(tx, month), training);
    const id = uuidv7(ctx.random, Date.parse(at));
    const by = await store.actingFor(tx);
    const row: store.RequestRow = {
      id,
      reference,
      case_file_id: file,
      office_id: officeId,
      side: 'incoming',
      requesting_state: body.requesting.state,
      requested_state: body.requested.state,
      types: body.types,
      status: 'received',
      urgent: body.urgency?.level === 'urgent',
      deadline: body.deadline?.date ?? null,
      request_version: body.requestVersion,
      rule_set: body.ruleSet,
      content_hash: body.contentHash,
      revision: 1,
      head_action: id,
      tasks_done: 0,
      owner_id: null,
      waiting_until: null,
      due_on: null,
      conversation_id: message.conversationId,
      own_authority: message.to,
      other_authority: message.from,
      other_reference: body.reference,
      changed_by_other_side: false,
      received_at: message.receivedAt,
      created_by: by,
      created_at: at,
      changed_at: at,
    };
    await store.insertRequest(tx, row);
    await sealed.saveText(tx, row, { revision: 1, section: versionSection(body.requestVersion), draft, by, at });
    return row;
  }

  async function take(tx: Tx, ctx: Context, message: IncomingMessage, { staged }: Prepared): Promise<void> {
    const verified = await verifyRequest(tx, receiving, message.body, message.from);
    const { body, draft } = verified;
    const { known, again } = await decide(tx, receiving, message, verified);
    const row = known ?? (await open(tx, ctx, message, verified));
    const ends = endsOf(row);
    if (!ends) throw refused('requests.unknown-conversation');
    // The same text again under another message changes nothing.
    const isNew = known === undefined || again;
    await post.keepIncoming(tx, ends, message, isNew ? 'taken' : 'late', body.act);
    if (!isNew) return;
    await post.keepAct(tx, ends, body.act, message.id);
    await post.keepAct(
      tx,
      ends,
      { ...body.act, side: 'requested', kind: 'deliver', at: message.receivedAt, causes: body.act.id },
      message.id,
    );
    const itemsOf = annexesOf(body);
    await takeFiles(
      tx,
      ctx,
      receiving,
      { requestId: row.id, caseFileId: row.case_file_id, messageId: message.id, from: message.from },
      staged,
      (file) => ({ items: itemsOf(file.sha256), useLimitation: withConsent(message.from, body.handling) }),
    );
    const finding = {
      authority: message.from,
      kid: verified.kid,
      signedAt: body.signature.at ?? message.signedAt,
      signatory: body.signature.signatory,
      contentHash: body.contentHash,
      finding: 'valid',
    };
    const data: IncomingActionData = {
      message: message.id,
      act: body.act.id,
      version: body.requestVersion,
      summary: JSON.stringify(finding),
    };
    const { actions, state } = await incoming.openRow(tx, row);
    await incoming.record(tx, ctx, { row, draft, actions, state }, again ? 'reopen-on-resubmission' : 'receive', data, {
      shared: true,
      ...(again
        ? {
            draft,
            section: versionSection(body.requestVersion),
            columns: { request_version: body.requestVersion, content_hash: body.contentHash },
          }
        : {}),
    });
    await recordAudit(
      tx,
      ctx,
      'requests.receive',
      { kind: 'request', id: row.reference },
      { message: message.id, version: body.requestVersion },
    );
  }

  return looking(receiving, {
    async inspect(tx, ctx, message) {
      const verified = await verifyRequest(tx, receiving, message.body, message.from);
      const sent = new Set<string>(message.files.map((one) => one.sha256));
      const missing = (verified.body.annexes ?? []).filter((one) => !sent.has(one.sha256));
      if (missing.length > 0) throw refused('requests.annex-missing');
      const { known } = await decide(tx, receiving, message, verified);
      if (!known && !(await carrying.deskOf(tx, message.to, ctx.clock.now()))) throw refused('requests.no-desk');
    },
    take,
    async onConflict(tx, _ctx, message) {
      const { read } = readForeign(message.body);
      if (!read.ok || (await store.findMessage(tx, message.id))) return;
      const row =
        (await store.lockConversation(tx, message.conversationId, 'incoming')) ??
        (await store.findByOtherReference(tx, message.from, read.value.reference));
      const ends = row && endsOf(row);
      if (ends) await post.keepIncoming(tx, ends, message, 'conflict', null);
    },
  });
}
