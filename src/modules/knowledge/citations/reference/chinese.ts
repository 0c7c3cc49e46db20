import { itemByCount } from './mark.ts';
import type { Place, Reference } from './shape.ts';

/** Chinese writes from the outside in, with the number before the word: 第十八条第十五款第(一)项. */
const chinese =
  /第([〇零一二三四五六七八九十百\d]+)[条條](?:第([〇零一二三四五六七八九十百\d]+)款)?(?:第?[(（]?([〇零一二三四五六七八九十百\d]+)[)）]?[项項])?/gu;

const chineseDigits = '零一二三四五六七八九';

/** 十八 is 18, 一百零二 is 102. */
export function readChineseNumber(text: string): string {
  if (/^\d+$/.test(text)) return text;
  let value = 0;
  let digit = 0;
  for (const char of text.replaceAll('〇', '零')) {
    const at = chineseDigits.indexOf(char);
    if (at >= 0) digit = at;
    else {
      const scale = char === '百' ? 100 : 10;
      value += (digit === 0 ? 1 : digit) * scale;
      digit = 0;
    }
  }
  return String(value + digit);
}

export function chineseReferences(text: string): Reference[] {
  return [...text.matchAll(chinese)].map((found) => {
    const [whole, article = '', paragraph, item] = found;
    const letter = item === undefined ? [] : [itemByCount(Number(readChineseNumber(item)))];
    const from: Place = {
      article: readChineseNumber(article),
      ...(paragraph === undefined ? {} : { paragraph: readChineseNumber(paragraph) }),
      items: letter,
    };
    return {
      start: found.index,
      end: found.index + whole.length,
      places: [{ from }],
      outermost: 'article',
      language: 'zh',
    };
  });
}
