import { NotAllowed, NotFound } from '../../platform/errors.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { actorId, addVersion, type LiveFacts } from './live.ts';
import { shownReading, type TreatyFacts } from './rules/index.ts';
import type { ShownReading } from './schema/index.ts';
import { insertConfirmation, lockDataset } from './store/index.ts';

/** One reading by its id; throws `NotFound` `treaties.no-such-reading`. */
export function getReading(facts: TreatyFacts, id: string): ShownReading {
  for (const byState of facts.readings.values())
    for (const list of byState.values())
      for (const reading of list) if (reading.id === id) return shownReading(reading, false);
  throw new NotFound('treaties.no-such-reading');
}

/**
 * An official stands behind a reading: answers that rest on it say so from now on. Confirming again changes nothing.
 * In production a person does it, never the command line.
 */
export async function confirmReading(ctx: Context, live: LiveFacts, id: string): Promise<ShownReading> {
  ctx.allow('treaties.confirm-reading');
  if (ctx.actor.kind === 'system' && ctx.profile === 'production')
    throw new NotAllowed('treaties.confirm-needs-person');
  await live.refresh(ctx);
  getReading(live.current(), id);
  await ctx.transaction(async (tx) => {
    await lockDataset(tx);
    const at = ctx.clock.now();
    const by = actorId(ctx);
    if (!(await insertConfirmation(tx, id, by, at))) return;
    await addVersion(tx, live, { importId: null, content: `reading ${id}`, by, at });
    await recordAudit(tx, ctx, 'treaties.confirm-reading', { kind: 'treaty-reading', id });
  });
  await live.refresh(ctx);
  return getReading(live.current(), id);
}
