import { withTransaction } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { peek } from '../envelope-read.ts';
import { nextAttempt } from '../rules/index.ts';
import { BlobAnnouncement, type NodeId } from '../schema.ts';
import type { PeerReply } from '../server.ts';
import { findKept, hearPeer, listBlobsOf, saveKept } from '../store/index.ts';
import { fetchPart } from './fetch-parts.ts';
import { collectType, cursorHeader } from './give.ts';
import type { Receiver } from './receive.ts';
import { shareOf } from './send-answers.ts';
import { systemActor, type DeliveryParts } from './types.ts';

/** Seconds for which a peer may keep us waiting for something to come. */
const waitSeconds = 20;
const mostBytes = 67_108_864;
type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

/** Fetches what waits for this node at others, over connections that it opens itself. */
export interface Collector {
  /** Goes to every peer that is not being asked; answers how many were begun. */
  round(): Promise<number>;
  /** Takes up nothing new; what is in hand is finished, a peer that keeps us waiting is left. */
  stop(): Promise<void>;
}

interface Collected {
  envelope: Buffer;
  parts: BlobAnnouncement[];
}

/** Envelopes of an answer, each with what is announced of its large parts. */
function readLines(body: Buffer): Collected[] {
  const found: Collected[] = [];
  let parts: BlobAnnouncement[] = [];
  for (const line of body.toString('utf8').split('\n')) {
    if (line === '') continue;
    const said = BlobAnnouncement.safeParse(peek(Buffer.from(line, 'utf8')));
    if (said.success) {
      parts.push(said.data);
      continue;
    }
    found.push({ envelope: Buffer.from(line, 'utf8'), parts });
    parts = [];
  }
  return found;
}

/** @param sources nodes that have an address */
export function createCollector(
  parts: DeliveryParts,
  ask: Ask,
  receiver: Receiver,
  sources: () => Promise<readonly NodeId[]>,
): Collector {
  const { db, clock, random, log } = parts;
  /** Peers being asked, and large messages being fetched: what is in hand. */
  const asking = new Set<NodeId>();
  const fetching = new Map<string, Promise<void>>();
  const working = new Set<Promise<void>>();
  const later = new Map<NodeId, { at: string; tries: number }>();
  let stopped = false;

  const inside = <T>(work: Parameters<typeof withTransaction<T>>[2]) => withTransaction(db, systemActor, work);

  /** Gives a peer the signed answers to what was collected there. */
  async function answer(peer: NodeId, replies: readonly PeerReply[]): Promise<void> {
    const signed = replies.filter(({ type }) => type === 'application/jose+json');
    if (signed.length === 0) return;
    const body = Buffer.from(`${signed.map((reply) => String(reply.body)).join('\n')}\n`, 'utf8');
    const path = '/exchange/v1/pull/receipts';
    const { status } = await ask(peer, { method: 'POST', path, type: collectType, body });
    if (status !== 204) throw new Unavailable(`exchange.answered-${status}`);
  }

  /** Fetches what a message lacks, then takes it: small ones do not wait for it. */
  async function fetchWhole(peer: NodeId, one: Collected): Promise<void> {
    for (const part of one.parts) {
      await fetchPart(parts, ask, peer, part, () => stopped);
    }
    if (!stopped) await answer(peer, [await receiver.receive(peer, one.envelope)]);
  }

  function begin(peer: NodeId, one: Collected): void {
    const id = one.parts[0]?.messageId ?? '';
    if (fetching.has(id)) return;
    const work = fetchWhole(peer, one)
      .catch((error: unknown) =>
        log.warn({ event: 'exchange.part-not-collected', message: id, peer, code: failureCode(error) }),
      )
      .finally(() => fetching.delete(id));
    fetching.set(id, work);
  }

  async function isComplete(one: Collected): Promise<boolean> {
    const id = one.parts[0]?.messageId;
    if (id === undefined) return true;
    const here = await inside((tx) => listBlobsOf(tx, 'in', [id]));
    return one.parts.every((part) => here.some((blob) => blob.blob_id === part.blobId && blob.status === 'whole'));
  }

  /** One visit to a peer: takes what it gives, answers it, and only then names it as kept. */
  async function visit(peer: NodeId): Promise<void> {
    const kept = await inside((tx) => findKept(tx, peer));
    const given = await ask(peer, {
      method: 'GET',
      path: `/exchange/v1/pull?after=${kept}&wait=${waitSeconds}`,
      maxBytes: mostBytes,
    });
    await inside((tx) => hearPeer(tx, peer, clock.now()));
    if (given.status === 204 || stopped) return;
    const cursor = given.headers[cursorHeader];
    if (given.status !== 200 || typeof cursor !== 'string' || !/^\d{1,15}$/.test(cursor))
      throw new Unavailable(`exchange.answered-${given.status}`);
    const work = take(peer, readLines(given.body), cursor).finally(() => working.delete(work));
    working.add(work);
    await work;
  }

  async function take(peer: NodeId, all: readonly Collected[], cursor: string): Promise<void> {
    const ready: Collected[] = [];
    for (const one of all) {
      if (await isComplete(one)) ready.push(one);
      else begin(peer, one);
    }
    const replies = await Promise.all(ready.map((one) => receiver.receive(peer, one.envelope)));
    await answer(peer, replies);
    await inside((tx) => saveKept(tx, peer, cursor));
  }

  function failed(peer: NodeId, error: unknown): void {
    if (stopped) return;
    const tries = (later.get(peer)?.tries ?? 0) + 1;
    later.set(peer, { tries, at: nextAttempt(clock.now(), 'immediate', tries, shareOf(random)) });
    log.warn({ event: 'exchange.not-collected', peer, code: failureCode(error), tries });
  }

  return {
    async round() {
      const now = clock.now();
      let begun = 0;
      for (const peer of await sources()) {
        const waits = later.get(peer);
        if (stopped || asking.has(peer) || (waits && waits.at > now)) continue;
        asking.add(peer);
        begun += 1;
        void visit(peer)
          .then(
            () => void later.delete(peer),
            (error: unknown) => failed(peer, error),
          )
          .finally(() => asking.delete(peer));
      }
      return begun;
    },
    async stop() {
      stopped = true;
      await Promise.all([...working, ...fetching.values()].map((work) => work.catch(() => undefined)));
    },
  };
}
