import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { receive, type ReceiveDecision, type ReceiveEffect } from '../core.ts';
import { buildReceipt, type Arrival, type TransportFault } from '../envelope.ts';
import { refusalCodes, streamOf, type LogPlace, type NodeId, type TrustView } from '../schema.ts';
import type { PeerReply } from '../server.ts';
import { advanceIn, countRepeats, endHeld, insertInbox, releaseHeld } from '../store/index.ts';
import { priorities } from './outgoing.ts';
import {
  auditRefusal,
  keepRefusal,
  raiseAlarm,
  signRefusal,
  storedReply,
  toReply,
  waitingForParts,
} from './receive-answers.ts';
import { createRecord, stateReceived, type Record } from './record.ts';
import { loadSlice, type Slice } from './slice.ts';
import { toWire, type DeliveryParts, type SigningKeys } from './types.ts';

/** A message whose signatures hold, as it came from a peer. */
export interface Incoming {
  arrival: Arrival;
  body: Buffer;
  peer: NodeId;
}

interface Decided extends Incoming {
  decision: ReceiveDecision;
}

function effectOf<D extends ReceiveEffect['do']>(
  { decision }: Decided,
  what: D,
): Extract<ReceiveEffect, { do: D }> | undefined {
  return decision.effects.find((effect): effect is Extract<ReceiveEffect, { do: D }> => effect.do === what);
}

/** Decides about a group of messages and carries out all that follows, in the one transaction it is given. */
export async function takeTogether(tx: Tx, parts: DeliveryParts, items: readonly Incoming[]): Promise<PeerReply[]> {
  const now = parts.clock.now();
  const trust = await parts.trust.loadTrust(tx);
  const gate = await parts.witness.gate(tx);
  const slice = await loadSlice(
    tx,
    items.map((item) => item.arrival),
  );
  const decided = items.map((item): Decided => {
    const { arrival, peer } = item;
    const { value: message, payloadSha256: messageSha256 } = arrival.message;
    const { from, to } = message;
    const owner = trust.node(peer)?.owner;
    const decision = receive(
      slice.stateOf(arrival),
      { message, messageSha256, transportSha256: arrival.transportSha256, fromNode: peer },
      {
        parts: slice.partsOf(arrival),
        isAccepted: parts.accepts?.({ from, to, instrument: message.legalBasis?.instrument ?? null }) ?? true,
        freshAt: peer === parts.node || owner === undefined ? now : trust.freshAt(owner),
        gate: gate.may ? null : 'exchange.history-went-back',
      },
      now,
    );
    slice.apply(arrival, decision);
    return { ...item, decision };
  });
  return carryOut(tx, parts, { decided, slice, record: createRecord(parts), trust, now });
}

interface Written {
  decided: readonly Decided[];
  slice: Slice;
  record: Record;
  trust: TrustView;
  now: Instant;
}

async function carryOut(tx: Tx, parts: DeliveryParts, written: Written): Promise<PeerReply[]> {
  const { decided, slice, record, trust, now } = written;
  await moveOn(tx, written);
  const repeated = decided.filter((one) => effectOf(one, 'answer-stored'));
  await countRepeats(
    tx,
    repeated.map(({ arrival }) => arrival.message.value.id),
  );
  const peers = [...new Set(decided.map((one) => one.peer))].sort();
  for (const peer of peers) {
    const last = decided.findLast((one) => one.peer === peer);
    if (last) await parts.witness.take(tx, trust, peer, last.arrival.transport.value, now);
  }
  for (const one of decided)
    for (const effect of one.decision.effects)
      if (effect.do === 'alarm') await raiseAlarm(tx, parts, one.peer, effect.code, now);
  // From here the log is locked until the commit: it comes last.
  const leaves = decided.map((one) => leafOf(one, record, now));
  const places = await record.flush(tx);
  const along = new Map<NodeId, Awaited<ReturnType<typeof givenTo>>>();
  for (const peer of peers) along.set(peer, await givenTo(tx, parts, trust, peer, now));
  const own = await parts.trust.ownKeys(tx);
  const rows: Parameters<typeof insertInbox>[1][number][] = [];
  const replies: PeerReply[] = [];
  for (const [index, one] of decided.entries()) {
    const leaf = leaves[index];
    const place = leaf === undefined ? undefined : places[leaf];
    const answered = await answer(tx, parts, one, { own, place, now, slice, along: along.get(one.peer)! });
    replies.push(answered.reply);
    if (!effectOf(one, 'store')) continue;
    const bytes = Buffer.from(answered.text, 'utf8');
    slice.keepAnswer(one.arrival.message.value.id, bytes);
    rows.push(rowOf(one, slice, bytes, place, now));
  }
  await insertInbox(tx, rows);
  return replies;
}

async function givenTo(tx: Tx, parts: DeliveryParts, trust: TrustView, peer: NodeId, now: Instant) {
  return toWire(await parts.witness.give(tx, trust, peer, now));
}

/** Moves streams on, and gives their turn to what waited in them. */
async function moveOn(tx: Tx, { decided, slice, record, now }: Written): Promise<void> {
  await advanceIn(tx, slice.moved());
  const released = slice.released();
  const turned = released.filter(({ code }) => code === null);
  await releaseHeld(
    tx,
    turned.map(({ row }) => row.message_id),
    now,
  );
  for (const { row, code } of released) if (code !== null) await endHeld(tx, row.message_id, code);
  const before = new Map(released.map(({ row }) => [row.message_id, row]));
  const here = new Map(decided.map(({ arrival: { message } }) => [message.value.id as string, message]));
  for (const { decision } of decided)
    for (const effect of decision.effects) {
      if (effect.do !== 'event') continue;
      const { type, messageId, reason } = effect;
      const event = { type, ...(reason === undefined ? {} : { reason }) };
      const row = before.get(messageId);
      const message = here.get(messageId);
      if (row) stateReceived(record, row, event, now);
      else if (message) {
        const { from, to, conversationId } = message.value;
        const facts = { from_authority: from, to_authority: to, conversation_id: conversationId };
        const about = { ...facts, message_id: messageId, message_sha256: message.payloadSha256 };
        stateReceived(record, about, event, now);
      }
    }
}

/** What the log keeps of an arrival: that it was taken, or refused for good. */
function leafOf(one: Decided, record: Record, now: Instant): number | undefined {
  const refused = effectOf(one, 'refuse');
  const isFinal = refused !== undefined && refusalCodes[refused.code].final;
  if (!effectOf(one, 'store') && !isFinal) return undefined;
  const { value, payloadSha256 } = one.arrival.message;
  const fact = { peer: one.peer, messageId: value.id, sha256: payloadSha256, at: now };
  return record.leaf(refused ? { ...fact, what: 'refused', code: refused.code } : { ...fact, what: 'received' });
}

interface Answering {
  own: SigningKeys;
  place: LogPlace | undefined;
  now: Instant;
  slice: Slice;
  along: Awaited<ReturnType<typeof givenTo>>;
}

/** Signs the receipt or the refusal that was decided, or gives the answer of before. */
async function answer(
  tx: Tx,
  parts: DeliveryParts,
  one: Decided,
  { own, place, now, slice, along }: Answering,
): Promise<{ text: string; reply: PeerReply }> {
  const { arrival, peer } = one;
  const { value: message, payloadSha256: messageSha256 } = arrival.message;
  if (effectOf(one, 'answer-stored')) return { text: '', reply: storedReply(slice.answerTo(message.id)) };
  if (effectOf(one, 'answer-waiting')) return { text: '', reply: waitingForParts };
  const receipt = effectOf(one, 'receipt');
  const { transportSha256 } = arrival;
  if (receipt && place) {
    const { text } = await buildReceipt(parts.keys, own.nodeSign.kid, {
      messageId: message.id,
      messageSha256,
      transportSha256,
      receivedAt: now,
      receiver: parts.node,
      order: receipt.order,
      ...(receipt.expects === undefined ? {} : { expects: receipt.expects }),
      log: place,
      durability: parts.durable ? 'flushed' : 'none',
      ...along,
    });
    return { text, reply: toReply(text) };
  }
  const refused = effectOf(one, 'refuse');
  const code = refused?.code ?? 'exchange.not-recording';
  const fault: TransportFault = { code, messageId: message.id, messageSha256, transportSha256, fromNode: peer };
  const refusal = await signRefusal(parts, own, fault, now, place ?? null);
  if (refusalCodes[code].final) await auditRefusal(tx, parts, fault, peer);
  if (refused?.keep) await keepRefusal(tx, parts, fault, peer, now, refusal.text, place);
  return { text: refusal.text, reply: toReply(refusal.text, refusal.value) };
}

function rowOf(
  { arrival, body, peer }: Decided,
  slice: Slice,
  answered: Buffer,
  place: LogPlace | undefined,
  now: Instant,
): Parameters<typeof insertInbox>[1][number] {
  const { value: message, payloadSha256, kid } = arrival.message;
  const { status, code } = slice.endOf(message.id);
  return {
    message_id: message.id,
    peer,
    stream: streamOf(message),
    sequence: String(message.sequence),
    conversation_id: message.conversationId,
    from_authority: message.from,
    to_authority: message.to,
    kind: message.subjectKind,
    priority: priorities.indexOf(message.priority),
    tlp: message.tlp,
    message_sha256: payloadSha256,
    previous_sha256: message.previous,
    envelope_sha256: arrival.transportSha256,
    transport_bytes: body,
    receipt_bytes: answered,
    log_index: place === undefined ? null : String(place.index),
    signed_at: message.signedAt,
    expires_at: message.expiresAt,
    received_at: now,
    status,
    next_at: now,
    lease_until: null,
    last_code: code,
    opened_at: null,
    flagged_code: null,
    signed_by: kid,
    node_signed_by: arrival.transport.kid,
  };
}
