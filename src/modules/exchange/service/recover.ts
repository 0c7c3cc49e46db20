import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, Unavailable } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { canonical, sha256 } from '../../../platform/values/index.ts';
import { appendLeaf, getOrigin, recordAudit, type WentBack, type Witness } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { endRecovery, findRecovery, insertRecovery, proposeResume, raiseRecovery } from '../store/recovery.ts';

/** Code under which a node that found its history gone back refuses to send and to receive. */
export const wentBack = 'exchange.history-went-back';

export type SendingState = { may: true } | { may: false; code: typeof wentBack; from: number; to: number };

/** Whether this node may send and sign receipts now. Asked before each. */
export async function sendingState(tx: Tx): Promise<SendingState> {
  const open = await findRecovery(tx);
  return open ? { may: false, code: wentBack, from: open.from, to: open.to } : { may: true };
}

/** Throws `exchange.history-went-back` while a recovery is open. */
export async function requireSending(tx: Tx): Promise<void> {
  const state = await sendingState(tx);
  if (!state.may) throw new Unavailable(state.code, { params: { from: state.from, to: state.to } });
}

/** Stops sending: from now on until two persons have seen to it. @param foundBy node, or `own-checkpoint` */
export async function enterRecovery(
  { clock, random }: Pick<Witness, 'clock' | 'random'>,
  tx: Tx,
  history: WentBack,
  foundBy: string,
): Promise<void> {
  const open = await findRecovery(tx);
  if (open) return void (await raiseRecovery(tx, open.id, history.from, history.note));
  const at = clock.now();
  const isNew = await insertRecovery(tx, {
    id: uuidv7(random, Date.parse(at)),
    found_at: at,
    found_by: foundBy,
    what: history.what,
    from_size: String(history.from),
    to_size: String(history.to),
    note: history.note,
    old_origin: await getOrigin(tx),
  });
  if (!isNew) return;
  const ctx = { actor: { kind: 'system', id: 'log-witness' } as const, clock, random };
  const { from, to, what } = history;
  await recordAudit(tx, ctx, wentBack, { kind: 'log', id: 'exchange' }, { from, to, what, foundBy });
}

/** What a person of the context may ask here; that of `identity` fits it. */
type Person = Pick<Context, 'actor' | 'clock' | 'random' | 'transaction' | 'allow'>;

/** First of two persons: everything was brought back or declared lost, the node may go on. */
export async function proposeToGoOn(ctx: Person): Promise<void> {
  await ctx.transaction(async (tx) => {
    ctx.allow('exchange.propose-resume');
    const open = await findRecovery(tx);
    if (!open) throw new Conflict('log.no-recovery');
    if (!(await proposeResume(tx, open.id, idOf(ctx), ctx.clock.now()))) throw new Conflict('log.already-proposed');
    await recordAudit(
      tx,
      ctx,
      'exchange.propose-resume',
      { kind: 'recovery', id: open.id },
      { from: open.from, to: open.to },
    );
  });
}

/**
 * Second of two persons: the log begins a new epoch, under a new key, and the node goes on.
 * @returns the new origin; the node entry that names it is still to be published
 */
export async function confirmToGoOn(ctx: Person, { logs, random }: Pick<Witness, 'logs' | 'random'>): Promise<string> {
  return ctx.transaction(async (tx) => {
    const open = await findRecovery(tx);
    if (!open) throw new Conflict('log.no-recovery');
    if (open.proposedBy === null) throw new Conflict('log.not-proposed');
    ctx.allow('exchange.confirm-resume', { createdBy: open.proposedBy });
    const at = ctx.clock.now();
    const origin = await logs.nextEpoch(tx);
    if (!(await endRecovery(tx, open.id, idOf(ctx), at, origin))) throw new Conflict('log.own-proposal');
    const { id, from, to, oldOrigin, note } = open;
    await recordAudit(tx, ctx, 'exchange.confirm-resume', { kind: 'recovery', id }, { from, to, origin });
    // What was lost stands at the beginning of what follows.
    const entry = canonical({
      kind: 'log.epoch',
      version: 1,
      at,
      origin,
      oldOrigin,
      from,
      to,
      noteSha256: sha256(note),
    });
    await appendLeaf(tx, 'exchange', entry, random);
    await logs.checkpoint(tx);
    return origin;
  });
}

function idOf({ actor }: Person): string {
  return actor.kind === 'public' ? 'public' : actor.id;
}
