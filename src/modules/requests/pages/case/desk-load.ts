import type { Context } from '../../../identity/index.ts';
import type { CaseParts } from './parts.ts';

/** Rows of a desk on one page. */
export const deskLimit = 50;

/** Names of the owners of some rows. */
export async function ownersOf(
  parts: Pick<CaseParts, 'namesOf'>,
  ctx: Context,
  items: readonly { owner: string | null }[],
): Promise<ReadonlyMap<string, string>> {
  const owners = [...new Set(items.flatMap((item) => item.owner ?? []))].filter((id) => !id.startsWith('system'));
  return owners.length === 0 ? new Map() : ctx.transaction((tx) => parts.namesOf(tx, owners));
}

/** How many an act on several took, as the address says after it. */
export function doneIn(query: Record<string, string>): number | undefined {
  return /^\d{1,2}$/.test(query.done ?? '') ? Number(query.done) : undefined;
}
