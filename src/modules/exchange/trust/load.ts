import type { Tx } from '../../../platform/db/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { NodeEntry } from '../schema.ts';
import { factsOf, nodeKeys, type RecordFacts } from './facts.ts';
import type { FeedState, OwnNode } from './schema.ts';
import {
  listByHash,
  listChanges,
  listFeedStates,
  listOwnKeys,
  listRoots,
  listTakenHashes,
  recordIn,
  trustVersion,
} from './store/index.ts';
import { buildTrustView, type FullTrustView, type TrustFacts } from './view.ts';

export const trustFeeds = ['nodes', 'directory'] as const;

export interface LoaderParts {
  own: OwnNode;
  clock: Clock;
  knownBad: ReadonlySet<string>;
}

/**
 * Loads the view of trust, again only when something of it changed in the database since. A change that another
 * process committed counts at the next call: nothing here is older than the transaction that asks.
 */
export function trustLoader({ own, clock, knownBad }: LoaderParts): (tx: Tx) => Promise<FullTrustView> {
  // What a record says never changes: it is kept by its hash and read once.
  const known = new Map<string, RecordFacts | null>();
  let view: { version: string; view: FullTrustView } | undefined;
  let fresh: { looks: string; states: FeedState[] } | undefined;

  async function readRecords(tx: Tx): Promise<RecordFacts[]> {
    const hashes = await listTakenHashes(tx, trustFeeds);
    const missing = hashes.filter((hash) => !known.has(hash));
    for (const { hash, record } of await listByHash(tx, missing)) known.set(hash, (await factsOf(record)) ?? null);
    return hashes.flatMap((hash) => known.get(hash) ?? []);
  }

  async function readFacts(tx: Tx): Promise<TrustFacts> {
    const trusted = new Set(
      (await listRoots(tx)).filter((root) => root.status === 'confirmed').map((root) => root.owner),
    );
    const records = (await readRecords(tx)).filter((one) => trusted.has(one.owner));
    const overrides: TrustFacts['overrides'][number][] = [];
    for (const change of await listChanges(tx)) {
      if (change.status !== 'confirmed' || !trusted.has(change.owner)) continue;
      const record = recordIn(change.jws);
      const entry = NodeEntry.parse(record.body);
      overrides.push({ owner: change.owner, at: record.at, entry, keys: await nodeKeys(entry, change.owner) });
    }
    return { records, overrides, own, ownKeys: await listOwnKeys(tx), knownBad };
  }

  /** When nodes and directory of an owner were last known to be up to date; own data always is. */
  const freshAt =
    (states: readonly FeedState[]) =>
    (owner: string): Instant | null => {
      if (owner === own.owner) return clock.now();
      const moments = trustFeeds.map(
        (feed) => states.find((state) => state.owner === owner && state.feed === feed)?.checkedAt ?? null,
      );
      return moments.reduce((least, one) => (least === null || one === null ? null : one < least ? one : least));
    };

  return async (tx) => {
    const { version, looks } = await trustVersion(tx);
    let base = view?.version === version ? view.view : undefined;
    if (!base) {
      base = buildTrustView(await readFacts(tx), () => null);
      view = { version, view: base };
    }
    let states = fresh?.looks === looks ? fresh.states : undefined;
    if (!states) {
      states = await listFeedStates(tx);
      fresh = { looks, states };
    }
    return { ...base, freshAt: freshAt(states) };
  };
}
