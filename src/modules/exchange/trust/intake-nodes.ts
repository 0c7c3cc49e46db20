import type { SignedRecord } from '../../../platform/crypto/index.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { recordAudit, type AuditContext } from '../../audit/index.ts';
import { KeyRevocation, NodeEntry } from '../schema.ts';
import { nodeKeys } from './facts.ts';
import type { FeedTaker, IntakeParts } from './intake-parts.ts';
import { flagSignedWith } from './store/index.ts';
import type { FullTrustView } from './view.ts';

/** What a feed `nodes` may say: an owner speaks for its own node, with keys that are good and nobody else's. */
export function nodesTaker(ctx: AuditContext, parts: IntakeParts): FeedTaker {
  const take: FeedTaker['take'] = async (tx, records) => {
    const refused: { seq: number; code: string }[] = [];
    const view = await parts.loadTrust(tx);
    const owners = new Map<string, string>();
    const inThis = new Map<string, string>();
    for (const { record } of records) {
      const code =
        record.kind === 'node-entry'
          ? await nodeEntryProblem(record, view, owners, inThis)
          : record.kind === 'key-revocation'
            ? revocationProblem(record)
            : 'trust.unknown-kind';
      if (code) refused.push({ seq: record.seq, code });
      else if (record.kind === 'key-revocation') await revoke(tx, ctx, record);
    }
    return refused;
  };
  return { take };
}

async function nodeEntryProblem(
  record: SignedRecord,
  view: FullTrustView,
  owners: Map<string, string>,
  inThis: Map<string, string>,
): Promise<string | undefined> {
  if (record.op === 'withdraw') return undefined;
  const parsed = NodeEntry.safeParse(record.body);
  if (!parsed.success) return 'trust.bad-entry';
  const entry = parsed.data;
  if (entry.node !== record.recordId) return 'trust.bad-entry';
  const speaksForItself = entry.state === null ? record.owner === entry.node : record.owner === entry.state;
  if (!speaksForItself) return 'trust.not-owner';
  const holder = owners.get(entry.node) ?? view.node(entry.node)?.owner;
  if (holder !== undefined && holder !== record.owner) return 'trust.node-of-another';
  owners.set(entry.node, record.owner);
  for (const key of await nodeKeys(entry, record.owner)) {
    const name = `${key.holder} ${key.use}`;
    const problem =
      view.problemOfNewKey(key) ??
      (inThis.has(key.kid) && inThis.get(key.kid) !== name ? 'trust.key-of-another' : undefined);
    if (problem) return problem;
    inThis.set(key.kid, name);
  }
  return undefined;
}

function revocationProblem(record: SignedRecord): string | undefined {
  return KeyRevocation.safeParse(record.body).success && record.op === 'put' ? undefined : 'trust.bad-entry';
}

/** Takes effect at the next message; what came before is marked, never deleted. */
async function revoke(tx: Tx, ctx: AuditContext, record: SignedRecord): Promise<void> {
  const { key, since, reason } = KeyRevocation.parse(record.body);
  const flagged = await flagSignedWith(tx, record.owner, key, since);
  await recordAudit(
    tx,
    ctx,
    'exchange.key-revoked',
    { kind: 'key', id: key },
    { owner: record.owner, reason, flagged },
  );
}
