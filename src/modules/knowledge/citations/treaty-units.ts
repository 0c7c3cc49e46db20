import type { TreatyText } from '../../treaties/index.ts';
import { treeOf } from './outline.ts';
import type { UnitTree } from './schema.ts';

/** A unit of a treaty with its own words, without those of the units below it. */
export interface TextUnit {
  path: readonly string[];
  text: string;
}

type Items = TreatyText['articles'][number]['paragraphs'][number]['items'];

/** Sources written in Markdown carry links around names: the words stay, the address goes. */
const unlinked = (text: string) => text.replace(/\[([^\][]*)\]\([^)]*\)/g, '$1').replace(/[[\]]/g, '');

/** A source that lost the number of the first paragraph: what stands before paragraph 2 is paragraph 1. */
const losesFirst = ({ paragraphs }: TreatyText['articles'][number], n: number) =>
  n === 0 && paragraphs[1]?.number === '2';

/** Every unit of a treaty in the order of its text: articles, numbered paragraphs, items. */
export function listUnits(treaty: TreatyText): TextUnit[] {
  const units: TextUnit[] = [];
  const add = (base: readonly string[], items: Items): void => {
    for (const item of items) {
      const path = [...base, item.letter.replace(/[()]/g, '').toLowerCase()];
      units.push({ path, text: unlinked(item.text) });
      add(path, item.items);
    }
  };
  for (const article of treaty.articles) {
    const number = article.number.toLowerCase();
    const paragraphs = article.paragraphs.map((one, n) => ({
      path: one.number === null ? (losesFirst(article, n) ? [number, '1'] : [number]) : [number, one.number],
      text: unlinked(one.text ?? ''),
      items: one.items,
    }));
    if (paragraphs.every(({ path }) => path.length > 1)) units.push({ path: [number], text: '' });
    for (const { path, text, items } of paragraphs) {
      units.push({ path, text });
      add(path, items);
    }
  }
  return units;
}

/** What a reference into this treaty may point to. */
export function treatyTree(instrument: string, treaty: TreatyText): UnitTree {
  return treeOf(
    instrument,
    listUnits(treaty).map((unit) => unit.path),
  );
}
