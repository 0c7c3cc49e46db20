/** Levels of a reference, from the outside in. */
export type Level = 'article' | 'paragraph' | 'item';
export const levels: readonly Level[] = ['article', 'paragraph', 'item'];

/** Words of one language for the parts of a reference. Patterns match whole words, in any case. */
export interface ArticleWords {
  language: string;
  level: Record<Level, string>;
  and: string;
  or: string;
  to: string;
  /** Joins an inner part with the outer one that follows: paragraph 2 OF article 5. Empty where none is needed. */
  of: string;
  /** "this", said of the unit the text stands in. */
  this: string;
  /** "that", said of the unit named last. */
  that: string;
  preceding: string;
  following: string;
}

/** The grammar's words, by language. Spanish, Russian, Arabic and Chinese wait for a reader of the language: see the README. */
export const articleWords: readonly ArticleWords[] = [
  {
    language: 'en',
    level: {
      article: 'articles?|arts?\\.?',
      paragraph: 'paragraphs?|paras?\\.?|par\\.',
      item: 'sub-?paragraphs?|subparas?\\.?|sub-?clauses?|clauses?',
    },
    and: 'and|as well as|&',
    or: 'and/or|or',
    to: 'to|through|until',
    of: 'of|in|under',
    this: 'this|the present|its',
    that: 'that|the said|the same|those|these',
    preceding: 'the (?:immediately )?preceding|the foregoing|the above',
    following: 'the (?:immediately )?following',
  },
  {
    language: 'fr',
    level: {
      article: 'articles?|art\\.',
      paragraph: 'paragraphes?|par\\.',
      item: 'alin[ée]as?|sous-alin[ée]as?|al\\.',
    },
    and: 'et|ainsi que',
    or: 'et/ou|ou',
    to: "à|au|jusqu'à",
    of: "de l'|de la|du|des|de|à l'|d'|aux",
    this: 'le présent|la présente|présent|présente|cet|ce|cette',
    that: 'ledit|ladite|dudit|lesdits|desdits|auxdits|ces|même',
    preceding: 'précédent|précédente|ci-dessus',
    following: 'suivant|suivante|ci-après',
  },
  {
    language: 'es',
    level: {
      article: 'art[íi]culos?|arts?\\.',
      paragraph: 'p[áa]rrafos?|p[áa]rrs?\\.',
      item: 'apartados?|incisos?',
    },
    and: 'y|e|así como',
    or: 'y/o|o|u',
    to: 'a|al',
    of: 'del|de la|de los|de|en el',
    this: 'el presente|la presente|presente|este|esta',
    that: 'dicho|dicha|dichos|dichas|ese|esos|estos',
    preceding: 'precedente|anterior',
    following: 'siguiente',
  },
  {
    language: 'ru',
    level: {
      article: 'стат(?:ья|ьи|ье|ью|ьей|ей|ьям|ьями|ьях)|ст\\.',
      paragraph: 'пункт(?:а|у|ом|е|ы|ов|ам|ами|ах)?|пп?\\.',
      item: 'подпункт(?:а|у|ом|е|ы|ов|ам|ами|ах)?|подп\\.',
    },
    and: 'и|а также',
    or: 'или',
    to: 'по|до',
    of: '',
    this: 'настоящ(?:ая|ей|ую|его|ему|им|ий|ее)',
    that: 'эт(?:ой|ого|ому|у|от|их|им|ими|и)|указанн(?:ой|ого|ых)',
    preceding: 'предыдущ(?:ий|его|ем|ему|ей)',
    following: 'следующ(?:ий|его|ем|ему|ей)',
  },
  {
    language: 'ar',
    level: {
      article: '(?:لل|بال|وال|ال)?(?:مادة|مواد|مادتين|مادتان)',
      paragraph: '(?:لل|بال|وال|ال)?(?:فقرة|فقرات|فقرتين|فقرتان)',
      item: '(?:ال)?(?:فقرة الفرعية|بند|فقرات الفرعية)',
    },
    and: 'و',
    or: 'أو',
    to: 'إلى|الى',
    of: 'من',
    this: 'هذه|هذا',
    that: 'تلك|ذلك',
    preceding: 'السابقة',
    following: 'التالية',
  },
];
