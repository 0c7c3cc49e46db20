import { z } from 'zod';
import { Hash, Instant, PlainDate, Sha256 } from '../../../platform/values/index.ts';
import { Request } from './request.ts';
import { FieldPath, RequestReply, Words } from './replies.ts';
import { SharedAct, sides } from './shared-acts.ts';
import { FreeText, ItemId, Line, listOf } from './text.ts';
import { sharedStages } from './workflow.ts';

/** The request as it crosses the border: signed, nothing internal, and the act it is. */
export const RequestBody = Request.omit({ internal: true }).extend({
  signature: Request.shape.signature.unwrap().unwrap(),
  contentHash: Hash,
  reference: Request.shape.reference.unwrap(),
  act: SharedAct,
});
export type RequestBody = z.infer<typeof RequestBody>;

/** Text of a draft as it is shown to the other State; its shape is that of a request, half-filled. */
const DraftText = z.record(z.string(), z.json());

/** A draft shown to the other State: no request, not signed, no term runs from it. */
export const RequestDraftBody = z.strictObject({
  kind: z.literal('request-draft'),
  version: z.literal(1),
  mark: z.literal('DRAFT NOT A REQUEST'),
  reference: Line,
  revision: z.int().min(1),
  contentHash: Hash.describe('Hash of the text shown'),
  expiresOn: PlainDate.describe('Thirty days after it was shared'),
  initials: z.boolean().describe('Persons are given as initials'),
  note: FreeText.nullable(),
  draft: DraftText,
});
export type RequestDraftBody = z.infer<typeof RequestDraftBody>;

export const remarkSeverities = ['refuses-without', 'usually-asked', 'suggestion'] as const;
export const DraftRemark = z.strictObject({
  id: z.uuid(),
  path: FieldPath,
  text: Words,
  severity: z.enum(remarkSeverities),
});
export type DraftRemark = z.infer<typeof DraftRemark>;

export const DraftRemarkBody = z.strictObject({
  kind: z.literal('draft-remark'),
  version: z.literal(1),
  to: Line.describe('Reference of the draft'),
  ofHash: Hash.describe('Text that the remarks are about'),
  remarks: z.array(DraftRemark).min(1, 'requests.no-remarks').max(500),
});
export type DraftRemarkBody = z.infer<typeof DraftRemarkBody>;

/** One change of a supplement. `before` or `after` null: the place was or is empty. */
export const Change = z.strictObject({
  id: z.uuid(),
  path: FieldPath,
  before: z.json(),
  after: z.json(),
  why: Words,
});
export type Change = z.infer<typeof Change>;

/**
 * A new version of a request that is out, with what changes and why (T37).
 * @source UNTOC art. 18(16)
 */
export const RequestSupplementBody = z.strictObject({
  kind: z.literal('request-supplement'),
  version: z.literal(1),
  id: z.uuid(),
  to: Line,
  ofVersion: z.int().min(1),
  changes: z.array(Change).min(1, 'requests.no-changes').max(2_000),
  request: RequestBody.omit({ act: true }),
  act: SharedAct,
});
export type RequestSupplementBody = z.infer<typeof RequestSupplementBody>;

export const RequestWithdrawalBody = z.strictObject({
  kind: z.literal('request-withdrawal'),
  version: z.literal(1),
  to: Line,
  measures: z.array(ItemId).max(500).nullable().describe('Items withdrawn; null: the whole request'),
  reason: Words.nullable(),
  act: SharedAct,
});
export type RequestWithdrawalBody = z.infer<typeof RequestWithdrawalBody>;

export const ThreadFile = z.strictObject({ id: z.uuid(), fileName: Line, sha256: Sha256, size: z.int().min(0) });
export type ThreadFile = z.infer<typeof ThreadFile>;

/** One entry of the clarification thread. A question is asked by either side, answered by the other, settled by who asked. */
export const ThreadEntry = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('question'),
    id: z.uuid(),
    question: z.uuid(),
    side: z.enum(sides),
    at: Instant,
    path: FieldPath,
    text: Words,
    why: Words.nullable(),
    by: PlainDate.nullable(),
  }),
  z.strictObject({
    type: z.literal('answer'),
    id: z.uuid(),
    question: z.uuid(),
    side: z.enum(sides),
    at: Instant,
    text: Words,
    files: z.array(ThreadFile).max(50),
    supplement: z.uuid().nullable().describe('Supplement that the answer made'),
  }),
  z.strictObject({
    type: z.literal('settle'),
    id: z.uuid(),
    question: z.uuid(),
    side: z.enum(sides),
    at: Instant,
  }),
]);
export type ThreadEntry = z.infer<typeof ThreadEntry>;

export const RequestThreadBody = z.strictObject({
  kind: z.literal('request-thread'),
  version: z.literal(1),
  to: Line,
  entries: z.array(ThreadEntry).min(1).max(200),
  act: SharedAct,
});
export type RequestThreadBody = z.infer<typeof RequestThreadBody>;

/** An act that changes the shared stage or asks something of the other side, without a document of its own. */
export const RequestStatusBody = z.strictObject({
  kind: z.literal('request-status'),
  version: z.literal(1),
  to: Line,
  stage: z.enum(sharedStages),
  note: FreeText.nullable(),
  /** With `ask-other-use`: which items, for what. */
  use: z.strictObject({ scope: Words, evidence: z.array(z.uuid()).max(500) }).nullable(),
  /** With `acknowledge-change`: what became of each change. */
  decisions: z.array(z.strictObject({ id: z.uuid(), accepted: z.boolean(), reason: FreeText.nullable() })).max(2_000),
  act: SharedAct,
});
export type RequestStatusBody = z.infer<typeof RequestStatusBody>;

/** What came in of the results, hash by hash. */
export const ResultsReceiptBody = z.strictObject({
  kind: z.literal('results-receipt'),
  version: z.literal(1),
  to: Line.describe('Reference of the requested State'),
  ofReply: z.uuid().describe('Act of the reply that brought them'),
  items: listOf(z.strictObject({ evidence: z.uuid(), sent: Sha256, received: Sha256.nullable(), same: z.boolean() })),
  act: SharedAct,
});
export type ResultsReceiptBody = z.infer<typeof ResultsReceiptBody>;

/** Body of each kind of message of this module. */
export const carriedBodies = {
  'request/1': RequestBody,
  'request-draft/1': RequestDraftBody,
  'draft-remark/1': DraftRemarkBody,
  'request-supplement/1': RequestSupplementBody,
  'request-withdrawal/1': RequestWithdrawalBody,
  'request-reply/1': RequestReply,
  'request-thread/1': RequestThreadBody,
  'request-status/1': RequestStatusBody,
  'results-receipt/1': ResultsReceiptBody,
} as const;
export type CarriedKind = keyof typeof carriedBodies;
