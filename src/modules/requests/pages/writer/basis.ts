import { Invalid } from '../../../../platform/errors.ts';
import type { Context } from '../../../identity/index.ts';
import type { Treaties } from '../../../treaties/index.ts';
import type { DraftRequest } from '../../schema/index.ts';

/** What treaties answer today for the two States of a draft, in one sentence; null while a State is missing. */
export function basisSentence(treaties: Treaties, ctx: Context, draft: DraftRequest): string | null {
  const to = draft.requested?.state;
  if (!to || to === ctx.state) return null;
  try {
    const answer = treaties.basis(ctx, {
      from: ctx.state,
      to,
      measure: draft.types?.includes('T9') ? 'freezing' : 'mla',
      coercive: true,
    });
    return answer.explanation;
  } catch (error) {
    // A question the data cannot take is no reason to keep the writer's page back.
    if (error instanceof Invalid) return null;
    throw error;
  }
}
