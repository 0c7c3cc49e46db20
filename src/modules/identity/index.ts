export type { Actor, Context, Denial } from './context.ts';
export {
  policy,
  roles,
  sensitiveRoles,
  type Condition,
  type Permission,
  type PolicyObject,
  type Role,
  type Rule,
} from './policy.ts';
export { admits, decide, isFresh, type Decision } from './decide.ts';
export {
  actorSetting,
  createContext,
  flushDenials,
  nameActor,
  recordRouteDenied,
  type ContextParts,
} from './create-context.ts';
