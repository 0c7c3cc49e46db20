import type { Context } from '../../identity/index.ts';
import { listFeedback, type Feedback } from '../store/index.ts';
import { reportError } from './write.ts';

/** Reports on entries of the own State, oldest first. */
export async function listOwnFeedback(ctx: Context): Promise<(Feedback & { late: boolean })[]> {
  ctx.allow('authorities.edit');
  const today = ctx.today();
  const all = await ctx.transaction((tx) => listFeedback(tx));
  return all
    .filter((one) => one.recordId.startsWith(`${ctx.state}:`))
    .map((one) => ({ ...one, late: one.answeredAt === null && one.dueOn < today }));
}

/** What stands in a report that only asks the owner to confirm; pages say it in the reader's language. */
export const askToConfirmText = 'ask-to-confirm';

/** Asks the owner of an old entry to confirm it. Asking again while one such question is open changes nothing. */
export async function askToConfirm(ctx: Context, id: string): Promise<void> {
  ctx.allow('authorities.read-restricted');
  const before = await ctx.transaction((tx) => listFeedback(tx, id));
  const asked = before.some(
    (one) => one.text === askToConfirmText && one.fromState === ctx.state && one.answeredAt === null,
  );
  if (!asked) await reportError(ctx, id, { field: 'confirmedOn', text: askToConfirmText });
}
