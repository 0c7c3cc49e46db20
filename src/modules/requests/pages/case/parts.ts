import type { Tx } from '../../../../platform/db/index.ts';
import type { Instant, StateCode } from '../../../../platform/values/index.ts';
import type { View } from '../../../../web/index.ts';
import type { Evidence } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { Treaties } from '../../../treaties/index.ts';
import type { Definitions } from '../../schema/index.ts';
import type { CarriedMessage, Conversations, IncomingRequests, Unsent } from '../../service/index.ts';
import type { WorkParts } from '../work/parts.ts';

/** A message that is not at the other node yet, as whoever carries it knows. */
export interface Waiting {
  since: Instant;
  /** Code of the last failure, or null when none was tried yet. */
  lastError: string | null;
  nextTry: Instant | null;
}

/** Where and when an authority works, from its directory entry. */
export interface Place {
  /** IANA zone. */
  zone: string;
  place: string;
  phone: string | null;
}

/** What the pages of the case need beside those of the own requests. */
export interface CaseParts extends WorkParts {
  incoming: IncomingRequests;
  conversations: Conversations;
  unsent: Unsent;
  evidence: Pick<Evidence, 'listFiles' | 'exportFiles' | 'exportMessage'>;
  treaties: Pick<Treaties, 'facts'>;
  definitions: Definitions;
  /** People who may be let into a case file. */
  colleagues(ctx: Context): Promise<{ id: string; name: string }[]>;
  placeOf(ctx: Context, view: View, authority: string): Promise<Place | null>;
  /** Name of an authority in the directory. */
  authorityName(ctx: Context, view: View, authority: string): Promise<string>;
  /** Messages that wait, by id; a node without exchange knows of none. */
  waiting?(ctx: Context, ids: readonly string[]): Promise<Map<string, Waiting>>;
  /** Address where the proof of a message is shown, to who may see it. */
  proofHref?(ctx: Context): ((message: string) => string) | undefined;
  toAlpha2(state: StateCode): string;
}

export type NamesOf = (tx: Tx, ids: readonly string[]) => Promise<Map<string, string>>;

/** The end of a message's id, as people say it on the phone: `4F2A`. */
export function shortReceipt(message: string): string {
  return message.slice(-4).toUpperCase();
}

/** Message that carried an act, or the one that brought it. */
export function messageOfAct(messages: readonly CarriedMessage[], act: string): CarriedMessage | undefined {
  return messages.find((one) => one.act?.id === act);
}

/** Whether the receiving node has promised to keep it. */
export function hasArrived(message: CarriedMessage): boolean {
  return (
    message.direction === 'in' || !['queued', 'held-here', 'refused', 'expired', 'recalled'].includes(message.state)
  );
}
