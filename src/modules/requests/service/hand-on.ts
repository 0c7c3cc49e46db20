import type { Tx } from '../../../platform/db/index.ts';
import { Conflict, Invalid } from '../../../platform/errors.ts';
import { uuidv7 } from '../../../platform/random.ts';
import type { PlainDate } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { CaseFileFacts } from '../../evidence/index.ts';
import type { Context } from '../../identity/index.ts';
import * as store from '../store/index.ts';
import type { DeskState } from './types.ts';

/** A request held for change, with the members of its case file. */
interface Held {
  row: store.RequestRow;
  facts: Pick<CaseFileFacts, 'members'>;
}

/** Rows that hold: an `undo` takes the one before it out. */
function standing(rows: readonly store.DeskRow[]): store.DeskRow[] {
  return rows.reduce<store.DeskRow[]>((kept, row) => (row.kind === 'undo' ? kept.slice(0, -1) : [...kept, row]), []);
}

async function write(
  tx: Tx,
  ctx: Context,
  row: store.RequestRow,
  change: Pick<store.DeskRow, 'kind' | 'owner_id' | 'waiting_until' | 'undoes'>,
): Promise<DeskState> {
  const at = ctx.clock.now();
  await store.insertDeskRow(tx, {
    id: uuidv7(ctx.random, Date.parse(at)),
    request_id: row.id,
    case_file_id: row.case_file_id,
    at,
    actor: ctx.actor.kind === 'person' ? ctx.actor.id : '',
    ...change,
  });
  const { owner_id, waiting_until } = change;
  await store.updateRequest(tx, row.id, { owner_id, waiting_until });
  const audit = { desk: change.kind, owner: owner_id, until: waiting_until };
  await recordAudit(tx, ctx, 'requests.assign', { kind: 'request', id: row.reference }, audit);
  return {
    reference: row.reference,
    owner: owner_id ?? row.created_by,
    waitingUntil: waiting_until,
    mayUndo: change.kind !== 'undo' || standing(await store.listDeskRows(tx, row.id)).length > 0,
  };
}

/** Hands a request to a member of its case file; `null` takes it back. Throws `Invalid` `requests.not-a-member`. */
export async function handTo(tx: Tx, ctx: Context, { row, facts }: Held, personId: string | null): Promise<DeskState> {
  if (personId !== null && !facts.members.includes(personId)) throw new Invalid('requests.not-a-member');
  return write(tx, ctx, row, {
    kind: 'assign',
    owner_id: personId,
    waiting_until: row.waiting_until,
    undoes: null,
  });
}

/** Puts a request aside until a day, or takes it up again. Throws `Invalid` `requests.wait-in-past`. */
export async function putAside(tx: Tx, ctx: Context, { row }: Held, day: PlainDate | null): Promise<DeskState> {
  if (day !== null && day <= ctx.today()) throw new Invalid('requests.wait-in-past', { params: { given: day } });
  return write(tx, ctx, row, { kind: 'wait', owner_id: row.owner_id, waiting_until: day, undoes: null });
}

/** Takes the last of these steps back. Throws `Conflict` `requests.nothing-to-undo`. */
export async function takeBackLast(tx: Tx, ctx: Context, { row }: Held): Promise<DeskState> {
  const rows = standing(await store.listDeskRows(tx, row.id));
  const last = rows.at(-1);
  if (!last) throw new Conflict('requests.nothing-to-undo');
  const before = rows.at(-2);
  return write(tx, ctx, row, {
    kind: 'undo',
    owner_id: before?.owner_id ?? null,
    waiting_until: before?.waiting_until ?? null,
    undoes: last.id,
  });
}
