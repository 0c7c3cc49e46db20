import { createHmac } from 'node:crypto';
import { dataKeyLength, type KeyStore } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Random } from '../../../platform/random.ts';
import { sha256 } from '../../../platform/values/index.ts';
import { matchKeysOf, type MatchKey } from '../rules/index.ts';
import type { DraftRequest, RequestFacts, Status } from '../schema/index.ts';
import * as store from '../store/index.ts';
import type { StoredAs } from './stored-as.ts';

/** Hashes what two requests may have in common, with a key that never leaves the key store unwrapped but in memory. */
export interface Matching {
  hashes(tx: Tx, keys: readonly MatchKey[]): Promise<string[]>;
}

const wrapPlace = 'request_match_secret/wrapped_key';

/** The node's own key for these hashes: made at the first use and wrapped by the key store. */
export function createMatching(keys: KeyStore, random: Random): Matching {
  async function read(tx: Tx): Promise<Uint8Array> {
    let found = await store.findMatchSecret(tx);
    if (!found) {
      const { kid } = await keys.ensure('requests/match', 'A256GCM');
      const wrapped = Buffer.from(await keys.wrap(kid, random.bytes(dataKeyLength), wrapPlace));
      // Two that begin at once both take the row of the first.
      found = await store.insertMatchSecret(tx, { id: 1, wrapping_kid: kid, wrapped_key: wrapped });
    }
    return keys.unwrap(found.wrapping_kid, found.wrapped_key, wrapPlace);
  }
  return {
    async hashes(tx, given) {
      if (given.length === 0) return [];
      const key = await read(tx);
      return given.map(({ kind, value }) => createHmac('sha256', key).update(`${kind} ${value}`, 'utf8').digest('hex'));
    },
  };
}

/** Writes the hashes of a request's newest text. */
export async function saveMatchKeys(
  matching: Matching,
  tx: Tx,
  { id, caseFileId }: StoredAs,
  draft: DraftRequest,
): Promise<void> {
  const keys = matchKeysOf(draft);
  const hashes = await matching.hashes(tx, keys);
  const rows = keys.map(({ kind, frozen }, n) => ({
    request_id: id,
    case_file_id: caseFileId,
    kind,
    key_hash: hashes[n] ?? '',
    frozen,
  }));
  await store.replaceMatchKeys(tx, id, rows);
}

/** Statuses in which what was asked to be frozen may be held already. */
const holding: ReadonlySet<Status> = new Set<Status>([
  'signed',
  'sent',
  'delivered',
  'registered',
  'information-asked',
  'conditions-proposed',
  'in-execution',
  'postponed',
  'results-sent',
  'results-received',
]);

/** Name of another request that tells nothing, not even when it was opened. */
function veiled(own: string, other: string): string {
  return `r${sha256(`${own} ${other}`).slice(0, 20)}`;
}

/**
 * Other open requests about the same persons or property. One that the actor may not know of has no reference; one
 * that the draft names as related is no discovery.
 */
export async function matchFacts(
  matching: Matching,
  tx: Tx,
  { id }: StoredAs,
  draft: DraftRequest,
): Promise<Pick<RequestFacts, 'duplicates' | 'restrained'>> {
  const keys = matchKeysOf(draft);
  const hashes = await matching.hashes(tx, keys);
  const byHash = new Map(keys.map((key, n) => [hashes[n] ?? '', key]));
  if (byHash.size === 0) return { duplicates: [], restrained: [] };
  const found = await store.listMatches(tx, id, [...byHash.keys()]);
  const related = new Set((draft.related ?? []).flatMap((one) => one.reference ?? []));
  const duplicates = new Map<string, RequestFacts['duplicates'][number]>();
  for (const one of found) {
    if (one.reference !== null && related.has(one.reference)) continue;
    if (!duplicates.has(one.request_id))
      duplicates.set(one.request_id, { id: veiled(id, one.request_id), reference: one.reference, key: one.kind });
  }
  const restrained = found.flatMap((one) => {
    const key = byHash.get(one.key_hash);
    const holds = one.frozen && one.status !== null && holding.has(one.status);
    return key?.frozen && holds && one.reference ? [{ identifier: key.text, reference: one.reference }] : [];
  });
  return { duplicates: [...duplicates.values()], restrained };
}
