import type { Instant } from '../../../platform/values/index.ts';
import { sharedStages, type SharedAct, type SharedActKind, type SharedStage, type Side } from '../schema/index.ts';

/** The one order in which both sides read their acts: by count, the asking side first, then by kind and id. */
export function compareActs(a: SharedAct, b: SharedAct): number {
  if (a.n !== b.n) return a.n - b.n;
  if (a.side !== b.side) return a.side === 'requesting' ? -1 : 1;
  if (a.kind !== b.kind) return a.kind < b.kind ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** Acts in their order, each once: whatever came late, twice or in another order. */
export function inOrder(acts: readonly SharedAct[]): SharedAct[] {
  const once = new Map(acts.map((one) => [`${one.kind} ${one.id}`, one]));
  return [...once.values()].sort(compareActs);
}

/** Count of the next act: one more than the highest that was seen. */
export function nextCount(acts: readonly SharedAct[]): number {
  return acts.reduce((highest, one) => Math.max(highest, one.n), 0) + 1;
}

/** When a stage was reached, and the act that says so: its message has the signed receipt. */
export interface ReachedStage {
  stage: SharedStage;
  at: Instant;
  act: string;
  by: Side;
}

/** Where a request stands for both sides. Nothing internal goes into it. */
export interface SharedState {
  stage: SharedStage | null;
  /** Every stage reached in this round, in order. */
  reached: ReachedStage[];
  /** What the last answer was. */
  answer: SharedActKind | null;
  withdrawn: boolean;
  /** Transmissions, counting resubmissions. */
  round: number;
}

const leadsTo: Partial<Record<SharedActKind, SharedStage>> = {
  transmit: 'sent',
  deliver: 'received',
  acknowledge: 'received',
  'more-information': 'accepted',
  'secrecy-not-possible': 'accepted',
  conditions: 'accepted',
  postponed: 'accepted',
  'accept-execution': 'being-executed',
  'partly-executed': 'being-executed',
  executed: 'answered',
  refused: 'answered',
  'returned-unexecuted': 'answered',
  withdraw: 'closed',
  close: 'closed',
};

/** Acts that take a stage back: results that were queried are being executed again. */
const takesBack: ReadonlySet<SharedActKind> = new Set<SharedActKind>(['query-results']);
const answers: ReadonlySet<SharedActKind> = new Set<SharedActKind>(['executed', 'refused', 'returned-unexecuted']);

const place = (stage: SharedStage | null) => (stage === null ? -1 : sharedStages.indexOf(stage));

/**
 * Folds the acts of both sides into the state that both show. Depends only on which acts are known, never on the order
 * in which they came.
 */
export function foldShared(acts: readonly SharedAct[]): SharedState {
  const state: SharedState = { stage: null, reached: [], answer: null, withdrawn: false, round: 0 };
  const reach = (stage: SharedStage, act: SharedAct) => {
    state.stage = stage;
    state.reached = state.reached.filter((one) => place(one.stage) < place(stage));
    state.reached.push({ stage, at: act.at, act: act.id, by: act.side });
  };
  for (const act of inOrder(acts)) {
    if (act.kind === 'transmit') {
      state.round += 1;
      state.withdrawn = false;
      state.answer = null;
      state.reached = [];
      reach('sent', act);
      continue;
    }
    if (state.withdrawn) continue;
    if (act.kind === 'withdraw') state.withdrawn = true;
    if (answers.has(act.kind)) state.answer = act.kind;
    if (takesBack.has(act.kind) && place(state.stage) > place('being-executed')) {
      state.answer = null;
      reach('being-executed', act);
      continue;
    }
    const stage = leadsTo[act.kind];
    if (stage && place(stage) > place(state.stage)) reach(stage, act);
  }
  return state;
}
