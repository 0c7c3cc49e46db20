import type {
  Hash,
  Instant,
  PlainDate,
  Problem,
  Reference,
  Result,
  StateCode,
} from '../../../../platform/values/index.ts';
import type { CaseFileFacts, CaseFileId } from '../../../evidence/index.ts';
import type { Context, SigningInput } from '../../../identity/index.ts';
import type * as store from '../../store/index.ts';
import type { Clock, IncomingState, SharedState } from '../../rules/index.ts';
import type {
  Change,
  ChangeDecision,
  DraftRemark,
  DraftRequest,
  FreeText,
  IncomingAction,
  IncomingActionKind,
  IncomingInput,
  IncomingInputKind,
  IncomingStatus,
  ReplyContent,
  RequestDraftBody,
  RequestReply,
  ResultsReceiptBody,
  SharedAct,
  Side,
  ThreadFile,
} from '../../schema/index.ts';

/** A request of another State with everything that belongs to it, opened. */
export interface LoadedIncoming {
  row: store.RequestRow;
  facts: CaseFileFacts;
  /** Own working copy. */
  draft: DraftRequest;
  actions: IncomingAction[];
  state: IncomingState;
}

/** What became of a message of this request: `queued` until it is sealed. */
export type CarriedState =
  | 'queued'
  | 'held-here'
  | 'delivered'
  | 'received'
  | 'opened'
  | 'handed-over'
  | 'refused'
  | 'expired'
  | 'recalled'
  | 'taken'
  | 'late'
  | 'conflict';

/** A message of the conversation, either way. Incoming ones are `taken`, `late` or, with another content under a known reference, `conflict`. */
export interface CarriedMessage {
  id: string;
  direction: 'out' | 'in';
  kind: string;
  state: CarriedState;
  /** Put in the outbox, or received by the clock of this node. */
  at: Instant;
  /** When the last state was reached, as its proof says. */
  stateAt: Instant;
  /** Code of a refusal or failure. */
  reason: string | null;
  act: SharedAct | null;
}

/** One question with its answers, as both sides see it. */
export interface ThreadQuestion {
  id: string;
  askedBy: Side;
  at: Instant;
  path: (string | number)[];
  text: FreeText;
  why: FreeText | null;
  by: PlainDate | null;
  status: 'open' | 'answered' | 'settled';
  answers: { id: string; by: Side; at: Instant; text: FreeText; files: ThreadFile[]; supplement: string | null }[];
  /** How far the newest own entry of this question got; null when it is the other side's. */
  sent: CarriedState | null;
}

export interface InternalNote {
  id: string;
  at: Instant;
  by: string;
  text: string;
}

/** What the node found when it took the request. */
export interface SignatureFinding {
  /** Authority whose key signed the text. */
  authority: string;
  kid: string;
  signedAt: Instant;
  signatory: string;
  contentHash: Hash;
  /** Key valid and of that authority, hash equal: nothing else is registered. */
  finding: 'valid';
}

/** A change the other side made, item by item. */
export interface IncomingSupplement {
  id: string;
  requestVersion: number;
  at: Instant;
  changes: (Change & { decision: ChangeDecision | null })[];
  /** Problems of the working copy with every change taken. */
  problems: Problem[];
}

/** One act a person may take now. `allowed` is false when role, membership or a second person is missing, or the change is not acknowledged. */
export interface NextIncoming {
  action: IncomingInputKind;
  allowed: boolean;
  /** Code of what stands against it beside the permission, `requests.acknowledge-change-first`. */
  blockedBy: string | null;
}

export interface IncomingView {
  id: string;
  /** Own reference. */
  reference: Reference;
  /** Reference at the requesting State. */
  otherReference: string;
  caseFileId: CaseFileId;
  conversationId: string;
  state: IncomingState;
  status: IncomingStatus;
  shared: SharedState;
  /** Last act: hand it back as `seen`. */
  head: string;
  from: { state: StateCode; authority: string };
  requestVersion: number;
  contentHash: Hash;
  urgent: boolean;
  owner: string | null;
  waitingUntil: PlainDate | null;
  receivedAt: Instant;
  signedAt: Instant;
  signature: SignatureFinding;
  /** Text as it was sent, version by version, the newest last; what is not known here stays in `verbatim`. */
  versions: { requestVersion: number; contentHash: Hash; at: Instant; request: DraftRequest }[];
  /** JSON of the newest version as it came, with fields and kinds that this node does not know. */
  verbatim: Record<string, unknown>;
  notKnownHere: { fields: string[]; types: string[]; ruleSet: string | null };
  /** Own working copy: the text with the changes that were accepted. */
  working: DraftRequest;
  /** What the own law and profile say of the working copy. */
  problems: Problem[];
  files: { fileId: string; annex: number | null; sha256: string; state: string }[];
  notes: InternalNote[];
  thread: ThreadQuestion[];
  supplements: IncomingSupplement[];
  messages: CarriedMessage[];
  replies: { act: SharedAct; reply: RequestReply; state: CarriedState }[];
  receipts: ResultsReceiptBody[];
  actions: IncomingAction[];
  next: NextIncoming[];
  clocks: Clock[];
  /** Drafts the node prepared: the acknowledgement after registration, the right desk when misdirected. */
  proposals: ReplyContent[];
  /** Hash of the results that were found in order and wait to be sent: what a passkey is touched for. */
  approvalHash: Hash | null;
  /** Addressed to another State or authority. */
  misdirected: { addressedTo: string } | null;
  changedAt: Instant;
}

export interface IncomingListItem {
  reference: Reference;
  otherReference: string;
  caseFileId: CaseFileId;
  status: IncomingStatus;
  types: string[];
  requestingState: StateCode;
  urgent: boolean;
  deadline: PlainDate | null;
  requestVersion: number;
  owner: string | null;
  waitingUntil: PlainDate | null;
  dueOn: PlainDate | null;
  /** First moment at which a term ends; a day ends at midnight in the node's zone. */
  dueAt: Instant | null;
  changedByOtherSide: boolean;
  /** An official here has read it. */
  opened: boolean;
  receivedAt: Instant;
  changedAt: Instant;
}

export interface IncomingFilter {
  status?: IncomingStatus;
  from?: StateCode;
  owner?: string;
  caseFileId?: CaseFileId;
  view?: store.DeskView;
  order?: 'changed' | 'due';
  after?: string;
  limit?: number;
}

export interface NewQuestion {
  path: (string | number)[];
  text: FreeText;
  why?: FreeText | undefined;
  by?: PlainDate | undefined;
}

export interface NewAnswer {
  text: FreeText;
  /** Ids of evidence files of the case file that go with it. */
  files?: string[] | undefined;
}

/** A draft that another State shows for remarks. It cannot be registered or executed. */
export interface SharedDraft {
  id: string;
  caseFileId: CaseFileId;
  from: { state: StateCode; authority: string };
  reference: string;
  receivedAt: Instant;
  expiresOn: PlainDate;
  expired: boolean;
  body: RequestDraftBody;
  draft: DraftRequest;
  remarks: (DraftRemark & { at: Instant; by: string })[];
}

export type ActOutcome = Result<IncomingView, Problem[]>;

/** Requests of the requested side. Every use case checks the actor, writes the audit and runs in one transaction. */
export interface IncomingRequests {
  /** On which side a reference stands here, own or the other State's; undefined when the reader may not know of it. Not audited. */
  sideOf(ctx: Context, reference: string): Promise<{ side: 'outgoing' | 'incoming'; reference: Reference } | undefined>;
  list(ctx: Context, filter?: IncomingFilter): Promise<{ requests: IncomingListItem[]; next: string | null }>;
  counts(ctx: Context): Promise<Record<store.DeskView, number>>;
  /** Whether an official here has read it. */
  wasOpened(ctx: Context, reference: string): Promise<boolean>;
  /** By own reference. Each read is audited. */
  get(ctx: Context, reference: string): Promise<IncomingView>;
  /**
   * Takes an act of those that may follow; input as `incomingInput[kind]` has it. Problems come all at once. Acts of
   * `approvedActs` ask the official's passkey over the hash of the reply, or a second factor not older than five minutes.
   * @throws NotAllowed `identity.step-up-needed`; Conflict `requests.changed-meanwhile`, `requests.action-not-allowed`
   */
  act<K extends IncomingInputKind>(
    ctx: Context,
    reference: string,
    kind: K,
    input: IncomingInput<K>,
    seen: string | null,
    approval?: SigningInput,
  ): Promise<ActOutcome>;
  /** The same for input whose kind is known only when it runs: API, commands, forms. */
  actUnread(
    ctx: Context,
    reference: string,
    kind: IncomingActionKind,
    input: unknown,
    seen: string | null,
    approval?: SigningInput,
  ): Promise<ActOutcome>;
  /** Says everything that would stand against a reply, and keeps nothing. */
  checkReply(ctx: Context, reference: string, reply: unknown): Promise<Problem[]>;
  /** A note of the own desk. It is in no message. */
  addNote(ctx: Context, reference: string, text: string): Promise<IncomingView>;
  /** Asks in the thread without changing the status; `ask-information` is the formal reply. */
  ask(ctx: Context, reference: string, question: NewQuestion): Promise<ActOutcome>;
  answer(ctx: Context, reference: string, question: string, answer: NewAnswer): Promise<ActOutcome>;
  settle(ctx: Context, reference: string, question: string): Promise<ActOutcome>;
  /** Hands it to a member of its case file; `null` takes it back. */
  assign(ctx: Context, reference: string, personId: string | null): Promise<IncomingView>;
  waitUntil(ctx: Context, reference: string, day: PlainDate | null): Promise<IncomingView>;
  /** Takes the last assignment or waiting back. */
  undoDesk(ctx: Context, reference: string): Promise<IncomingView>;
  /** Messages under a reference whose content was another: kept, the desk decides. */
  listConflicts(
    ctx: Context,
    reference: string,
  ): Promise<{ message: CarriedMessage; request: Record<string, unknown> }[]>;
  /** Requests that were not taken: who sent them and why. */
  listQuarantine(ctx: Context): Promise<{ message: string; from: string; kind: string; code: string; at: Instant }[]>;
  listDrafts(ctx: Context): Promise<Omit<SharedDraft, 'draft' | 'body' | 'remarks'>[]>;
  getDraft(ctx: Context, id: string): Promise<SharedDraft>;
  /** Sends remarks on a draft; not after it expired. */
  remark(ctx: Context, id: string, remarks: Omit<DraftRemark, 'id'>[]): Promise<Result<SharedDraft, Problem[]>>;
}
