import { analyse, exactTerm, stemTerm, type Token } from '../analysis/index.ts';
import {
  fields,
  searchLanguages,
  type Field,
  type QueryNote,
  type SearchLanguage,
  type UsedConcept,
} from '../schema.ts';
import { type ParsedQuery, type QueryNode } from './parse.ts';
import type { FoundLabel, LabelFinder } from './thesaurus.ts';

/** What is looked up in the index for one word or phrase in one language. */
export type Lookup =
  | { kind: 'term'; term: string }
  /** Terms at fixed distances in one field. */
  | { kind: 'phrase'; parts: readonly { term: string; offset: number }[] }
  /** Every term that begins so. */
  | { kind: 'prefix'; term: string };

export type Lookups = Partial<Record<SearchLanguage, readonly Lookup[]>>;

/** One thing that is searched and scored: a word, a phrase, or the other labels of a concept. */
export interface Leaf {
  kind: 'term' | 'phrase' | 'concept';
  words: string;
  lookups: Lookups;
  /** How often it stands in the question. */
  times: number;
  /** Weight of its frequencies: 1, or 0.7 for labels the searcher did not type. */
  weight: number;
  /** Bits of the fields in which it counts. */
  fields: number;
}

/** What must hold for a unit to be found, over numbers of leaves. */
export type Match =
  | { kind: 'leaf'; leaf: number }
  /** All words of it, or one of its other labels; the better of the two counts. */
  | { kind: 'concept'; words: readonly number[]; labels: number }
  | { kind: 'not'; match: Match }
  | { kind: 'and' | 'or'; matches: Match[] }
  | SoftMatch;

/** All or some of them, as the match mode says. */
export interface SoftMatch {
  kind: 'soft';
  matches: Match[];
}

export interface CompiledQuery {
  leaves: Leaf[];
  match: SoftMatch;
  concepts: UsedConcept[];
  notes: QueryNote[];
}

export interface CompileSettings {
  languages: readonly SearchLanguage[];
  labels?: LabelFinder;
  narrower?: boolean;
  dropped?: readonly string[];
}

/** Words of one question that are searched; more are cut, rarest kept by the caller. */
export const mostTerms = 64;
const otherLabels = 0.7;
const narrowerLabels = 0.4;
const anyField = (1 << fields.length) - 1;

const bitsOf = (chosen: readonly Field[] | undefined): number =>
  chosen === undefined ? anyField : chosen.reduce((bits, field) => bits | (1 << fields.indexOf(field)), 0);

class Compiler {
  readonly leaves: Leaf[] = [];
  readonly concepts: UsedConcept[] = [];
  readonly notes: Set<QueryNote>;
  readonly #settings: CompileSettings;
  /** Stop words count: the question has nothing else. */
  readonly #exactWords: boolean;
  readonly #known = new Map<string, number>();

  constructor(settings: CompileSettings, notes: Set<QueryNote>, exactWords: boolean) {
    this.#settings = settings;
    this.notes = notes;
    this.#exactWords = exactWords;
  }

  #leaf(leaf: Omit<Leaf, 'times'>): number | undefined {
    if (Object.keys(leaf.lookups).length === 0) return undefined;
    const key = JSON.stringify([leaf.kind, leaf.lookups, leaf.fields]);
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.leaves[known]!.times += 1;
      return known;
    }
    if (this.leaves.length >= mostTerms * 2) {
      this.notes.add('too-many-terms');
      return undefined;
    }
    this.leaves.push({ ...leaf, times: 1 });
    this.#known.set(key, this.leaves.length - 1);
    return this.leaves.length - 1;
  }

  compile(node: QueryNode): Match | undefined {
    switch (node.kind) {
      case 'words':
        return this.#words(node.text, bitsOf(node.fields));
      case 'phrase':
        return this.#phrase(node.text, bitsOf(node.fields));
      case 'prefix':
        return this.#prefix(node.text, bitsOf(node.fields));
      case 'not': {
        const match = this.compile(node.node);
        return match && { kind: 'not', match };
      }
      default: {
        const matches = node.nodes
          .map((one) => this.compile(one))
          .filter((one) => one !== undefined)
          // Words side by side are laid beside their neighbours.
          .flatMap((one) => (node.kind === 'soft' && one.kind === 'soft' ? one.matches : [one]));
        return matches.length === 0 ? undefined : { kind: node.kind, matches };
      }
    }
  }

  #words(text: string, bits: number): Match | undefined {
    const { languages, labels } = this.#settings;
    const read = new Map(languages.map((language) => [language, analyse(text, language)]));
    const tokens = read.get(languages[0]!)!;
    const found = bits === anyField ? (labels?.find(text, this.#settings.dropped ?? []) ?? []) : [];
    const matches: Match[] = [];
    const inConcept = new Map<FoundLabel, number[]>();
    tokens.forEach((token, index) => {
      const leaf = this.#word(text, read, index, bits);
      if (leaf === undefined) return;
      const concept = found.find((one) => token.from >= one.from && token.to <= one.to);
      if (!concept) matches.push({ kind: 'leaf', leaf });
      else inConcept.set(concept, [...(inConcept.get(concept) ?? []), leaf]);
    });
    for (const [concept, words] of inConcept) matches.push(this.#concept(concept, words));
    return matches.length === 0 ? undefined : matches.length === 1 ? matches[0] : { kind: 'soft', matches };
  }

  #word(text: string, read: ReadonlyMap<SearchLanguage, Token[]>, index: number, bits: number): number | undefined {
    const lookups: Lookups = {};
    let words = '';
    for (const [language, tokens] of read) {
      // Languages cut a text at the same places; only what they make of a word differs.
      const token = tokens[index];
      if (!token) continue;
      words = text.slice(token.from, token.to);
      const isLone = token.stem === undefined && tokens.length === 1;
      if (token.stem !== undefined && !this.#exactWords)
        lookups[language] = [{ kind: 'term', term: stemTerm(language, token.stem) }];
      else if (this.#exactWords || isLone)
        lookups[language] = [{ kind: 'term', term: exactTerm(language, token.exact) }];
    }
    return this.#leaf({ kind: 'term', words, lookups, weight: 1, fields: bits });
  }

  #phrase(text: string, bits: number): Match | undefined {
    const lookups: Lookups = {};
    for (const language of this.#settings.languages) {
      const tokens = analyse(text, language);
      const [first] = tokens;
      if (!first) continue;
      const parts = tokens.map((token) => ({
        term: exactTerm(language, token.exact),
        offset: token.position - first.position,
      }));
      lookups[language] = [parts.length === 1 ? { kind: 'term', term: parts[0]!.term } : { kind: 'phrase', parts }];
    }
    const leaf = this.#leaf({ kind: 'phrase', words: text, lookups, weight: 1, fields: bits });
    return leaf === undefined ? undefined : { kind: 'leaf', leaf };
  }

  #prefix(text: string, bits: number): Match | undefined {
    const lookups: Lookups = {};
    for (const language of this.#settings.languages) {
      const token = analyse(text, language)[0];
      if (!token) continue;
      if ([...token.exact].length < 3) {
        this.notes.add('wildcard-too-broad');
        continue;
      }
      lookups[language] = [{ kind: 'prefix', term: exactTerm(language, token.exact) }];
    }
    const leaf = this.#leaf({ kind: 'term', words: `${text}*`, lookups, weight: 1, fields: bits });
    return leaf === undefined ? undefined : { kind: 'leaf', leaf };
  }

  #concept(found: FoundLabel, words: readonly number[]): Match {
    const { narrower = false, languages } = this.#settings;
    const also = found.concept.labels.filter((one) => one.label.toLowerCase() !== found.words.toLowerCase());
    const leafFor = (labels: readonly { language: SearchLanguage; label: string }[], weight: number) => {
      const lookups: Lookups = {};
      for (const { language, label } of labels) {
        if (!languages.includes(language)) continue;
        const lookup = labelLookup(label, language);
        if (lookup) lookups[language] = [...(lookups[language] ?? []), lookup];
      }
      return this.#leaf({ kind: 'concept', words: found.words, lookups, weight, fields: anyField });
    };
    const labels = leafFor(also, otherLabels);
    const narrow = narrower ? leafFor(found.concept.narrower ?? [], narrowerLabels) : undefined;
    this.concepts.push({
      id: found.concept.id,
      words: found.words,
      also: also.map(({ language, label }) => ({ language, label })),
    });
    const match: Match =
      labels === undefined
        ? { kind: 'and', matches: words.map((leaf): Match => ({ kind: 'leaf', leaf })) }
        : { kind: 'concept', words, labels };
    return narrow === undefined ? match : { kind: 'or', matches: [match, { kind: 'leaf', leaf: narrow }] };
  }
}

/** A label as it is looked up: its stems at their distances; the words themselves where nothing is left of it. */
export function labelLookup(label: string, language: SearchLanguage): Lookup | undefined {
  const tokens = analyse(label, language);
  const stems = tokens.filter((token) => token.stem !== undefined);
  const chosen = stems.length > 0 ? stems : tokens;
  const [first] = chosen;
  if (!first) return undefined;
  const parts = chosen.map((token) => ({
    term: token.stem === undefined ? exactTerm(language, token.exact) : stemTerm(language, token.stem),
    offset: token.position - first.position,
  }));
  return parts.length === 1 ? { kind: 'term', term: parts[0]!.term } : { kind: 'phrase', parts };
}

/** Says for every language what a question looks for. A question of stop words only is searched as it stands. */
export function compileQuery(parsed: ParsedQuery, settings: CompileSettings): CompiledQuery {
  const notes = new Set(parsed.notes);
  const ordered = {
    ...settings,
    languages: settings.languages.length > 0 ? settings.languages : searchLanguages,
  };
  let compiler = new Compiler(ordered, notes, false);
  let match = compiler.compile(parsed.node);
  const reader = ordered.languages[0]!;
  const saysNothing = compiler.leaves.every((leaf) => leaf.lookups[reader] === undefined);
  if (saysNothing && parsed.node.nodes.length > 0) {
    compiler = new Compiler({ ...ordered, labels: undefined }, notes, true);
    match = compiler.compile(parsed.node);
    if (match) notes.add('only-stop-words');
  }
  return {
    leaves: compiler.leaves,
    match: !match ? { kind: 'soft', matches: [] } : match.kind === 'soft' ? match : { kind: 'soft', matches: [match] },
    concepts: compiler.concepts,
    notes: [...notes],
  };
}
