import type { Tx } from '../../../platform/db/index.ts';
import type { Instant } from '../../../platform/values/index.ts';
import type { CaseFileId } from '../../evidence/index.ts';

export interface UnsentRow {
  request_id: string;
  case_file_id: CaseFileId;
  place: string;
  person_id: string;
  at: Instant;
  sealed_form: Buffer;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    request_unsent: UnsentRow;
  }
}

/** Keeps what stands in a form; the newest alone is kept. */
export async function saveUnsent(tx: Tx, row: UnsentRow): Promise<void> {
  const { at, sealed_form } = row;
  await tx
    .insertInto('request_unsent')
    .values(row)
    .onConflict((conflict) => conflict.columns(['request_id', 'place', 'person_id']).doUpdateSet({ at, sealed_form }))
    .execute();
}

type Key = Pick<UnsentRow, 'request_id' | 'place' | 'person_id'>;

export async function findUnsent(tx: Tx, { request_id, place, person_id }: Key): Promise<UnsentRow | undefined> {
  return tx
    .selectFrom('request_unsent')
    .selectAll()
    .where('request_id', '=', request_id)
    .where('place', '=', place)
    .where('person_id', '=', person_id)
    .executeTakeFirst();
}

export async function deleteUnsent(tx: Tx, { request_id, place, person_id }: Key): Promise<void> {
  await tx
    .deleteFrom('request_unsent')
    .where('request_id', '=', request_id)
    .where('place', '=', place)
    .where('person_id', '=', person_id)
    .execute();
}
