import { instrumentWords } from './instrument-words.ts';
import { foldName, type InstrumentNames, type Noun } from './instruments.ts';

/** What the document itself calls an instrument from one place on. */
export interface DefinedName {
  name: string;
  ids: readonly string[];
  /** Offset from which it holds; 0 when an earlier text of the document defined it. */
  from: number;
  /** Where the definition itself stands, in the text that was read last. */
  at?: readonly [number, number];
}

const words = [
  'hereinafter|hereafter|herein|referred to as|the following|called',
  'ci-après|dénommée?|appelée?|désignée?|après',
  'en adelante|denominad[oa]|llamad[oa]',
  'далее|именуем(?:ая|ый|ое)',
  'المشار إليه(?:ا)?|المسماة|المسمى|فيما بعد|فيما يلي|باسم|يشار إليها',
  '以下简称|以下称|下称',
].join('|');

/** (hereinafter "the Convention"), ("Firearms Protocol"), (ci-après « la Convention »), （以下简称“公约”）. */
const definition = new RegExp(
  `\\((?:(?:${words}|[,—–:-]|as|to|the|comme|sous le nom de|por)[ ,]*)*"? ?"(?:the |la |le |l'|el |los |les )?([^"()]{2,80}?) ?"\\)`,
  'giu',
);

/** Reads the definitions of a text: each names the instruments that stand right before it, joined by "and". */
export function findDefinedNames(text: string, names: InstrumentNames): DefinedName[] {
  const known = names.scan(text);
  return [...text.matchAll(definition)].flatMap(({ index, 0: whole, 1: name = '' }): DefinedName[] => {
    const before = known.findLast((one) => one.end <= index && index - one.end < 120);
    return before && before.ids.length > 0
      ? [{ name: foldName(name).trim(), ids: before.ids, from: index, at: [index, index + whole.length] }]
      : [];
  });
}

const nounPatterns = instrumentWords.flatMap(({ nouns }) =>
  Object.entries(nouns).map(([noun, pattern]) => [noun as Noun, new RegExp(`^(?:${pattern})$`, 'iu')] as const),
);
const chineseNouns: Record<string, Noun> = {
  公约: 'convention',
  议定书: 'protocol',
  条约: 'treaty',
  协定: 'agreement',
};

/** The kind of instrument a single noun speaks of, in any language. */
export function nounOfWord(word: string): Noun | undefined {
  return chineseNouns[word] ?? nounPatterns.find(([, pattern]) => pattern.test(word))?.[0];
}

/** What a short form means at a place: its own definition, or that of a noun of the same kind in another case. */
export function definedAs(word: string, at: number, defined: readonly DefinedName[]): DefinedName | undefined {
  const plain = foldName(word);
  const noun = nounOfWord(word);
  const holding = defined.filter((one) => one.from < at || one.from === 0);
  return (
    holding.findLast((one) => one.name === plain) ?? (noun && holding.findLast((one) => nounOfWord(one.name) === noun))
  );
}
