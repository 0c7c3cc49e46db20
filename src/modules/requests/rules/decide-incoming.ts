import { fail, isBlocked, ok, problem, type Problem, type Result } from '../../../platform/values/index.ts';
import type { IncomingActionKind, ReplyContent, ReplyOf } from '../schema/index.ts';
import { executionActs, isAllowedIncoming, type IncomingState } from './incoming.ts';
import { namesBankSecrecy, replyProblems, type ReplyFacts } from './reply-problems.ts';

/** What a decision about an act on an incoming request looks at. */
export interface IncomingFacts {
  state: IncomingState;
  /** Id of the last act. */
  head: string;
  reply: ReplyFacts;
  /** Changes of the supplement that waits for a decision, by id. */
  openChanges: readonly string[];
}

interface Given {
  reply?: ReplyContent;
  reason?: unknown;
  decisions?: readonly { id: string; accepted: boolean; reason?: string | undefined }[];
}

/** Why an act that the table allows must wait, or null: what a button says beside itself. */
export function waitsFor(state: IncomingState, kind: IncomingActionKind): string | null {
  if (state.changedByOtherSide && executionActs.has(kind)) return 'requests.acknowledge-change-first';
  if (kind === 'assess' && !state.acknowledged) return 'requests.acknowledge-first';
  if (kind === 'send-results' && state.checkedBy === null) return 'requests.check-first';
  return null;
}

/** Who took part and may not decide: whoever began a refusal, whoever reported the results. */
export function involvedInIncoming(state: IncomingState, kind: IncomingActionKind): string[] {
  if (kind === 'refuse') return state.begunBy === null ? [] : [state.begunBy];
  if (kind === 'check-results' || kind === 'send-results') return state.reported ? [state.reported.by] : [];
  return [];
}

/** Partial results leave without a separate check, so whoever brought a file in does not also send it out. */
function ownFiles({ results }: ReplyOf<'partly-executed'>, { files, actor }: ReplyFacts): boolean {
  return results.some((one) => one.evidence.some((file) => files?.get(file.id)?.addedBy === actor));
}

/**
 * Decides whether an act may be taken now; otherwise says everything that stands against it.
 * @param seen id of the last act the actor saw; another head is told before anything else
 * @source UNTOC art. 18(21)-(26)
 */
export function decideIncoming(
  kind: IncomingActionKind,
  given: Given,
  seen: string | null,
  facts: IncomingFacts,
): Result<Problem[], Problem[]> {
  const { state, head } = facts;
  if (seen !== null && seen !== head)
    return fail([problem('requests.changed-meanwhile', [], { params: { status: state.status, head } })]);
  if (!isAllowedIncoming(state, kind))
    return fail([problem('requests.action-not-allowed', [], { params: { action: kind, status: state.status } })]);
  const found: Problem[] = [];
  const waiting = waitsFor(state, kind);
  if (waiting) found.push(problem(waiting));
  if (given.reply)
    found.push(...replyProblems(given.reply, facts.reply).map((one) => ({ ...one, path: ['reply', ...one.path] })));
  // What cannot be refused in the end is not begun.
  if (kind === 'start-refusal' && typeof given.reason === 'string' && namesBankSecrecy(given.reason))
    found.push(problem('requests.bank-secrecy', ['reason'], { rule: 'V15', source: 'UNTOC art. 18(8)' }));
  if (
    kind === 'return-misdirected' &&
    given.reply?.reply === 'returned-unexecuted' &&
    given.reply.reason !== 'misdirected'
  )
    found.push(problem('requests.other-reply', ['reply', 'reason']));
  if (kind === 'report-partial' && given.reply?.reply === 'partly-executed' && ownFiles(given.reply, facts.reply))
    found.push(problem('requests.partial-by-other', ['reply', 'results']));
  if (kind === 'acknowledge-change') {
    const decided = new Map((given.decisions ?? []).map((one) => [one.id, one]));
    for (const id of facts.openChanges) {
      const one = decided.get(id);
      if (!one) found.push(problem('requests.decide-each-change', ['decisions'], { params: { change: id } }));
      else if (!one.accepted && !(one.reason ?? '').trim())
        found.push(problem('requests.decline-with-reason', ['decisions'], { params: { change: id } }));
    }
  }
  return isBlocked(found) ? fail(found) : ok(found);
}
