import type { Tx } from '../../../../platform/db/index.ts';
import { Conflict } from '../../../../platform/errors.ts';
import { withValueAt } from '../../rules/index.ts';
import { DraftRequest, type ChangeDecision } from '../../schema/index.ts';
import * as store from '../../store/index.ts';
import { KeptSupplement, supplementPlace } from '../outgoing/supplements.ts';
import { withoutUndefined } from '../sealed-case.ts';
import type { IncomingBase } from './base.ts';
import type { LoadedIncoming } from './types.ts';

/** A supplement of the other side on which nobody here has decided. */
export interface OpenSupplement {
  row: store.SupplementRow;
  kept: KeptSupplement;
}

/** Supplements that wait for a decision, opened. */
export async function openSupplements(
  { sealed }: IncomingBase,
  tx: Tx,
  row: store.RequestRow,
): Promise<OpenSupplement[]> {
  const rows = (await store.listSupplements(tx, row.id)).filter(
    (one) => one.direction === 'in' && one.status === 'received',
  );
  return Promise.all(
    rows.map(async (one) => ({
      row: one,
      kept: KeptSupplement.parse(await sealed.open(tx, one.case_file_id, one.sealed_body, supplementPlace(one.id))),
    })),
  );
}

/** Takes the accepted changes into the working copy, in their order, and keeps every decision. */
export async function decideChanges(
  { sealed }: IncomingBase,
  tx: Tx,
  { row, draft }: LoadedIncoming,
  open: readonly OpenSupplement[],
  decisions: readonly ChangeDecision[],
): Promise<DraftRequest | undefined> {
  const decided = new Map(decisions.map((one) => [one.id, one]));
  let text: unknown = withoutUndefined(draft);
  for (const { row: supplement, kept } of open) {
    for (const change of kept.changes)
      if (decided.get(change.id)?.accepted) {
        const next = withValueAt(text, change.path, change.after);
        if (next === undefined) throw new Conflict('requests.bad-place', { params: { at: change.path.join('/') } });
        text = next;
      }
    await store.updateSupplement(tx, supplement.id, {
      status: 'decided',
      sealed_body: await sealed.seal(
        tx,
        row.case_file_id,
        { ...kept, decisions: decisions.filter((one) => kept.changes.some((change) => change.id === one.id)) },
        supplementPlace(supplement.id),
      ),
    });
  }
  return open.length > 0 ? DraftRequest.parse(text) : undefined;
}
