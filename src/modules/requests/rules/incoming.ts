import {
  type IncomingAction,
  type IncomingActionData,
  type IncomingActionKind,
  type IncomingStatus,
} from '../schema/index.ts';

/**
 * What may follow in each status at the requested State: the one table that buttons, API, commands and tests read.
 * Acts that may come in any open status stand in `atAnyTime`.
 * @source UNTOC art. 18(16), (21)-(26)
 */
export const nextActionsIncoming = {
  received: ['register', 'return-misdirected'],
  registered: ['assess', 'acknowledge', 'return-misdirected'],
  assessed: ['ask-information', 'propose-conditions', 'forward', 'start-refusal', 'start-postponement'],
  'information-asked': ['receive-answer', 'forward', 'return-unexecuted', 'remind-other-side'],
  'conditions-proposed': ['receive-answer', 'forward', 'start-refusal', 'remind-other-side'],
  forwarded: ['accept-execution', 'hand-back'],
  'in-execution': ['report-partial', 'report-executed', 'ask-information', 'start-postponement', 'start-refusal'],
  consultation: ['record-consultation', 'propose-conditions', 'refuse', 'postpone', 'forward'],
  postponed: ['resume', 'refuse'],
  executed: ['check-results', 'send-results'],
  'results-sent': ['record-results-receipt', 'consent-to-use', 'decline-use'],
  refused: ['reopen-on-resubmission', 'close'],
  'returned-unexecuted': ['reopen-on-resubmission', 'close'],
  withdrawn: ['reopen-on-resubmission', 'close'],
  closed: ['reopen'],
} as const satisfies Record<IncomingStatus, readonly IncomingActionKind[]>;

/** What the other side sends may come in any open status; so may the answer of the desk to a change. */
export const atAnyTime = [
  'receive-answer',
  'receive-supplement',
  'receive-withdrawal',
  'receive-reminder',
  'receive-consultation',
  'receive-query',
  'receive-use-question',
  'receive-return',
  'receive-closing',
  'record-results-receipt',
  'acknowledge-change',
] as const satisfies readonly IncomingActionKind[];

/** Acts of execution: not before a change by the other side is acknowledged. */
export const executionActs: ReadonlySet<IncomingActionKind> = new Set<IncomingActionKind>([
  'forward',
  'accept-execution',
  'report-partial',
  'report-executed',
  'send-results',
]);

/**
 * Acts that end something or let results out: whoever takes one proves anew who it is, over the very words that leave,
 * before the authority's key signs them.
 * @source practice
 */
export const approvedActs: ReadonlySet<IncomingActionKind> = new Set<IncomingActionKind>([
  'return-unexecuted',
  'refuse',
  'postpone',
  'report-partial',
  'send-results',
  'consent-to-use',
]);

/** Permission that each act asks; `system` ones are made by the node when a message comes in. */
export const incomingPermission = {
  receive: 'system',
  register: 'requests.register',
  'return-misdirected': 'requests.register',
  assess: 'requests.assess',
  acknowledge: 'requests.assess',
  'ask-information': 'requests.assess',
  'propose-conditions': 'requests.assess',
  forward: 'requests.assess',
  'start-refusal': 'requests.assess',
  'start-postponement': 'requests.assess',
  'receive-answer': 'system',
  'return-unexecuted': 'requests.assess',
  'accept-execution': 'requests.execute',
  'hand-back': 'requests.execute',
  'report-partial': 'requests.execute',
  'report-executed': 'requests.execute',
  'record-consultation': 'requests.assess',
  refuse: 'requests.refuse',
  postpone: 'requests.assess',
  resume: 'requests.assess',
  'check-results': 'requests.check-results',
  'send-results': 'requests.send-results',
  'record-results-receipt': 'system',
  'consent-to-use': 'requests.assess',
  'decline-use': 'requests.assess',
  'reopen-on-resubmission': 'system',
  close: 'requests.assess',
  reopen: 'requests.assess',
  'receive-supplement': 'system',
  'receive-withdrawal': 'system',
  'acknowledge-change': 'requests.acknowledge-change',
  'remind-other-side': 'requests.assess',
  'receive-reminder': 'system',
  'receive-consultation': 'system',
  'receive-query': 'system',
  'receive-use-question': 'system',
  'receive-return': 'system',
  'receive-closing': 'system',
  'receive-late': 'system',
} as const satisfies Record<IncomingActionKind, string>;

/** While it is executed, whoever executes it asks, and begins what may end it. */
const byExecuting: ReadonlySet<IncomingActionKind> = new Set<IncomingActionKind>([
  'ask-information',
  'start-postponement',
  'start-refusal',
]);

/** Permission that an act asks at a status. */
export function permissionAt(status: IncomingStatus, kind: IncomingActionKind) {
  return status === 'in-execution' && byExecuting.has(kind) ? 'requests.execute' : incomingPermission[kind];
}

/** Where an incoming request stands: status and what the table alone does not say. */
export interface IncomingState {
  status: IncomingStatus;
  /** Status to which an answered question, a resumption or a reopening leads back. */
  back: IncomingStatus;
  /** The other side changed or withdrew something that nobody here acknowledged. */
  changedByOtherSide: boolean;
  acknowledged: boolean;
  /** Reminders since the last question or conditions. */
  reminders: number;
  /** Act that reported the results which wait for a check, with who reported. */
  reported: { action: string; by: string } | null;
  /** Who found them in order. */
  checkedBy: string | null;
  /** Who began the refusal or postponement that is being consulted on. */
  begunBy: string | null;
  /** Questions about other use that wait for an answer, by shared act. */
  useQuestions: string[];
  /** Items the other side withdrew. */
  withdrawn: string[];
}

const start: IncomingState = {
  status: 'received',
  back: 'assessed',
  changedByOtherSide: false,
  acknowledged: false,
  reminders: 0,
  reported: null,
  checkedBy: null,
  begunBy: null,
  useQuestions: [],
  withdrawn: [],
};

type Step = Pick<IncomingAction, 'id' | 'actor' | 'kind' | 'data'>;

/** State after an act that the table allows. */
export function incomingAfter(state: IncomingState, { id, actor, kind, data }: Step): IncomingState {
  const to = (status: IncomingStatus, more: Partial<IncomingState> = {}): IncomingState => ({
    ...state,
    status,
    ...more,
  });
  switch (kind) {
    case 'receive':
      return start;
    case 'reopen-on-resubmission':
      return { ...start, changedByOtherSide: false };
    case 'register':
      return to('registered');
    case 'acknowledge':
      return to(state.status, { acknowledged: true });
    case 'assess':
      return to('assessed');
    case 'ask-information':
      return to('information-asked', { back: state.status, reminders: 0 });
    case 'propose-conditions':
      return to('conditions-proposed', { back: 'assessed', reminders: 0, begunBy: null });
    case 'remind-other-side':
      return to(state.status, { reminders: state.reminders + 1 });
    case 'receive-answer': {
      const waits = state.status === 'information-asked' || state.status === 'conditions-proposed';
      return waits && data.answered ? to(state.back, { reminders: 0 }) : state;
    }
    case 'forward':
      return to('forwarded', { begunBy: null });
    case 'hand-back':
      return to('assessed');
    case 'accept-execution':
      return to('in-execution');
    case 'start-refusal':
    case 'start-postponement':
      return to('consultation', {
        begunBy: actor,
        back: state.status === 'in-execution' ? 'in-execution' : 'assessed',
      });
    case 'refuse':
      return to('refused');
    case 'postpone':
      return to('postponed');
    case 'resume':
      return to(state.back === 'in-execution' ? 'in-execution' : 'assessed', { begunBy: null });
    case 'return-misdirected':
    case 'return-unexecuted':
      return to('returned-unexecuted');
    case 'report-partial':
      return state;
    case 'report-executed':
      return to('executed', { reported: { action: id, by: actor }, checkedBy: null });
    case 'check-results':
      return to(state.status, { checkedBy: actor });
    case 'send-results':
      return to('results-sent');
    case 'receive-query':
      return state.status === 'results-sent' ? to('in-execution', { reported: null, checkedBy: null }) : state;
    case 'receive-use-question':
      return data.act ? to(state.status, { useQuestions: [...state.useQuestions, data.act] }) : state;
    case 'consent-to-use':
    case 'decline-use': {
      const { reply } = data;
      const about = reply && (reply.reply === 'consent-to-use' || reply.reply === 'use-declined') ? reply.request : '';
      return to(state.status, { useQuestions: state.useQuestions.filter((one) => one !== about) });
    }
    case 'receive-supplement':
      return to(state.status, { changedByOtherSide: true });
    case 'receive-withdrawal':
      return to(data.subject === 'part' ? state.status : 'withdrawn', {
        changedByOtherSide: true,
        withdrawn: [...new Set([...state.withdrawn, ...(data.measures ?? [])])],
      });
    case 'acknowledge-change':
      return to(state.status, { changedByOtherSide: false });
    case 'close':
    case 'receive-closing':
      return to('closed', { back: state.status });
    case 'reopen':
      return to(state.back, { back: 'assessed' });
    case 'record-consultation':
    case 'record-results-receipt':
    case 'receive-reminder':
    case 'receive-consultation':
    case 'receive-return':
    case 'receive-late':
      return state;
  }
}

/** Where an incoming request stands: a fold over its acts in order. */
export function foldIncoming(actions: readonly Step[]): IncomingState {
  return actions.reduce(incomingAfter, start);
}

/** Whether an act may come now. What comes too late for its status is kept as `receive-late`. */
export function isAllowedIncoming({ status, changedByOtherSide }: IncomingState, kind: IncomingActionKind): boolean {
  if (kind === 'receive-late') return true;
  if (kind === 'acknowledge-change') return changedByOtherSide && status !== 'closed';
  if ((nextActionsIncoming[status] as readonly IncomingActionKind[]).includes(kind)) return true;
  return status !== 'closed' && (atAnyTime as readonly IncomingActionKind[]).includes(kind);
}

/** Acts that a person or message may take now, in the order of the table. */
export function nextIncoming(state: IncomingState): IncomingActionKind[] {
  const listed: readonly IncomingActionKind[] = nextActionsIncoming[state.status];
  return state.changedByOtherSide && state.status !== 'closed' ? ['acknowledge-change', ...listed] : [...listed];
}

/** Items of which results have left in part. */
export function reportedItems(actions: readonly Pick<IncomingAction, 'data'>[]): string[] {
  return actions.flatMap(({ data: { reply } }) =>
    reply?.reply === 'partly-executed' ? reply.results.map((one) => one.measure) : [],
  );
}

/** Consultations that were recorded, by the act that recorded them. */
export function consultationsOf(
  actions: readonly Pick<IncomingAction, 'id' | 'kind' | 'data'>[],
): { id: string; data: IncomingActionData }[] {
  return actions.filter((one) => one.kind === 'record-consultation').map(({ id, data }) => ({ id, data }));
}
