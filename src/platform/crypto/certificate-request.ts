import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { bits, element, explicit, integer, oid, sequence, tags, utf8 } from './asn1.ts';
import { oids } from './cms.ts';
import { toDerSignature } from './x509.ts';

/**
 * Writes a certificate request over a P-256 key, for whoever issues the certificates of a State.
 * @param signBytes ES256 by the key itself: 64 bytes r and s, as a key store gives them
 * @returns PEM
 * @source RFC 2986
 */
export async function buildCertificateRequest(
  { subject, publicKey }: { subject: string; publicKey: JWK },
  signBytes: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<string> {
  const { kty, crv, x, y } = publicKey;
  const spki = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  const name = sequence(element(tags.set, sequence(oid('2.5.4.3'), utf8(subject))));
  const info = sequence(integer(0), name, spki, explicit(0));
  const signature = toDerSignature(await signBytes(info));
  const request = sequence(info, sequence(oid(oids.ecdsaSha256)), bits(signature));
  const lines = request.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`;
}
