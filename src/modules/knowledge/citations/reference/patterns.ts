import { articleWords, levels, type ArticleWords, type Level } from '../words.ts';

/** The words of one language, ready to be read at a place of a text. */
export interface Patterns {
  words: ArticleWords;
  level: Record<Level, RegExp>;
  and: RegExp;
  to: RegExp;
  of: RegExp;
  this: RegExp;
  that: RegExp;
  preceding: RegExp;
  following: RegExp;
  anyLevel: RegExp;
}

const word = (pattern: string, flags = 'iyu') => new RegExp(`(?:${pattern})(?![\\p{L}\\p{N}])`, flags);

export const patterns: readonly Patterns[] = articleWords.map((words) => ({
  words,
  level: {
    article: word(words.level.article),
    paragraph: word(words.level.paragraph),
    item: word(words.level.item),
  },
  and: word(`${words.and}|${words.or}`),
  to: word(words.to),
  of: words.of === '' ? /(?:)/y : new RegExp(`(?:${words.of})`, 'iyu'),
  this: word(words.this),
  that: word(words.that),
  preceding: word(words.preceding),
  following: word(words.following),
  anyLevel: new RegExp(
    `(?<![\\p{L}\\p{N}])(?:${levels.map((level) => words.level[level]).join('|')})(?![\\p{L}])`,
    'giu',
  ),
}));
