import { z } from 'zod';
import { Hash, Instant, PlainDate } from '../../../platform/values/index.ts';
import { ItemId, Line } from './text.ts';

export const statuses = [
  'draft',
  'peer-review',
  'legal-clearance',
  'draft-shared',
  'to-sign',
  'signed',
  'sent',
  'delivered',
  'registered',
  'information-asked',
  'conditions-proposed',
  'in-execution',
  'postponed',
  'results-sent',
  'results-received',
  'refused',
  'returned-unexecuted',
  'withdrawn',
  'closed',
  'discarded',
] as const;
export const Status = z.enum(statuses);
export type Status = z.infer<typeof Status>;

export const actions = [
  'open',
  'edit',
  'submit-for-review',
  'share-draft',
  'discard',
  'review-pass',
  'review-return',
  'clear',
  'clear-return',
  'receive-comment',
  'take-back',
  'sign',
  'sign-return',
  'transmit',
  'reopen',
  'record-delivery',
  'recall',
  'record-registration',
  'supplement',
  'withdraw',
  'answer-question',
  'answer-conditions',
  'remind',
  'accept-conditions',
  'decline-conditions',
  'consult',
  'record-partial',
  'confirm-results',
  'query-results',
  'record-use',
  'return-items',
  'ask-other-use',
  'close',
  'resubmit',
  'receive-reply',
  'receive-status',
  'receive-late',
] as const;
export const ActionKind = z.enum(actions);
export type ActionKind = z.infer<typeof ActionKind>;

/** What the other State's answer makes of a request that is out. */
export const replies = [
  'information-asked',
  'conditions-proposed',
  'in-execution',
  'postponed',
  'results-sent',
  'refused',
  'returned-unexecuted',
  'registered',
] as const;

/** How a request may reach the other State. */
export const channels = z.enum(['node', 'diplomatic', 'post', 'email', 'interpol', 'oral-urgent']);
export type Channel = z.infer<typeof channels>;

/** Note on a request that was handed over outside the node. */
export const Dispatch = z.strictObject({
  on: PlainDate.describe('Day on which it left'),
  how: z.string().trim().min(1).max(500).describe('Courier and its number, bag, registered letter'),
  by: z.string().trim().min(1).max(200).describe('Who handed it over'),
});
export type Dispatch = z.infer<typeof Dispatch>;

/** What ends on a day set with results: a freezing order, or the time to give items back. */
export const ResultTerm = z.strictObject({
  kind: z.enum(['freeze-end', 'item-return']),
  due: PlainDate,
  item: ItemId.optional().describe('Item of the request; absent: the whole'),
});
export type ResultTerm = z.infer<typeof ResultTerm>;

/** Data an action may carry. */
export const ActionData = z.strictObject({
  contentHash: Hash.optional(),
  revision: z.int().optional(),
  section: z.string().optional(),
  reason: z.string().max(5_000).optional(),
  waiveHold: z.boolean().optional(),
  reply: z.enum(replies).optional(),
  assertion: z
    .string()
    .max(20_000)
    .optional()
    .describe('Passkey assertion over the content hash, as identity verified it'),
  jws: z.string().max(20_000).optional(),
  channel: channels.optional(),
  dispatch: Dispatch.optional(),
  words: z.record(z.string(), z.string()).optional().describe('Shown to the other side, by language'),
  measures: z.array(ItemId).max(500).optional().describe('With a withdrawal: items it concerns; absent: the whole'),
  use: z
    .strictObject({ scope: z.record(z.string(), z.string()), evidence: z.array(z.uuid()).max(500) })
    .optional()
    .describe('With `ask-other-use`'),
  supplement: z.uuid().optional(),
  initials: z.boolean().optional(),
  /** Written by the node. */
  back: z.enum(['registered', 'in-execution', 'postponed', 'delivered']).optional(),
  otherReference: Line.optional(),
  message: z.string().max(100).optional(),
  act: z.uuid().optional(),
  subject: z.string().max(200).optional(),
  until: PlainDate.optional().describe('With a reply: day by which it is to be answered or is looked at again'),
  terms: z.array(ResultTerm).max(1_000).optional().describe('With results: what ends, and when'),
});
export type ActionData = z.infer<typeof ActionData>;

/** One entry of a request's append-only list. `shared` ones the other State sees. */
export const RequestAction = z.strictObject({
  id: z.string(),
  at: Instant,
  actor: z.string().describe('Person id, or `system`'),
  kind: ActionKind,
  data: ActionData,
  shared: z.boolean(),
  causes: z.string().nullish().describe('Action that this one answers'),
});
export type RequestAction = z.infer<typeof RequestAction>;

/** The six stages both sides see. */
export const sharedStages = ['sent', 'received', 'accepted', 'being-executed', 'answered', 'closed'] as const;
export type SharedStage = (typeof sharedStages)[number];
