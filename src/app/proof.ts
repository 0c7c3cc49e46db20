import { nameActor, type Context } from '../modules/identity/index.ts';
import { MessageProof, openSealedParts, type Exchange } from '../modules/exchange/index.ts';
import type { ProofParts } from '../modules/evidence/index.ts';

/** How evidence finds what proves a message: `exchange` keeps it, and asks for the permission. */
export function findMessageIn(exchange: Exchange): NonNullable<ProofParts['findMessage']> {
  return async (ctx: Context, messageId: string) => {
    const { bytes } = await exchange.history.proofFile(
      ctx,
      messageId as Parameters<typeof exchange.history.proofFile>[1],
    );
    const proof = MessageProof.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    const parts = await ctx.transaction(async (tx) => {
      await nameActor(tx, { kind: 'system', id: 'exchange' });
      return openSealedParts(exchange.parts.folder, tx, messageId);
    });
    return { proof, parts, caseFileId: null };
  };
}
