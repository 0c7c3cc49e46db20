import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/server';
import { Unavailable } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import {
  fail,
  ok,
  problem,
  type Hash,
  type Instant,
  type Problem,
  type Result,
} from '../../../platform/values/index.ts';
import { recordDenied } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import { isFresh } from '../decide.ts';
import { listPasskeys } from '../store/index.ts';
import type { IdentityNode } from './node.ts';
import { passkeyProof, provePasskey, type PasskeyEvidence } from './passkeys.ts';

/** The passkey challenge of an approval is the content itself: the 32 bytes of its hash, base64url. */
export function signingChallenge(contentHash: Hash): string {
  return Buffer.from(contentHash.slice('sha256:'.length), 'hex').toString('base64url');
}

/** Proof that a person approved exactly this content. */
export type SigningProof = { contentHash: Hash; personId: string; at: Instant } & (
  | { method: 'passkey'; evidence: PasskeyEvidence }
  /** Password and code, checked within the last five minutes: where no passkey can be used. */
  | { method: 'password-totp' | 'demo-link' }
);

/** What a form posts: the browser's assertion as JSON text, or nothing for the second method. */
export interface SigningInput {
  assertion?: string;
}

export interface Signing {
  /** Options for the browser; null when the signatory has no passkey, or one that this content cannot use. */
  optionsFor(ctx: Context, contentHash: Hash): Promise<PublicKeyCredentialRequestOptionsJSON | null>;
  /**
   * Checks an approval inside the transaction that records it. The permission must have been asked for already.
   * Without an assertion the second factor must be fresh, else `identity.step-up-needed`.
   */
  verify(tx: Tx, ctx: Context, contentHash: Hash, given: SigningInput): Promise<Result<SigningProof, Problem>>;
}

/** Approvals by passkey, for the modules that need them; `app.ts` hands this to them. */
export function createSigning(node: IdentityNode): Signing {
  return {
    async optionsFor(ctx, contentHash) {
      const { actor } = ctx;
      if (actor.kind !== 'person') return null;
      const own = await ctx.transaction((tx) => listPasskeys(tx, actor.id));
      if (own.every((one) => one.lockedAt !== null)) return null;
      const options = await passkeyProof(node, 'step-up', actor.id, own);
      return { ...options, challenge: signingChallenge(contentHash) };
    },
    async verify(tx, ctx, contentHash, given) {
      const { actor } = ctx;
      if (actor.kind !== 'person') throw new Unavailable('identity.passkey-refused');
      const common = { contentHash, personId: actor.id, at: node.clock.now() };
      if (given.assertion) {
        const expected = signingChallenge(contentHash);
        const proved = await provePasskey(tx, node, ctx, given.assertion, (text) => text === expected, false);
        if (!proved.ok) return proved;
        if (proved.value.passkey.personId !== actor.id) {
          await recordDenied(tx, ctx, 'identity.signing', { kind: 'content', id: contentHash });
          return fail(problem('identity.passkey-refused'));
        }
        return ok({ ...common, method: 'passkey', evidence: proved.value.evidence });
      }
      if (!isFresh(actor.steppedUpAt, node.clock.now())) return fail(problem('identity.step-up-needed'));
      return ok({ ...common, method: node.profile === 'demo' ? 'demo-link' : 'password-totp' });
    },
  };
}
