import { flatJwsText, isJwsSignedBy } from '../../../platform/crypto/index.ts';
import { withTransaction, type Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { sha256, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { readPayload, readSigned, readSignedText } from '../envelope-read.ts';
import type { Difference, HeldMessage } from '../rules/reconcile.ts';
import { Message, Receipt, streamOf, Transport, type MessageId, type NodeId, type TrustView } from '../schema.ts';
import { insertPulled, findRecovery, type PulledOutcome } from '../store/recovery.ts';
import { listBlobsOf } from '../store/blobs.ts';
import { findPlaceInStream, putBackReceived, putBackSent } from '../store/bring-back.ts';
import { createRecord } from './record.ts';
import { askPeer, findDifferences, type ReconcileParts } from './reconcile.ts';

export interface PullReport {
  kind: 'exchange.pulled';
  version: 1;
  back: number;
  again: number;
  lost: number;
  /** Peers that were not reached: ask again, or go on without them. */
  missed: NodeId[];
}

/** A message as a peer handed it back, with all signatures that this node or the peer once made. */
interface Known {
  transport: Transport;
  bytes: Buffer;
  message: Message;
  messageText: string;
  messageSha256: Sha256;
  receipt: Receipt | undefined;
  receiptText: string | undefined;
}

/**
 * Asks every peer what it exchanged with this node and this node no longer knows, and puts it back: sent messages with
 * their receipts, received ones with the receipt that this node gave, so that nothing is sent or takes effect twice.
 * Only while a recovery is open.
 */
export async function bringBack(parts: ReconcileParts, peers: readonly NodeId[]): Promise<PullReport> {
  const report: PullReport = { kind: 'exchange.pulled', version: 1, back: 0, again: 0, lost: 0, missed: [] };
  for (const peer of peers) {
    try {
      const { differences } = await findDifferences(parts, peer, null, null);
      const missing = differences.filter((one) => one.finding === 'missing-here');
      const known: { one: Difference; held: HeldMessage | null }[] = [];
      for (const one of missing) {
        const { answer } = await askPeer(parts, peer, { what: 'message', messageId: one.messageId as MessageId });
        // Large parts travelled apart: whoever sent them still has them.
        const blobs = one.direction === 'received' ? (answer.message?.blobs ?? []) : [];
        if (blobs.length > 0)
          await parts.fetchParts?.(peer, blobs).catch((error: unknown) => {
            if (!isNotHadAnyMore(error)) throw error;
          });
        known.push({ one, held: answer.message });
      }
      for (const outcome of await withTransaction(parts.db, 'system:recover', (tx) => putBack(parts, tx, peer, known)))
        report[outcome === 'brought-back' ? 'back' : outcome === 'lost' ? 'lost' : 'again'] += 1;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      report.missed.push(peer);
    }
  }
  return report;
}

/** Whether a peer answered and does not give what was asked for; one that is not reached is asked again later. */
function isNotHadAnyMore(error: unknown): boolean {
  if (!(error instanceof Unavailable)) return false;
  return error.code.startsWith('exchange.answered-4') || error.code === 'exchange.part-mismatch';
}

async function putBack(
  parts: ReconcileParts,
  tx: Tx,
  peer: NodeId,
  missing: readonly { one: Difference; held: HeldMessage | null }[],
): Promise<PulledOutcome[]> {
  const recovery = await findRecovery(tx);
  if (!recovery) return [];
  const trust = await parts.trust.loadTrust(tx);
  const at = parts.clock.now();
  const read = missing.map(({ one, held }) => ({
    one,
    known: held ? readHeld(trust, parts.node, peer, one, held) : undefined,
  }));
  // In the order of their streams, so that each finds the place of the one before it taken.
  read.sort((a, b) => (a.known?.message.sequence ?? 0) - (b.known?.message.sequence ?? 0));
  const record = createRecord(parts);
  const outcomes: PulledOutcome[] = [];
  for (const { one, known } of read) {
    const outcome = known ? await putBackOne(tx, peer, one, known, at) : 'lost';
    if (outcome === 'lost' && one.theirs)
      record.state({
        type: one.direction === 'received' ? 'ContentHandoverFailure' : 'RelayFailure',
        messageId: one.messageId,
        messageSha256: one.theirs.messageSha256,
        at,
        reason: 'lost-in-restore',
      });
    await insertPulled(tx, {
      recovery_id: recovery.id,
      peer,
      message_id: one.messageId,
      direction: one.direction,
      outcome,
      at,
    });
    outcomes.push(outcome);
  }
  await record.flush(tx);
  return outcomes;
}

/** Reads what a peer handed back and checks every signature in it; undefined when anything does not hold. */
function readHeld(
  trust: TrustView,
  ownNode: NodeId,
  peer: NodeId,
  one: Difference,
  held: HeldMessage,
): Known | undefined {
  if (held.transport === null) return undefined;
  const bytes = Buffer.from(held.transport, 'base64');
  const outer = readSignedText('transport', bytes);
  if (!outer.ok) return undefined;
  const transport = readPayload(Transport, outer.value.payload);
  if (!transport.ok) return undefined;
  const { fromNode, toNode, sentAt } = transport.value;
  const [from, to] = one.direction === 'sent' ? [ownNode, peer] : [peer, ownNode];
  if (fromNode !== from || toNode !== to) return undefined;
  const nodeKey = trust.nodeKey(fromNode, outer.value.header.kid, 'node-sign', sentAt as Instant);
  if (nodeKey.finding !== 'valid' || !isJwsSignedBy(outer.value, nodeKey.publicKey)) return undefined;
  const inner = readSigned('message', transport.value.message);
  if (!inner.ok) return undefined;
  const message = readPayload(Message, inner.value.payload);
  if (!message.ok || message.value.id !== one.messageId) return undefined;
  const { from: authority, signedAt } = message.value;
  const key = trust.authorityKey(authority, inner.value.header.kid, signedAt as Instant);
  if (key.finding !== 'valid' || !isJwsSignedBy(inner.value, key.publicKey)) return undefined;
  const messageSha256 = sha256(inner.value.payload);
  const receipt = held.receipt ? readReceipt(trust, to, held.receipt, messageSha256) : undefined;
  return {
    transport: transport.value,
    bytes,
    message: message.value,
    messageText: flatJwsText(inner.value.jws),
    messageSha256,
    receipt: receipt?.value,
    receiptText: receipt?.text,
  };
}

function readReceipt(trust: TrustView, receiver: NodeId, jws: unknown, messageSha256: Sha256) {
  const read = readSigned('receipt', jws);
  const receipt = read.ok ? readPayload(Receipt, read.value.payload) : undefined;
  if (!read.ok || !receipt?.ok || receipt.value.receiver !== receiver) return undefined;
  const key = trust.nodeKey(receiver, read.value.header.kid, 'node-sign', receipt.value.receivedAt as Instant);
  if (key.finding !== 'valid' || !isJwsSignedBy(read.value, key.publicKey)) return undefined;
  if (receipt.value.messageSha256 !== messageSha256) return undefined;
  return { value: receipt.value, text: flatJwsText(read.value.jws) };
}

async function putBackOne(tx: Tx, peer: NodeId, one: Difference, known: Known, at: Instant): Promise<PulledOutcome> {
  const { message, transport, receipt, receiptText } = known;
  if (!receipt || receiptText === undefined) return 'sent-again-by-peer';
  const blobs = await listBlobsOf(tx, 'in', [message.id]);
  const isWhole = message.parts.every(
    (part) =>
      part.name in transport.inline ||
      blobs.some(
        (blob) => blob.part === part.name && blob.status === 'whole' && blob.payload_root === part.payloadRoot,
      ),
  );
  const place = await findPlaceInStream(tx, streamOf(message));
  const row = { ...known, peer, at, receipt, receiptText, stream: streamOf(message) };
  if (one.direction === 'sent') {
    await putBackSent(tx, row, Math.max(place.nextOut, message.sequence + 1));
    return 'brought-back';
  }
  // Parts that travelled apart and could not be had again: the sender hears it and issues the message anew.
  if (!isWhole) return 'lost';
  await putBackReceived(tx, row, place.nextIn === message.sequence);
  return 'brought-back';
}
