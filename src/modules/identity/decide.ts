import type { Instant } from '../../platform/values/index.ts';
import type { Actor } from './context.ts';
import { policy, type Condition, type Permission, type PolicyObject, type Rule } from './policy.ts';

/** How long a second-factor check counts as fresh. */
export const freshMillis = 5 * 60_000;

/** A decision that can explain itself. `code` is a message key of `identity`. */
export interface Decision {
  allowed: boolean;
  /** Whether the actor may know that the object exists. */
  visible: boolean;
  why: { code: WhyCode; params: Record<string, string> };
}
export type WhyCode =
  | 'identity.why-public'
  | 'identity.why-signed-in'
  | 'identity.why-role'
  | 'identity.why-system'
  | 'identity.why-not-signed-in'
  | 'identity.why-no-role'
  | 'identity.why-outside-scopes'
  | 'identity.why-not-a-member'
  | 'identity.why-other-office'
  | 'identity.why-took-part'
  | 'identity.step-up-needed';

function ruleOf(permission: Permission): Rule {
  return policy[permission];
}

/** Whether the roles alone admit the actor, before any object is known: for routes, rails and lists. */
export function admits(actor: Actor, permission: Permission): boolean {
  return refusalByRole(actor, ruleOf(permission), permission) === undefined;
}

function refusalByRole(actor: Actor, rule: Rule, permission: Permission): WhyCode | undefined {
  if (actor.kind === 'person' && actor.scopes && rule.roles !== 'public' && !actor.scopes.includes(permission)) {
    return 'identity.why-outside-scopes';
  }
  if (rule.roles === 'public') return undefined;
  if (actor.kind === 'public') return 'identity.why-not-signed-in';
  // The node itself acts for nobody: it takes part wherever no condition asks for a person.
  if (actor.kind === 'system') return rule.conditions?.length ? 'identity.why-no-role' : undefined;
  if (rule.roles === 'signed-in') return undefined;
  const wanted = rule.roles;
  return actor.roles.some((role) => wanted.includes(role)) ? undefined : 'identity.why-no-role';
}

const unmet: Record<
  Condition,
  (actor: Extract<Actor, { kind: 'person' }>, object: PolicyObject, now: Instant) => WhyCode | undefined
> = {
  member: (actor, object) => (object.members?.includes(actor.id) ? undefined : 'identity.why-not-a-member'),
  office: (actor, object) => (object.officeId === actor.officeId ? undefined : 'identity.why-other-office'),
  'second-person': (actor, object) => {
    // What nobody is named for cannot be shown to be another's work.
    if (object.createdBy === undefined && object.involved === undefined) return 'identity.why-took-part';
    return object.createdBy === actor.id || object.involved?.includes(actor.id) ? 'identity.why-took-part' : undefined;
  },
  fresh: (actor, _object, now) => (isFresh(actor.steppedUpAt, now) ? undefined : 'identity.step-up-needed'),
};

/** Whether the last second-factor check is at most five minutes old. A time ahead of the clock is not fresh. */
export function isFresh(steppedUpAt: string | undefined, now: Instant): boolean {
  if (steppedUpAt === undefined) return false;
  const age = Date.parse(now) - Date.parse(steppedUpAt);
  return age >= 0 && age <= freshMillis;
}

function isVisible(actor: Actor, rule: Rule, object: PolicyObject | undefined): boolean {
  if (!object || rule.roles === 'public' || actor.kind === 'system') return true;
  if (actor.kind === 'public') return false;
  if (object.members) return object.members.includes(actor.id);
  return !rule.conditions?.includes('office') || object.officeId === actor.officeId;
}

/** Decides whether an actor may use a permission on an object, and whether the object may be known. Deny by default. */
export function decide(actor: Actor, permission: Permission, object: PolicyObject | undefined, now: Instant): Decision {
  const rule = ruleOf(permission);
  const visible = isVisible(actor, rule, object);
  const answer = (allowed: boolean, code: WhyCode): Decision => ({
    allowed,
    visible,
    why: { code, params: { permission } },
  });
  const refusal = refusalByRole(actor, rule, permission);
  if (refusal) return answer(false, refusal);
  if (actor.kind === 'person') {
    for (const condition of rule.conditions ?? []) {
      const code = unmet[condition](actor, object ?? {}, now);
      if (code) return answer(false, code);
    }
  } else if (rule.conditions?.length) return answer(false, 'identity.why-not-signed-in');
  if (rule.roles === 'public') return answer(true, 'identity.why-public');
  if (actor.kind === 'system') return answer(true, 'identity.why-system');
  return answer(true, rule.roles === 'signed-in' ? 'identity.why-signed-in' : 'identity.why-role');
}
