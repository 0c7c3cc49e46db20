import type { Level } from '../words.ts';

/** Words of a query for the levels of a place, all languages together, folded: a searcher seldom writes them in full. */
const levelWords: Record<Level, string> = {
  article:
    'articles? arts? articulos? stat(?:ya|ia) стат(?:ья|ьи|ье|ью|ьеи|ьей|ей|ьям|ьями|ьях) ст (?:لل|بال|وال|ال)?(?:ماده|مواد|مادتين) م 条 條',
  paragraph:
    'paragraphs? paragraphes? paras? pars? § parrafos? parrs? parr apdos? пункт(?:а|у|ом|е|ы|ов|ам|ами|ах)? пп? (?:لل|بال|وال|ال)?(?:فقره|فقرات) ف 款',
  item: 'sub-?paragraphs? subparas? alineas? al sous-alineas? items? points? lit letters? clauses? sub-?clauses? apartados? incisos? inc подпункт(?:а|у|ом|е|ы|ов|ам|ами|ах)? подп (?:ال)?(?:بند|فرعيه) 项 項',
};

/** Small words between the parts; they carry nothing in a query. */
const small = new Set(
  'of the in under to no nr number de la le les l du des d al el los las del n num su к в о من في رقم 第 的 之 و'.split(
    ' ',
  ),
);

const patterns = (Object.entries(levelWords) as [Level, string][]).map(
  ([level, words]) => [level, new RegExp(`^(?:${words.split(' ').join('|')})$`, 'u')] as const,
);

export type Token =
  | { kind: 'level'; level: Level }
  | { kind: 'number'; value: string }
  | { kind: 'mark'; value: string }
  | { kind: 'join' };

const tokenPattern =
  /\d+ ?(?:bis|ter|quater)(?!\p{L})|\d+|[〇零一二三四五六七八九十百]+|[条條款项項第的之]|§|\p{L}+(?:-\p{L}+)?|[(),.;:/\-–'"«»《》[\]#]/gu;

const joins = new Set('and or et ou y e o и или أو 和 及 through a à по до إلى'.split(' '));

/** The tokens of what is left of a query once the instrument is taken out; undefined when a word means nothing here. */
export function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  let bracket = false;
  for (const [one] of text.replace(/(?<!\p{L})[ldcs]'(?=\p{L})/gu, ' ').matchAll(tokenPattern)) {
    const level = patterns.find(([, pattern]) => pattern.test(one))?.[0];
    if (/^\d/.test(one)) tokens.push({ kind: 'number', value: one.replace(/^(\d+) ?(\p{L}+)$/u, '$1 $2') });
    else if (one === '(' || one === '[') bracket = true;
    else if (one === ')' || one === ']') bracket = false;
    else if (/^[,.;:/'"«»《》#]$/.test(one)) continue;
    else if (/^[-–]$/.test(one)) tokens.push({ kind: 'join' });
    else if (/^[〇零一二三四五六七八九十百]+$/u.test(one)) tokens.push({ kind: 'number', value: one });
    else if (bracket && /^\p{L}{1,5}$/u.test(one)) tokens.push({ kind: 'mark', value: one });
    else if (level) tokens.push({ kind: 'level', level });
    else if (isMark(one) && tokens.some(({ kind }) => kind === 'number' || kind === 'level'))
      tokens.push({ kind: 'mark', value: one });
    else if (joins.has(one)) tokens.push({ kind: 'join' });
    else if (!small.has(one)) return undefined;
  }
  return tokens;
}

/** A letter or a small roman number that stands alone. */
const isMark = (word: string) => /^(?:[a-z]|[ivx]{2,4}|[абвгджзил]|[أبجدهزحطي])$/u.test(word) && !/^[ey]$/.test(word);
