import type { CitationQuery } from './citations/index.ts';
import { unitId, type AccessClass, type SearchLanguage, type SearchUnit } from './search/schema.ts';
import type { SearchIndex } from './search/search-index.ts';

/** What a citation-shaped query asked for, once it is known which of it is here. */
export interface Asking {
  /** As printed: `UNTOC art. 18(55)`. */
  label: string;
  work: string;
  eId?: string;
  /**
   * `found`: the unit is here. `no-such-unit`: the work has no such place, the nearest is shown. `not-held`: the text of
   * the work is not on this node; what cites it is shown.
   */
  status: 'found' | 'no-such-unit' | 'not-held';
  /** The nearest place that exists, as it is printed. */
  nearest?: string;
  /** Unit to stand first; an item stands in the unit of its paragraph. */
  unit?: SearchUnit;
}

/** From a place up to the unit that holds it: an item, its paragraph, its article. */
function upwards(eId: string | undefined): (string | undefined)[] {
  if (eId === undefined) return [undefined];
  const places = [eId];
  for (let at = eId; at.includes('__');) {
    at = at.replace(/__(?:list_\d+__point_[^_]+|[^_]+_[^_]+)$/, '');
    if (places.includes(at)) break;
    places.push(at);
  }
  return places;
}

/** The unit that holds a place, in the reader's language where there is one, else in English, else in any. */
export async function findUnit(
  index: SearchIndex,
  access: readonly AccessClass[],
  languages: readonly SearchLanguage[],
  work: string,
  eId: string | undefined,
): Promise<SearchUnit | undefined> {
  for (const place of upwards(eId)) {
    const ids = languages.map((language) => unitId({ work, ...(place === undefined ? {} : { eId: place }), language }));
    const [found] = await index.units(ids, access);
    if (found) return found;
  }
  return undefined;
}

/** A resolution of a body may be named by body and number alone: `CTOC/COP/10/4` is `CTOC/COP/RES/10/4`. */
function spellings(work: string): string[] {
  const [, body, number] = /^(.+)\/(\d+\/\d+)$/.exec(work) ?? [];
  return body === undefined || body.endsWith('/RES') || !/[A-Z]/.test(body)
    ? [work]
    : [work, `${body}/RES/${number ?? ''}`];
}

/** Reads what a citation-shaped query asked for against what this node holds; of several the first that is here. */
export async function resolveAsking(
  query: CitationQuery,
  index: SearchIndex,
  access: readonly AccessClass[],
  languages: readonly SearchLanguage[],
): Promise<Asking | undefined> {
  for (const target of query.targets) {
    const eId = target.exists === false ? target.nearest?.eId : target.eId;
    for (const work of spellings(target.work)) {
      const unit = await findUnit(index, access, languages, work, eId);
      if (!unit) continue;
      const known = { label: target.label, work, unit, ...(target.eId === undefined ? {} : { eId: target.eId }) };
      // An outline that is not known until the text is here: a card in place of the paragraph asked for is not it.
      const isThere = target.exists !== false && (eId === undefined || unit.eId !== undefined);
      if (isThere) return { ...known, status: 'found' };
      return { ...known, status: 'no-such-unit', ...(target.nearest ? { nearest: target.nearest.article } : {}) };
    }
  }
  const [first] = query.targets;
  if (!first) return undefined;
  const { label, work, nearest } = first;
  if (first.exists === false && first.eId !== undefined)
    return { label, work, status: 'no-such-unit', ...(nearest ? { nearest: nearest.article } : {}) };
  // Words that only may be a citation, of a text that is not here, are words.
  return query.loose ? undefined : { label, work, status: 'not-held' };
}
