import type { Tx } from '../../../platform/db/index.ts';
import { secret } from '../../../platform/random.ts';
import { sha256, type Instant } from '../../../platform/values/index.ts';
import type { Context } from '../context.ts';
import { endInvitations, insertInvitation, type InvitationPurpose } from '../store/index.ts';
import { newTotpSecret } from './codes.ts';
import { after, beyondOwnRows, type IdentityNode } from './node.ts';

/** First start and reset: 30 minutes. An invitation waits three days for its reader. */
const linkMillis: Record<InvitationPurpose, number> = {
  'first-start': 30 * 60_000,
  reset: 30 * 60_000,
  invitation: 72 * 3_600_000,
};

/** Makes the one-time link of a person; those before die. */
export async function makeLink(
  tx: Tx,
  ctx: Context,
  node: IdentityNode,
  personId: string,
  purpose: InvitationPurpose,
): Promise<{ link: string; expiresAt: Instant }> {
  const at = ctx.clock.now();
  const expiresAt = after(at, linkMillis[purpose]);
  const linkSecret = secret(ctx.random);
  await beyondOwnRows(tx, ctx.actor, async () => {
    await endInvitations(tx, personId, at);
    const totpSealed = node.seal(Buffer.from(newTotpSecret(ctx.random)));
    await insertInvitation(tx, sha256(linkSecret), { personId, purpose, totpSealed, at, expiresAt });
  });
  return { link: `/invitation/${linkSecret}`, expiresAt };
}
