import type { Hash, Instant, Problem, Result } from '../../../../platform/values/index.ts';
import type { Context } from '../../../identity/index.ts';
import type { SharedState } from '../../rules/index.ts';
import type {
  Change,
  ChangeDecision,
  DraftRemark,
  FreeText,
  RequestReply,
  ResultsReceiptBody,
  SharedAct,
} from '../../schema/index.ts';
import type { CarriedMessage, CarriedState, NewAnswer, NewQuestion, ThreadQuestion } from '../incoming/types.ts';

/** A supplement: prepared by one person, signed and sent by another (`act` with `supplement`), or dropped. */
export interface Supplement {
  /** Hash of the version it makes: what its signatory's proof covers. */
  contentHash: Hash;
  id: string;
  status: 'prepared' | 'sent' | 'dropped';
  requestVersion: number;
  preparedBy: string;
  at: Instant;
  changes: (Change & { decision: ChangeDecision | null })[];
  /** Problems of the text with the changes. */
  problems: Problem[];
}

/** Everything that went between the two authorities about a request of ours. */
export interface ConversationView {
  conversationId: string | null;
  otherReference: string | null;
  shared: SharedState;
  messages: CarriedMessage[];
  thread: ThreadQuestion[];
  replies: { act: SharedAct; reply: RequestReply; at: Instant }[];
  /** Files that came with results, and whether each is what its reply says. */
  results: { evidence: string; fileId: string | null; measure: string; sent: string; received: string | null }[];
  receipts: { body: ResultsReceiptBody; state: CarriedState }[];
  remarks: (DraftRemark & { at: Instant; ofRevision: number | null })[];
  supplements: Supplement[];
}

export interface NewChange {
  path: (string | number)[];
  /** Null takes the place out. */
  after: unknown;
  why: FreeText;
}

export interface ShareDraft {
  /** Persons as initials until the drafter lifts it. */
  initials: boolean;
  note?: FreeText | undefined;
}

/** What the requesting side does beside `act`. Acts that leave put their message into the outbox in the same transaction. */
export interface Conversations {
  /** Reads are audited. */
  conversation(ctx: Context, reference: string): Promise<ConversationView>;
  /** Shows the draft to the other State: marked, unsigned, thirty days. Follows `share-draft`. */
  shareDraft(
    ctx: Context,
    reference: string,
    share: ShareDraft,
    seen: string | null,
  ): Promise<Result<ConversationView, Problem[]>>;
  ask(ctx: Context, reference: string, question: NewQuestion): Promise<Result<ConversationView, Problem[]>>;
  answerQuestion(
    ctx: Context,
    reference: string,
    question: string,
    answer: NewAnswer,
  ): Promise<Result<ConversationView, Problem[]>>;
  settle(ctx: Context, reference: string, question: string): Promise<Result<ConversationView, Problem[]>>;
  /**
   * Prepares a new version with its changes; every rule runs again over it. A changed basis asks clearance by the
   * central authority. Sending it is `act(…, 'supplement', { supplement, assertion })` by the signatory.
   */
  prepareSupplement(
    ctx: Context,
    reference: string,
    changes: readonly NewChange[],
  ): Promise<Result<Supplement, Problem[]>>;
  dropSupplement(ctx: Context, reference: string, id: string): Promise<void>;
}
