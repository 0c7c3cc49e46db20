/** An item of a paragraph: mark as printed without brackets, own words, items below. */
export interface Item {
  mark: string;
  text: string;
  items: Item[];
}

/** What a paragraph holds, ready to be a unit: its own words with items on lines of their own. */
export interface PlacedText {
  eId: string;
  text: string;
  /** Chapeau and heading words that an item apart needs to be understood. */
  context?: string;
}

/** Items over this many words are units of their own. */
export const longItem = 60;

export function wordCount(text: string): number {
  return text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
}

/** A line of an item: a tab for each level below the paragraph, then the mark. A mark alone stands for a unit apart. */
function lines(item: Item, depth: number): string[] {
  return [
    `${'\t'.repeat(depth)}(${item.mark}) ${item.text}`.trimEnd(),
    ...item.items.flatMap((one) => lines(one, depth + 1)),
  ];
}

function wordsOf(item: Item): number {
  return wordCount(item.text) + item.items.reduce((sum, one) => sum + wordsOf(one), 0);
}

const point = (eId: string, mark: string) => `${eId}__list_1__point_${mark.toLowerCase().replaceAll(/\s+/g, '')}`;

/** Cuts a paragraph into units: itself, and each item of more than `longItem` words. */
export function cutParagraph(eId: string, text: string, items: readonly Item[]): PlacedText[] {
  const apart: PlacedText[] = [];
  const own = [text];
  for (const item of items) {
    if (wordsOf(item) <= longItem) {
      own.push(...lines(item, 1));
      continue;
    }
    own.push(`\t(${item.mark})`);
    const itemLines = [item.text, ...item.items.flatMap((one) => lines(one, 1))];
    apart.push({ eId: point(eId, item.mark), text: itemLines.filter((one) => one !== '').join('\n'), context: text });
  }
  return [{ eId, text: own.filter((one) => one !== '').join('\n') }, ...apart];
}

/** One line of a unit as it is shown: how deep, its mark, its words. `eId` is that of the item, for anchors. */
export interface Line {
  depth: number;
  mark: string | null;
  text: string;
  /** Only the mark: the words are a unit of their own. */
  isApart: boolean;
  eId: string;
  /** Where `text` begins in the text of the unit. */
  start: number;
}

/** Reads a unit's text back into its lines. */
export function readLines(eId: string, text: string): Line[] {
  const above: string[] = [eId];
  let at = 0;
  return text.split('\n').map((line): Line => {
    const begin = at;
    at += line.length + 1;
    const found = /^(\t+)\(([^)\s]{1,8})\)( ?)(.*)$/su.exec(line);
    if (!found) return { depth: 0, mark: null, text: line, isApart: false, eId, start: begin };
    const [, tabs = '', mark = '', space = '', words = ''] = found;
    const depth = tabs.length;
    const own = point(above[depth - 1] ?? eId, mark);
    above[depth] = own;
    const start = begin + depth + mark.length + 2 + space.length;
    return { depth, mark, text: words, isApart: words === '', eId: own, start };
  });
}
