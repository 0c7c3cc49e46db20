import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import { findCaseFileFacts, type CaseFileFacts } from '../../evidence/index.ts';
import type { Context, Permission } from '../../identity/index.ts';
import type { Reference } from '../../../platform/values/index.ts';
import * as store from '../store/index.ts';

/**
 * A request of one side with its case file, when the actor may read it and has the permission on it.
 * @throws NotFound, the same for "no" and "not there"; NotAllowed
 */
export async function findAllowedOn(
  side: store.RequestRow['side'],
  tx: Tx,
  ctx: Context,
  reference: Reference,
  permission: Permission,
  forChange: boolean,
): Promise<{ row: store.RequestRow; facts: CaseFileFacts }> {
  const found = await (forChange ? store.lockRequest(tx, reference) : store.findRequest(tx, reference));
  const row = found?.side === side ? found : undefined;
  const facts = row && (await findCaseFileFacts(tx, row.case_file_id, ctx.clock.now()));
  // Absent and hidden answer alike.
  ctx.allow('requests.read', facts ?? { members: [] });
  if (!row || !facts) throw new NotFound('requests.not-found');
  if (permission !== 'requests.read') ctx.allow(permission, facts);
  return { row, facts };
}
