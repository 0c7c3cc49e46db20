import type { Clock } from '../../platform/clock.ts';
import type { Tx } from '../../platform/db/index.ts';
import { Unavailable } from '../../platform/errors.ts';
import { uuidv7, type Random } from '../../platform/random.ts';
import { canonical } from '../../platform/values/index.ts';
import type { AuditDetails, AuditEntry, AuditSubject } from './schema.ts';
import { insertEntry } from './store/index.ts';

/** Who acts, as far as the log asks; the actor of `identity` fits it. */
export type AuditActor =
  { kind: 'person'; id: string; officeId: string } | { kind: 'public' } | { kind: 'system'; id: string };

export interface AuditContext {
  actor: AuditActor;
  clock: Clock;
  random: Random;
}

function toLogged(actor: AuditActor): AuditEntry['actor'] {
  if (actor.kind === 'person') return { kind: 'person', id: actor.id, office: actor.officeId };
  return actor.kind === 'system' ? { kind: 'system', id: actor.id } : { kind: 'public' };
}

async function append(
  tx: Tx,
  ctx: AuditContext,
  outcome: AuditEntry['outcome'],
  action: string,
  subject: AuditSubject,
  details: AuditDetails,
): Promise<void> {
  const at = ctx.clock.now();
  const id = uuidv7(ctx.random, Date.parse(at));
  const actor = toLogged(ctx.actor);
  const entry: AuditEntry = { kind: 'audit.entry', version: 1, id, at, actor, action, subject, outcome, details };
  const text = canonical(entry);
  await insertEntry(tx, id, text, ctx.random.bytes(16)).catch((cause: unknown) => {
    throw new Unavailable('audit.not-recording', { cause });
  });
}

/**
 * Says whether a failed commit failed at the log: an entry takes its place only then. Nothing of the transaction was done.
 * The caller answers `audit.not-recording`.
 */
export function isNotRecording(error: unknown): boolean {
  return error instanceof Error && 'where' in error && String(error.where).includes('audit_append()');
}

/**
 * Records an act in the transaction that does it. The entry takes its place in the log when the transaction commits;
 * if it cannot be recorded, the transaction fails and nothing was done.
 * @param action permission or action name, `requests.transmit`
 * @param details ids, codes and whole numbers; never names or contents
 */
export async function recordAudit(
  tx: Tx,
  ctx: AuditContext,
  action: string,
  subject: AuditSubject,
  details: AuditDetails = {},
): Promise<void> {
  await append(tx, ctx, 'done', action, subject, details);
}

/** Records a refused attempt. Needs a transaction of its own, since that of the attempt is rolled back. */
export async function recordDenied(
  tx: Tx,
  ctx: AuditContext,
  action: string,
  subject: AuditSubject,
  details: AuditDetails = {},
): Promise<void> {
  await append(tx, ctx, 'denied', action, subject, details);
}
