import type { PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import QRCode from 'qrcode';
import { fail, ok, problem, sha256, type Instant, type Problem, type Result } from '../../../platform/values/index.ts';
import { recordAudit, recordDenied } from '../../audit/index.ts';
import { problemsOfPassword } from '../rules/index.ts';
import {
  findInvitation,
  findPerson,
  listPasskeys,
  replaceRecoveryCodes,
  savePassword,
  saveTotp,
  setPersonStatus,
  useInvitation,
  type InvitationPurpose,
} from '../store/index.ts';
import { newRecoveryCodes, normalizeCode, recoveryCodeSha256, totpAddress, totpStepOf } from './codes.ts';
import { asIdentity, type IdentityNode } from './node.ts';
import { passkeyCreation, savePasskey } from './passkeys.ts';
import { hashPassword } from './passwords.ts';

export interface InvitationShown {
  name: string;
  signInName: string;
  purpose: InvitationPurpose;
  expiresAt: Instant;
  /** Secret of the code generator in groups of four, to type where a camera cannot read. */
  secretText: string;
  /** The same as a QR code: an SVG data address. */
  qr: string;
  passkey: PublicKeyCredentialCreationOptionsJSON;
}

/** What the page of a one-time link shows; undefined when the link was used, is too old or never was. */
export async function readInvitation(node: IdentityNode, linkSecret: string): Promise<InvitationShown | undefined> {
  const found = await asIdentity(node, async (tx) => {
    const invitation = await findInvitation(tx, sha256(linkSecret), node.clock.now());
    const person = invitation && (await findPerson(tx, invitation.personId));
    if (!invitation || !person || person.status === 'suspended') return undefined;
    return { invitation, person, passkeys: await listPasskeys(tx, person.id) };
  });
  if (!found) return undefined;
  const { invitation, person, passkeys } = found;
  const totp = Buffer.from(node.open(invitation.totpSealed)).toString();
  const svg = await QRCode.toString(totpAddress(totp, person.signInName, node.name), {
    type: 'svg',
    errorCorrectionLevel: 'M',
    margin: 2,
  });
  return {
    name: person.name,
    signInName: person.signInName,
    purpose: invitation.purpose,
    expiresAt: invitation.expiresAt,
    secretText: totp.replaceAll(/(.{4})(?=.)/g, '$1 '),
    qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`,
    passkey: await passkeyCreation(node, person, passkeys),
  };
}

export interface AcceptedInvitation {
  signInName: string;
  /** Shown once, never again. */
  recoveryCodes: string[];
}

/** Sets up the account: password, code generator, recovery codes, and a passkey when the browser made one. The link dies. */
export async function acceptInvitation(
  node: IdentityNode,
  linkSecret: string,
  given: { password: string; repeated: string; code: string; passkey?: string; passkeyLabel?: string },
): Promise<Result<AcceptedInvitation, Problem[]>> {
  const over = [problem('identity.link-over')];
  const found = await asIdentity(node, async (tx) => {
    const invitation = await findInvitation(tx, sha256(linkSecret), node.clock.now());
    const person = invitation && (await findPerson(tx, invitation.personId));
    if (!invitation || !person)
      await recordDenied(tx, { ...node, actor: { kind: 'public' } }, 'identity.accept-invitation', {
        kind: 'invitation',
        id: 'unknown',
      });
    return invitation && person && person.status !== 'suspended' ? { invitation, person } : undefined;
  });
  if (!found) return fail(over);
  const { invitation, person } = found;
  const problems = problemsOfPassword(given.password, [person.name, person.signInName, node.name]);
  if (given.password.normalize('NFC') !== given.repeated.normalize('NFC'))
    problems.push(problem('identity.password-differs', ['repeated']));
  const totp = Buffer.from(node.open(invitation.totpSealed)).toString();
  const step = totpStepOf(totp, normalizeCode(given.code), node.clock.now());
  if (step === undefined) problems.push(problem('identity.code-wrong', ['code']));
  if (problems.length > 0 || step === undefined) return fail(problems);
  const hash = await hashPassword(node, given.password);
  return asIdentity(node, async (tx) => {
    const at = node.clock.now();
    if (!(await useInvitation(tx, sha256(linkSecret), at))) return fail(over);
    const actor = { kind: 'system' as const, id: 'invitation' };
    await savePassword(tx, person.id, hash, at);
    await saveTotp(tx, person.id, node.seal(Buffer.from(totp)), step, at);
    const recoveryCodes = newRecoveryCodes(node.random);
    await replaceRecoveryCodes(tx, person.id, recoveryCodes.map(recoveryCodeSha256));
    if (person.status === 'invited') await setPersonStatus(tx, person.id, 'active');
    await recordAudit(
      tx,
      { ...node, actor },
      'identity.accept-invitation',
      { kind: 'person', id: person.id },
      { purpose: invitation.purpose },
    );
    if (given.passkey) {
      const saved = await savePasskey(tx, node, { ...node, actor }, person.id, {
        json: given.passkey,
        label: given.passkeyLabel ?? '',
      });
      // The account stands without it; another can be added from the profile.
      if (!saved.ok) node.log.info({ person: person.id }, 'identity.passkey-refused');
    }
    return ok({ signInName: person.signInName, recoveryCodes });
  });
}
