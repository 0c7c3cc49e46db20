import { setTimeout as pause } from 'node:timers/promises';
import { withTransaction } from '../../../platform/db/index.ts';
import { chooseToGive, sendStarted, type PeerState } from '../core.ts';
import { peek } from '../envelope-read.ts';
import { closedBreaker } from '../rules/index.ts';
import type { BlobAnnouncement, NodeId } from '../schema.ts';
import type { PeerReply, PeerRoute } from '../server.ts';
import { findOutgoing, listBlobsOf, lockToGive, markCollected, markGiven, startOutgoing } from '../store/index.ts';
import type { BlobRow, OutboxRow } from '../store/index.ts';
import { lockPeerState, outgoingOf, savePeerState } from './outgoing.ts';
import type { Sender } from './send.ts';
import { fixTransports } from './transport.ts';
import { systemActor, type DeliveryParts } from './types.ts';

/** Most envelopes of one answer. */
const mostAtOnce = 64;
const longestWait = 30;
/** While a peer waits for something to come, it is looked for this often when nothing wakes us, in milliseconds. */
const lookEvery = 2_000;
export const collectType = 'application/x-ndjson';
/** Number of a collection, in its answer and as `after` of the next. */
export const cursorHeader = 'comity-cursor';

/** Gives nodes that accept no connection what waits for them, when they come for it. */
export interface Giver {
  routes: PeerRoute[];
  /** Something may have come for one who waits. */
  wake(): void;
  stop(): void;
}

/** What is said of a part before it travels: a peer that collects reads the same that another is told. */
export function announcementOf(blob: BlobRow): BlobAnnouncement {
  return {
    blobId: blob.blob_id,
    messageId: blob.message_id as BlobAnnouncement['messageId'],
    part: blob.part,
    length: Number(blob.length),
    payloadRoot: blob.payload_root,
    headerSha256: blob.header_sha256,
  };
}

function bad(): PeerReply {
  return { status: 400, type: 'application/problem+json', body: '{"status":400,"code":"exchange.schema"}' };
}

export function createGiver(parts: DeliveryParts, sender: Sender): Giver {
  const { db, clock } = parts;
  let woken = new AbortController();
  let stopped = false;

  interface Collection {
    number: number;
    rows: OutboxRow[];
    blobs: BlobRow[];
  }

  /** Takes up what waits for a peer, as sent to it now; a repeat of what it did not keep is the same bytes. */
  async function collect(peer: NodeId, kept: number): Promise<Collection | undefined> {
    const now = clock.now();
    return withTransaction(
      db,
      systemActor,
      async (tx) => {
        if (!(await parts.witness.gate(tx)).may) return undefined;
        const { row: before, ...found } = await lockPeerState(tx, peer);
        // It came by itself: it is there.
        const state: PeerState = { ...found, ...closedBreaker };
        const waiting = (await lockToGive(tx, peer, kept, now, mostAtOnce)).map(outgoingOf);
        const chosen = chooseToGive(waiting, kept, now);
        if (chosen.length === 0) return undefined;
        const started = chosen.map((row) => sendStarted(row, state, now).row);
        await startOutgoing(
          tx,
          started.map(({ messageId: id, status, attempts, leaseUntil }) => ({ id, status, attempts, leaseUntil })),
        );
        const rows = started.map(({ row }) => row);
        const ids = rows.map((row) => row.message_id);
        const number = Math.max(Number(before.given_cursor), kept) + 1;
        await savePeerState(tx, state);
        await markGiven(tx, peer, ids, number);
        await fixTransports(tx, parts, peer, rows, now);
        return { number, rows, blobs: await listBlobsOf(tx, 'out', ids) };
      },
      { retry: true },
    );
  }

  /** Something to give, or nothing within the time. */
  async function within(peer: NodeId, kept: number, seconds: number): Promise<Collection | undefined> {
    for (let left = seconds * 1_000; ; left -= lookEvery) {
      const { signal } = woken;
      const found = await collect(peer, kept);
      if (found || left <= 0 || stopped) return found;
      await pause(Math.min(left, lookEvery), undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async function give(peer: NodeId, query: URLSearchParams): Promise<PeerReply> {
    const after = query.get('after') ?? '0';
    const wait = query.get('wait') ?? '0';
    if (!/^\d{1,15}$/.test(after) || !/^\d{1,2}$/.test(wait) || Number(wait) > longestWait) return bad();
    const found = await within(peer, Number(after), Number(wait));
    if (!found) return { status: 204 };
    const lines = found.rows.flatMap((row) => [
      ...found.blobs
        .filter((blob) => blob.message_id === row.message_id)
        .map((blob) => JSON.stringify(announcementOf(blob))),
      row.transport_bytes?.toString('utf8') ?? '',
    ]);
    const headers = { [cursorHeader]: String(found.number) };
    return { status: 200, type: collectType, headers, body: `${lines.join('\n')}\n` };
  }

  /** Takes the receipts and refusals that a peer gave to what it collected. */
  async function takeAnswers(peer: NodeId, body: Buffer): Promise<PeerReply> {
    const lines = body
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    if (lines.length > mostAtOnce) return bad();
    for (const line of lines) {
      const { payload } = peek(Buffer.from(line, 'utf8')) ?? {};
      const said = typeof payload === 'string' ? peek(Buffer.from(payload, 'base64url')) : undefined;
      const id = said?.['messageId'];
      if (typeof id !== 'string' || !/^[0-9a-f-]{36}$/.test(id)) return bad();
      const row = await withTransaction(db, systemActor, (tx) => findOutgoing(tx, id));
      if (row?.peer !== peer) continue;
      const sent = await sender.read(row, { status: 200, headers: {}, body: Buffer.from(line, 'utf8') });
      await sender.takeAnswer(row, sent);
      if (sent.what === 'receipt') await withTransaction(db, systemActor, (tx) => markCollected(tx, id, clock.now()));
    }
    return { status: 204 };
  }

  return {
    routes: [
      {
        method: 'GET',
        path: /^\/exchange\/v1\/pull$/,
        query: ['after', 'wait'],
        maxBytes: 0,
        answer: ({ peer, query }) => give(peer as NodeId, query),
      },
      {
        method: 'POST',
        path: /^\/exchange\/v1\/pull\/receipts$/,
        maxBytes: 1_048_576,
        answer: ({ peer, body }) => takeAnswers(peer as NodeId, body),
      },
    ],
    wake() {
      woken.abort();
      woken = new AbortController();
    },
    stop() {
      stopped = true;
      woken.abort();
    },
  };
}
