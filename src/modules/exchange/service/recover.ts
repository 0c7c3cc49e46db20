import type { Tx } from '../../../platform/db/index.ts';
import { Unavailable } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import { getOrigin, recordAudit, type WentBack, type Witness } from '../../audit/index.ts';
import { findRecovery, insertRecovery, raiseRecovery } from '../store/recovery.ts';

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
