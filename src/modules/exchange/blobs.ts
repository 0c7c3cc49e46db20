import type { Readable } from 'node:stream';
import {
  blockCount,
  BlockFault,
  partChecker,
  readAgeHeader,
  rootOfLeaves,
  type PartPlace,
} from '../../platform/crypto/index.ts';
import { withTransaction } from '../../platform/db/index.ts';
import { BlobAnnouncement } from './schema.ts';
import type { PeerQuestion, PeerReply, PeerRoute } from './server.ts';
import { systemActor, type DeliveryParts } from './service/types.ts';
import { announceBlob, findBlob, stagedBytes, updateBlob, type BlobRow } from './store/index.ts';

/** Most bytes of one call, and how many are at risk between two flushes. */
export const longestPatch = 67_108_864;
const flushEvery = 8_388_608;
const longestAnnouncement = 4_096;
/** Hashes of a million blocks: a part of one TiB. */
const longestTree = 33_554_432;
const longestHeader = 65_536;

function problem(status: number, code: string, headers: { [name: string]: string } = {}): PeerReply {
  const body = JSON.stringify({ type: `/problems/${code}`, status, code });
  return { status, type: 'application/problem+json', headers, body };
}

const nothing: PeerReply = problem(404, 'not-found');

/** A part whose message is on its way here, taken only from the node that announced it. */
async function ownBlob(parts: DeliveryParts, question: PeerQuestion, id: string): Promise<BlobRow | undefined> {
  const found = await withTransaction(parts.db, systemActor, (tx) => findBlob(tx, id));
  return found?.direction === 'in' && found.peer === question.peer && found.status !== 'removed' ? found : undefined;
}

function readAnnouncement(body: Buffer): BlobAnnouncement | undefined {
  try {
    const read = BlobAnnouncement.safeParse(JSON.parse(body.toString('utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

async function announce(parts: DeliveryParts, { peer, body }: PeerQuestion): Promise<PeerReply> {
  const said = readAnnouncement(body);
  return !said || peer === null ? problem(422, 'exchange.schema') : keepAnnouncement(parts, peer, said);
}

/** Keeps what a peer says of a part that is on its way here; the same twice is one. */
export async function keepAnnouncement(parts: DeliveryParts, peer: string, said: BlobAnnouncement): Promise<PeerReply> {
  if (blockCount(said.length) * 32 > longestTree) return problem(422, 'exchange.schema');
  const now = parts.clock.now();
  return withTransaction(parts.db, systemActor, async (tx) => {
    const known = await findBlob(tx, said.blobId);
    if (!known && (await stagedBytes(tx, peer)) + said.length > parts.limits.stagedBytes)
      return problem(507, 'exchange.over-quota', { 'Retry-After': '600' });
    const row = await announceBlob(tx, {
      blob_id: said.blobId,
      direction: 'in',
      peer,
      message_id: said.messageId,
      part: said.part,
      length: String(said.length),
      payload_root: said.payloadRoot,
      header_sha256: said.headerSha256,
      status: 'announced',
      announced_at: now,
      changed_at: now,
    });
    const isSame =
      row.blob_id === said.blobId &&
      row.direction === 'in' &&
      row.peer === peer &&
      row.message_id === said.messageId &&
      row.part === said.part &&
      Number(row.length) === said.length &&
      row.payload_root === said.payloadRoot &&
      row.header_sha256 === said.headerSha256 &&
      row.status !== 'removed';
    if (!isSame) return problem(409, 'exchange.id-reused');
    const headers = { Location: `/exchange/v1/blobs/${said.blobId}`, 'Upload-Offset': row.committed };
    return { status: 201, headers };
  });
}

async function takeTree(parts: DeliveryParts, question: PeerQuestion, id: string): Promise<PeerReply> {
  const blob = await ownBlob(parts, question, id);
  if (!blob) return nothing;
  if (blob.status !== 'announced') return { status: 204 };
  return (await keepTree(parts, blob, question.body)) ? { status: 204 } : problem(422, 'exchange.block');
}

/** Keeps the hashes of a part's blocks, if they are what was announced. */
export async function keepTree(parts: DeliveryParts, { blob_id: id, payload_root }: BlobRow, leaves: Buffer) {
  if (leaves.length % 32 !== 0 || rootOfLeaves(leaves) !== payload_root) return false;
  await parts.folder.writeTree('in', id, leaves);
  const now = parts.clock.now();
  await withTransaction(parts.db, systemActor, (tx) => updateBlob(tx, id, { status: 'open', changed_at: now }));
  return true;
}

/** Where the check of a part goes on: its header is read from what is stored. */
async function placeOf(parts: DeliveryParts, blob: BlobRow): Promise<PartPlace | undefined> {
  const committed = Number(blob.committed);
  if (committed === 0) return undefined;
  const pieces: Buffer[] = [];
  const stored = parts.folder.read('in', blob.blob_id, 0, Math.min(committed, longestHeader));
  for await (const piece of stored) pieces.push(piece as Buffer);
  const header = readAgeHeader(Buffer.concat(pieces));
  return header && { headerLength: header.length, verified: committed };
}

function isBrokenLine(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** Takes bytes, each block checked against the tree while it comes; only what is flushed is promised. */
export async function takeBytes(parts: DeliveryParts, blob: BlobRow, bytes: Readable): Promise<PeerReply> {
  const { blob_id: id } = blob;
  const facts = { length: Number(blob.length), headerSha256: blob.header_sha256, payloadRoot: blob.payload_root };
  const leaves = await parts.folder.readTree('in', id);
  const start = await placeOf(parts, blob);
  const checker = partChecker(facts, leaves, start);
  const from = start?.verified ?? 0;
  const file = await parts.folder.grow('in', id, from);
  let verified = from;
  let flushed = from;
  let taken = 0;
  const commit = async (): Promise<void> => {
    if (verified === flushed) return;
    await file.flush();
    flushed = verified;
    const status = verified === facts.length ? ('whole' as const) : ('open' as const);
    await withTransaction(parts.db, systemActor, (tx) =>
      updateBlob(tx, id, { committed: String(flushed), status, changed_at: parts.clock.now() }),
    );
  };
  try {
    for await (const piece of bytes) {
      const chunk = piece as Buffer;
      taken += chunk.length;
      if (taken > longestPatch) return problem(413, 'exchange.too-large');
      verified = checker.push(chunk);
      await file.write(chunk);
      if (verified - flushed >= flushEvery) await commit();
    }
    await commit();
    if (verified === facts.length) checker.finish();
    return { status: 204, headers: { 'Upload-Offset': String(flushed) } };
  } catch (error) {
    if (isBrokenLine(error)) {
      // Nobody hears the answer: what came whole before the break is kept for the next attempt.
      await commit();
      return { status: 204, headers: { 'Upload-Offset': String(flushed) } };
    }
    if (!(error instanceof BlockFault)) throw error;
    verified = checker.place()?.verified ?? 0;
    if (verified > flushed) await commit();
    const headers = { 'Upload-Offset': String(flushed) };
    return {
      ...problem(422, 'exchange.block', headers),
      body: JSON.stringify({ code: 'exchange.block', index: error.index }),
    };
  } finally {
    await file.close();
  }
}

/** Large sealed parts: announced, then their tree, then bytes that may break off anywhere and go on. */
export function blobRoutes(parts: DeliveryParts): PeerRoute[] {
  const busy = new Set<string>();
  const one = /^\/exchange\/v1\/blobs\/(?<id>[A-Za-z0-9_-]{22,64})$/;

  async function patch(question: PeerQuestion, id: string): Promise<PeerReply> {
    const blob = await ownBlob(parts, question, id);
    if (!blob || blob.status === 'announced') return nothing;
    const offset = { 'Upload-Offset': blob.committed };
    if (question.headers['upload-offset'] !== blob.committed) return problem(409, 'exchange.offset', offset);
    if (blob.status === 'whole') return { status: 204, headers: offset };
    if (busy.has(id)) return problem(409, 'exchange.offset', { ...offset, 'Retry-After': '5' });
    busy.add(id);
    try {
      return await takeBytes(parts, blob, question.stream);
    } finally {
      busy.delete(id);
    }
  }

  /** For a node that fetches: from the start of a block, or from the beginning. */
  async function give(question: PeerQuestion, id: string): Promise<PeerReply> {
    const blob = await withTransaction(parts.db, systemActor, (tx) => findBlob(tx, id));
    if (blob?.direction !== 'out' || blob.peer !== question.peer || blob.status === 'removed') return nothing;
    const length = Number(blob.length);
    const range = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(question.headers.range ?? '');
    const from = Number(range?.[1] ?? 0);
    const last = Math.min(length - 1, Number(range?.[2] ?? length - 1));
    if (from > last) return { status: 416, headers: { 'Content-Range': `bytes */${length}` } };
    const headers = { 'Content-Length': String(last + 1 - from), 'Accept-Ranges': 'bytes' };
    const body = parts.folder.read('out', id, from, last + 1);
    const type = 'application/octet-stream';
    return range
      ? { status: 206, type, headers: { ...headers, 'Content-Range': `bytes ${from}-${last}/${length}` }, body }
      : { status: 200, type, headers, body };
  }

  return [
    {
      method: 'POST',
      path: /^\/exchange\/v1\/blobs$/,
      maxBytes: longestAnnouncement,
      answer: (question) => announce(parts, question),
    },
    {
      method: 'PUT',
      path: /^\/exchange\/v1\/blobs\/(?<id>[A-Za-z0-9_-]{22,64})\/tree$/,
      maxBytes: longestTree,
      answer: (question, { id = '' }) => takeTree(parts, question, id),
    },
    {
      method: 'GET',
      path: /^\/exchange\/v1\/blobs\/(?<id>[A-Za-z0-9_-]{22,64})\/tree$/,
      maxBytes: 0,
      async answer(question, { id = '' }) {
        const blob = await withTransaction(parts.db, systemActor, (tx) => findBlob(tx, id));
        if (blob?.direction !== 'out' || blob.peer !== question.peer || blob.status === 'removed') return nothing;
        return { status: 200, type: 'application/octet-stream', body: await parts.folder.readTree('out', id) };
      },
    },
    {
      method: 'HEAD',
      path: one,
      maxBytes: 0,
      async answer(question, { id = '' }) {
        const blob = await ownBlob(parts, question, id);
        return blob ? { status: 200, headers: { 'Upload-Offset': blob.committed } } : { status: 404 };
      },
    },
    {
      method: 'PATCH',
      path: one,
      maxBytes: longestPatch,
      streams: true,
      answer: (question, { id = '' }) => patch(question, id),
    },
    { method: 'GET', path: one, maxBytes: 0, answer: (question, { id = '' }) => give(question, id) },
  ];
}
