import { Invalid } from '../../../platform/errors.ts';
import { Instant } from '../../../platform/values/index.ts';
import type * as store from '../store/index.ts';

type Order = NonNullable<store.Paging['order']>;

/** Most rows that a page of a list holds. */
const longest = 200;

/** Where a page of a list ended, as its answer told it. Throws `Invalid` on anything else. */
function readPlace(text: string, order: Order): NonNullable<store.Paging['after']> {
  const [key = '', id = '', urgent = ''] = text.split('~');
  const isDay = order === 'due' && (key === '' || /^\d{4}-\d{2}-\d{2}$/.test(key));
  const isKey =
    order === 'changed' ? Instant.safeParse(key).success : isDay && !Number.isNaN(Date.parse(key || '2000-01-01'));
  if (!isKey || !/^[0-9a-f-]{36}$/.test(id))
    throw new Invalid('values.bad-instant', { params: { given: text.slice(0, 60) } });
  return { key, id, urgent: urgent === 'urgent' };
}

function placeOf(row: store.RequestRow, order: Order): string {
  return order === 'changed'
    ? `${row.changed_at}~${row.id}`
    : `${row.due_on ?? ''}~${row.id}~${row.urgent ? 'urgent' : ''}`;
}

/** One page of a list: its rows, and the place to ask the next one from; null at the end. */
export async function pageOf(
  given: { order?: Order | undefined; after?: string | undefined; limit?: number | undefined },
  load: (paging: store.Paging) => Promise<store.RequestRow[]>,
): Promise<{ rows: store.RequestRow[]; next: string | null }> {
  const { order = 'changed', after, limit = 50 } = given;
  const most = Math.max(1, Math.min(limit, longest));
  const rows = await load({
    order,
    limit: most + 1,
    ...(after === undefined ? {} : { after: readPlace(after, order) }),
  });
  const shown = rows.slice(0, most);
  const last = shown.at(-1);
  return { rows: shown, next: rows.length > most && last ? placeOf(last, order) : null };
}
