import type { Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import type { OutgoingContent } from '../../../platform/outbox/index.ts';
import { mayCross } from '../rules/index.ts';
import { streamOf, type Message, type NodeId, type TrustView } from '../schema.ts';
import { sealContent, type SealedContent } from './seal.ts';
import type { DeliveryParts, SigningKeys } from './types.ts';

/** A sealed message that only lacks its place and its signature. */
export interface Sealed {
  id: string;
  kind: string;
  content: OutgoingContent;
  peer: NodeId;
  stream: string;
  sealed: SealedContent;
}

/** Directory and own keys of one moment. */
export interface Known {
  trust: TrustView;
  own: SigningKeys;
}

export async function loadKnown(tx: Tx, parts: DeliveryParts): Promise<Known> {
  return { trust: await parts.trust.loadTrust(tx), own: await parts.trust.ownKeys(tx) };
}

/**
 * Who gets a message, and what it is sealed to: keys of receiver and sender. There is no way to send without.
 * @throws Unavailable `exchange.unknown-authority`, `exchange.no-sealing-key`, `exchange.stale-trust`, `exchange.no-signing-key`
 */
function addressOf(
  parts: DeliveryParts,
  { trust, own: keys }: Known,
  content: OutgoingContent,
): { peer: NodeId; recipients: string[] } {
  const now = parts.clock.now();
  const { from, to } = content;
  const peer = trust.nodeOf(to);
  if (peer === undefined) throw new Unavailable('exchange.unknown-authority', { params: { authority: to } });
  if (!keys.authorities.has(from)) throw new Unavailable('exchange.no-signing-key', { params: { authority: from } });
  const theirs = trust.sealingKeys(to, now);
  const ours = trust.sealingKeys(from, now);
  if (theirs.length === 0 || ours.length === 0)
    throw new Unavailable('exchange.no-sealing-key', { params: { authority: theirs.length === 0 ? to : from } });
  const owner = trust.node(peer)?.owner;
  const freshAt = owner === undefined || peer === parts.node ? now : trust.freshAt(owner);
  if (!mayCross(content.tlp as Message['tlp'], freshAt, now))
    throw new Unavailable('exchange.stale-trust', { params: { authority: to } });
  return { peer, recipients: [...new Set([...theirs, ...ours].map((one) => one.recipient))] };
}

export async function sealFor(
  parts: DeliveryParts,
  known: Known,
  id: string,
  kind: string,
  content: OutgoingContent,
): Promise<Sealed> {
  const { peer, recipients } = addressOf(parts, known, content);
  const sealed = await sealContent(parts, id, content, recipients);
  return { id, kind, content, peer, stream: streamOf(content), sealed };
}
