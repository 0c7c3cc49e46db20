import { facetNames, type FacetName } from '../search/schema.ts';
import { slugOf } from '../sources/schema.ts';
import type { Asked } from '../asked.ts';

/** The question as parameters of an address: permanent, readable, and the same for every reader. */
export function paramsOf(asked: Asked): URLSearchParams {
  const params = new URLSearchParams();
  if (asked.text !== '') params.set('q', asked.text);
  for (const name of facetNames) for (const value of asked.filters[name] ?? []) params.append(name, value);
  if (asked.on !== undefined) params.set('on', asked.on);
  if (asked.match !== 'auto') params.set('match', asked.match);
  if (asked.sort !== 'relevance') params.set('sort', asked.sort);
  for (const id of asked.dropped) params.append('drop', id);
  if (asked.isListed) params.set('list', 'provisions');
  if (asked.cursor !== undefined) params.set('cursor', asked.cursor);
  return params;
}

/** Address of another question made from this one; it begins at the first results unless the change names a place. */
export function searchHref(asked: Asked, change: Partial<Asked> = {}, more: Record<string, string> = {}): string {
  const { cursor: _place, ...kept } = asked;
  const params = paramsOf({ ...kept, ...change });
  for (const [name, value] of Object.entries(more)) params.set(name, value);
  const query = params.toString();
  return query === '' ? '/knowledge' : `/knowledge?${query}`;
}

/** The same question without one value of a facet. */
export function withoutFilter(asked: Asked, name: FacetName, value: string): string {
  const left = (asked.filters[name] ?? []).filter((one) => one !== value);
  return searchHref(asked, { filters: { ...asked.filters, [name]: left } });
}

export function workHref(work: string): string {
  return `/knowledge/works/${slugOf(work)}`;
}

/** Address of a provision; of the text as a whole where no place is given. */
export function provisionHref(work: string, eId: string | null | undefined): string {
  return eId ? `${workHref(work)}/${eId}` : workHref(work);
}
