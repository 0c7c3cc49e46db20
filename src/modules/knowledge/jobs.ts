import type { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/db/index.ts';
import { addJob, type JobHandler } from '../../platform/jobs/index.ts';
import type { Random } from '../../platform/random.ts';
import { indexJob, type Knowledge } from './service.ts';

/** Asked for when accepted packs changed, and once at each start. */
const packsJob = 'packs.changed';

/** Reads packs when they change; indexes what waits. */
export function knowledgeJobs(knowledge: Knowledge): Record<string, JobHandler> {
  return {
    [packsJob]: async (tx) => void (await knowledge.readPacks(tx)),
    // The index writes in its own transactions: what is done stays done if a later part fails.
    [indexJob]: async () => void (await knowledge.needs.index.work()),
  };
}

/** What a start asks for: packs may have come while nobody listened, and a fresh node needs its empty index. */
export async function startKnowledgeJobs(tx: Tx, parts: { clock: Clock; random: Random }): Promise<void> {
  await addJob(tx, parts, { kind: packsJob, key: packsJob });
}
