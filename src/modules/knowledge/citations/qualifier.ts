import { chineseWords, instrumentWords, titleGoesOn } from './instrument-words.ts';
import { definedAs, nounOfWord, type DefinedName } from './defined.ts';
import type { InstrumentNames, Noun } from './instruments.ts';
import type { Citation } from './schema.ts';

/** What stands beside a reference and says of which instrument it is. */
export type Qualifier = { start: number; end: number } & (
  { kind: 'own' } | { kind: 'named'; ids: readonly string[]; method: Citation['method'] } | { kind: 'unknown' }
);

export interface QualifierContext {
  /** Instrument the text itself belongs to. */
  instrument?: string;
  defined: readonly DefinedName[];
  /** Instruments named last before the reference. */
  lastNamed?: readonly string[];
  /** The first instrument of its kind that the document names: what a resolution calls "the Convention". */
  firstNamed?: ReadonlyMap<Noun, readonly string[]>;
}

const before = '^,? ?';
const noMore = '(?![\\p{L}])';
const languages = instrumentWords.map((one) => {
  const nouns = Object.values(one.nouns).join('|');
  return {
    own: new RegExp(`${before}${one.ofThis}(?:${nouns})${noMore}`, 'iu'),
    that: new RegExp(`${before}${one.ofThat}(?:${nouns})${noMore}`, 'iu'),
    bare: new RegExp(`${before}${one.ofThe}(${nouns})${noMore}`, 'iu'),
  };
});
const joins = new RegExp(
  `^,? ?(?:${instrumentWords
    .map((one) => one.of)
    .filter(Boolean)
    .join('|')})?[«"]? ?$`,
  'iu',
);
const leads = /^[»"'》]?(?:'s)?[,:]? ?(?:in |dans |en )?(?:its |l'|the |son |su |в )?$/iu;

const thereof = /^,? ?(?:thereof|therein|del mismo|de la misma)(?!\p{L})/iu;
const its = /^(?:its|ses|son|sa|sus|su|ее|его) /iu;

const foreign =
  /^,? ?(?:of|to|in|under) (?:the )?((?:[A-Z0-9][\p{L}\p{N}'.-]*)(?: (?:[A-Z0-9(][\p{L}\p{N}'.,)-]*|of|on|the|and|for|against|in|to|its|by|with|relating|concerning|certain|their))*)/u;

/** Of which instrument a reference at [start, end) is, when the text says so. */
export function readQualifier(
  text: string,
  { start, end, language }: { start: number; end: number; language: string },
  names: InstrumentNames,
  context: QualifierContext,
): Qualifier | undefined {
  if (language === 'zh') return chineseQualifier(text, start, end, names, context);
  const rest = text.slice(end, end + 260);
  const reach = (length: number) => ({ start, end: end + length });
  const mine = languages.map(({ own }) => own.exec(rest)).find(Boolean);
  if (mine) return { kind: 'own', ...reach(mine[0].length) };
  const same = languages.map(({ that }) => that.exec(rest)).find(Boolean);
  if (same && context.lastNamed)
    return { kind: 'named', ids: context.lastNamed, ...reach(same[0].length), method: 'defined' };
  const there = thereof.exec(rest);
  if (there && context.lastNamed)
    return { kind: 'named', ids: context.lastNamed, ...reach(there[0].length), method: 'relative' };
  const known = names.scan(rest).find((one) => joins.test(rest.slice(0, one.start)));
  if (known)
    return known.ids.length > 0
      ? { kind: 'named', ids: known.ids, ...reach(known.end), method: 'alias' }
      : { kind: 'unknown', ...reach(known.end) };
  const short = languages.map(({ bare }) => bare.exec(rest)).find((one) => one && !titleGoesOn(rest, one[0].length));
  if (short) return bareNoun(short[1] ?? '', end, reach(short[0].length), names, context);
  const other = foreign.exec(rest);
  const title = (other?.[1] ?? '')
    .replace(/(?:[ ,](?:of|on|the|and|for|against|in|to|its|by|with|relating|concerning|certain|their))+,?$/u, '')
    .replace(/,$/, '');
  if (
    /(?:Convention|Protocol|Treaty|Covenant|Charter|Agreement|Statute|Constitution|Act|Code|Law|Rules|Regulations?|Directive)\b/.test(
      title,
    )
  )
    return { kind: 'unknown', ...reach((other ? other[0].indexOf(title) : 0) + title.length) };
  // "The Convention, pursuant to its article 32": that of the instrument named right before.
  if (its.test(text.slice(start, end)) && context.lastNamed)
    return { kind: 'named', ids: context.lastNamed, start, end, method: 'relative' };
  // The name may lead: UNCAC, article 46.
  const ahead = text.slice(Math.max(0, start - 160), start);
  const leading = names.scan(ahead).findLast((one) => leads.test(ahead.slice(one.end)));
  return leading && leading.ids.length > 0
    ? { kind: 'named', ids: leading.ids, start, end, method: 'alias' }
    : undefined;
}

/** "The Convention": as the document defines it, the one a protocol supplements, its own, or the first it named. */
function bareNoun(
  word: string,
  at: number,
  reach: { start: number; end: number },
  names: InstrumentNames,
  context: QualifierContext,
): Qualifier {
  const defined = definedAs(word, at, context.defined);
  if (defined) return { kind: 'named', ids: defined.ids, ...reach, method: 'defined' };
  const noun = nounOfWord(word);
  const { instrument } = context;
  const parent = instrument === undefined ? undefined : names.parentOf(instrument);
  if (parent !== undefined && names.nounOf(parent) === noun)
    return { kind: 'named', ids: [parent], ...reach, method: 'defined' };
  if (instrument !== undefined && names.nounOf(instrument) === noun) return { kind: 'own', ...reach };
  const first = noun && context.firstNamed?.get(noun);
  return first ? { kind: 'named', ids: first, ...reach, method: 'defined' } : { kind: 'unknown', ...reach };
}

const chineseNoun = Object.values(chineseWords.nouns).join('|');
const chineseBefore = new RegExp(`(${chineseWords.this}|${chineseWords.that})?[《“"]?(${chineseNoun})[》”"]?的?$`, 'u');

function chineseQualifier(
  text: string,
  start: number,
  end: number,
  names: InstrumentNames,
  context: QualifierContext,
): Qualifier | undefined {
  const ahead = text.slice(Math.max(0, start - 60), start);
  const known = names.scan(ahead).findLast((one) => /^[》”"]?的?$/u.test(ahead.slice(one.end)));
  if (known && known.ids.length > 0)
    return { kind: 'named', ids: known.ids, start: start - ahead.length + known.start, end, method: 'alias' };
  const noun = chineseBefore.exec(ahead);
  if (!noun) return undefined;
  const reach = { start: start - (ahead.length - noun.index), end };
  if (noun[1] === chineseWords.this) return { kind: 'own', ...reach };
  if (noun[1] !== undefined && context.lastNamed)
    return { kind: 'named', ids: context.lastNamed, ...reach, method: 'defined' };
  return bareNoun(noun[2] ?? '', start, reach, names, context);
}
