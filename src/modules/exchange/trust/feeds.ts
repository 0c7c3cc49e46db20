import type { BuiltRecord } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { OwnNode } from './schema.ts';
import { writeFeedLines, type FeedHead } from './feed-lines.ts';
import { listDelegations, listFeedStates, listRecords } from './store/index.ts';

/** Feeds that this build knows. */
export const feedNames = ['nodes', 'directory', 'treaties'] as const;

/** Where own records of a feed are read that another module signs. */
export interface OwnRecords {
  /** In order, those after a number. */
  after(tx: Tx, owner: string, since: number): Promise<BuiltRecord[]>;
  head(tx: Tx, owner: string): Promise<{ seq: number; hash: string } | undefined>;
}

export interface FeedsParts {
  own: OwnNode;
  /** By feed, beside `nodes`. */
  ownRecords: Readonly<Record<string, OwnRecords>>;
}

/** Records of a feed after a number, own or copied: as far as they are in order. */
export async function recordsAfter(
  tx: Tx,
  { own, ownRecords }: FeedsParts,
  owner: string,
  feed: string,
  since: number,
): Promise<BuiltRecord[]> {
  const source = ownRecords[feed];
  if (owner === own.owner && feed !== 'nodes') return source ? source.after(tx, owner, since) : [];
  return listRecords(tx, { owner, feed, since, statuses: ['taken', 'refused'] });
}

/** Conflicting records with one number are proof against their owner: they are passed on with the rest. */
export async function conflictsOf(tx: Tx, owner: string, feed: string): Promise<BuiltRecord[]> {
  return listRecords(tx, { owner, feed, statuses: ['conflicting'] });
}

/** Newest record of each feed held here, in order of owner and feed. */
export async function headsHere(tx: Tx, parts: FeedsParts): Promise<FeedHead[]> {
  const { own, ownRecords } = parts;
  const heads: FeedHead[] = (await listFeedStates(tx))
    .filter((state) => state.hash !== null && (state.owner !== own.owner || state.feed === 'nodes'))
    .map(({ owner, feed, seq, hash }) => ({ owner, feed, seq, hash: hash ?? '' }));
  for (const [feed, source] of Object.entries(ownRecords)) {
    const head = await source.head(tx, own.owner);
    if (head) heads.push({ owner: own.owner, feed, seq: head.seq, hash: head.hash });
  }
  return heads.sort((a, b) => `${a.owner} ${a.feed}`.localeCompare(`${b.owner} ${b.feed}`));
}

// A call answers at most this much; who wants more asks again from where it ends.
const mostBytes = 24 * 1024 * 1024;

/** A feed as it is sent: the words of the root first, then records after a number. */
export async function feedText(
  tx: Tx,
  parts: FeedsParts,
  owner: string,
  feed: string,
  since: number,
): Promise<string | undefined> {
  const delegations = (await listDelegations(tx, owner)).map((one) => one.jws);
  const records = await recordsAfter(tx, parts, owner, feed, since);
  const conflicts = (await conflictsOf(tx, owner, feed)).filter((one) => one.record.seq > since);
  if (delegations.length === 0 && records.length === 0) return undefined;
  const sent: string[] = [];
  let size = 0;
  for (const { jws } of [...records, ...conflicts].sort((a, b) => a.record.seq - b.record.seq)) {
    size += jws.length;
    if (size > mostBytes && sent.length > 0) break;
    sent.push(jws);
  }
  return writeFeedLines(delegations, sent);
}
