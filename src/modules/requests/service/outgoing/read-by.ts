import { canonical } from '../../../../platform/values/index.ts';
import type { CaseFileFacts } from '../../../evidence/index.ts';
import type { Context } from '../../../identity/index.ts';
import { partsOf, type DraftRequest, type Task } from '../../schema/index.ts';
import { withoutUndefined } from '../sealed-case.ts';

type Internal = NonNullable<DraftRequest['internal']>;

/** Parts of the internal section that the central authority keeps to itself. */
function closedPart(internal: DraftRequest['internal']): Pick<Internal, 'risk' | 'accessList'> {
  const { risk, accessList } = internal ?? {};
  return { ...(risk ? { risk } : {}), ...(accessList ? { accessList } : {}) };
}

/** The text as its reader may see it: the risk check and the list of readers are the central authority's. */
export function asReadBy(ctx: Context, facts: CaseFileFacts, draft: DraftRequest): DraftRequest {
  if (!draft.internal || ctx.may('requests.read-risk', facts)) return draft;
  const { risk: _risk, accessList: _list, ...internal } = draft.internal;
  return { ...draft, internal };
}

/** Whether a typed text says something else of the closed part than the stored one. */
export function writesRisk(typed: DraftRequest, stored: DraftRequest): boolean {
  const given = withoutUndefined(closedPart(typed.internal));
  const held = withoutUndefined(closedPart(stored.internal));
  return Object.keys(given).some((key) => canonical([given[key]]) !== canonical([held[key] ?? null]));
}

export function withRiskOf(stored: DraftRequest, typed: DraftRequest): DraftRequest {
  const closed = closedPart(stored.internal);
  return Object.keys(closed).length === 0 ? typed : { ...typed, internal: { ...typed.internal, ...closed } };
}

/** Who signs stays; that somebody signed does not. */
export function withoutProof(draft: DraftRequest): DraftRequest {
  if (!draft.signature) return draft;
  const { jws: _jws, at: _at, ...signature } = draft.signature;
  return { ...draft, signature };
}

/** The parts of a text that one task holds. */
export function partsAs(draft: DraftRequest, task: Task): Partial<DraftRequest> {
  return withoutUndefined(
    Object.fromEntries(partsOf(task).flatMap((part) => (draft[part] === undefined ? [] : [[part, draft[part]]]))),
  );
}
