import { z } from 'zod';
import { Sha256 } from '../../../platform/values/index.ts';
import { Checkpoint, MessageId, NodeId } from '../schema.ts';
import { ProvenEntry } from './proof.ts';

/** Most messages in one question about a log. */
export const mostPlaces = 200;

/** What does your log hold of these messages? */
export const LogAsk = z.strictObject({
  what: z.literal('log'),
  messageIds: z.array(MessageId).min(1).max(mostPlaces),
});

/** An event that somebody stated about a message. */
export const Stated = z.strictObject({ node: NodeId, payloadSha256: Sha256 });
export type Stated = z.infer<typeof Stated>;

export const LoggedMessage = z.strictObject({
  messageId: MessageId,
  /** The entry that the receipt of the answering node names, with its way to the root of `checkpoint`. */
  entry: ProvenEntry.nullable(),
  /** Events about the message that the answering node holds, whoever stated them. */
  events: z.array(Stated).max(200),
});
export type LoggedMessage = z.infer<typeof LoggedMessage>;

export const LogAnswer = z.strictObject({
  what: z.literal('log'),
  /** State of the answering node's log to which the entries lead; null while it signs none. */
  checkpoint: Checkpoint.nullable(),
  messages: z.array(LoggedMessage).max(mostPlaces),
});

/** Events of a node that another holds and the node itself does not: its own word is gone from its history. */
export function lostEvents(node: string, heldByOther: readonly Stated[], heldByNode: readonly Stated[]): Stated[] {
  const own = new Set(heldByNode.map((one) => one.payloadSha256));
  return heldByOther.filter((one) => one.node === node && !own.has(one.payloadSha256));
}
