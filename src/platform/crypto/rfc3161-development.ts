import { X509Certificate } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Random } from '../random.ts';
import { toInstant, type Instant } from '../values/index.ts';
import { generalizedTime, integer, nothing, octets, oid, sequence } from './asn1.ts';
import { oids, signCms, type CmsSigner } from './cms.ts';
import type { KeyStore } from './keys.ts';
import {
  buildStampRequest,
  openTimeStamp,
  readStampRequest,
  readStampResponse,
  type StampAuthority,
} from './rfc3161.ts';
import { buildCertificate } from './x509.ts';

/** Policy of the development authority: from the arc for examples. */
export const developmentPolicy = '1.3.6.1.4.1.99999.1.1';

/** A signer with a root of its own, both made on the spot: for demonstration and tests, never for what must count. */
export interface DevelopmentSigner {
  root: X509Certificate;
  signer: CmsSigner;
}

const year = 365 * 86_400_000;

/** Makes a root and a certificate under it with keys of the key store. */
export async function developmentSigner(
  { keys, clock, random }: { keys: KeyStore; clock: Clock; random: Random },
  given: { label: string; name: string; use: 'sign' | 'stamp'; from?: Instant; until?: Instant },
): Promise<DevelopmentSigner> {
  const rootKey = await keys.ensure(`${given.label}/root`, 'ES256');
  const ownKey = await keys.ensure(given.label, 'ES256');
  if (!rootKey.publicKey || !ownKey.publicKey) throw new Error('A signing key has a public part');
  const issuer = `${given.name}, development root`;
  const from = given.from ?? clock.now();
  const until = given.until ?? toInstant(new Date(Date.parse(from) + year));
  const signByRoot = (bytes: Uint8Array) => keys.sign(rootKey.kid, bytes);
  const lasting = { from, until: toInstant(new Date(Date.parse(from) + 10 * year)) };
  const root = await buildCertificate(
    { subject: issuer, issuer, publicKey: rootKey.publicKey, serial: random.bytes(16), use: 'ca', ...lasting },
    signByRoot,
  );
  const own = await buildCertificate(
    { subject: given.name, issuer, publicKey: ownKey.publicKey, serial: random.bytes(16), use: given.use, from, until },
    signByRoot,
  );
  return {
    root: new X509Certificate(root),
    signer: { certificates: [own], sign: (bytes) => keys.sign(ownKey.kid, bytes) },
  };
}

/** Answers one question as a time-stamp authority does. @returns TimeStampResp, DER */
export async function answerStampRequest(
  der: Uint8Array,
  {
    signer,
    at,
    random,
    change = {},
  }: {
    signer: CmsSigner;
    at: Instant;
    random: Random;
    /** What a wrong authority would say instead. */
    change?: { imprint?: string; nonce?: Uint8Array; policy?: string };
  },
): Promise<Buffer> {
  const asked = readStampRequest(der);
  const nonce = change.nonce ?? (asked.nonce === null ? undefined : Buffer.from(asked.nonce, 'hex'));
  const info = sequence(
    integer(1),
    oid(change.policy ?? asked.policy ?? developmentPolicy),
    sequence(sequence(oid(oids.sha256), nothing()), octets(Buffer.from(change.imprint ?? asked.imprint, 'hex'))),
    integer(random.bytes(8)),
    generalizedTime(new Date(at)),
    ...(nonce ? [integer(nonce)] : []),
  );
  const token = await signCms({ enclosed: info, type: oids.tstInfo }, signer, at);
  return sequence(sequence(integer(0)), token);
}

/** The development authority inside the node, without a network. Profile `demo` only: nobody else vouches for its time. */
export function developmentStampAuthority(
  { signer, root }: DevelopmentSigner,
  { clock, random }: { clock: Clock; random: Random },
): StampAuthority {
  return {
    async stamp(imprint) {
      const nonce = random.bytes(8);
      const request = buildStampRequest({ imprint, nonce });
      const response = await answerStampRequest(request, { signer, at: clock.now(), random });
      const token = readStampResponse(response);
      return { token, stamp: openTimeStamp(token, { imprint, nonce, roots: [root] }) };
    },
  };
}
