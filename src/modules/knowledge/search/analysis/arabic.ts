const prefixes = ['وال', 'بال', 'كال', 'فال', 'لل', 'ال', 'و'];
const suffixes = ['ها', 'ان', 'ات', 'ون', 'ين', 'يه', 'ه', 'ي'];
const least = 3;

/** Letters that are written in several ways become one: alef, final ya, ta marbuta; vowel signs and tatweel go. */
export function foldArabic(word: string): string {
  return word
    .replace(/[\u0640\p{Mn}]/gu, '')
    .replace(/[أإآٱ]/gu, 'ا')
    .replace(/ى/gu, 'ي')
    .replace(/ة/gu, 'ه');
}

/** Light stem of a folded word: one prefix, then suffixes, as long as three letters are left. */
export function stemArabic(word: string): string {
  const prefix = prefixes.find((one) => word.startsWith(one) && word.length - one.length >= least);
  let stem = prefix ? word.slice(prefix.length) : word;
  for (const suffix of suffixes)
    if (stem.endsWith(suffix) && stem.length - suffix.length >= least) stem = stem.slice(0, -suffix.length);
  return stem;
}
