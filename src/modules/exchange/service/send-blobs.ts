import { withTransaction } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { failureCode } from '../../../platform/jobs/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { PeerAnswer, PeerRequest } from '../client.ts';
import { nextAttempt } from '../rules/index.ts';
import type { NodeId } from '../schema.ts';
import { listBlobsToSend, listPeerRows, updateBlob, type BlobRow } from '../store/index.ts';
import { announcementOf } from './give.ts';
import { isCollecting, systemActor, type DeliveryParts, type Wake } from './types.ts';

/** One call carries at most this. */
const pieceBytes = 67_108_864;
/** A part may take its time: the line loses who falls below 1 KiB/s. */
const pieceWithinMs = 3_600_000;
const workersPerPeer = 2;
const mostAtOnce = 200;

type Ask = (node: NodeId, request: PeerRequest) => Promise<PeerAnswer>;

export interface BlobSender {
  /** Begins what is due; answers how many were begun. */
  round(): Promise<number>;
  idle(): Promise<void>;
}

/** Brings large parts to their peers, two at a time each, so that a small message never waits behind a file. */
export function createBlobSender(parts: DeliveryParts, ask: Ask, wake: Pick<Wake, 'send'>): BlobSender {
  const { db, clock, random, log } = parts;
  const running = new Map<string, Promise<void>>();
  const perPeer = new Map<string, number>();
  /** Parts that failed and are still to be sent; `away` since when the peer was not reached. */
  const later = new Map<string, { at: string; tries: number; away: Instant | null }>();

  const keep = (blob: BlobRow, change: Parameters<typeof updateBlob>[2]) =>
    withTransaction(db, systemActor, (tx) => updateBlob(tx, blob.blob_id, { ...change, changed_at: clock.now() }));

  function offsetOf(answer: PeerAnswer): number | undefined {
    const text = answer.headers['upload-offset'];
    return typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
  }

  function failed(answer: PeerAnswer): Unavailable {
    return new Unavailable(`exchange.answered-${answer.status}`);
  }

  async function bring(blob: BlobRow): Promise<void> {
    const peer = blob.peer as NodeId;
    const path = `/exchange/v1/blobs/${blob.blob_id}`;
    const length = Number(blob.length);
    const announced = await ask(peer, {
      method: 'POST',
      path: '/exchange/v1/blobs',
      type: 'application/json',
      body: Buffer.from(JSON.stringify(announcementOf(blob)), 'utf8'),
    });
    if (announced.status !== 201) throw failed(announced);
    let offset = offsetOf(announced) ?? 0;
    if (offset === 0) {
      const tree = await parts.folder.readTree('out', blob.blob_id);
      const type = 'application/octet-stream';
      const taken = await ask(peer, { method: 'PUT', path: `${path}/tree`, type, body: tree });
      if (taken.status !== 204) throw failed(taken);
      await keep(blob, { status: 'open' });
    }
    let blocked = 0;
    while (offset < length) {
      const until = Math.min(length, offset + pieceBytes);
      const answer = await ask(peer, {
        method: 'PATCH',
        path,
        type: 'application/offset+octet-stream',
        headers: { 'Upload-Offset': String(offset) },
        body: parts.folder.read('out', blob.blob_id, offset, until),
        length: until - offset,
        timeoutMs: pieceWithinMs,
      });
      const reached = offsetOf(answer);
      // A bad block was spoilt on its way: it is asked again from where the peer stands.
      if (reached === undefined || ![204, 409, 422].includes(answer.status)) throw failed(answer);
      blocked = reached > offset ? 0 : blocked + 1;
      if (blocked >= 3) throw failed(answer);
      offset = reached;
      await keep(blob, { committed: String(Math.min(length, offset)) });
    }
    await keep(blob, { committed: String(length), status: 'whole' });
  }

  async function work(blob: BlobRow): Promise<void> {
    try {
      await bring(blob);
      later.delete(blob.blob_id);
      wake.send();
    } catch (error) {
      const tries = (later.get(blob.blob_id)?.tries ?? 0) + 1;
      const share = Buffer.from(random.bytes(4)).readUInt32BE() / 2 ** 32;
      const [now, code] = [clock.now(), failureCode(error)];
      const away = code === 'exchange.not-reached' ? now : null;
      later.set(blob.blob_id, { tries, at: nextAttempt(now, 'urgent', tries, share), away });
      log.warn({ event: 'exchange.part-not-sent', message: blob.message_id, part: blob.part, code, tries });
    }
  }

  return {
    async round() {
      const now = clock.now();
      const isAnyAway = [...later.values()].some((one) => one.away !== null);
      const { blobs, trust, peers } = await withTransaction(db, systemActor, async (tx) => ({
        blobs: await listBlobsToSend(tx, mostAtOnce),
        trust: await parts.trust.loadTrust(tx),
        peers: isAnyAway ? await listPeerRows(tx) : [],
      }));
      const contacts = new Map(peers.map((peer) => [peer.node, peer.last_contact_at]));
      if (blobs.length < mostAtOnce) {
        const listed = new Set(blobs.map((blob) => blob.blob_id));
        for (const id of later.keys()) if (!listed.has(id)) later.delete(id);
      }
      let begun = 0;
      for (const blob of blobs) {
        const busy = perPeer.get(blob.peer) ?? 0;
        if (isCollecting(trust, blob.peer)) continue;
        const waits = later.get(blob.blob_id);
        // A part that found nobody goes at once when its peer is there again.
        const isBack = waits !== undefined && waits.away !== null && (contacts.get(blob.peer) ?? '') > waits.away;
        if (busy >= workersPerPeer || running.has(blob.blob_id) || (waits && waits.at > now && !isBack)) continue;
        perPeer.set(blob.peer, busy + 1);
        const task = work(blob).finally(() => {
          running.delete(blob.blob_id);
          perPeer.set(blob.peer, (perPeer.get(blob.peer) ?? 1) - 1);
        });
        running.set(blob.blob_id, task);
        begun += 1;
      }
      return begun;
    },
    async idle() {
      await Promise.all([...running.values()]);
    },
  };
}
