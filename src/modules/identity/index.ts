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
export {
  addOffice,
  addSampleOffice,
  addSamplePerson,
  apiTokenActor,
  createDemoLink,
  createSigning,
  enterByDemoLink,
  firstStart,
  grantRole,
  identitySecrets,
  invitePerson,
  resolveVisitor,
  signingChallenge,
  tidyIdentity,
  type IdentityNode,
  type OidcSettings,
  type PasskeyEvidence,
  type Signing,
  type SigningInput,
  type SigningProof,
  type Visitor,
} from './service/index.ts';
export { findOffice, findPerson, listOffices, listPeople, personNames } from './store/index.ts';
export { Office, Person, Preferences } from './schema.ts';
export { identityApi } from './api.ts';
export { identityCommands } from './cli.ts';
export { identityPages } from './pages/index.ts';
export { identityMessages } from './messages/index.ts';
