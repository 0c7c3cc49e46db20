import type { Tx } from '../../../platform/db/index.ts';
import type {
  Hash,
  Instant,
  PlainDate,
  Problem,
  Reference,
  Result,
  StateCode,
} from '../../../platform/values/index.ts';
import type { CaseFileId, Sealer } from '../../evidence/index.ts';
import type { Context, Signing } from '../../identity/index.ts';
import type { Clock, Completeness, SharedState, TaskPage } from '../rules/index.ts';
import type {
  ActionData,
  ActionKind,
  Definitions,
  DraftRequest,
  RequestAction,
  RequestFacts,
  SharedStage,
  Stage,
  Status,
  Task,
} from '../schema/index.ts';
import type { DeskView, RevisionHead } from '../store/index.ts';
import type { Carrying } from './conversation/carrying.ts';
import type { Conversations } from './conversation/types.ts';
import type { Matching } from './matches.ts';
import type { StoredAs } from './stored-as.ts';
import type { BasisChoice, BasisOptions, Law } from './basis.ts';

/** Where a check's facts come from: treaties, directory, calendars. Tests hand in plain ones. */
export type FactsSource = (
  tx: Tx,
  ctx: Context,
  draft: DraftRequest,
  stage: Stage,
  stored?: StoredAs,
) => Promise<RequestFacts>;

/** What a request's own authority is called in the directory and in references. */
export interface OwnAuthority {
  /** Two letters for references. */
  alpha2: string;
  /** Fills a new draft: central authority, name. */
  centralAuthority?: { authority: string; version?: number; hash?: string; name?: Record<string, string> };
}

export interface RequestsParts {
  definitions: Definitions;
  sealer: Sealer;
  facts: FactsSource;
  /** Treaty data for the choice of the basis and its snapshot; without it neither is offered. */
  law?: Law;
  /** Hashes of what two requests may have in common; without it no duplicates are found. */
  matching?: Matching;
  own: OwnAuthority;
  /** Checks the signatory's passkey or second factor. */
  signing: Pick<Signing, 'verify' | 'optionsFor'>;
  /** Detached JWS of the authority's signing key over the canonical content; absent until the key is set up. */
  signContent?: (canonical: string) => Promise<string>;
  /** Names the people of a list of ids, for conflicts. */
  namesOf?: (tx: Tx, ids: readonly string[]) => Promise<Map<string, string>>;
  /** What lets requests cross the border; without it they leave by paper only. */
  carrying?: Carrying;
}

/** One action a person may take now. `allowed` is false when role, membership or a second person is missing. */
export interface NextAction {
  action: ActionKind;
  allowed: boolean;
  needsReason: boolean;
}

/** A request as its pages and the API show it. */
export interface RequestView {
  id: string;
  reference: Reference;
  caseFileId: CaseFileId;
  status: Status;
  stage: SharedStage | null;
  /** Acts that both sides know, folded; empty for what left outside the node. */
  shared: SharedState;
  /** Reference at the requested State, once it registered. */
  otherReference: string | null;
  revision: number;
  /** Last action: hand it back as `seen`. */
  head: string;
  requestVersion: number;
  contentHash: Hash;
  /** What the signature covers, or null. */
  signedHash: Hash | null;
  /** Moment from which a signed request may go out. */
  holdUntil: Instant | null;
  urgent: boolean;
  /** Person who has it in hand: whoever opened it until it is assigned. */
  owner: string;
  waitingUntil: PlainDate | null;
  /** Without the risk check for readers outside the central authority. */
  request: DraftRequest;
  actions: RequestAction[];
  next: NextAction[];
  clocks: Clock[];
  createdBy: string;
  createdAt: Instant;
  changedAt: Instant;
}

export interface RequestListItem {
  reference: Reference;
  caseFileId: CaseFileId;
  status: Status;
  types: string[];
  requestedState: StateCode | null;
  urgent: boolean;
  deadline: PlainDate | null;
  tasksDone: number;
  requestVersion: number;
  owner: string;
  waitingUntil: PlainDate | null;
  /** First day on which a term ends. */
  dueOn: PlainDate | null;
  /** First moment at which a term ends; a day ends at midnight in the node's zone. */
  dueAt: Instant | null;
  createdBy: string;
  changedAt: Instant;
}

export interface CheckAnswer {
  kind: 'requests.check';
  version: 1;
  reference: string | null;
  ruleSet: string;
  on: PlainDate;
  blocked: boolean;
  problems: Problem[];
  /** Warnings that nobody gave a reason for. */
  open: Problem[];
  completeness: Completeness;
}

/** Two people wrote on one part: both texts, and whose is stored. */
export interface SaveConflict {
  task: Task;
  revision: number;
  by: string;
  at: Instant;
  theirs: Partial<DraftRequest>;
  yours: Partial<DraftRequest>;
}

export type SaveOutcome = Result<RequestView, { conflict: SaveConflict } | { problems: Problem[] }>;

export interface NewRequest {
  caseFileId: CaseFileId;
  types: string[];
  to?: StateCode;
  /** A draft to begin with: an earlier request, or a file. */
  from?: DraftRequest;
}

export interface SectionSave {
  task: Task;
  /** Revision the writer saw. */
  seen: number;
  /** Parts of this task only; null clears a part, an absent part stays. */
  content: Record<string, unknown>;
}

export interface ListFilter {
  status?: Status;
  /** A term ends on or before this day. */
  dueBefore?: PlainDate;
  to?: StateCode;
  caseFileId?: CaseFileId;
  /** Person who has it in hand. */
  owner?: string;
  /** View of the reader's desk. */
  view?: DeskView;
  /** By newest change, or urgent ones and the next end of a term first. */
  order?: 'changed' | 'due';
  /** `next` of the page before, asked in the same order. */
  after?: string;
  limit?: number;
}

export interface DeskState {
  reference: Reference;
  owner: string;
  waitingUntil: PlainDate | null;
  /** Whether there is something to take back. */
  mayUndo: boolean;
}

export interface DeskNotice {
  reference: string;
  clock: Clock['kind'];
  /** Measure it concerns, or null. */
  item: string | null;
  dueAt: Instant;
  /** Per cent of the term that had passed. */
  level: 50 | 80 | 100 | 110;
  /** Whom the level concerns. */
  audience: 'owner' | 'deputy' | 'head';
  owner: string;
  at: Instant;
}

/** A term that runs or stands still, of a request of either side. */
export interface Deadline {
  reference: Reference;
  side: 'outgoing' | 'incoming';
  clock: Clock['kind'];
  /** Measure it concerns, or null. */
  item: string | null;
  startAt: Instant;
  /** A day ends at midnight in the node's zone. */
  dueAt: Instant;
  /** The other State is waited for. */
  paused: boolean;
  types: string[];
  urgent: boolean;
  otherState: StateCode | null;
  otherAuthority: string | null;
  owner: string;
  /** Per cent of the term at which the desk was last told; null before half of it. */
  level: DeskNotice['level'] | null;
}

/** C24 as it is stored. */
export type RiskCheck = NonNullable<NonNullable<DraftRequest['internal']>['risk']>;

/** Requests of the requesting side. Every use case checks the actor, writes the audit and runs in one transaction. */
export interface Requests extends Conversations {
  definitions: Definitions;
  open(ctx: Context, given: NewRequest): Promise<RequestView>;
  get(ctx: Context, reference: string): Promise<RequestView>;
  list(ctx: Context, filter?: ListFilter): Promise<{ requests: RequestListItem[]; next: string | null }>;
  counts(ctx: Context): Promise<Partial<Record<Status, number>>>;
  /** How many lie in each view of the reader's desk; what the reader may not know of counts nowhere. */
  deskCounts(ctx: Context): Promise<Record<DeskView, number>>;
  /** What the desk was told of running terms, next end first. */
  notices(ctx: Context, limit?: number): Promise<DeskNotice[]>;
  /** Every term that ends by a day, overdue ones too, of both sides; next end first. Retention is left out. */
  deadlines(ctx: Context, given: { until: PlainDate; limit?: number }): Promise<Deadline[]>;
  /** Gives a request to a member of its case file. */
  assign(ctx: Context, reference: string, personId: string): Promise<DeskState>;
  /** Puts a request aside until a day, or takes it up again with null. */
  waitUntil(ctx: Context, reference: string, day: PlainDate | null): Promise<DeskState>;
  /** Takes the last assignment or waiting back, then the one before it. */
  undoDesk(ctx: Context, reference: string): Promise<DeskState>;
  saveSection(ctx: Context, reference: string, save: SectionSave): Promise<SaveOutcome>;
  /**
   * Stores the risk check of the central authority: never part of what is hashed, printed or sent.
   * @source UNTOC art. 16(14), 18(21)(b)
   */
  saveRisk(ctx: Context, reference: string, risk: RiskCheck): Promise<Result<RequestView, { problems: Problem[] }>>;
  /** Every basis the request may rest on today, best first, with what is missing to be sure. */
  basisOptions(ctx: Context, reference: string): Promise<BasisOptions>;
  /**
   * Takes a basis and stores what the law says of it on the day of the request and of the offence. Refuses no basis:
   * a doubtful one warns at the check.
   */
  chooseBasis(ctx: Context, reference: string, choice: BasisChoice): Promise<SaveOutcome>;
  check(ctx: Context, reference: string, stage?: Stage): Promise<CheckAnswer>;
  /** Checks a draft that is not stored; facts come from this node. */
  checkDraft(ctx: Context, input: unknown, facts?: RequestFacts): Promise<CheckAnswer>;
  act(
    ctx: Context,
    reference: string,
    kind: ActionKind,
    data: ActionData,
    seen: string | null,
  ): Promise<Result<RequestView, Problem[]>>;
  revisions(ctx: Context, reference: string): Promise<RevisionHead[]>;
  revision(ctx: Context, reference: string, revision: number): Promise<DraftRequest>;
  /** Question pages for a request's types. */
  pages(types: readonly string[]): { task: Task; pages: TaskPage[] }[];
}
