import type { JWK } from 'jose';
import { buildRecord, type BuiltRecord } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { canonical, Instant, kinds } from '../../../platform/values/index.ts';
import { NodeEntry, VerifyingKey } from '../schema.ts';
import { ownRoot, recordSigner, wentBack, type OwnParts } from './own.ts';
import type { OwnKeyRow, OwnNode } from './schema.ts';
import {
  findFeedState,
  holdOwner,
  listOwnKeys,
  listRecords,
  saveFeedState,
  saveRecords,
  trustChanged,
} from './store/index.ts';

/** What an own node entry says: where the node is reached and with which keys it speaks, those announced too. */
export function buildNodeEntry(own: OwnNode, rows: readonly OwnKeyRow[], now: Instant): NodeEntry {
  const keys = rows
    .filter((row) => row.use === 'node-sign' && row.holder === own.node && row.publicKey)
    .map((row) => ({
      use: 'node-sign' as const,
      kid: row.kid,
      publicKey: VerifyingKey.parse(bare(row.publicKey ?? {})),
      validFrom: row.validFrom,
      validUntil: row.validUntil,
    }));
  const known = rows.filter((row) => row.use === 'tls' || row.use === 'log');
  const startOf = (kid: string) =>
    known.find((row) => row.kid === kid)?.validFrom ?? Instant.parse(`${now.slice(0, 10)}T00:00:00.000Z`);
  return NodeEntry.parse({
    node: own.node,
    state: own.state,
    endpoints: own.endpoints,
    keys: [
      ...keys,
      ...own.tlsKids.map((kid) => ({ use: 'tls', kid, publicKey: null, validFrom: startOf(kid), validUntil: null })),
      ...(own.logKey
        ? [
            {
              use: 'log',
              kid: own.logKey.kid,
              publicKey: bare(own.logKey.publicKey),
              validFrom: startOf(own.logKey.kid),
              validUntil: null,
            },
          ]
        : []),
    ],
    instruments: [],
    suites: ['age-x25519/1'],
    logOrigin: own.logOrigin,
  });
}

function bare({ kty, crv, x, y }: JWK): JWK {
  return y === undefined ? { kty, crv, x } : { kty, crv, x, y };
}

/** Signs the next record of the own feed `nodes`, in the transaction that causes it. */
export async function appendOwnRecord(
  tx: Tx,
  parts: OwnParts,
  content: { kind: 'node-entry' | 'key-revocation'; recordId: string; body: unknown },
  by: 'delegate' | 'root' = 'delegate',
): Promise<BuiltRecord> {
  const { own, clock } = parts;
  await holdOwner(tx, own.owner);
  const state = await findFeedState(tx, own.owner, 'nodes');
  // A record under a number that others know already would be a second one: they would freeze this feed.
  if (state?.lastCode === wentBack || state?.frozenAt) throw new Conflict('trust.own-feed-stopped');
  const signer = await recordSigner(tx, parts);
  const { kid } = by === 'root' ? await parts.keys.publicKey((await ownRoot(tx, own)).kid) : signer;
  const held = await listRecords(tx, { owner: own.owner, feed: 'nodes', statuses: ['taken'] });
  const before = held.filter((one) => one.record.kind === content.kind && one.record.recordId === content.recordId);
  const last = held.at(-1);
  const at = clock.now();
  const built = await buildRecord(
    signer.keys,
    kid,
    {
      kind: content.kind,
      version: kinds[content.kind].version,
      owner: own.owner,
      feed: 'nodes',
      recordId: content.recordId,
      recordVersion: (before.at(-1)?.record.recordVersion ?? 0) + 1,
      op: 'put',
      at,
      body: JSON.parse(canonical(content.body)) as Record<string, never>,
    },
    last && { seq: last.record.seq, hash: last.hash },
  );
  await saveRecords(tx, [built], { status: 'taken', at, from: null });
  await saveFeedState(tx, own.owner, 'nodes', { seq: built.record.seq, hash: built.hash, checkedAt: at });
  await trustChanged(tx);
  return built;
}

/** Publishes the own node entry when what it says differs from what was said last. */
export async function publishOwnEntry(tx: Tx, parts: OwnParts): Promise<BuiltRecord | undefined> {
  const { own, clock } = parts;
  await holdOwner(tx, own.owner);
  const said = (await listRecords(tx, { owner: own.owner, feed: 'nodes', statuses: ['taken'] }))
    .filter((one) => one.record.kind === 'node-entry' && one.record.recordId === own.node)
    .at(-1);
  const rows = await listOwnKeys(tx);
  const now = clock.now();
  const keptStart = NodeEntry.safeParse(said?.record.body);
  const body = buildNodeEntry(own, withSaidTimes(rows, keptStart.success ? keptStart.data : undefined), now);
  if (said && canonical(said.record.body) === canonical(body)) return undefined;
  return appendOwnRecord(tx, parts, { kind: 'node-entry', recordId: own.node, body });
}

/** A key that was said once keeps the moment from which it was said to be used. */
function withSaidTimes(rows: readonly OwnKeyRow[], said: NodeEntry | undefined): OwnKeyRow[] {
  const kept = (said?.keys ?? [])
    .filter((key) => key.use !== 'node-sign')
    .map((key) => ({
      kid: key.kid,
      use: key.use,
      holder: said?.node ?? '',
      publicKey: key.publicKey,
      validFrom: key.validFrom,
      validUntil: key.validUntil,
      revokedAt: null,
      madeAt: key.validFrom,
    }));
  return [...rows, ...kept];
}
