import { z } from 'zod';
import { ActorType } from '../../schema.ts';
import { grammarOf, type Grammar } from './grammar.ts';

export const verbClasses = ['directs', 'urges', 'invites', 'decides', 'states'] as const;
export type VerbClass = (typeof verbClasses)[number];

export const VerbTable = z.strictObject({
  language: z.string(),
  /** Not yet checked by a reader of the language. */
  experimental: z.boolean().default(false),
  source: z.string().optional(),
  adverbs: z.array(z.string()),
  verbs: z.record(z.string(), z.strictObject({ class: z.enum(verbClasses), forms: z.array(z.string()) })),
  printed: z.record(z.string(), z.string()).default({}),
  openings: z.array(z.string()),
  afterCall: z.array(z.string()),
});
export const ActorTable = z.strictObject({
  source: z.string(),
  asOf: z.string(),
  actors: z.array(
    z.strictObject({
      id: z.string(),
      type: ActorType,
      names: z.record(z.string(), z.array(z.string())),
      /** One word that stands for it once it was named in full. */
      short: z.record(z.string(), z.array(z.string())).optional(),
    }),
  ),
});
export const BodyTable = z.strictObject({
  source: z.string(),
  asOf: z.string(),
  bodies: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string(),
      symbol: z.string().nullable(),
      names: z.record(z.string(), z.array(z.string())),
      style: z.enum(['un', 'interpol', 'conference']),
    }),
  ),
});

export const ToolTable = z.strictObject({
  source: z.string(),
  asOf: z.string(),
  tools: z.array(z.strictObject({ id: z.string(), names: z.array(z.string()) })),
});

export interface Verb {
  /** Base form as it is answered: `notes with appreciation`. */
  verb: string;
  class: VerbClass;
}

export interface Language {
  language: string;
  isExperimental: boolean;
  grammar: Grammar;
  /** A verb with its adverbs at the beginning of a text. */
  readVerb(text: string): { opening: string; verb: Verb; rest: string } | undefined;
  /** Where a listed finite verb begins after "and": a second act. */
  findSecond(text: string, from: number): { at: number; end: number; opening: string; verb: Verb } | undefined;
  /** Opening of a preambular paragraph, as printed. */
  readOpening(text: string): string | undefined;
  afterCall: readonly string[];
}

export interface Actor {
  id: string;
  type: ActorType;
  name: string;
}

export interface Body {
  id: string;
  name: string;
  symbol: string | null;
  style: 'un' | 'interpol' | 'conference';
}

export interface Tables {
  languages: readonly Language[];
  /** Every actor name of a language (English unless told) in a text, the longest at each place. */
  findActors(text: string, language?: string): { start: number; end: number; actor: Actor }[];
  /** Short names that hold in a text, since it names their actors in full; in lower case. */
  shortsIn(text: string, language: string): ReadonlyMap<string, Actor>;
  /** Ids of the table, in its order. */
  actorIds: readonly string[];
  /** Name of an actor in a language, else in English. */
  actorName(id: string, language: string): string;
  actorType(id: string): Actor['type'] | null;
  /** Tools of a secretariat that a text names. */
  findTools(text: string): { start: number; end: number; id: string }[];
  findBody(text: string): { start: number; end: number; body: Body } | undefined;
}

export const escaped = (text: string) =>
  text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/'/g, "['’]")
    .replace(/ /g, '\\s+');
export const byLength = (a: string, b: string) => b.length - a.length;

const never = /(?!)/gu;

/** First persons of declarations: "We take note of" for "takes note of", "Nous décidons" for "décide". */
function firstPerson(form: string, language: string): string | undefined {
  const [first = '', ...rest] = form.split(' ');
  if (language === 'en') {
    const base = first.replace(/ies$/, 'y').replace(/(ss|sh|ch|x|z)es$/, '$1').replace(/([^sy])s$/, '$1').replace(/ys$/, 'y');
    return [base, ...rest.map((word) => (word === 'its' ? 'our' : word === 'itself' ? 'ourselves' : word))].join(' ');
  }
  if (language === 'fr' && first.endsWith('e') && first.length > 3)
    return [first.replace(/ge$/, 'geons').replace(/ce$/, 'çons').replace(/(?<!s)e$/, 'ons').replace(/se$/, 'sons'), ...rest].join(' ');
  return undefined;
} // prettier-ignore

export function languageOf(table: z.infer<typeof VerbTable>): Language {
  const grammar = grammarOf(table.language);
  const spaced = table.language !== 'zh';
  const edge = spaced ? '(?![\\p{L}])' : '';
  const forms = new Map<string, Verb>();
  const first = new Map<string, Verb>();
  for (const [verb, { class: kind, forms: written }] of Object.entries(table.verbs))
    for (const form of written) {
      const known = { verb: table.printed[verb] ?? verb, class: kind };
      forms.set(form.toLowerCase(), known);
      const ours = firstPerson(form.toLowerCase(), table.language);
      if (ours !== undefined) first.set(ours, known);
    }
  const adverbPattern = [...table.adverbs].sort(byLength).map(escaped).join('|');
  const blank = spaced ? '\\s+' : '\\s*';
  // "Prend également note": the adverb may stand inside.
  const inside = (form: string) => {
    const [head = '', ...rest] = form.split(' ');
    return rest.length === 0 || adverbPattern === '' || !spaced
      ? escaped(form)
      : `${escaped(head)}(?:\\s+(?:${adverbPattern}))?\\s+${escaped(rest.join(' '))}`;
  };
  const verbPattern = [...forms.keys()].sort(byLength).map(inside).join('|');
  const adverbs = adverbPattern === '' ? '' : `(?:(?:${adverbPattern}),?${blank})*`;
  // French puts the adverb behind: "Prie également".
  const behind = adverbPattern === '' ? '' : `(?:${blank}(?:${adverbPattern}))*`;
  const start = new RegExp(`^(${adverbs}(${verbPattern})${behind})${edge}`, 'iu');
  const { and, follow, glued } = grammar;
  const we = first.size === 0 ? undefined : table.language === 'en' ? 'We' : 'Nous';
  const firstPattern = [...first.keys()].sort(byLength).map(escaped).join('|');
  const weStart = we ? new RegExp(`^(${we}\\s+${adverbs}(${firstPattern})${behind})${edge}`, 'u') : undefined;
  const weSecond = we
    ? new RegExp(
        `(?:,|;)?\\s+${and}\\s+(?:${we.toLowerCase()}\\s+)?(${adverbs}(${firstPattern})${behind})(?=\\s+(?:${follow})(?![\\p{L}])|\\s+\\p{Lu})`,
        'gu',
      )
    : undefined;
  const next = spaced ? `(?=${blank}(?:${follow})(?![\\p{L}])|${glued ? '\\s+\\p{L}' : '\\s+\\p{Lu}'})` : '';
  const second = glued
    ? new RegExp(`(?:[,;،؛，；]\\s*|\\s+)${and}(${adverbs}(${verbPattern})${behind})${next}`, 'giu')
    : new RegExp(`(?:,|;)?\\s+${and}\\s+(${adverbs}(${verbPattern})${behind})${next}`, 'giu');
  // "and, bearing in mind the urgent need …, invites Member States".
  const afterAside = glued
    ? never
    : new RegExp(
        `(?:,|;)?\\s+${and},\\s[^;]{3,240}?,\\s+(${adverbs}(${verbPattern})${behind})(?=\\s+(?:${follow})(?![\\p{L}]))`,
        'giu',
      );
  const capitals = [...forms.keys()].filter((one) => !one.includes(' ') && one.toUpperCase() !== one);
  const upper =
    capitals.length === 0 || glued
      ? never
      : new RegExp(
          `(?:,|;)?\\s+(?:${and}\\s+)?((?:${capitals.map((one) => escaped(one.toUpperCase())).join('|')}))(?![\\p{L}])`,
          'gu',
        );
  const opening = new RegExp(
    `^(?:${[...table.openings].sort(byLength).map(escaped).join('|')})(?:${blank}(?:${adverbPattern || '(?!)'}|with (?:appreciation|concern|satisfaction|interest|regret)|(?:avec|sans) (?:satisfaction|préoccupation|inquiétude|intérêt|regret|reconnaissance)|concerned|préoccupée?|convaincue?|consciente?|also|further|upon|into account|note)|\\s+(?:(?:its|serious|grave|deep|great)\\s+)+(?:concern|appreciation|satisfaction|regret|conviction|gratitude|hope|alarm|support|determination))*${edge}`,
    'iu',
  );
  const plain = (form: string) => form.toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'");
  const anyAdverb = new RegExp(`\\s(?:${adverbPattern || '(?!)'})(?=\\s)`, 'giu');
  const verbOf = (form: string): Verb | undefined =>
    forms.get(plain(form)) ?? forms.get(plain(form).replace(anyAdverb, ''));
  return {
    language: table.language,
    isExperimental: table.experimental,
    grammar,
    afterCall: table.afterCall,
    readVerb(text) {
      const ours = weStart?.exec(text);
      const found = ours ?? start.exec(text);
      const verb = found?.[2] === undefined ? undefined : ours ? first.get(plain(found[2])) : verbOf(found[2]);
      return found && verb ? { opening: found[1] ?? '', verb, rest: text.slice(found[0].length) } : undefined;
    },
    findSecond(text, from) {
      const isOurs = we !== undefined && text.startsWith(`${we} `);
      for (const pattern of isOurs && weSecond ? [weSecond, second] : [second, upper, afterAside]) {
        pattern.lastIndex = from;
        for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
          const verb =
            (pattern === weSecond ? first.get(plain(found[2] ?? '')) : undefined) ?? verbOf(found[2] ?? found[1] ?? '');
          if (verb && !isQuoted(text, found.index)) {
            const at = found.index + found[0].length - (found[1] ?? '').length;
            return { at, end: found.index + found[0].length, opening: found[1] ?? '', verb };
          }
        }
      }
      return undefined;
    },
    readOpening: (text) => opening.exec(text)?.[0],
  };
}

/** Inside quotation marks nothing acts. */
function isQuoted(text: string, at: number): boolean {
  const before = text.slice(0, at);
  return (before.match(/[“«]/g)?.length ?? 0) > (before.match(/[”»]/g)?.length ?? 0);
}
