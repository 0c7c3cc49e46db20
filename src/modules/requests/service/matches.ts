import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { dataKeyLength, type KeyStore } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Random } from '../../../platform/random.ts';
import { sha256 } from '../../../platform/values/index.ts';
import type { Sealer } from '../../evidence/index.ts';
import { matchKeysOf, namedPersonsOf, type NamedPerson } from '../rules/index.ts';
import type { DraftRequest, RequestFacts, Status } from '../schema/index.ts';
import * as store from '../store/index.ts';
import type { StoredAs } from './stored-as.ts';

/** Hashes what two requests may have in common, with a key that never leaves the key store unwrapped but in memory. */
export interface Matching {
  hashes(tx: Tx, keys: readonly { kind: string; value: string }[]): Promise<string[]>;
  /** Names of people born in the same year that are only alike; absent where equal names alone are found. */
  similar?: SimilarNames;
}

/** What a search for names that are alike needs from other modules. */
export interface SimilarNames {
  sealer: Sealer;
  /** Whether two names in any script may be one person's. */
  areAlike(left: string, right: string): boolean;
}

const Names = z.array(z.string());

const wrapPlace = 'request_match_secret/wrapped_key';

/** The node's own key for these hashes: made at the first use and wrapped by the key store. */
export function createMatching(keys: KeyStore, random: Random, similar?: SimilarNames): Matching {
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
    ...(similar ? { similar } : {}),
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
  if (matching.similar) await saveNames(matching, matching.similar, tx, { id, caseFileId }, draft);
}

const namesPlace = (id: string, n: number) => `request-match-names/${id}/${n}`;
const bornHashes = (matching: Matching, tx: Tx, persons: readonly NamedPerson[]) =>
  matching.hashes(
    tx,
    persons.map(({ born }) => ({ kind: 'born', value: born })),
  );

async function saveNames(
  matching: Matching,
  { sealer }: SimilarNames,
  tx: Tx,
  { id, caseFileId }: StoredAs,
  draft: DraftRequest,
): Promise<void> {
  const persons = namedPersonsOf(draft);
  const hashes = await bornHashes(matching, tx, persons);
  const rows = await Promise.all(
    persons.map(async ({ names }, n) => ({
      request_id: id,
      case_file_id: caseFileId,
      born_hash: hashes[n] ?? '',
      n,
      sealed_names: await sealer.seal(tx, caseFileId, Buffer.from(JSON.stringify(names)), namesPlace(id, n)),
    })),
  );
  await store.replaceMatchNames(tx, id, rows);
}

/**
 * Other open requests with a person born in the same year whose name is alike, in whatever script. The node compares:
 * names of case files that the actor may not know of go no further than this.
 */
async function findSimilar(
  matching: Matching,
  { sealer, areAlike }: SimilarNames,
  tx: Tx,
  { id }: StoredAs,
  draft: DraftRequest,
): Promise<{ request: string; reference: string | null }[]> {
  const persons = namedPersonsOf(draft);
  const hashes = await bornHashes(matching, tx, persons);
  const found = await store.asNode(tx, async () => {
    const alike = new Map<string, string>();
    for (const row of await store.listNamesByBirth(tx, id, hashes)) {
      if (alike.has(row.request_id)) continue;
      const opened = await sealer.open(tx, row.case_file_id, row.sealed_names, namesPlace(row.request_id, row.n));
      const names = Names.parse(JSON.parse(opened.toString('utf8')));
      const isAlike = persons.some(
        (person, n) =>
          hashes[n] === row.born_hash && person.names.some((one) => names.some((other) => areAlike(one, other))),
      );
      if (isAlike) alike.set(row.request_id, row.reference);
    }
    return alike;
  });
  const visible = await store.listVisible(tx, [...found.keys()]);
  return [...found].map(([request, reference]) => ({ request, reference: visible.has(request) ? reference : null }));
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
  stored: StoredAs,
  draft: DraftRequest,
): Promise<Pick<RequestFacts, 'duplicates' | 'restrained'>> {
  const { id } = stored;
  const keys = matchKeysOf(draft);
  const hashes = await matching.hashes(tx, keys);
  const byHash = new Map(keys.map((key, n) => [hashes[n] ?? '', key]));
  const found = byHash.size === 0 ? [] : await store.listMatches(tx, id, [...byHash.keys()]);
  const related = new Set((draft.related ?? []).flatMap((one) => one.reference ?? []));
  const duplicates = new Map<string, RequestFacts['duplicates'][number]>();
  for (const one of found) {
    if (one.reference !== null && related.has(one.reference)) continue;
    if (!duplicates.has(one.request_id))
      duplicates.set(one.request_id, { id: veiled(id, one.request_id), reference: one.reference, key: one.kind });
  }
  const alike = matching.similar ? await findSimilar(matching, matching.similar, tx, stored, draft) : [];
  for (const { request, reference } of alike) {
    if ((reference !== null && related.has(reference)) || duplicates.has(request)) continue;
    duplicates.set(request, { id: veiled(id, request), reference, key: 'name' });
  }
  const restrained = found.flatMap((one) => {
    const key = byHash.get(one.key_hash);
    const holds = one.frozen && one.status !== null && holding.has(one.status);
    return key?.frozen && holds && one.reference ? [{ identifier: key.text, reference: one.reference }] : [];
  });
  return { duplicates: [...duplicates.values()], restrained };
}
