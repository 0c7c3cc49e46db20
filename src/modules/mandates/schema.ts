import { z } from 'zod';
import { PlainDate, Sha256 } from '../../platform/values/index.ts';

/** Offsets into the input as given, `[start, end)`. A part of a text that runs over a page has several. */
export const Span = z.tuple([z.int().min(0), z.int().min(0)]);
export type Span = z.infer<typeof Span>;

/** The types of `knowledge`, which finds them, and the tools of a secretariat, which stand in `data/mandates/tools.json`. */
export const citedTypes = [
  'resolution',
  'document',
  'treaty-series',
  'instrument',
  'article',
  'statute',
  'case',
  'goal',
  'tool',
] as const;

export const ParsedCitation = z.strictObject({
  type: z.enum(citedTypes),
  /** Symbol, depositary's number or other id; null when the text does not say enough. */
  target: z.string().nullable(),
  article: z.string().nullable(),
  /** Day of adoption and title, when the text names them right behind. */
  date: PlainDate.nullable(),
  title: z.string().nullable(),
  text: z.string(),
});
export type ParsedCitation = z.infer<typeof ParsedCitation>;

export const actorTypes = [
  'secretariat',
  'plenary',
  'subsidiary',
  'states',
  'states-parties',
  'regional',
  'donors',
  'international-organization',
  'private-sector',
  'civil-society',
  'national-authority',
] as const;
export const ActorType = z.enum(actorTypes);
export type ActorType = z.infer<typeof ActorType>;

/** Somebody a paragraph turns to. `id` is null for one that the table of actors does not know. */
export const Addressee = z.strictObject({
  id: z.string().nullable(),
  text: z.string(),
  type: ActorType.nullable(),
  /** "States parties to …": the instruments named, by id where one is known. */
  instruments: z.array(z.string()).optional(),
});
export type Addressee = z.infer<typeof Addressee>;

export const actKinds = [
  'mandate',
  'decision',
  'reporting',
  'request-to-states',
  'call',
  'invitation',
  'consultation',
  'funding',
  'statement',
  'closing',
] as const;
export const ActKind = z.enum(actKinds);
export type ActKind = z.infer<typeof ActKind>;

export const Deadline = z.strictObject({
  text: z.string(),
  type: z.enum(['session', 'date', 'period', 'recurring']),
  body: z.string().nullable(),
  session: z.int().nullable(),
  date: z.string().nullable(),
  recurrence: z.string().nullable(),
});
export type Deadline = z.infer<typeof Deadline>;

export const ReportTo = z.strictObject({
  body: z.string(),
  bodyId: z.string().nullable(),
  session: z.int().nullable(),
  subject: z.string().nullable(),
  through: z.string().nullable(),
});
export type ReportTo = z.infer<typeof ReportTo>;

/** What one verb asks of whom. */
const actFields = {
  verb: z.string().nullable(),
  opening: z.string().nullable(),
  kind: ActKind.nullable(),
  addressees: z.array(Addressee),
  beneficiaries: z.array(z.strictObject({ id: z.string().nullable(), text: z.string() })),
  deadline: Deadline.nullable(),
  reportTo: ReportTo.nullable(),
  conditions: z.array(z.string()),
};

export const foundFields = [
  'opening',
  'addressee',
  'beneficiary',
  'deadline',
  'report',
  'condition',
  'citation',
  'child',
] as const;
/** Where a value stands: the field, its place in the list of that field, the act it belongs to (`4/2`), and the stretch of the input. */
export const FoundAt = z.strictObject({
  field: z.enum(foundFields),
  index: z.int().min(0),
  act: z.string().optional(),
  span: Span,
});
export type FoundAt = z.infer<typeof FoundAt>;

interface ChildShape {
  number: string;
  numberText?: string | undefined;
  type: 'subparagraph' | 'act';
  text: string;
  act?: z.infer<typeof ActShape> | undefined;
  citations: ParsedCitation[];
  children: ChildShape[];
}
const ActShape = z.strictObject(actFields);
export type Act = z.infer<typeof ActShape>;

/** `(a)` under its paragraph, or the second act of a paragraph, numbered `4/2`. */
export const Child: z.ZodType<ChildShape> = z.lazy(() =>
  z.strictObject({
    number: z.string(),
    numberText: z.string().optional(),
    type: z.enum(['subparagraph', 'act']),
    text: z.string(),
    act: ActShape.optional(),
    citations: z.array(ParsedCitation),
    children: z.array(Child),
  }),
);
export type Child = ChildShape;

export const Preambular = z.strictObject({
  index: z.int().min(1),
  opening: z.string().nullable(),
  openings: z.array(z.string()),
  text: z.string(),
  spans: z.array(Span),
  citations: z.array(ParsedCitation),
  footnotes: z.array(z.string()),
  items: z.array(z.string()),
  /** Words of a draft that stand in square brackets. */
  variants: z.array(z.string()),
  found: z.array(FoundAt),
});
export type Preambular = z.infer<typeof Preambular>;

export const Operative = z.strictObject({
  number: z.string(),
  numbering: z.enum(['source', 'assigned']),
  numberText: z.string().optional(),
  ...actFields,
  citations: z.array(ParsedCitation),
  footnotes: z.array(z.string()),
  text: z.string(),
  spans: z.array(Span),
  children: z.array(Child),
  variants: z.array(z.string()),
  found: z.array(FoundAt),
  /** 0 to 1 by field; below 0.8 a reader should look. */
  confidence: z.strictObject({ verb: z.number(), addressees: z.number(), kind: z.number() }),
});
export type Operative = z.infer<typeof Operative>;

export const Footnote = z.strictObject({
  marker: z.string(),
  text: z.string(),
  spans: z.array(Span),
  citations: z.array(ParsedCitation),
  found: z.array(FoundAt),
});
export type Footnote = z.infer<typeof Footnote>;

export const problemCodes = [
  'mandates.no-preamble',
  'mandates.no-operative',
  'mandates.no-body',
  'mandates.footnote-without-text',
  'mandates.footnote-without-mark',
  'mandates.unknown-verb',
  'mandates.number-out-of-order',
  'mandates.number-twice',
  'mandates.number-missing',
  'mandates.unknown-language',
] as const;
export const ParseProblem = z.strictObject({
  code: z.enum(problemCodes),
  path: z.array(z.union([z.string(), z.int()])),
  /** The other place, when two do not fit together. */
  other: z.array(z.union([z.string(), z.int()])).optional(),
  marker: z.string().optional(),
  text: z.string().optional(),
});
export type ParseProblem = z.infer<typeof ParseProblem>;

/** What a parser found in a resolution. Absent facts are null or an empty list: it says what stands in the text. */
export const Resolution = z.strictObject({
  kind: z.literal('resolution'),
  version: z.literal(1),
  document: z.strictObject({
    body: z.string().nullable(),
    bodyId: z.string().nullable(),
    number: z.string().nullable(),
    symbol: z.string().nullable(),
    title: z.string().nullable(),
    session: z.int().nullable(),
    date: PlainDate.nullable(),
    dateTo: PlainDate.nullable(),
    place: z.string().nullable(),
    language: z.string(),
    style: z.enum(['un', 'interpol', 'conference']),
    draft: z.boolean(),
    /** Read by a table that no reader of the language has checked yet. */
    experimental: z.boolean(),
    sha256: Sha256,
  }),
  preambular: z.array(Preambular),
  operative: z.array(Operative),
  footnotes: z.array(Footnote),
  annexes: z.array(z.strictObject({ title: z.string().nullable(), text: z.string(), spans: z.array(Span) })),
  /** What belongs to the page and not to the text; kept so that nothing is lost. */
  furniture: z.array(z.strictObject({ text: z.string(), spans: z.array(Span) })),
  head: z.array(z.strictObject({ text: z.string(), spans: z.array(Span) })),
  problems: z.array(ParseProblem),
});
export type Resolution = z.infer<typeof Resolution>;
