export * from './cookies.ts';
export * from './invitations.ts';
export { asIdentity, identitySecrets, type IdentityNode, type OidcSettings } from './node.ts';
export * from './oidc.ts';
export {
  addOwnPasskey,
  listOwnPasskeys,
  ownPasskeyCreation,
  ownStepUpOptions,
  passkeyProof,
  removeOwnPasskey,
  signInWithPasskey,
  stepUpWithPasskey,
  type PasskeyEvidence,
} from './passkeys.ts';
export * from './people.ts';
export { decideOnProposal, grantRole, isRole, proposeReset, revokeRole, type Grant } from './roles.ts';
export * from './sample.ts';
export * from './sessions.ts';
export * from './sign-in.ts';
export * from './signing.ts';
export * from './tokens.ts';
