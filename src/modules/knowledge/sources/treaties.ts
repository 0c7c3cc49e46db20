import { PlainDate } from '../../../platform/values/index.ts';
import type { Instrument, TreatyText } from '../../treaties/index.ts';
import { listUnits, toEId } from '../citations/index.ts';
import { searchLanguages, unitId, type SearchLanguage, type SearchUnit } from '../search/schema.ts';
import { cutParagraph, type Item } from './paragraphs.ts';
import { slugOf, type TreatySource, type Work } from './schema.ts';

const months = 'January February March April May June July August September October November December'.split(' ');

/** The day of `New York, 15 November 2000`. */
export function dayConcluded(concluded: string): PlainDate | undefined {
  const [, day = '', month = '', year = ''] = /(\d{1,2}) (\p{L}+) (\d{4})/u.exec(concluded) ?? [];
  const at = months.indexOf(month) + 1;
  const read = PlainDate.safeParse(`${year}-${String(at).padStart(2, '0')}-${day.padStart(2, '0')}`);
  return read.success ? read.data : undefined;
}

function languageOf(tag: string): SearchLanguage | undefined {
  return searchLanguages.find((one) => one === tag.toLowerCase().split('-')[0]);
}

interface Paragraph {
  path: readonly string[];
  text: string;
  items: Item[];
}

/** Joins the flat list of units to paragraphs with their items; an article without paragraphs is one. */
function paragraphsOf(text: TreatyText): Paragraph[] {
  const found: Paragraph[] = [];
  const byPath = new Map<string, Paragraph | Item>();
  const key = (path: readonly string[]) => path.join('/');
  for (const unit of listUnits(text)) {
    const { path } = unit;
    const parent = byPath.get(key(path.slice(0, -1)));
    if (path.length === 1 || !parent || (path.length === 2 && /^\d/.test(path[1] ?? ''))) {
      const known = byPath.get(key(path));
      // Two unnumbered paragraphs of one article are one place.
      if (known) known.text = [known.text, unit.text].filter((one) => one !== '').join('\n');
      else {
        const paragraph = { path, text: unit.text, items: [] };
        found.push(paragraph);
        byPath.set(key(path), paragraph);
      }
    } else {
      const item = { mark: path.at(-1) ?? '', text: unit.text, items: [] };
      parent.items.push(item);
      byPath.set(key(path), item);
    }
  }
  return found;
}

/** The card of a treaty in the language of its text; undefined when that is none of the six languages. */
export function treatyWork(
  source: TreatySource,
  instrument: Instrument,
  shortTitles: readonly string[],
): Work | undefined {
  const language = languageOf(source.text.language);
  return (
    language && {
      work: instrument.id,
      slug: slugOf(instrument.id),
      language,
      kind: 'treaty',
      title: source.text.title,
      shortTitles: [...shortTitles],
      body: null,
      date: dayConcluded(instrument.concluded) ?? null,
      provisions: 0,
      origin: source.origin,
    }
  );
}

/**
 * The units of a treaty: each numbered paragraph, each article without numbers, long items apart, the preamble, and the
 * card. An article with numbered paragraphs is a unit too, of its heading alone, so that it can be asked for.
 */
export function treatyUnits(
  source: TreatySource,
  instrument: Instrument,
  shortTitles: readonly string[],
): SearchUnit[] {
  const card = treatyWork(source, instrument, shortTitles);
  if (!card) return [];
  const { work, language } = card;
  const shared = {
    work,
    kind: 'treaty' as const,
    language,
    access: 'public' as const,
    title: [card.title, ...shortTitles].join(' · '),
    ...(card.date ? { date: card.date } : {}),
    validFrom: instrument.entryIntoForce,
  };
  const articles = new Map(source.text.articles.map((one) => [one.number.toLowerCase(), one]));
  const units: Omit<SearchUnit, 'id' | 'place'>[] = [{ ...shared, text: '', facets: { instrument: [work] } }];
  if (source.text.preamble)
    units.push({ ...shared, eId: 'preamble', text: source.text.preamble, facets: { instrument: [work] } });
  for (const paragraph of paragraphsOf(source.text)) {
    const article = articles.get(paragraph.path[0] ?? '');
    const chapter = article?.chapter?.title;
    const eId = toEId(paragraph.path);
    for (const placed of cutParagraph(eId, paragraph.text, paragraph.items)) {
      const context = [chapter, placed.context].filter(Boolean).join('\n');
      units.push({
        ...shared,
        eId: placed.eId,
        ...(article?.title ? { heading: article.title } : {}),
        text: placed.text,
        ...(context === '' ? {} : { context }),
        facets: { instrument: [work], article: [`${work}#${toEId(paragraph.path.slice(0, 1))}`] },
      });
    }
  }
  return units.map((unit, place) => ({ ...unit, id: unitId(unit), place }));
}
