import type { JWK } from 'jose';
import {
  barePublicKey,
  buildDelegation,
  toRecipient,
  type KeyAlgorithm,
  type KeyStore,
} from '../../../platform/crypto/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { Instant, toInstant } from '../../../platform/values/index.ts';
import { type KeyUse } from '../schema.ts';
import { fingerprintOf, RootCard, type OwnKeyRow, type OwnNode, type TrustRoot } from './schema.ts';
import {
  holdOwner,
  insertDelegation,
  insertOwnKey,
  listDelegations,
  listOwnKeys,
  listRoots,
  saveRoot,
  trustChanged,
} from './store/index.ts';

export const labels = {
  root: 'records/root',
  delegate: 'records/delegate',
  treaties: 'treaties/sign',
  nodeSign: 'node/sign',
} as const;

const dayMs = 86_400_000;
/** How long a delegate may sign, and how long before its end it is renewed, in days. */
const delegation = { life: 365, renewBefore: 60 } as const;

/** Label in the key store of an authority's key. The node's own authority has the short name. */
export function labelOf(own: OwnNode, use: KeyUse, holder: string): string {
  switch (use) {
    case 'node-sign':
      return labels.nodeSign;
    case 'authority-sign':
      return holder === own.authorities[0] ? 'authority/sign' : `authority/sign/${holder}`;
    case 'authority-seal':
      return holder === own.authorities[0] ? 'authority/seal' : `authority/seal/${holder}`;
    case 'log':
      return 'log/sign';
    case 'tls':
      return 'tls/wrap';
  }
}

export const algorithmOf: Record<Exclude<KeyUse, 'tls'>, KeyAlgorithm> = {
  'node-sign': 'ES256',
  log: 'EdDSA',
  'authority-sign': 'ES256',
  'authority-seal': 'X25519',
};

/** A key of this node, with the key store's name for it. */
export interface OwnKey {
  kid: string;
  publicKey: JWK;
}

/** Which of the own keys are in use now. */
export interface OwnKeys {
  root: OwnKey;
  nodeSign: OwnKey;
  authorities: ReadonlyMap<string, { sign: OwnKey; seal: OwnKey; recipient: string; sealingKids: readonly string[] }>;
}

export interface OwnParts {
  keys: KeyStore;
  own: OwnNode;
  clock: Clock;
}

/** How the node signs records: its delegate, and what proves it to others. */
export interface RecordSigner {
  keys: KeyStore;
  kid: string;
  owner: string;
  root: JWK;
  delegations: readonly string[];
}

/** The key in use of a holder at a moment: of those that may be used the one that began last. */
export function keyInUse(rows: readonly OwnKeyRow[], use: KeyUse, holder: string, now: Instant): OwnKeyRow | undefined {
  return rows
    .filter(
      (row) =>
        row.use === use &&
        row.holder === holder &&
        row.validFrom <= now &&
        (row.validUntil === null || now < row.validUntil) &&
        (row.revokedAt === null || now < row.revokedAt),
    )
    .sort((a, b) => (a.validFrom < b.validFrom ? -1 : a.validFrom > b.validFrom ? 1 : a.madeAt < b.madeAt ? -1 : 1))
    .at(-1);
}

/**
 * Makes what is missing: root, delegate, node key, keys of the own authorities. What stands stays. A root that was
 * taken out of the key store after it delegated is not made again.
 */
export async function ensureOwn(tx: Tx, { keys, own, clock }: OwnParts): Promise<void> {
  await holdOwner(tx, own.owner);
  const now = clock.now();
  let changed = false;
  let root = (await listRoots(tx, own.owner)).find((one) => one.own && one.status === 'confirmed');
  if (!root) {
    const made = await keys.ensure(labels.root, 'ES256');
    const publicKey = barePublicKey(made.publicKey ?? {});
    root = {
      owner: own.owner,
      kid: made.kid,
      publicKey,
      fingerprint: fingerprintOf({ owner: own.owner, key: publicKey }),
      own: true,
      status: 'confirmed',
      channel: null,
      saidOn: null,
      saidBy: null,
      proposedBy: 'system:node',
      proposedAt: now,
      confirmedBy: null,
      confirmedAt: now,
      failed: 0,
    };
    await saveRoot(tx, root);
    changed = true;
  }
  for (const [label, feeds] of [
    [labels.delegate, null],
    [labels.treaties, ['treaties']],
  ] as const)
    changed = (await ensureDelegation(tx, { keys, own, clock }, root.kid, label, feeds)) || changed;
  const rows = await listOwnKeys(tx);
  const wanted: [KeyUse, string][] = [
    ['node-sign', own.node],
    ...own.authorities.flatMap((id): [KeyUse, string][] => [
      ['authority-sign', id],
      ['authority-seal', id],
    ]),
  ];
  for (const [use, holder] of wanted) {
    if (use === 'tls' || keyInUse(rows, use, holder, now)) continue;
    const made = await keys.ensure(labelOf(own, use, holder), algorithmOf[use]);
    const publicKey = made.publicKey ?? {};
    const fromDay = Instant.parse(`${now.slice(0, 10)}T00:00:00.000Z`);
    const row = { kid: made.kid, use, holder, publicKey, validFrom: fromDay, validUntil: null, madeAt: now };
    changed = (await insertOwnKey(tx, row, 'system:node')) || changed;
  }
  if (changed) await trustChanged(tx);
}

/** @returns whether a delegation was made: there was none, or it ends soon and the root is here to renew it */
async function ensureDelegation(
  tx: Tx,
  { keys, own, clock }: OwnParts,
  rootKid: string,
  label: string,
  feeds: readonly string[] | null,
): Promise<boolean> {
  const now = clock.now();
  const key = await keys.ensure(label, 'ES256');
  const held = (await listDelegations(tx, own.owner)).filter((one) => one.kid === key.kid);
  const soon = toInstant(new Date(Date.parse(now) + delegation.renewBefore * dayMs));
  if (held.some((one) => one.validUntil === null || one.validUntil > soon)) return false;
  const isRootHere = (await keys.list()).some((one) => one.kid === rootKid);
  if (!isRootHere) {
    if (held.some((one) => one.validUntil !== null && one.validUntil > now)) return false;
    throw new Unavailable('trust.root-away', { params: { kid: rootKid } });
  }
  const from = held.length > 0 ? now : Instant.parse(key.createdAt < now ? key.createdAt : now);
  const until = toInstant(new Date(Date.parse(now) + delegation.life * dayMs));
  const jws = await buildDelegation(keys, rootKid, {
    owner: own.owner,
    key: barePublicKey(key.publicKey ?? {}),
    feeds: feeds && [...feeds],
    from,
    until,
  });
  const one = { owner: own.owner, kid: key.kid, rootKid, jws, validFrom: from, validUntil: until };
  return insertDelegation(tx, one, now);
}

/** Others hold newer records of this node than it does itself: nothing is signed until they were taken back. */
export const wentBack = 'trust.own-history-went-back';

export async function ownRoot(tx: Tx, own: OwnNode): Promise<TrustRoot> {
  const root = (await listRoots(tx, own.owner)).find((one) => one.own && one.status === 'confirmed');
  if (!root) throw new Unavailable('trust.no-own-keys');
  return root;
}

export async function recordSigner(tx: Tx, { keys, own }: Pick<OwnParts, 'keys' | 'own'>): Promise<RecordSigner> {
  const root = await ownRoot(tx, own);
  const delegate = await keys.find(labels.delegate);
  if (!delegate) throw new Unavailable('trust.no-own-keys');
  const delegations = (await listDelegations(tx, own.owner)).map((one) => one.jws);
  return { keys, kid: delegate.kid, owner: own.owner, root: root.publicKey, delegations };
}

/** The own keys in use now. Throws `Unavailable` `trust.no-own-keys` when one is missing. */
export async function ownKeysNow(tx: Tx, { own, clock }: Pick<OwnParts, 'own' | 'clock'>): Promise<OwnKeys> {
  const now = clock.now();
  const rows = await listOwnKeys(tx);
  const root = await ownRoot(tx, own);
  const get = (use: KeyUse, holder: string): OwnKey => {
    const row = keyInUse(rows, use, holder, now);
    if (!row?.publicKey) throw new Unavailable('trust.no-own-keys', { params: { use, holder } });
    return { kid: row.kid, publicKey: row.publicKey };
  };
  const authorities = new Map(
    own.authorities.map((id) => {
      const seal = get('authority-seal', id);
      const recipient = toRecipient(Buffer.from(seal.publicKey.x ?? '', 'base64url'));
      // What was sealed to an older key is opened with it, as long as the key is kept.
      const sealingKids = rows.filter((row) => row.use === 'authority-seal' && row.holder === id).map((row) => row.kid);
      return [id, { sign: get('authority-sign', id), seal, recipient, sealingKids }] as const;
    }),
  );
  return { root: { kid: root.kid, publicKey: root.publicKey }, nodeSign: get('node-sign', own.node), authorities };
}

/** What this node's people hand to others by another way. */
export async function ownCard(tx: Tx, { own }: Pick<OwnParts, 'own'>): Promise<RootCard> {
  const root = await ownRoot(tx, own);
  return RootCard.parse({ kind: 'root-card', version: 1, owner: own.owner, key: barePublicKey(root.publicKey) });
}
