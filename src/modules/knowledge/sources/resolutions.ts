import { unitId, type SearchUnit } from '../search/schema.ts';
import { cutParagraph, type Item } from './paragraphs.ts';
import { slugOf, type ResolutionPart, type ResolutionSource, type Work } from './schema.ts';

const toItem = (part: ResolutionPart): Item => ({ mark: part.number, text: part.text, items: part.items.map(toItem) });

export function resolutionWork({ origin, text }: ResolutionSource): Work {
  return {
    work: text.work,
    slug: slugOf(text.work),
    language: text.language,
    kind: 'resolution',
    title: text.title,
    shortTitles: text.printed === '' ? [] : [text.printed],
    body: text.body,
    date: text.date,
    provisions: 0,
    origin,
  };
}

/** The units of a resolution: each operative and each preambular paragraph, long items apart, and the card. */
export function resolutionUnits(source: ResolutionSource): SearchUnit[] {
  const { text } = source;
  const facets = { instrument: [text.work], ...(text.body === null ? {} : { body: [text.body] }) };
  const shared = {
    work: text.work,
    kind: 'resolution' as const,
    language: text.language,
    access: 'public' as const,
    title: [text.title, text.printed].filter((one) => one !== '').join(' · '),
    ...(text.date ? { date: text.date } : {}),
    facets,
  };
  const units: Omit<SearchUnit, 'id' | 'place'>[] = [{ ...shared, text: '' }];
  for (const { number, text: words } of text.preambular) units.push({ ...shared, eId: `rec_${number}`, text: words });
  for (const part of text.operative) {
    for (const placed of cutParagraph(`para_${part.number}`, part.text, part.items.map(toItem)))
      units.push({ ...shared, ...placed });
  }
  return units.map((unit, place) => ({ ...unit, id: unitId(unit), place }));
}
