import type { Instant } from '../../platform/values/index.ts';
import { originOf } from './log.ts';
import { logNames, type LogName } from './schema.ts';
import type { AuditReader } from './service.ts';
import {
  findNewestCheckpoint,
  getHead,
  getLogName,
  listConflicts,
  listCosignatures,
  listWitnesses,
} from './store/index.ts';

/** How far both logs are signed, and who else has seen them. */
export interface LogState {
  logs: {
    log: LogName;
    origin: string | null;
    size: number;
    signed: { size: number; at: Instant } | null;
    /** The newest checkpoint, for the exchange log the newest that a witness cosigned as well, when that is the newest. */
    note: string | null;
  }[];
  witnesses: { witness: string; size: number; at: Instant }[];
  /** Nodes that showed two logs. */
  conflicts: string[];
}

/** Reads what is signed and cosigned, for oversight. */
export async function readLogState(ctx: AuditReader): Promise<LogState> {
  return ctx.transaction(async (tx) => {
    ctx.allow('audit.read');
    const { name, epoch } = await getLogName(tx);
    const logs: LogState['logs'] = [];
    for (const log of logNames) {
      const origin = name === null ? null : originOf(log, name, epoch);
      const { size } = await getHead(tx, log);
      const newest = origin === null ? undefined : await findNewestCheckpoint(tx, log, origin);
      const seen = newest && log === 'exchange' ? await listCosignatures(tx, newest.origin, newest.size) : [];
      const signed = newest ? { size: newest.size, at: newest.at } : null;
      logs.push({ log, origin, size, signed, note: seen[0]?.note ?? newest?.note ?? null });
    }
    const witnesses = (await listWitnesses(tx)).map(({ witness, size, at }) => ({ witness, size, at }));
    const conflicts = [...new Set((await listConflicts(tx)).map((one) => one.node))];
    return { logs, witnesses, conflicts };
  });
}
