export type { Actor, Context } from './context.ts';
export { policy, roles, type Condition, type Permission, type PolicyObject, type Role } from './policy.ts';
