import type { Tx } from '../../../platform/db/index.ts';
import { hashOf, type Problem, type Result, ok } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import type { Entry } from '../schema/index.ts';
import type { AuthoritiesNeeds } from './needs.ts';
import { actorId } from './read.ts';
import { appendEntry, lockOwnEntry } from './write.ts';

/** Secure address of an own entry: the node that serves it, and its public keys with their days. */
export type SecureAddress = Pick<Entry, 'nodeId' | 'signingKeys' | 'sealingKeys'>;

/**
 * Says the secure address in an own entry, when it differs from what was said last. The node publishes it by itself:
 * what a person decides is the announcement of a key, not the entry that carries it.
 * @returns the version that carries it, the same as before when nothing changed
 */
export async function publishSecureAddress(
  tx: Tx,
  ctx: Context,
  needs: AuthoritiesNeeds,
  id: string,
  address: SecureAddress,
): Promise<Result<{ version: number; changed: boolean }, Problem[]>> {
  const { entry, version } = await lockOwnEntry(tx, ctx, id);
  const { nodeId, signingKeys, sealingKeys } = entry;
  if (hashOf({ nodeId, signingKeys, sealingKeys }) === hashOf(address)) return ok({ version, changed: false });
  const done = await appendEntry(
    tx,
    ctx,
    needs,
    { ...entry, ...address },
    { version: version + 1, op: 'put', writtenBy: actorId(ctx) },
  );
  if (!done.ok) return done;
  const kind = 'authority-entry';
  await recordAudit(tx, ctx, 'authorities.publish-keys', { kind, id }, { version: done.value.version });
  return ok({ version: done.value.version, changed: true });
}
