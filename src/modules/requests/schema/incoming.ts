import { z } from 'zod';
import { Instant, PlainDate, Sha256 } from '../../../platform/values/index.ts';
import { Line } from './text.ts';
import { ReplyContent, ResultItem, Words } from './replies.ts';

/** Positions of a request at the requested State. */
export const incomingStatuses = [
  'received',
  'registered',
  'assessed',
  'information-asked',
  'conditions-proposed',
  'forwarded',
  'in-execution',
  'consultation',
  'postponed',
  'executed',
  'results-sent',
  'refused',
  'returned-unexecuted',
  'withdrawn',
  'closed',
] as const;
export const IncomingStatus = z.enum(incomingStatuses);
export type IncomingStatus = z.infer<typeof IncomingStatus>;

/** Acts at the requested State. Those that `receive-` or `record-` what the other State sent are made by the node. */
export const incomingActions = [
  'receive',
  'register',
  'return-misdirected',
  'assess',
  'acknowledge',
  'ask-information',
  'propose-conditions',
  'forward',
  'start-refusal',
  'start-postponement',
  'receive-answer',
  'return-unexecuted',
  'accept-execution',
  'hand-back',
  'report-partial',
  'report-executed',
  'record-consultation',
  'refuse',
  'postpone',
  'resume',
  'check-results',
  'send-results',
  'record-results-receipt',
  'consent-to-use',
  'decline-use',
  'reopen-on-resubmission',
  'close',
  'reopen',
  'receive-supplement',
  'receive-withdrawal',
  'acknowledge-change',
  'remind-other-side',
  'receive-reminder',
  'receive-consultation',
  'receive-query',
  'receive-use-question',
  'receive-return',
  'receive-closing',
  'receive-late',
] as const;
export const IncomingActionKind = z.enum(incomingActions);
export type IncomingActionKind = z.infer<typeof IncomingActionKind>;

const Reason = z.string().trim().min(1, 'requests.reason-needed').max(5_000, 'requests.line-too-long');
/** A reply of these kinds. */
function replyOf<const K extends readonly ReplyContent['reply'][]>(...kinds: K) {
  return ReplyContent.refine((content): boolean => kinds.includes(content.reply), 'requests.other-reply');
}

/** One change of a supplement, taken into the working copy or not. */
export const ChangeDecision = z.strictObject({
  id: z.uuid(),
  accepted: z.boolean(),
  reason: z.string().trim().max(2_000).optional().describe('Needed for a change that is not taken'),
});
export type ChangeDecision = z.infer<typeof ChangeDecision>;

/**
 * What an officer gives with each act, by act: page, API and command read the same shape. Acts that are not here are
 * made by the node alone.
 */
export const incomingInput = {
  register: z.strictObject({}),
  'return-misdirected': z.strictObject({ reply: replyOf('returned-unexecuted') }),
  assess: z.strictObject({
    finding: z.enum(['can-be-executed', 'needs-information', 'needs-conditions', 'doubtful']),
    note: z.string().trim().max(20_000).optional().describe('Stays here'),
  }),
  acknowledge: z.strictObject({ reply: replyOf('acknowledgement') }),
  'ask-information': z.strictObject({ reply: replyOf('more-information', 'secrecy-not-possible') }),
  'propose-conditions': z.strictObject({ reply: replyOf('conditions') }),
  forward: z.strictObject({
    to: Line.min(1, 'requests.forward-to-whom').describe('Executing authority, in words'),
    persons: z.array(z.string().min(1).max(100)).max(50).default([]).describe('Persons who then may know of it'),
    note: z.string().trim().max(5_000).optional(),
  }),
  'start-refusal': z.strictObject({ reason: Reason }),
  'start-postponement': z.strictObject({ reason: Reason }),
  'return-unexecuted': z.strictObject({ reply: replyOf('returned-unexecuted') }),
  'accept-execution': z.strictObject({ note: z.string().trim().max(5_000).optional() }),
  'hand-back': z.strictObject({ reason: Reason }),
  'report-partial': z.strictObject({ reply: replyOf('partly-executed') }),
  'report-executed': z.strictObject({ reply: replyOf('executed') }),
  'record-consultation': z.strictObject({
    with: Line.min(1, 'requests.consultation-with-whom'),
    on: PlainDate,
    how: Line.min(1, 'requests.consultation-how'),
    summary: z.string().trim().max(20_000).optional().describe('Stays here'),
  }),
  refuse: z.strictObject({ reply: replyOf('refused') }),
  postpone: z.strictObject({ reply: replyOf('postponed') }),
  resume: z.strictObject({ note: z.string().trim().max(5_000).optional() }),
  'check-results': z.strictObject({ note: z.string().trim().max(5_000).optional() }),
  'send-results': z.strictObject({}),
  'consent-to-use': z.strictObject({ reply: replyOf('consent-to-use') }),
  'decline-use': z.strictObject({ reply: replyOf('use-declined') }),
  close: z.strictObject({ reason: z.string().trim().max(5_000).optional() }),
  reopen: z.strictObject({ reason: Reason }),
  'acknowledge-change': z.strictObject({ decisions: z.array(ChangeDecision).max(2_000).default([]) }),
  'remind-other-side': z.strictObject({ note: Words }),
} as const satisfies Partial<Record<IncomingActionKind, z.ZodType>>;
export type IncomingInputKind = keyof typeof incomingInput;
export type IncomingInput<K extends IncomingInputKind> = z.input<(typeof incomingInput)[K]>;

/** What an act keeps, sealed. */
export const IncomingActionData = z.strictObject({
  reason: z.string().optional(),
  note: z.string().optional(),
  finding: z.string().optional(),
  to: z.string().optional(),
  persons: z.array(z.string()).optional(),
  with: z.string().optional(),
  on: PlainDate.optional(),
  how: z.string().optional(),
  summary: z.string().optional(),
  words: z.record(z.string(), z.string()).optional(),
  reply: ReplyContent.optional(),
  message: z.string().optional().describe('Message that brought or carries it'),
  act: z.uuid().optional().describe('Shared act'),
  subject: z.string().optional().describe('Act or kind of message it was about, for what came late'),
  answered: z.boolean().optional().describe('With an answer: every question is answered'),
  supplement: z.uuid().optional(),
  decisions: z.array(ChangeDecision).optional(),
  version: z.int().optional(),
  receipt: z
    .array(z.strictObject({ evidence: z.uuid(), sent: Sha256, received: Sha256.nullable(), same: z.boolean() }))
    .optional(),
  use: z.strictObject({ scope: Words, evidence: z.array(z.uuid()) }).optional(),
  measures: z.array(z.string()).optional().describe('With a withdrawal of part: items it concerns'),
  approval: z
    .string()
    .max(20_000)
    .optional()
    .describe('Proof of the official over the hash of the reply, as identity verified it'),
});
export type IncomingActionData = z.infer<typeof IncomingActionData>;

/** One entry of the append-only list of an incoming request. */
export const IncomingAction = z.strictObject({
  id: z.string(),
  at: Instant,
  actor: z.string().describe('Person id, or `system:…`'),
  kind: IncomingActionKind,
  data: IncomingActionData,
  shared: z.boolean(),
  causes: z.string().nullish(),
});
export type IncomingAction = z.infer<typeof IncomingAction>;

/** Results as reported here before they are checked and sent. */
export const ReportedResults = z.array(ResultItem);
