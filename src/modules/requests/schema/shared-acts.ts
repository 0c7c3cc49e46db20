import { z } from 'zod';
import { Instant } from '../../../platform/values/index.ts';

/** Acts of the two sides that both see. `deliver` is stated by the receiving node's receipt. */
export const requestingActs = [
  'transmit',
  'ask',
  'supplement',
  'withdraw',
  'remind',
  'answer',
  'settle',
  'accept-conditions',
  'decline-conditions',
  'consult',
  'confirm-results',
  'query-results',
  'ask-other-use',
  'return-items',
  'close',
] as const;
export const requestedActs = [
  'deliver',
  'acknowledge',
  'ask',
  'more-information',
  'secrecy-not-possible',
  'conditions',
  'accept-execution',
  'acknowledge-change',
  'postponed',
  'resume',
  'partly-executed',
  'executed',
  'refused',
  'returned-unexecuted',
  'consent-to-use',
  'use-declined',
  'remind',
  'answer',
  'settle',
] as const;
export const sides = ['requesting', 'requested'] as const;
export type Side = (typeof sides)[number];

/**
 * One act as both sides keep it. `n` is one more than the highest that its author had seen, so that both sides put all
 * acts into one order whenever and in whatever order they arrive.
 */
export const SharedAct = z.strictObject({
  id: z.uuid().describe('Made by the acting side; the message that carries it has an id of its own'),
  n: z.int().min(1).max(1_000_000),
  side: z.enum(sides),
  kind: z.enum([...new Set([...requestingActs, ...requestedActs])]),
  at: Instant.describe('By the clock of the acting side'),
  causes: z.uuid().nullable().describe('Act of the other side that this one answers'),
});
export type SharedAct = z.infer<typeof SharedAct>;
export type SharedActKind = SharedAct['kind'];
