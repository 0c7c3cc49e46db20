import {
  fail,
  isBlocked,
  ok,
  problem,
  toInstant,
  type Hash,
  type Instant,
  type PlainDate,
  type Problem,
  type Result,
} from '../../../platform/values/index.ts';
import {
  type ActionData,
  type ActionKind,
  type Channel,
  type RequestAction,
  type SharedStage,
  type Status,
} from '../schema/index.ts';

/**
 * What may follow in each status at the requesting State: the one table that buttons, API, commands and tests read.
 * `receive-reply` is the other State's answer, whose data say which status it leads to; what comes too late for its
 * status is kept as `receive-late`, in any.
 */
export const nextActions = {
  draft: ['edit', 'submit-for-review', 'share-draft', 'discard'],
  'peer-review': ['review-pass', 'review-return'],
  'legal-clearance': ['clear', 'clear-return'],
  'draft-shared': ['receive-comment', 'take-back', 'submit-for-review'],
  'to-sign': ['sign', 'sign-return'],
  signed: ['transmit', 'reopen'],
  sent: ['record-delivery', 'recall', 'record-registration', 'receive-reply', 'receive-status'],
  delivered: ['record-registration', 'supplement', 'withdraw', 'receive-reply', 'receive-status'],
  registered: [
    'answer-question',
    'answer-conditions',
    'supplement',
    'remind',
    'withdraw',
    'receive-reply',
    'receive-status',
  ],
  'information-asked': ['answer-question', 'withdraw', 'receive-reply', 'receive-status'],
  'conditions-proposed': ['accept-conditions', 'decline-conditions', 'consult', 'receive-reply', 'receive-status'],
  'in-execution': ['supplement', 'remind', 'withdraw', 'record-partial', 'receive-reply', 'receive-status'],
  postponed: ['consult', 'remind', 'supplement', 'withdraw', 'receive-reply', 'receive-status'],
  'results-sent': ['confirm-results', 'query-results', 'receive-reply', 'receive-status'],
  'results-received': ['record-use', 'return-items', 'ask-other-use', 'close', 'receive-reply', 'receive-status'],
  refused: ['consult', 'resubmit', 'close', 'receive-reply', 'receive-status'],
  'returned-unexecuted': ['consult', 'resubmit', 'close'],
  withdrawn: [],
  closed: ['reopen'],
  discarded: [],
} as const satisfies Record<Status, readonly ActionKind[]>;

/** Statuses in which nobody waits for anything more. */
export const endStatuses: readonly Status[] = ['withdrawn', 'closed', 'discarded'];

/** Permission that each action asks. `system` ones are made by the node or by the other State's messages. */
export const actionPermission = {
  open: 'requests.create',
  edit: 'requests.edit',
  'submit-for-review': 'requests.edit',
  'share-draft': 'requests.edit',
  discard: 'requests.edit',
  'take-back': 'requests.edit',
  'review-pass': 'requests.review',
  'review-return': 'requests.review',
  clear: 'requests.clear',
  'clear-return': 'requests.clear',
  sign: 'requests.sign',
  'sign-return': 'requests.sign',
  transmit: 'requests.release',
  reopen: 'requests.release',
  withdraw: 'requests.withdraw',
  recall: 'requests.withdraw',
  'answer-question': 'requests.edit',
  'answer-conditions': 'requests.release',
  'accept-conditions': 'requests.release',
  'decline-conditions': 'requests.release',
  consult: 'requests.release',
  supplement: 'requests.sign',
  remind: 'requests.edit',
  'record-partial': 'requests.edit',
  'confirm-results': 'requests.edit',
  'query-results': 'requests.edit',
  'record-use': 'requests.edit',
  'return-items': 'requests.edit',
  'ask-other-use': 'requests.edit',
  close: 'requests.release',
  resubmit: 'requests.release',
  'receive-comment': 'system',
  'record-delivery': 'system',
  'record-registration': 'system',
  'receive-reply': 'system',
  'receive-status': 'system',
  'receive-late': 'system',
} as const satisfies Record<ActionKind, string>;

/** Actions that say why. */
export const needsReason: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'discard',
  'review-return',
  'clear-return',
  'sign-return',
  'reopen',
  'withdraw',
  'recall',
  'decline-conditions',
  'resubmit',
]);

/** Actions the other State sees. */
export const isShared: ReadonlySet<ActionKind> = new Set<ActionKind>([
  'transmit',
  'recall',
  'withdraw',
  'supplement',
  'remind',
  'answer-question',
  'answer-conditions',
  'accept-conditions',
  'decline-conditions',
  'consult',
  'confirm-results',
  'query-results',
  'ask-other-use',
  'return-items',
  'close',
  'record-delivery',
  'record-registration',
  'receive-reply',
  'receive-status',
]);

export function isAllowed(status: Status, kind: ActionKind): boolean {
  if (kind === 'receive-late') return status !== 'draft' && status !== 'discarded';
  return (nextActions[status] as readonly ActionKind[]).includes(kind);
}

/** Status after an action that the table allows. */
export function statusAfter(status: Status, kind: ActionKind, data: ActionData = {}): Status {
  switch (kind) {
    case 'open':
      return 'draft';
    case 'submit-for-review':
      return 'peer-review';
    case 'review-pass':
      return 'legal-clearance';
    case 'clear':
      return 'to-sign';
    case 'sign':
      return 'signed';
    case 'review-return':
    case 'clear-return':
    case 'sign-return':
    case 'take-back':
    case 'resubmit':
      return 'draft';
    // A signed text reopened is a draft without signature; a closed request goes on where its results were.
    case 'reopen':
      return status === 'closed' ? 'results-received' : 'draft';
    case 'share-draft':
      return 'draft-shared';
    case 'discard':
      return 'discarded';
    case 'transmit':
      return 'sent';
    case 'recall':
      return 'signed';
    case 'record-delivery':
      return 'delivered';
    case 'record-registration':
      return 'registered';
    case 'withdraw':
      return data.measures ? status : 'withdrawn';
    case 'close':
      return 'closed';
    case 'confirm-results':
      return 'results-received';
    case 'query-results':
      return 'in-execution';
    // With a question still open the request waits on; answered, it goes back to where it was asked.
    case 'answer-question':
    case 'answer-conditions':
      return data.back ?? status;
    case 'accept-conditions':
    case 'decline-conditions':
      return data.back ?? 'registered';
    case 'receive-reply':
    case 'receive-status':
      return data.reply ?? status;
    case 'edit':
    case 'receive-comment':
    case 'supplement':
    case 'remind':
    case 'consult':
    case 'record-partial':
    case 'record-use':
    case 'return-items':
    case 'ask-other-use':
    case 'receive-late':
      return status;
  }
}

/** Status of a request: a fold over its actions in order. */
export function fold(actions: readonly Pick<RequestAction, 'kind' | 'data'>[]): Status {
  return actions.reduce<Status>((status, action) => statusAfter(status, action.kind, action.data), 'draft');
}

/** What the signature covers, or null when there is none: signing sets it, anything that voids it clears it. */
export function signedHash(actions: readonly Pick<RequestAction, 'kind' | 'data'>[]): Hash | null {
  let hash: Hash | null = null;
  let status: Status = 'draft';
  for (const { kind, data } of actions) {
    status = statusAfter(status, kind, data);
    if (kind === 'sign') hash = data.contentHash ?? null;
    else if (status === 'draft') hash = null;
  }
  return hash;
}

export const holdMinutes = 10;

/** Moment from which a signed request may go out. */
export function holdUntil(signedAt: Instant): Instant {
  return toInstant(new Date(Date.parse(signedAt) + holdMinutes * 60_000));
}

/** What a decision about an action looks at. */
export interface ActionFacts {
  actions: readonly RequestAction[];
  actor: string;
  now: Instant;
  /** Hash of the text as it stands. */
  contentHash: Hash;
  urgent: boolean;
  /** Problems of the check at the stage of this action. */
  problems: readonly Problem[];
  /** Warnings nobody gave a reason for. */
  open: readonly Problem[];
  /** Asked for `transmit` only. */
  sending?: Sending;
}

/** What a transmission looks at. */
export interface Sending {
  channel: Channel;
  /** A paper of the signed text was issued by this node. */
  released: boolean;
  today: PlainDate;
  /** Day of the signature at the own State. */
  signedOn: PlainDate;
  /** What stands against sending by node; asked for that channel only. */
  byNode?: readonly Problem[];
}

/** Everybody who wrote on the text since it was opened or last returned. */
export function draftersOf(actions: readonly RequestAction[]): string[] {
  const wrote = actions.filter((one) => one.kind === 'open' || one.kind === 'edit' || one.kind === 'submit-for-review');
  return [...new Set(wrote.map((one) => one.actor))];
}

/** Everybody who took part up to now: whoever signs is somebody else. */
export function involvedIn(actions: readonly RequestAction[], kind: ActionKind): string[] {
  if (kind === 'review-pass' || kind === 'clear') return draftersOf(actions);
  if (kind !== 'sign' && kind !== 'supplement') return [];
  return [...new Set([...draftersOf(actions)])];
}

const stageActions: ReadonlySet<ActionKind> = new Set<ActionKind>(['submit-for-review', 'clear', 'sign', 'transmit']);

/**
 * Decides whether an action may be taken now; otherwise says everything that stands against it.
 * @param seen id of the last action the actor saw; another head is told before anything else
 * @source UNTOC art. 18(14)
 */
export function decideAction(
  kind: ActionKind,
  data: ActionData,
  seen: string | null,
  facts: ActionFacts,
): Result<ActionData, Problem[]> {
  const status = fold(facts.actions);
  const head = facts.actions.at(-1)?.id ?? null;
  if (seen !== null && seen !== head)
    return fail([problem('requests.changed-meanwhile', [], { params: { status, head: head ?? '' } })]);
  if (!isAllowed(status, kind))
    return fail([problem('requests.action-not-allowed', [], { params: { action: kind, status } })]);
  const against: Problem[] = [];
  if (needsReason.has(kind) && !(data.reason ?? '').trim()) against.push(problem('requests.reason-needed', ['reason']));
  if (involvedIn(facts.actions, kind).includes(facts.actor)) against.push(problem('requests.same-person', []));
  if (stageActions.has(kind)) {
    if (isBlocked(facts.problems)) against.push(...facts.problems.filter((one) => one.severity === 'block'));
    against.push(
      ...facts.open.map((one) =>
        problem('requests.warning-without-reason', one.path, {
          rule: one.rule,
          source: one.source,
          params: { code: one.code },
        }),
      ),
    );
  }
  if (kind === 'sign') {
    if (data.contentHash !== facts.contentHash) against.push(problem('requests.content-changed', []));
    if (!data.assertion) against.push(problem('requests.no-assertion', []));
  }
  if (kind === 'transmit') against.push(...againstTransmission(data, facts));
  return against.length > 0 ? fail(against) : ok(data);
}

function againstTransmission(data: ActionData, facts: ActionFacts): Problem[] {
  const signed = facts.actions.findLast((one) => one.kind === 'sign');
  if (!signed || signedHash(facts.actions) !== facts.contentHash) return [problem('requests.content-changed', [])];
  const until = holdUntil(signed.at);
  const waived = data.waiveHold === true && facts.urgent;
  return [
    ...(facts.now < until && !waived ? [problem('requests.hold-not-over', [], { params: { until } })] : []),
    ...(facts.sending ? againstDispatch(data, facts.sending) : []),
  ];
}

/** A request that leaves outside the node: its paper was issued here, and somebody notes when, how and by whom it left. */
function againstDispatch({ dispatch }: ActionData, { channel, released, today, signedOn, byNode }: Sending): Problem[] {
  if (channel === 'node')
    return byNode ? [...byNode] : [problem('requests.no-delivery-yet', ['channel'], { params: { channel } })];
  const against: Problem[] = [];
  if (!released) against.push(problem('requests.no-paper-issued', ['dispatch']));
  if (!dispatch) against.push(problem('requests.dispatch-note-needed', ['dispatch'], { params: { channel } }));
  else if (dispatch.on > today)
    against.push(problem('requests.dispatch-in-future', ['dispatch', 'on'], { params: { given: dispatch.on } }));
  else if (dispatch.on < signedOn)
    against.push(
      problem('requests.dispatch-before-signature', ['dispatch', 'on'], { params: { given: dispatch.on, signedOn } }),
    );
  return against;
}

/** Channel of the last transmission, or undefined when nothing left. */
export function sentBy(actions: readonly Pick<RequestAction, 'kind' | 'data'>[]): Channel | undefined {
  return actions.findLast((one) => one.kind === 'transmit')?.data.channel;
}

const stageOf: Partial<Record<Status, SharedStage>> = {
  sent: 'sent',
  delivered: 'received',
  registered: 'received',
  'information-asked': 'accepted',
  'conditions-proposed': 'accepted',
  'in-execution': 'being-executed',
  postponed: 'accepted',
  'results-sent': 'answered',
  'results-received': 'answered',
  refused: 'answered',
  'returned-unexecuted': 'answered',
  closed: 'closed',
  withdrawn: 'closed',
};

/** Stage that both States see, or null before anything left. */
export function sharedStage(status: Status): SharedStage | null {
  return stageOf[status] ?? null;
}
