import { z } from 'zod';
import {
  Hash,
  Instant,
  LanguageTag,
  PlainDate,
  Problem,
  StateCode,
  TextIn,
  Unknown,
} from '../../../platform/values/index.ts';
import { authentications, AuthorityId, AuthorityRole, Channel, Entry, Stage, translationRules } from './entry.ts';
import { FunctionCode, MeasureCode } from './functions.ts';

/** A version of an entry with what is known of it beside its words. `entry` is in the public layer. */
export interface EntryVersion {
  entry: Entry;
  version: number;
  hash: Hash;
  recordedAt: Instant;
  op: 'put' | 'withdraw';
}

/** What the node itself saw of an authority's address; local, never signed. */
export interface PingFacts {
  lastAnsweredAt: Instant | null;
  failed: number;
}

export const Question = z.strictObject({
  state: StateCode,
  measure: MeasureCode.optional(),
  function: FunctionCode,
  /** Basis chosen; null when domestic law or reciprocity carries the request. */
  instrument: z.string().max(40).nullable(),
  territory: z.string().max(10).nullable(),
  stage: Stage.optional(),
  on: PlainDate,
  urgent: z.boolean(),
  /** Languages the own office can write. */
  languages: z.array(LanguageTag),
});
export type Question = z.infer<typeof Question>;

export const TrustMark = z.enum(['confirmed', 'due', 'stale', 'silent']);
export type TrustMark = z.infer<typeof TrustMark>;

export const Trust = z.strictObject({
  mark: TrustMark,
  confirmedOn: z.union([PlainDate, Unknown]),
  /** Whole days since; null when never confirmed. */
  days: z.int().nullable(),
  nextDue: PlainDate.nullable(),
  lastPing: Instant.nullable(),
});
export type Trust = z.infer<typeof Trust>;

export const Desk = z.strictObject({
  authority: AuthorityId,
  version: z.int(),
  hash: Hash,
  name: z.string(),
  names: Entry.shape.names,
  role: AuthorityRole,
  territory: z.string().nullable(),
  nodeId: z.string().nullable(),
  function: FunctionCode,
  designatedUnder: z.strictObject({ instrument: z.string().nullable(), article: z.string() }),
  notifiedOn: z.union([PlainDate, Unknown]),
  notifiedIn: z.string().nullable(),
  origin: Entry.shape.origin,
  conditions: z.strictObject({ stages: z.array(Stage), text: TextIn.optional() }).nullable(),
});
export type Desk = z.infer<typeof Desk>;

/** One step of the reasoning: a message key and what fills it. */
export const Why = z.strictObject({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Why = z.infer<typeof Why>;

export const Choice = z.strictObject({
  kind: z.literal('authorities.choice'),
  version: z.literal(1),
  question: Question,
  /** The one desk; null when none was found or two are equal. */
  desk: Desk.nullable(),
  /** Desks between which an official must choose, when two are equal. */
  equals: z.array(Desk),
  alert: z.strictObject({ authority: AuthorityId, name: z.string(), role: AuthorityRole }).nullable(),
  fallback: z.array(Desk),
  /** When there is no desk: the closest others, with the function they hold. */
  nearest: z.array(Desk),
  language: z.strictObject({
    use: z.string().nullable(),
    accepted: z.union([z.array(z.string()), Unknown]),
    translation: z.union([z.enum(translationRules), Unknown]),
  }),
  channel: Channel,
  formalities: z.strictObject({
    electronicSignature: z.union([z.boolean(), Unknown]),
    originalsWithinDays: z.union([z.int(), Unknown]).nullable(),
    copies: z.union([z.int(), Unknown]),
    authentication: z.union([z.enum(authentications), Unknown]),
  }),
  openNow: z.boolean().nullable(),
  opensAt: Instant.nullable(),
  localTime: z.string().nullable(),
  timeZone: z.string().nullable(),
  trust: Trust.nullable(),
  why: z.array(Why),
  warnings: z.array(Problem),
});
export type Choice = z.infer<typeof Choice>;
