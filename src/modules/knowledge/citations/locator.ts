/** A place inside a document that has no units here: a chapter, a section, an annex, a paragraph. */
const one = [
  'chap(?:ter|itre)?s?\\.? [IVXLC\\d]+',
  'cap(?:ítulo)?\\.? [IVXLC\\d]+',
  'sect(?:ion)?s?\\.? [A-Z\\d]+',
  '(?:annex|annexe|anexo|appendix)(?: [IVX\\d]+)?',
  '(?:operative )?para(?:graph|graphe|s)?s?\\.? \\d+(?: ?\\([a-z]\\))?(?:(?:, | and | et |-|–)\\d+)*',
  'par(?:\\.|s\\.) \\d+',
  'párr(?:s|afos?)?\\.? \\d+',
  'pp?\\. \\d+',
  'part (?:[IVX]+|[A-Z])',
  'прил(?:ожение|\\.)(?: [IVX\\d]+)?',
  'пункт \\d+|п\\. \\d+',
].join('|');

export const locator = `(?:${one})`;
const several = new RegExp(`^((?:(?:,| and)? ?${locator})+)(?![\\p{L}\\p{N}])`, 'iu');
const first = new RegExp(`^, ?${locator}`, 'iu');

/** What is said of the place behind a document's symbol or number: `chap. I, sect. C`, `annex, para. 47`. */
export function takeLocator(text: string, at: number): { said: string; end: number } | undefined {
  const rest = text.slice(at, at + 90);
  if (!first.test(rest)) return undefined;
  const found = several.exec(rest);
  return found ? { said: (found[1] ?? '').replace(/^[, ]+/, ''), end: at + found[0].length } : undefined;
}
