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
import type { ActionData, ActionKind, Channel, RequestAction } from '../schema/index.ts';
import { fold, isAllowed, needsReason, signedHash } from './workflow.ts';

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
