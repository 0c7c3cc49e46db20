import { z } from 'zod';
import { ActorType } from '../../schema.ts';

export const verbClasses = ['directs', 'urges', 'invites', 'decides', 'states'] as const;
export type VerbClass = (typeof verbClasses)[number];

export const VerbTable = z.strictObject({
  language: z.string(),
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
    z.strictObject({ id: z.string(), type: ActorType, names: z.record(z.string(), z.array(z.string())) }),
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

export interface Verb {
  /** Base form as it is answered: `notes with appreciation`. */
  verb: string;
  class: VerbClass;
}

export interface Language {
  language: string;
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
  /** Every actor name at a place of a text, the longest first. */
  findActors(text: string): { start: number; end: number; actor: Actor }[];
  findBody(text: string): { start: number; end: number; body: Body } | undefined;
}

export const escaped = (text: string) =>
  text
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replace(/'/g, "['’]")
    .replace(/ /g, '\\s+');
export const byLength = (a: string, b: string) => b.length - a.length;

export function languageOf(table: z.infer<typeof VerbTable>): Language {
  const forms = new Map<string, Verb>();
  for (const [verb, { class: kind, forms: written }] of Object.entries(table.verbs))
    for (const form of written) forms.set(form.toLowerCase(), { verb: table.printed[verb] ?? verb, class: kind });
  const verbPattern = [...forms.keys()].sort(byLength).map(escaped).join('|');
  const adverbPattern = [...table.adverbs].sort(byLength).map(escaped).join('|');
  const adverbs = `(?:(?:${adverbPattern}),?\\s+)*`;
  // French puts the adverb behind: "Prie également".
  const start = new RegExp(`^(${adverbs}(${verbPattern})(?:\\s+(?:${adverbPattern}))?)(?![\\p{L}])`, 'iu');
  const second = new RegExp(
    `(?:,|;)?\\s+(?:and|et)\\s+(${adverbs}(${verbPattern}))(?=\\s+(?:the|that|its|all|also|Member|States|other|les?|la|aux?|que|de)(?![\\p{L}])|\\s+\\p{Lu})`,
    'giu',
  );
  // "and, bearing in mind the urgent need …, invites Member States".
  const afterAside = new RegExp(
    `(?:,|;)?\\s+(?:and|et),\\s[^;]{3,240}?,\\s+(${adverbs}(${verbPattern}))(?=\\s+(?:the|that|all|Member|States|other|les?|la|aux?|que)(?![\\p{L}]))`,
    'giu',
  );
  const upper = new RegExp(
    `(?:,|;)?\\s+(?:and\\s+)?((?:${[...forms.keys()]
      .filter((one) => !one.includes(' '))
      .map((one) => one.toUpperCase())
      .join('|')}))(?![\\p{L}])`,
    'gu',
  );
  const opening = new RegExp(
    `^(?:${table.openings.join('|')})(?:\\s+(?:${adverbPattern}|with (?:appreciation|concern|satisfaction|interest|regret)|concerned|also|further|upon|into account|note)|\\s+(?:(?:its|serious|grave|deep|great)\\s+)+(?:concern|appreciation|satisfaction|regret|conviction|gratitude|hope|alarm|support|determination))*(?![\\p{L}])`,
    'iu',
  );
  const verbOf = (form: string): Verb | undefined =>
    forms.get(form.toLowerCase().replace(/\s+/g, ' ').replaceAll('’', "'"));
  return {
    language: table.language,
    afterCall: table.afterCall,
    readVerb(text) {
      const found = start.exec(text);
      const verb = found?.[2] === undefined ? undefined : verbOf(found[2]);
      return found && verb ? { opening: found[1] ?? '', verb, rest: text.slice(found[0].length) } : undefined;
    },
    findSecond(text, from) {
      for (const pattern of [second, upper, afterAside]) {
        pattern.lastIndex = from;
        for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
          const written = found[2] ?? found[1] ?? '';
          const verb = verbOf(written);
          const isFinite = pattern === upper || !/^(?:its|the)$/i.test(written);
          if (verb && isFinite && !isQuoted(text, found.index)) {
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
