import { withTransaction } from '../../platform/db/index.ts';
import { sha256 } from '../../platform/values/index.ts';
import { buildDescriptor, longestBody } from './envelope.ts';
import type { NodeId } from './schema.ts';
import type { PeerReply, PeerRoute } from './server.ts';
import type { Receiver } from './service/receive.ts';
import { systemActor, type DeliveryParts } from './service/types.ts';

const id = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';

/** Posting messages and asking for receipts again. */
export function messageRoutes(receiver: Receiver): PeerRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/exchange\/v1\/messages$/,
      maxBytes: longestBody,
      answer: ({ peer, body }) => receiver.receive(peer as NodeId, body),
      tooLarge: ({ peer }) => receiver.refuse(peer as NodeId, 'exchange.too-large'),
    },
    {
      method: 'GET',
      path: new RegExp(`^/exchange/v1/messages/(?<id>${id})/receipt$`),
      maxBytes: 0,
      answer: ({ peer }, params) => receiver.findReceipt(peer as NodeId, params.id ?? ''),
    },
  ];
}

export interface DescriptorParts {
  endpoints: readonly string[];
  version: string;
  kinds(): readonly string[];
  /** Newest number of each feed that this node owns. */
  feedHeads(): Promise<{ [feed: string]: number }>;
}

/** What the node says of itself, signed; the same for five minutes. */
export function descriptorOf(parts: DeliveryParts, more: DescriptorParts): () => Promise<string> {
  let made: { text: string; at: number } | undefined;
  return async () => {
    const at = parts.clock.now();
    const now = Date.parse(at);
    if (made && Math.abs(now - made.at) < 300_000) return made.text;
    const { trust, own } = await withTransaction(parts.db, systemActor, async (tx) => ({
      trust: await parts.trust.loadTrust(tx),
      own: await parts.trust.ownKeys(tx),
    }));
    const entry = trust.node(parts.node)?.entry;
    const signed = await buildDescriptor(parts.keys, own.nodeSign.kid, {
      node: parts.node,
      state: entry?.state ?? null,
      endpoints: [...more.endpoints],
      keys: entry?.keys.map((key) => key.kid) ?? [own.nodeSign.kid],
      feedHeads: await more.feedHeads(),
      protocols: ['exchange/1'],
      suites: ['age-x25519/1'],
      kinds: [...more.kinds()].sort(),
      limits: { body: longestBody, blob: 109_951_162_777_600, rate: parts.limits.perSecond },
      logOrigin: entry?.logOrigin ?? '',
      software: { name: 'comity', version: more.version },
      at,
    });
    made = { text: signed.text, at: now };
    return signed.text;
  };
}

/** `/.well-known/comity-node`: for everybody, without a client certificate. */
export function descriptorRoute(descriptor: () => Promise<string>): PeerRoute {
  return {
    method: 'GET',
    path: /^\/\.well-known\/comity-node$/,
    maxBytes: 0,
    public: true,
    async answer({ headers }): Promise<PeerReply> {
      const body = await descriptor();
      const tag = `"${sha256(body)}"`;
      const kept = { ETag: tag, 'Cache-Control': 'max-age=300' };
      return headers['if-none-match'] === tag
        ? { status: 304, headers: kept }
        : { status: 200, type: 'application/jose+json', headers: kept, body };
    },
  };
}
