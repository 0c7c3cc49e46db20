import { describe, expect, test } from 'vitest';
import { instant } from '../../platform/values/index.ts';
import type { Actor } from './context.ts';
import { admits, decide } from './decide.ts';
import { policy, roles, type Permission, type PolicyObject, type Role, type Rule } from './policy.ts';

const now = instant('2026-05-14T12:00:00.000Z');
const permissions = Object.keys(policy) as Permission[];

function person(held: readonly Role[], more: Partial<Extract<Actor, { kind: 'person' }>> = {}): Actor {
  return {
    kind: 'person',
    id: 'me',
    name: 'Ada Test',
    officeId: 'office-1',
    authority: null,
    roles: held,
    steppedUpAt: now,
    ...more,
  };
}

/** An object that meets every condition for the person `me` of `office-1`. */
const mine: PolicyObject = { officeId: 'office-1', members: ['me', 'other'], createdBy: 'other', involved: ['other'] };

describe('every permission and every role', () => {
  const table = permissions.flatMap((permission) => roles.map((role) => [permission, role] as const));
  test.each(table)('%s for %s', (permission, role) => {
    const rule: Rule = policy[permission];
    const expected = rule.roles === 'public' || rule.roles === 'signed-in' || rule.roles.includes(role);
    expect(decide(person([role]), permission, mine, now).allowed).toBe(expected);
    expect(admits(person([role]), permission)).toBe(expected);
  });

  test.each(permissions)(
    '%s is refused to a person without roles and to the public unless it is open to them',
    (permission) => {
      const rule: Rule = policy[permission];
      expect(decide(person([]), permission, mine, now).allowed).toBe(
        rule.roles === 'public' || rule.roles === 'signed-in',
      );
      expect(decide({ kind: 'public' }, permission, mine, now).allowed).toBe(rule.roles === 'public');
    },
  );

  test('a permission that the table does not hold does not compile', () => {
    // @ts-expect-error -- the name is not in the table
    expect(() => decide(person(['administrator']), 'requests.destroy', mine, now)).toThrow();
  });
});

const withCondition = (name: string) =>
  permissions.filter((permission) => (policy[permission] as Rule).conditions?.some((one) => one === name));
const all = person(roles);

describe('conditions', () => {
  test.each(withCondition('member'))(
    '%s: one who is not a member of the case file may not know of it',
    (permission) => {
      const decision = decide(all, permission, { ...mine, members: ['other'] }, now);
      expect(decision).toMatchObject({ allowed: false, visible: false, why: { code: 'identity.why-not-a-member' } });
    },
  );

  test.each(withCondition('member'))('%s: without a list of members nobody is one', (permission) => {
    expect(decide(all, permission, { createdBy: 'other' }, now).allowed).toBe(false);
    expect(decide(all, permission, undefined, now).allowed).toBe(false);
  });

  test.each(withCondition('second-person'))('%s: the author and those who took part may not decide', (permission) => {
    for (const object of [{ ...mine, createdBy: 'me' }, { ...mine, involved: ['other', 'me'] }, { members: ['me'] }]) {
      expect(decide(all, permission, object, now)).toMatchObject({
        allowed: false,
        visible: true,
        why: { code: 'identity.why-took-part' },
      });
    }
  });

  test.each(withCondition('fresh'))('%s: a second factor counts for five minutes, to the millisecond', (permission) => {
    const at = (steppedUpAt: string | undefined) => decide(person(roles, { steppedUpAt }), permission, mine, now);
    expect(at('2026-05-14T11:55:00.000Z').allowed).toBe(true);
    expect(at('2026-05-14T11:54:59.999Z')).toMatchObject({ allowed: false, why: { code: 'identity.step-up-needed' } });
    expect(at('2026-05-14T12:00:00.001Z').allowed).toBe(false);
    expect(at(undefined).allowed).toBe(false);
  });

  test('a second role does not let an author approve', () => {
    const author = person(['prosecutor', 'signatory', 'central-authority-officer']);
    expect(decide(author, 'requests.sign', { ...mine, createdBy: 'me' }, now).allowed).toBe(false);
  });
});

describe('actors', () => {
  test('a token reaches no further than its scopes', () => {
    const token = person(roles, { scopes: ['requests.list'] });
    expect(decide(token, 'requests.list', undefined, now).allowed).toBe(true);
    expect(decide(token, 'requests.read', mine, now)).toMatchObject({
      allowed: false,
      why: { code: 'identity.why-outside-scopes' },
    });
    expect(decide(token, 'treaties.read', undefined, now).allowed).toBe(true);
  });

  test('a scope gives nothing that the roles do not', () => {
    expect(decide(person([], { scopes: ['requests.list'] }), 'requests.list', undefined, now).allowed).toBe(false);
  });

  test('the node itself never meets a condition that asks for a person', () => {
    for (const permission of permissions) {
      const rule: Rule = policy[permission];
      if (rule.conditions?.length)
        expect(decide({ kind: 'system', id: 'jobs' }, permission, mine, now).allowed).toBe(false);
    }
  });

  test('an administrator reads no request', () => {
    for (const permission of permissions.filter((name) => /^(requests|evidence)\./.test(name))) {
      const rule: Rule = policy[permission];
      if (rule.roles !== 'public') expect(decide(person(['administrator']), permission, mine, now).allowed).toBe(false);
    }
  });
});
