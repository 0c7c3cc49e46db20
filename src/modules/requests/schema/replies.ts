import { z } from 'zod';
import { Hash, Instant, LanguageTag, PlainDate, Sha256, StateCode } from '../../../platform/values/index.ts';
import { GroundId } from './grounds.ts';
import { purposes } from './request.ts';
import { SharedAct } from './shared-acts.ts';
import { FreeText, ItemId, Line, listOf } from './text.ts';

/** Words in at least one language, not empty. */
export const Words = FreeText.refine(
  (text) => Object.values(text).some((one) => one.trim() !== ''),
  'requests.words-needed',
);

/** A consultation that was held and recorded. `id` is the action that recorded it. */
export const Consultation = z.strictObject({
  id: z.uuid(),
  on: PlainDate,
  with: Line.describe('Authority or office that was consulted'),
  how: Line.describe('Call, meeting, letter'),
});
export type Consultation = z.infer<typeof Consultation>;

/** Where in the request something is asked: path of a field, or of an item. */
export const FieldPath = z.array(z.union([z.string().max(100), z.int().min(0)])).max(20);

export const ReplyQuestion = z.strictObject({
  id: z.uuid(),
  path: FieldPath,
  text: Words,
  why: Words,
  by: PlainDate,
});
export type ReplyQuestion = z.infer<typeof ReplyQuestion>;

export const ReplyCondition = z.strictObject({
  id: ItemId,
  kind: z.enum(['use', 'secrecy', 'assurance', 'procedure', 'cost']),
  text: Words,
});
export type ReplyCondition = z.infer<typeof ReplyCondition>;

/** One file that travels with results; the hash is of its plaintext. */
export const ResultEvidence = z.strictObject({
  id: z.uuid(),
  sha256: Sha256,
  fileName: Line,
  size: z.int().min(0),
  form: z.enum(['original', 'certified-copy', 'copy']),
  custody: Line.nullable().describe('What the sending custody record calls it'),
});
export type ResultEvidence = z.infer<typeof ResultEvidence>;

/** What came of one thing asked, and how it may be used. */
export const ResultItem = z.strictObject({
  measure: ItemId,
  outcome: z.enum(['executed', 'partly', 'nothing-found', 'not-possible']),
  note: Words.nullable(),
  evidence: listOf(ResultEvidence, 500),
  use: z.enum(purposes),
  secretUntil: PlainDate.nullable(),
  returnBy: PlainDate.nullable(),
});
export type ResultItem = z.infer<typeof ResultItem>;

/** A ground with its own reasons and the provision it stands in. */
export const RefusalGround = z.strictObject({
  ground: GroundId,
  provision: Line.nullable().describe('Cited where the ground is an agreement or domestic law'),
  reasons: Words,
  measures: z.array(ItemId).max(500).nullable().describe('Items it concerns; null: the whole request'),
});
export type RefusalGround = z.infer<typeof RefusalGround>;

const Acknowledgement = z.strictObject({
  reply: z.literal('acknowledgement'),
  desk: Words,
  officer: z.strictObject({ post: Words, name: Line.nullable(), line: Line.nullable(), email: Line.nullable() }),
  language: LanguageTag,
  expected: PlainDate.nullable().describe('Day by which an answer is expected; null: not known'),
});
const MoreInformation = z.strictObject({
  reply: z.literal('more-information'),
  questions: z.array(ReplyQuestion).min(1, 'requests.no-questions').max(200),
  meanwhile: Words.nullable().describe('What can start meanwhile'),
});
const Conditions = z.strictObject({
  reply: z.literal('conditions'),
  conditions: z.array(ReplyCondition).min(1, 'requests.no-conditions').max(100),
  ifDeclined: Words,
});
const Postponed = z.strictObject({
  reply: z.literal('postponed'),
  proceeding: Words.describe('Domestic proceeding that it would interfere with'),
  ground: Words,
  provision: Line,
  consultation: Consultation,
  review: PlainDate,
  mayProceed: Words.nullable(),
});
const PartlyExecuted = z.strictObject({
  reply: z.literal('partly-executed'),
  results: z.array(ResultItem).min(1, 'requests.no-results').max(500),
  open: z
    .array(z.strictObject({ measure: ItemId, reason: Words, by: PlainDate }))
    .min(1, 'requests.nothing-open')
    .max(500),
});
const Executed = z.strictObject({
  reply: z.literal('executed'),
  results: z.array(ResultItem).min(1, 'requests.no-results').max(500),
  procedure: z.strictObject({ followed: z.boolean(), note: Words.nullable() }),
  conditions: z.array(ReplyCondition).max(100),
  freezeEnds: PlainDate.nullable(),
  costs: Words.nullable(),
});
const Refused = z.strictObject({
  reply: z.literal('refused'),
  grounds: z.array(RefusalGround).min(1, 'requests.no-grounds').max(50),
  consultation: Consultation.nullable(),
  alternatives: z.array(z.strictObject({ kind: z.enum(['other-basis', 'prosecution', 'other']), text: Words })).max(20),
});
const ReturnedUnexecuted = z.strictObject({
  reply: z.literal('returned-unexecuted'),
  reason: z.enum(['misdirected', 'no-answer', 'impossible']),
  note: Words,
  rightDesk: z.strictObject({ authority: Line, name: FreeText.nullable() }).nullable(),
});
const SecrecyNotPossible = z.strictObject({
  reply: z.literal('secrecy-not-possible'),
  question: ReplyQuestion.describe('Whether to execute anyway'),
  mustDisclose: Words,
  toWhom: Words,
});
const otherUse = {
  request: z.uuid().describe('Act that asked for it'),
  scope: Words,
  evidence: z.array(z.uuid()).max(500).describe('Items it covers; empty: all'),
};
const ConsentToUse = z.strictObject({
  reply: z.literal('consent-to-use'),
  ...otherUse,
  until: PlainDate.nullable(),
});
const UseDeclined = z.strictObject({ reply: z.literal('use-declined'), ...otherUse, reasons: Words });

const contents = [
  Acknowledgement,
  MoreInformation,
  Conditions,
  Postponed,
  PartlyExecuted,
  Executed,
  Refused,
  ReturnedUnexecuted,
  SecrecyNotPossible,
  ConsentToUse,
  UseDeclined,
] as const;

/** What an officer writes of a reply; the node adds from whom, to what, when and the signature. */
export const ReplyContent = z.discriminatedUnion('reply', contents);
export type ReplyContent = z.infer<typeof ReplyContent>;
export type ReplyKind = ReplyContent['reply'];
export const replyKinds = contents.map((one) => one.shape.reply.value) as ReplyKind[];

/** The content of one kind of reply. */
export type ReplyOf<K extends ReplyKind> = Extract<ReplyContent, { reply: K }>;

const envelope = {
  kind: z.literal('request-reply'),
  version: z.literal(1),
  to: Line.describe('Reference of the request'),
  ofVersion: z.int().min(1),
  from: z.strictObject({ state: StateCode, reference: Line, authority: Line }),
  on: PlainDate,
  act: SharedAct,
  contentHash: Hash.describe('Over all but signature and this hash'),
  signature: z.strictObject({ jws: z.string().max(20_000), at: Instant }).nullable(),
};

/**
 * A reply of the requested State as it crosses the border (T38).
 * @source UNTOC art. 18(16), (18)-(21), (23)-(26)
 */
export const RequestReply = z.discriminatedUnion('reply', [
  Acknowledgement.extend(envelope),
  MoreInformation.extend(envelope),
  Conditions.extend(envelope),
  Postponed.extend(envelope),
  PartlyExecuted.extend(envelope),
  Executed.extend(envelope),
  Refused.extend(envelope),
  ReturnedUnexecuted.extend(envelope),
  SecrecyNotPossible.extend(envelope),
  ConsentToUse.extend(envelope),
  UseDeclined.extend(envelope),
]);
export type RequestReply = z.infer<typeof RequestReply>;
