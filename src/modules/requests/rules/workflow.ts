import type { Hash } from '../../../platform/values/index.ts';
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
