import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type AuthenticatorTransportFuture,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { z } from 'zod';
import type { Tx } from '../../../platform/db/index.ts';
import { NotFound } from '../../../platform/errors.ts';
import { fail, ok, problem, type Problem, type Result } from '../../../platform/values/index.ts';
import { recordAudit, recordDenied, type AuditContext } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import type { PasskeyShown } from '../schema.ts';
import {
  deletePasskey,
  findPasswordHash,
  findPerson,
  insertPasskey,
  listPasskeys,
  lockPasskey,
  lockPasskeyForGood,
  markPasskeyUsed,
  useChallenge,
  type PasskeyRow,
  type PersonRow,
} from '../store/index.ts';
import { asIdentity, isSame, type IdentityNode } from './node.ts';
import { openSession, type Client } from './sessions.ts';
import { markSteppedUp, safeNext, type SignedIn } from './sign-in.ts';

const challengeMillis = 5 * 60_000;
const refused = problem('identity.passkey-refused');
const Text = z.string().max(20_000);

const Transports = z.enum(['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']);
const Attachment = z
  .enum(['cross-platform', 'platform'])
  .nullish()
  .transform((value) => value ?? undefined);

const RegistrationJson = z.object({
  id: Text,
  rawId: Text,
  type: z.literal('public-key'),
  authenticatorAttachment: Attachment,
  clientExtensionResults: z.object({}),
  response: z.object({
    clientDataJSON: Text,
    attestationObject: Text,
    transports: z
      .array(z.string())
      .optional()
      .transform((given) => given?.flatMap((one) => Transports.safeParse(one).data ?? [])),
  }),
});
const AssertionJson = z.object({
  id: Text,
  rawId: Text,
  type: z.literal('public-key'),
  authenticatorAttachment: Attachment,
  clientExtensionResults: z.object({}),
  response: z.object({
    clientDataJSON: Text,
    authenticatorData: Text,
    signature: Text,
    userHandle: Text.nullish().transform((value) => value ?? undefined),
  }),
});

/** What the browser's script puts into the form, as JSON text. */
function readJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Host name that passkeys are bound to. */
function relyingParty(node: Pick<IdentityNode, 'origin'>): string {
  return new URL(node.origin).hostname;
}

type Purpose = 'sign-in' | 'register' | 'step-up';

/** A challenge that needs no row until it is answered: time, chance and a keyed hash over both and its purpose. */
function makeChallenge(node: IdentityNode, purpose: Purpose, owner: string): Uint8Array<ArrayBuffer> {
  const head = Buffer.alloc(24);
  head.writeUIntBE(Date.parse(node.clock.now()), 0, 6);
  head.set(node.random.bytes(18), 6);
  const proof = Buffer.from(node.mac(`challenge:${purpose}:${owner}:${head.toString('hex')}`), 'base64url');
  return new Uint8Array(Buffer.concat([head, proof]));
}

function isOurChallenge(node: IdentityNode, purpose: Purpose, owner: string, challenge: string): boolean {
  const bytes = Buffer.from(challenge, 'base64url');
  if (bytes.length !== 56) return false;
  const age = Date.parse(node.clock.now()) - bytes.readUIntBE(0, 6);
  const proof = node.mac(`challenge:${purpose}:${owner}:${bytes.subarray(0, 24).toString('hex')}`);
  return age >= 0 && age <= challengeMillis && isSame(proof, bytes.subarray(24).toString('base64url'));
}

/** Options for a browser to make a passkey for a person. */
export async function passkeyCreation(
  node: IdentityNode,
  person: PersonRow,
  known: PasskeyRow[],
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return generateRegistrationOptions({
    rpName: node.name,
    rpID: relyingParty(node),
    userID: new Uint8Array(Buffer.from(person.id)),
    userName: person.signInName,
    userDisplayName: person.name,
    challenge: makeChallenge(node, 'register', person.id),
    attestationType: 'none',
    excludeCredentials: known.map(({ id }) => ({ id })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

/** Checks what a browser made and keeps the passkey. The transaction must be the person's, or the sign-in's own. */
export async function savePasskey(
  tx: Tx,
  node: IdentityNode,
  ctx: AuditContext,
  personId: string,
  given: { json: string; label: string },
): Promise<Result<null, Problem>> {
  const response: RegistrationResponseJSON | undefined = readJson(RegistrationJson, given.json);
  if (!response) return fail(refused);
  let challenge = '';
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: (text) => isOurChallenge(node, 'register', personId, (challenge = text)),
    expectedOrigin: node.origin,
    expectedRPID: relyingParty(node),
    requireUserVerification: true,
  }).catch(() => null);
  if (!checked?.verified || !checked.registrationInfo) return fail(refused);
  const { credential, credentialBackedUp } = checked.registrationInfo;
  const at = node.clock.now();
  if (!(await useChallenge(tx, challenge, at))) return fail(refused);
  const label = given.label.trim().slice(0, 60) || at.slice(0, 10);
  const made = await insertPasskey(tx, {
    id: credential.id,
    personId,
    publicKey: credential.publicKey,
    counter: credential.counter,
    transports: credential.transports ?? [],
    label,
    backedUp: credentialBackedUp,
    createdAt: at,
  });
  if (!made) return fail(refused);
  await recordAudit(tx, ctx, 'identity.add-passkey', { kind: 'person', id: personId }, { passkey: credential.id });
  return ok(null);
}

/** Options for a browser to prove a passkey; without a person any that the browser holds for this node. */
export async function passkeyProof(
  node: IdentityNode,
  purpose: 'sign-in' | 'step-up',
  owner = '',
  known: readonly PasskeyRow[] = [],
): Promise<PublicKeyCredentialRequestOptionsJSON> {
  return generateAuthenticationOptions({
    rpID: relyingParty(node),
    challenge: makeChallenge(node, purpose, owner),
    userVerification: 'required',
    allowCredentials: known.filter((one) => one.lockedAt === null).map(({ id }) => ({ id })),
  });
}

/** What shows later, without us, that this passkey answered this challenge. */
export interface PasskeyEvidence {
  credentialId: string;
  publicKey: string;
  authenticatorData: string;
  clientDataJson: string;
  signature: string;
}

interface Proved {
  passkey: PasskeyRow;
  evidence: PasskeyEvidence;
}

/** Signature counter of authenticator data. @source WebAuthn Level 2 section 6.1 */
function counterOf(authenticatorData: string): number {
  return Buffer.from(authenticatorData, 'base64url').readUInt32BE(33);
}

/**
 * Checks an assertion: exact origin, our host, user verified, challenge as expected and unused, counter rising.
 * A falling counter is the sign of a copied authenticator: the passkey is locked, and the log says so.
 */
export async function provePasskey(
  tx: Tx,
  node: IdentityNode,
  ctx: AuditContext,
  json: string,
  isExpected: (challenge: string) => boolean,
  once: boolean,
): Promise<Result<Proved, Problem>> {
  const response: AuthenticationResponseJSON | undefined = readJson(AssertionJson, json);
  const passkey = response && (await lockPasskey(tx, response.id));
  if (!response || !passkey || passkey.lockedAt !== null) return fail(refused);
  let challenge = '';
  const publicKey = new Uint8Array(passkey.publicKey);
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: (text) => isExpected((challenge = text)),
    expectedOrigin: node.origin,
    expectedRPID: relyingParty(node),
    requireUserVerification: true,
    // The counter is compared below, where a fall can be told from any other failure.
    credential: {
      id: passkey.id,
      publicKey,
      counter: 0,
      transports: passkey.transports as AuthenticatorTransportFuture[],
    },
  }).catch(() => null);
  if (!checked?.verified) return fail(refused);
  const handle = response.response.userHandle;
  if (handle !== undefined && Buffer.from(handle, 'base64url').toString() !== passkey.personId) return fail(refused);
  const at = node.clock.now();
  const counter = counterOf(response.response.authenticatorData);
  // The same answer twice is a repeated form, not a copied key: refused before the counter is looked at.
  const seen = once ? challenge : `${challenge}:${passkey.id}:${counter}`;
  if (!(await useChallenge(tx, seen, at))) return fail(refused);
  if ((counter > 0 || passkey.counter > 0) && counter <= passkey.counter) {
    await lockPasskeyForGood(tx, passkey.id, at);
    const person = { kind: 'person', id: passkey.personId };
    await recordDenied(tx, ctx, 'identity.passkey-alarm', person, {
      passkey: passkey.id,
      counter,
      last: passkey.counter,
    });
    return fail(problem('identity.passkey-copied'));
  }
  await markPasskeyUsed(tx, passkey.id, counter, at);
  const { authenticatorData, clientDataJSON, signature } = response.response;
  const evidence = {
    credentialId: passkey.id,
    publicKey: passkey.publicKey.toString('base64url'),
    authenticatorData,
    clientDataJson: clientDataJSON,
    signature,
  };
  return ok({ passkey, evidence });
}

const visitor = { kind: 'public' } as const;

/** Signs in with a passkey alone: possession and user verification are two factors in one act. */
export async function signInWithPasskey(
  node: IdentityNode,
  given: { json: string; next?: string },
  client: Client,
): Promise<Result<SignedIn, Problem>> {
  return asIdentity(node, async (tx) => {
    const audit = { ...node, actor: visitor };
    const proved = await provePasskey(
      tx,
      node,
      audit,
      given.json,
      (text) => isOurChallenge(node, 'sign-in', '', text),
      true,
    );
    const person = proved.ok ? await findPerson(tx, proved.value.passkey.personId) : undefined;
    if (!proved.ok || person?.status !== 'active') {
      await recordDenied(tx, audit, 'identity.sign-in', { kind: 'passkey', id: 'unknown' });
      return fail(problem('identity.not-signed-in'));
    }
    const opened = await openSession(tx, node, person, 'passkey', client, true);
    return opened.ok ? ok({ cookies: [opened.value.cookie], next: safeNext(given.next) }) : opened;
  });
}

/** Checks the second factor again by passkey. */
export async function stepUpWithPasskey(
  ctx: Context,
  node: IdentityNode,
  json: string,
): Promise<Result<null, Problem>> {
  const { actor, sessionId } = ctx;
  if (actor.kind !== 'person' || sessionId === undefined) return fail(problem('identity.step-over'));
  return ctx.transaction(async (tx) => {
    const proved = await provePasskey(
      tx,
      node,
      ctx,
      json,
      (text) => isOurChallenge(node, 'step-up', actor.id, text),
      true,
    );
    if (!proved.ok || proved.value.passkey.personId !== actor.id) return fail(refused);
    await markSteppedUp(tx, ctx, sessionId, 'passkey');
    return ok(null);
  });
}

function ownId(ctx: Context): string {
  ctx.allow('identity.own-account');
  if (ctx.actor.kind !== 'person') throw new NotFound('identity.not-found');
  return ctx.actor.id;
}

export async function listOwnPasskeys(ctx: Context): Promise<PasskeyShown[]> {
  return ctx.transaction(async (tx) => (await listPasskeys(tx, ownId(ctx))).map(toShown));
}

function toShown({ id, label, createdAt, lastUsedAt, lockedAt }: PasskeyRow): PasskeyShown {
  return { id, label, createdAt, lastUsedAt, locked: lockedAt !== null };
}

/** Options to add a passkey to the actor's own account. Asks a fresh second factor. */
export async function ownPasskeyCreation(
  ctx: Context,
  node: IdentityNode,
): Promise<PublicKeyCredentialCreationOptionsJSON> {
  return ctx.transaction(async (tx) => {
    const person = await findPerson(tx, ownId(ctx));
    if (!person) throw new NotFound('identity.not-found');
    return passkeyCreation(node, person, await listPasskeys(tx, person.id));
  });
}

export async function addOwnPasskey(
  ctx: Context,
  node: IdentityNode,
  given: { json: string; label: string },
): Promise<Result<null, Problem>> {
  return ctx.transaction(async (tx) => {
    const id = ownId(ctx);
    ctx.allow('identity.change-factors');
    return savePasskey(tx, node, ctx, id, given);
  });
}

/** Removes a passkey; the last one only while a password is left to sign in with. */
export async function removeOwnPasskey(ctx: Context, passkeyId: string): Promise<Result<null, Problem>> {
  return ctx.transaction(async (tx) => {
    const id = ownId(ctx);
    ctx.allow('identity.change-factors');
    const own = await listPasskeys(tx, id);
    if (own.length <= 1 && (await findPasswordHash(tx, id)) === undefined) return fail(problem('identity.last-factor'));
    if (!(await deletePasskey(tx, id, passkeyId))) throw new NotFound('identity.not-found');
    await recordAudit(tx, ctx, 'identity.remove-passkey', { kind: 'person', id }, { passkey: passkeyId });
    return ok(null);
  });
}

/** Options to prove one of the actor's own passkeys again; null when there is none. */
export async function ownStepUpOptions(
  ctx: Context,
  node: IdentityNode,
): Promise<PublicKeyCredentialRequestOptionsJSON | null> {
  const id = ownId(ctx);
  const own = (await ctx.transaction((tx) => listPasskeys(tx, id))).filter((one) => one.lockedAt === null);
  return own.length === 0 ? null : passkeyProof(node, 'step-up', id, own);
}
