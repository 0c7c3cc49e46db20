import {
  readDelegation,
  SignedRecord,
  verifyRecord,
  type BuiltRecord,
  type RecordKey,
} from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, problem, sha256, type Instant } from '../../../platform/values/index.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import { KeyRevocation, NodeEntry } from '../schema.ts';
import type { IntakeParts, IntakeReport } from './intake-parts.ts';
import { holdChange, listDelegations, listRoots, type StoredRecord } from './store/index.ts';

/** Roots and delegates of an owner that may sign its records. */
export async function keysOfOwner(tx: Tx, owner: string, rows: readonly StoredRecord[]): Promise<RecordKey[]> {
  const roots = (await listRoots(tx, owner)).filter((root) => root.status === 'confirmed');
  const found: RecordKey[] = roots.map((root) => ({
    owner,
    kid: root.kid,
    publicKey: root.publicKey,
    from: '0001-01-01T00:00:00.000Z' as Instant,
    until: null,
    feeds: ['nodes'],
  }));
  for (const { jws, rootKid } of await listDelegations(tx, owner)) {
    const root = roots.find((one) => one.kid === rootKid);
    const key = root && (await readDelegation(jws, root.publicKey));
    if (key && key.owner === owner) found.push(key);
  }
  // A delegate that was taken back signs nothing from then on.
  for (const { record } of rows) {
    if (record.kind !== 'key-revocation') continue;
    const revocation = KeyRevocation.safeParse(record.body);
    if (!revocation.success) continue;
    for (const key of found)
      if (key.kid === revocation.data.key && (key.until === null || revocation.data.since < key.until))
        key.until = revocation.data.since;
  }
  return found;
}

/** Keys of one owner that signed a word for the same kid: the one whose time fits wins. */
function findKeyAt(keys: readonly RecordKey[], jws: string) {
  const at = (() => {
    try {
      return (JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')) as { at?: unknown }).at;
    } catch {
      return undefined;
    }
  })();
  return (owner: string, kid: string): RecordKey | undefined => {
    const named = keys.filter((key) => key.owner === owner && key.kid === kid);
    return (
      named.find((key) => typeof at === 'string' && at >= key.from && (key.until === null || at < key.until)) ??
      named[0]
    );
  };
}

export interface Verifying {
  owner: string;
  feed: string;
  records: readonly string[];
  from: string | null;
  keys: readonly RecordKey[];
  at: Instant;
  report: IntakeReport;
}

export async function verifyAll(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  what: Verifying,
): Promise<BuiltRecord[]> {
  const { owner, feed, keys, report } = what;
  const came: BuiltRecord[] = [];
  for (const jws of what.records) {
    const checked = verifyRecord(jws, findKeyAt(keys, jws));
    if (!checked.ok) {
      report.problems.push(...checked.error);
      const code = checked.error[0]?.code ?? '';
      if (feed === 'nodes' && !['records.malformed', 'records.not-canonical'].includes(code))
        await holdUnsigned(tx, ctx, parts, jws, code, what);
    } else if (checked.value.record.owner !== owner || checked.value.record.feed !== feed)
      report.problems.push(problem('records.malformed', [], { params: { owner, feed } }));
    else came.push(checked.value);
  }
  return came;
}

/** K5, K6: what its State did not sign is unused until two persons confirm it by another way. */
async function holdUnsigned(
  tx: Tx,
  ctx: AuditContext,
  parts: IntakeParts,
  jws: string,
  code: string,
  { owner, from, at }: Verifying,
): Promise<void> {
  let record: SignedRecord;
  try {
    record = SignedRecord.parse(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString('utf8')));
  } catch {
    return;
  }
  const entry = NodeEntry.safeParse(record.body);
  if (record.kind !== 'node-entry' || record.owner !== owner || !entry.success) return;
  const trust = await parts.loadTrust(tx);
  const current = trust.node(entry.data.node);
  if (current && (current.owner !== owner || canonical(current.entry) === canonical(entry.data))) return;
  const id = uuidv7(ctx.random, Date.parse(at));
  const isNew = await holdChange(tx, {
    id,
    owner,
    subject: entry.data.node,
    kind: 'node-entry',
    jws,
    contentSha256: sha256(canonical(entry.data)),
    code,
    receivedFrom: from,
    receivedAt: at,
  });
  if (!isNew) return;
  await recordAudit(tx, ctx, 'exchange.change-held', { kind: 'trust-change', id }, { owner, code });
  parts.log?.error({ event: 'trust.change-held', owner, node: entry.data.node, code }, 'trust.change-held');
}
