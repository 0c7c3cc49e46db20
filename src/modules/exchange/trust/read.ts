import type { KeyStore } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import { personNames, type Context } from '../../identity/index.ts';
import { NodeEntry } from '../schema.ts';
import { labels } from './own.ts';
import { listStopped, type StoppedFeed } from './resume.ts';
import { keyAges, type KeyAge } from './rotation.ts';
import {
  fingerprintOf,
  type FeedState,
  type HeldNode,
  type RootCard,
  type TrustChange,
  type TrustRoot,
} from './schema.ts';
import { listChanges, listDelegations, listFeedStates, listOwnKeys, listRoots, recordIn } from './store/index.ts';
import type { FullTrustView, RefusedKey } from './view.ts';
import type { Trust } from './index.ts';

/** Data of others is old from this age on: nothing above TLP:GREEN is sent to them. */
export const staleAfterMs = 24 * 3_600_000;

/** An owner that counts here, with its nodes and how old what is known of it is. */
export interface KnownOwner {
  root: TrustRoot;
  nodes: HeldNode[];
  freshAt: Instant | null;
  isStale: boolean;
  feeds: FeedState[];
}

/** What the page of trust shows. */
export interface TrustShown {
  /** Null while this node has no keys of its own: it does not take part yet. */
  card: RootCard | null;
  proposals: TrustRoot[];
  changes: { change: TrustChange; entry: NodeEntry; current: NodeEntry | undefined }[];
  known: KnownOwner[];
  refusedKeys: readonly RefusedKey[];
  /** Own feeds that stand still. */
  ownStopped: StoppedFeed[];
  names: ReadonlyMap<string, string>;
  mayPropose: boolean;
  mayConfirm: boolean;
  personId: string | null;
}

/** The own root card; null while this node has no keys of its own. */
export async function findOwnCard(tx: Tx, trust: Trust): Promise<RootCard | null> {
  const root = (await listRoots(tx, trust.own.owner)).some((one) => one.own && one.status === 'confirmed');
  return root ? trust.ownCard(tx) : null;
}

export async function readTrust(ctx: Context, trust: Trust): Promise<TrustShown> {
  ctx.allow('exchange.read-queue');
  return ctx.transaction(async (tx) => {
    const view = await trust.loadTrust(tx);
    const roots = await listRoots(tx);
    const states = await listFeedStates(tx);
    const changes = (await listChanges(tx)).filter((one) => one.status === 'held' || one.status === 'proposed');
    const card = await findOwnCard(tx, trust);
    const now = Date.parse(ctx.clock.now());
    const people = [...roots, ...changes].flatMap((one) => [
      one.proposedBy,
      'confirmedBy' in one ? one.confirmedBy : one.decidedBy,
    ]);
    const stopped = await listStopped(tx, trust.resume, states);
    people.push(...stopped.map((one) => one.state.resumeProposedBy));
    const ids = [...new Set(people)].filter((id): id is string => id !== null && /^[0-9a-f-]{36}$/.test(id));
    return {
      card,
      proposals: roots.filter((root) => root.status === 'proposed'),
      changes: changes.map((change) => ({
        change,
        entry: NodeEntry.parse(recordIn(change.jws).body),
        current: view.node(change.subject)?.entry,
      })),
      known: roots
        .filter((root) => root.status === 'confirmed' && !root.own)
        .map((root) => {
          const freshAt = view.freshAt(root.owner);
          return {
            root,
            nodes: view.nodes().filter((one) => one.owner === root.owner),
            freshAt,
            isStale: freshAt === null || now - Date.parse(freshAt) > staleAfterMs,
            feeds: states.filter((state) => state.owner === root.owner),
          };
        }),
      refusedKeys: view.refusedKeys(),
      ownStopped: stopped,
      names: await personNames(tx, ids),
      mayPropose: ctx.may('exchange.propose-trust'),
      mayConfirm: ctx.actor.kind === 'person' && ctx.actor.roles.includes('administrator'),
      personId: ctx.actor.kind === 'person' ? ctx.actor.id : null,
    };
  });
}

/** What the page of own keys shows. */
export interface KeysShown {
  ages: KeyAge[];
  root: { fingerprint: string; isHere: boolean; delegateUntil: Instant | null } | null;
  custody: { mode: 'node' | 'vault'; ok: boolean };
  revocations: ReturnType<FullTrustView['revocations']>;
  mayManage: boolean;
}

export async function readKeys(
  ctx: Context,
  trust: Trust,
  keys: KeyStore,
  custody: 'node' | 'vault',
): Promise<KeysShown> {
  ctx.allow('exchange.read-queue');
  const health = await keys.health();
  const delegate = health.ok ? await keys.find(labels.delegate) : undefined;
  const held = health.ok ? await keys.list() : [];
  return ctx.transaction(async (tx) => {
    const view = await trust.loadTrust(tx);
    const card = await findOwnCard(tx, trust);
    const root = (await listRoots(tx, trust.own.owner)).find((one) => one.own && one.status === 'confirmed');
    const delegation = (await listDelegations(tx, trust.own.owner)).filter((one) => one.kid === delegate?.kid).at(-1);
    return {
      ages: keyAges(await listOwnKeys(tx), ctx.clock.now()),
      root: card && {
        fingerprint: fingerprintOf(card),
        isHere: held.some((one) => one.kid === root?.kid),
        delegateUntil: delegation?.validUntil ?? null,
      },
      custody: { mode: custody, ok: health.ok },
      revocations: view.revocations().filter((one) => one.owner !== trust.own.owner),
      mayManage: ctx.actor.kind === 'person' && ctx.actor.roles.includes('administrator'),
    };
  });
}
