import type { Tx } from '../../../platform/db/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, type Instant, type Sha256 } from '../../../platform/values/index.ts';
import { appendLeaves, type LogPlace } from '../../audit/index.ts';
import { buildEvent } from '../envelope.ts';
import { MessageId, type EventType, type NodeId } from '../schema.ts';
import { insertEvents, lastEventHashes, type InboxRow, type NewEventRow } from '../store/index.ts';
import type { DeliveryParts } from './types.ts';

/** What this node, or an authority of it, states about a message. */
export interface Statement {
  type: EventType;
  messageId: string;
  messageSha256: Sha256;
  at: Instant;
  /** Authority of this node that states it; the node does when absent. */
  authority?: string;
  role?: string;
  reason?: string;
  /** Who is told: from which own authority to which other one, in which conversation. */
  tell?: { from: string; to: string; conversationId: string };
}

/** An event that another node stated and this one keeps. */
export interface HeardEvent {
  row: Omit<NewEventRow, 'log_index'>;
}

/** What the exchange log keeps of one thing: ids, hashes and codes. */
export interface LogFact {
  what: 'received' | 'refused' | 'receipt' | 'event' | 'sent';
  peer: string;
  messageId: string | null;
  /** Of the signed payload. */
  sha256: Sha256;
  at: Instant;
  code?: string;
}

export function logEntry({ what, peer, messageId, sha256, at, code }: LogFact): string {
  return canonical({
    kind: 'exchange.entry',
    version: 1,
    what,
    peer,
    messageId,
    sha256,
    at,
    ...(code === undefined ? {} : { code }),
  });
}

/**
 * Gathers what a transaction has to prove, and writes all of it at its end: the log is locked from then to the commit.
 * `flush` once, after every other lock was taken.
 */
export interface Record {
  leaf(fact: LogFact): number;
  state(statement: Statement): void;
  hear(event: HeardEvent): void;
  /** Answers the places of what `leaf` was given, by the numbers it gave. */
  flush(tx: Tx): Promise<LogPlace[]>;
}

export function createRecord(parts: Pick<DeliveryParts, 'keys' | 'random' | 'trust' | 'node'>): Record {
  const leaves: string[] = [];
  const statements: Statement[] = [];
  const heard: HeardEvent[] = [];

  async function build(tx: Tx): Promise<{ row: Omit<NewEventRow, 'log_index'>; entry: string }[]> {
    const own = await parts.trust.ownKeys(tx);
    const last = await lastEventHashes(tx, parts.node, [...new Set(statements.map((one) => one.messageId))]);
    const built: { row: Omit<NewEventRow, 'log_index'>; entry: string }[] = [];
    for (const said of statements) {
      const { type, messageId, messageSha256, at, authority, role, reason, tell } = said;
      const keys = authority === undefined ? own.nodeSign : (own.authorities.get(authority)?.sign ?? own.nodeSign);
      const signed = await buildEvent(parts.keys, keys.kid, {
        eventId: uuidv7(parts.random, Date.parse(at)),
        type,
        messageId: MessageId.parse(messageId),
        messageSha256,
        at,
        by: {
          node: parts.node as NodeId,
          ...(authority === undefined ? {} : { authority }),
          ...(role === undefined ? {} : { role }),
        },
        ...(reason === undefined ? {} : { reason }),
        previousEvent: last.get(messageId) ?? null,
      });
      last.set(messageId, signed.payloadSha256);
      built.push({
        entry: logEntry({ what: 'event', peer: parts.node, messageId, sha256: signed.payloadSha256, at, code: type }),
        row: {
          event_id: signed.value.eventId,
          message_id: messageId,
          type,
          at,
          by_node: parts.node,
          by_authority: authority ?? null,
          reason: reason ?? null,
          payload_sha256: signed.payloadSha256,
          bytes: Buffer.from(signed.text, 'utf8'),
          for_authority: tell?.to ?? null,
          as_authority: tell?.from ?? null,
          conversation_id: tell?.conversationId ?? null,
          carried_by: null,
        },
      });
    }
    return built;
  }

  return {
    leaf: (fact) => leaves.push(logEntry(fact)) - 1,
    state: (statement) => void statements.push(statement),
    hear: (event) => void heard.push(event),
    async flush(tx) {
      const own = await build(tx);
      const foreign = heard.map(({ row }) => ({
        row,
        entry: logEntry({
          what: 'event',
          peer: row.by_node,
          messageId: row.message_id,
          sha256: row.payload_sha256,
          at: row.at,
          code: row.type,
        }),
      }));
      const events = [...own, ...foreign];
      const entries = [...leaves, ...events.map((one) => one.entry)];
      if (entries.length === 0) return [];
      const places = await appendLeaves(tx, 'exchange', entries, parts.random);
      const rows = events.map(({ row }, index) => ({
        ...row,
        log_index: String(places[leaves.length + index]?.index),
      }));
      await insertEvents(tx, rows);
      return places.slice(0, leaves.length);
    },
  };
}

/** States an event about a message that was received, by its receiving authority, and tells its sender. */
export function stateReceived(
  record: Record,
  row: Pick<InboxRow, 'message_id' | 'message_sha256' | 'from_authority' | 'to_authority' | 'conversation_id'>,
  event: { type: EventType; reason?: string; role?: string },
  at: Instant,
): void {
  record.state({
    ...event,
    messageId: row.message_id,
    messageSha256: row.message_sha256,
    at,
    authority: row.to_authority,
    tell: { from: row.to_authority, to: row.from_authority, conversationId: row.conversation_id },
  });
}
