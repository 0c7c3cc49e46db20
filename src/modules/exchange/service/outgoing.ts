import type { Updateable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import type { MessageOutcome } from '../../../platform/outbox/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { Outgoing, PeerState, SendEffect } from '../core.ts';
import type { EventType } from '../schema.ts';
import {
  lockPeer,
  updateOutgoing,
  updatePeer,
  type OutboxRow,
  type OutgoingFacts,
  type PeerRow,
} from '../store/index.ts';
import type { OutboxTable } from '../store/tables.ts';
import type { Record } from './record.ts';
import type { DeliveryParts } from './types.ts';

/** By the number that stands for each in the tables: 0 goes first. */
export const priorities = ['immediate', 'urgent', 'routine'] as const;

/** A row as the core takes it, with the row at hand for whoever carries out what the core decides. */
export interface OutgoingRow<R extends OutgoingFacts = OutgoingFacts> extends Outgoing {
  row: R;
  givenAs: number | null;
}

export function outgoingOf<R extends OutgoingFacts>(row: R): OutgoingRow<R> {
  return {
    messageId: row.message_id,
    peer: row.peer,
    stream: row.stream,
    sequence: Number(row.sequence),
    previous: row.previous_sha256,
    subjectKind: row.kind,
    priority: priorities[row.priority as 0 | 1 | 2],
    status: row.status,
    isSettled: row.is_settled,
    attempts: row.attempts,
    notBefore: row.not_before,
    leaseUntil: row.lease_until,
    queuedAt: row.queued_at,
    expiresAt: row.expires_at,
    lastCode: row.last_code,
    givenAs: row.given_as === null ? null : Number(row.given_as),
    row,
  };
}

const ends: ReadonlySet<Outgoing['status']> = new Set(['handed-over', 'refused', 'expired', 'recalled'] as const);

/** What of a row a decision changed. */
export function changeOf({ row, givenAs: _, ...next }: OutgoingRow, now: Instant): Updateable<OutboxTable> {
  return {
    status: next.status,
    attempts: next.attempts,
    not_before: next.notBefore,
    lease_until: next.leaseUntil,
    last_code: next.lastCode,
    ...(ends.has(next.status) && row.ended_at === null ? { ended_at: now } : {}),
  };
}

/** Writes what a decision made of a message. `more`: what came with it. */
export async function saveOutgoing(
  tx: Tx,
  next: OutgoingRow,
  now: Instant,
  more: Updateable<OutboxTable> = {},
): Promise<void> {
  const isAnswered = next.row.is_settled || 'receipt_bytes' in more || 'refusal_bytes' in more;
  const place = next.isSettled && !isAnswered ? { gave_up_place: true } : {};
  await updateOutgoing(tx, next.messageId, { ...changeOf(next, now), ...place, ...more });
}

/** How this node and a peer get on, locked. */
export async function lockPeerState(tx: Tx, node: string): Promise<PeerState & { row: PeerRow }> {
  const row = await lockPeer(tx, node);
  return {
    node,
    breaker: row.breaker,
    failures: row.failures,
    probeAt: row.probe_at,
    waitingSince: row.waiting_since,
    invalidReceipts: row.invalid_receipts,
    row,
  };
}

export async function savePeerState(
  tx: Tx,
  peer: PeerState,
  more: Parameters<typeof updatePeer>[2] = {},
): Promise<void> {
  await updatePeer(tx, peer.node, {
    breaker: peer.breaker,
    failures: peer.failures,
    probe_at: peer.probeAt,
    waiting_since: peer.waitingSince,
    invalid_receipts: peer.invalidReceipts,
    ...more,
  });
}

/** Events that the sending authority states; its node states the others. */
const ofAuthority: ReadonlySet<EventType> = new Set(['RelayFailure'] as const);

/** Tells the module that sent a message what became of it. */
export async function tellOutcome(
  tx: Tx,
  parts: Pick<DeliveryParts, 'uses'>,
  row: Pick<OutboxRow, 'message_id' | 'kind' | 'conversation_id'>,
  said: Pick<MessageOutcome, 'outcome' | 'at' | 'reason' | 'by'>,
): Promise<void> {
  await parts.uses.outcomes[row.kind]?.(tx, {
    id: row.message_id,
    kind: row.kind,
    conversationId: row.conversation_id,
    ...said,
  });
}

/**
 * Carries out what is to be stated and told about a message that was sent.
 * @param by who states what is told, and when
 */
export async function speakOf(
  tx: Tx,
  parts: Pick<DeliveryParts, 'uses'>,
  row: OutgoingFacts,
  effects: readonly SendEffect[],
  record: Record,
  now: Instant,
  by: Pick<MessageOutcome, 'at' | 'by'>,
): Promise<void> {
  for (const effect of effects) {
    if (effect.do === 'tell')
      await tellOutcome(tx, parts, row, { ...by, outcome: effect.outcome, reason: effect.reason });
    if (effect.do !== 'event') continue;
    record.state({
      type: effect.type,
      messageId: row.message_id,
      messageSha256: row.message_sha256,
      at: now,
      ...(ofAuthority.has(effect.type) ? { authority: row.from_authority } : {}),
      ...(effect.reason === undefined ? {} : { reason: effect.reason }),
      ...(effect.isTold
        ? { tell: { from: row.from_authority, to: row.to_authority, conversationId: row.conversation_id } }
        : {}),
    });
  }
}
