import type { Tx } from '../../platform/db/index.ts';
import { findNewestCheckpoint, findOrigin, getHead, listLeafData, readTile } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import type { PeerReply, PeerRoute } from './server.ts';

const tileWidth = 256;
/** Number of a tile as C2SP tlog-tiles writes it: groups of three digits, all but the last begun with `x`. */
const tilePath = String.raw`(?<index>(?:x\d{3}/)*\d{3})(?:\.p/(?<width>[1-9]\d{0,2}))?`;

/** @returns undefined when the path is not written the one right way */
export function readTileNumber(path: string): number | undefined {
  const groups = path.split('/').map((group) => group.replace('x', ''));
  if (groups.length > 5 || (groups.length > 1 && groups[0] === '000')) return undefined;
  return Number(groups.join(''));
}

const notThere: PeerReply = { status: 404, type: 'text/plain', body: 'not there\n' };

function tileReply(bytes: Buffer | undefined, isFull: boolean): PeerReply {
  if (!bytes) return notThere;
  // A full tile never changes; one that still fills is asked for again under a new width.
  const headers = isFull ? { 'Cache-Control': 'max-age=31536000, immutable' } : undefined;
  return { status: 200, type: 'application/octet-stream', body: bytes, ...(headers ? { headers } : {}) };
}

/** Leaf data of a tile, each with its length before it, as C2SP tlog-tiles bundles entries. */
async function readBundle(tx: Tx, index: number, width: number): Promise<Buffer | undefined> {
  const from = index * tileWidth;
  const { size } = await getHead(tx, 'exchange');
  if (width < 1 || width > tileWidth || from + width > size) return undefined;
  const leaves = await listLeafData(tx, from, from + width, 'exchange');
  return Buffer.concat(leaves.flatMap((leaf) => [Buffer.from([leaf.length >> 8, leaf.length & 0xff]), leaf]));
}

/**
 * The exchange log for outside auditors: its newest signed state and its tiles, to enrolled nodes. Of an entry only the
 * hash is published; what it says stays here.
 * @param ctx the node itself
 * @source C2SP tlog-tiles
 */
export function logTileRoutes(ctx: Context): PeerRoute[] {
  const route = (path: string, answer: PeerRoute['answer']): PeerRoute => ({
    method: 'GET',
    path: new RegExp(`^/log/v1/${path}$`),
    maxBytes: 0,
    answer,
  });
  const tile = (
    { index = '', width }: Record<string, string | undefined>,
    read: (tx: Tx, index: number, width: number) => Promise<Buffer | undefined>,
  ): Promise<PeerReply> => {
    const number = readTileNumber(index);
    if (number === undefined) return Promise.resolve(notThere);
    const wide = width === undefined ? tileWidth : Number(width);
    return ctx.transaction(async (tx) => tileReply(await read(tx, number, wide), width === undefined));
  };
  return [
    route('checkpoint', () =>
      ctx.transaction(async (tx) => {
        const origin = await findOrigin(tx);
        const newest = origin === undefined ? undefined : await findNewestCheckpoint(tx, 'exchange', origin);
        return newest ? { status: 200, type: 'text/plain; charset=utf-8', body: newest.note } : notThere;
      }),
    ),
    route(`tile/entries/${tilePath}`, (_question, params) => tile(params, readBundle)),
    route(`tile/(?<level>[0-9]|[1-5][0-9]|6[0-3])/${tilePath}`, (_question, params) =>
      tile(params, (tx, index, width) => readTile(tx, 'exchange', Number(params.level), index, width)),
    ),
  ];
}
