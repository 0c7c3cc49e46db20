import { constants, createHash, timingSafeEqual, verify, X509Certificate } from 'node:crypto';
import { Invalid } from '../errors.ts';
import { toInstant, type Instant } from '../values/index.ts';
import {
  element,
  expectTag,
  explicit,
  inside,
  integer,
  octets,
  oid,
  readDer,
  readOid,
  readTime,
  sequence,
  setOf,
  tags,
  time,
  type Der,
} from './asn1.ts';
import { toDerSignature } from './x509.ts';

// Cryptographic Message Syntax (RFC 5652) as CAdES baseline B asks for it (ETSI EN 319 122-1): one signer, SHA-256.

export const oids = {
  data: '1.2.840.113549.1.7.1',
  signedData: '1.2.840.113549.1.7.2',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  signingTime: '1.2.840.113549.1.9.5',
  signingCertificate: '1.2.840.113549.1.9.16.2.12',
  signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
  tstInfo: '1.2.840.113549.1.9.16.1.4',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  ecdsaSha256: '1.2.840.10045.4.3.2',
  ecdsaSha384: '1.2.840.10045.4.3.3',
  ecdsaSha512: '1.2.840.10045.4.3.4',
  rsa: '1.2.840.113549.1.1.1',
  rsaSha256: '1.2.840.113549.1.1.11',
  rsaSha384: '1.2.840.113549.1.1.12',
  rsaSha512: '1.2.840.113549.1.1.13',
} as const;

const digests: Record<string, string> = { [oids.sha256]: 'sha256', [oids.sha384]: 'sha384', [oids.sha512]: 'sha512' };
const ecdsa: Record<string, string> = {
  [oids.ecdsaSha256]: 'sha256',
  [oids.ecdsaSha384]: 'sha384',
  [oids.ecdsaSha512]: 'sha512',
};
const rsa: Record<string, string> = {
  [oids.rsaSha256]: 'sha256',
  [oids.rsaSha384]: 'sha384',
  [oids.rsaSha512]: 'sha512',
};

/** Who signs: the certificate first, then what leads towards the root. `sign` gives ES256 as a key store does: r and s. */
export interface CmsSigner {
  certificates: readonly Buffer[];
  sign(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Issuer and serial number of a certificate, as its own bytes. */
function issuerAndSerial(certificate: Buffer): { issuer: Buffer; serial: Buffer } {
  const parts = inside(inside(readDer(certificate), tags.sequence)[0], tags.sequence);
  const at = parts[0]?.tag === 0xa0 ? 1 : 0;
  return { serial: expectTag(parts[at], tags.integer).raw, issuer: expectTag(parts[at + 2], tags.sequence).raw };
}

const attribute = (type: string, value: Uint8Array) => sequence(oid(type), element(tags.set, value));

function signingCertificateV2(certificate: Buffer): Buffer {
  const { issuer, serial } = issuerAndSerial(certificate);
  const hash = createHash('sha256').update(certificate).digest();
  // SHA-256 is the default of ESSCertIDv2 and is left out in DER.
  const id = sequence(octets(hash), sequence(sequence(element(0xa4, issuer)), serial));
  return attribute(oids.signingCertificateV2, sequence(sequence(id)));
}

/**
 * Signs content that stands elsewhere (`content`), or content that is enclosed (`enclosed`, a time stamp).
 * @returns ContentInfo, DER
 * @source RFC 5652; ETSI EN 319 122-1 (signing-certificate-v2 in the signed attributes)
 */
export async function signCms(
  given: { content: Uint8Array } | { enclosed: Uint8Array; type: string },
  signer: CmsSigner,
  at: Instant,
): Promise<Buffer> {
  const [own] = signer.certificates;
  if (!own) throw new Error('A signer has a certificate');
  const isEnclosed = 'enclosed' in given;
  const content = isEnclosed ? given.enclosed : given.content;
  const type = isEnclosed ? given.type : oids.data;
  const attributes = setOf(
    attribute(oids.contentType, oid(type)),
    attribute(oids.messageDigest, octets(createHash('sha256').update(content).digest())),
    attribute(oids.signingTime, time(new Date(at))),
    signingCertificateV2(own),
  );
  const signature = toDerSignature(await signer.sign(attributes));
  const { issuer, serial } = issuerAndSerial(own);
  const sha256Id = sequence(oid(oids.sha256));
  const signerInfo = sequence(
    integer(1),
    sequence(issuer, serial),
    sha256Id,
    // The same bytes as were signed, under the tag of their place.
    Buffer.concat([Buffer.from([0xa0]), attributes.subarray(1)]),
    sequence(oid(oids.ecdsaSha256)),
    octets(signature),
  );
  return sequence(
    oid(oids.signedData),
    explicit(
      0,
      sequence(
        integer(isEnclosed ? 3 : 1),
        setOf(sha256Id),
        sequence(oid(type), ...(isEnclosed ? [explicit(0, octets(content))] : [])),
        element(0xa0, ...signer.certificates),
        setOf(signerInfo),
      ),
    ),
  );
}

export interface OpenedCms {
  /** Type of the content. */
  type: string;
  enclosed: Buffer | null;
  signer: X509Certificate;
  /** All certificates that came along. */
  certificates: X509Certificate[];
  /** As the signer stated it; null when not. */
  signedAt: Instant | null;
}

/**
 * Checks the signature over content, and that the signed attributes name the certificate of the signer.
 * Whether that certificate is trusted is another question: `checkChain`.
 * @throws Invalid `crypto.malformed-der`, `crypto.cms-broken`, `crypto.cms-algorithm`
 */
export function openCms(der: Uint8Array, content?: Uint8Array): OpenedCms {
  const info = inside(readDer(der), tags.sequence);
  if (readOid(info[0]) !== oids.signedData) throw new Invalid('crypto.malformed-der');
  const data = inside(inside(info[1], 0xa0)[0], tags.sequence);
  const encap = inside(data[2], tags.sequence);
  const type = readOid(encap[0]);
  const enclosed = encap[1] ? expectTag(inside(encap[1], 0xa0)[0], tags.octets).body : null;
  if ((enclosed === null) === (content === undefined)) throw new Invalid('crypto.malformed-der');
  const certificates = certificatesOf(data.find((one) => one.tag === 0xa0));
  const signers = inside(data.at(-1), tags.set);
  if (signers.length !== 1) throw new Invalid('crypto.malformed-der');
  const parts = inside(signers[0], tags.sequence);
  const signer = certificates.find((one) => isNamed(one, parts[1]));
  if (!signer) throw new Invalid('crypto.cms-broken');
  const digest = digests[readOid(inside(parts[2], tags.sequence)[0])];
  const signed = expectTag(parts[3], 0xa0);
  if (!digest) throw new Invalid('crypto.cms-algorithm');
  const attributes = new Map(
    inside(signed).map((one) => {
      const [name, values] = inside(one, tags.sequence);
      return [readOid(name), inside(values, tags.set)] as const;
    }),
  );
  const only = (name: string) => {
    const values = attributes.get(name);
    return values?.length === 1 ? values[0] : undefined;
  };
  const stated = expectTag(only(oids.messageDigest), tags.octets).body;
  const found = createHash(digest)
    .update(enclosed ?? content ?? new Uint8Array())
    .digest();
  if (stated.length !== found.length || !timingSafeEqual(stated, found)) throw new Invalid('crypto.cms-broken');
  if (readOid(only(oids.contentType)) !== type) throw new Invalid('crypto.cms-broken');
  checkNamedCertificate(signer, only(oids.signingCertificateV2), only(oids.signingCertificate));
  const bytes = Buffer.concat([Buffer.from([tags.set]), signed.raw.subarray(1)]);
  if (!isSigned(signer, parts[4], digest, bytes, expectTag(parts[5], tags.octets).body))
    throw new Invalid('crypto.cms-broken');
  const when = only(oids.signingTime);
  return {
    type,
    enclosed,
    signer,
    certificates,
    signedAt: when ? toInstant(new Date(readTime(when))) : null,
  };
}

function certificatesOf(one: Der | undefined): X509Certificate[] {
  if (!one) return [];
  try {
    return inside(one).map((part) => new X509Certificate(part.raw));
  } catch (cause) {
    throw cause instanceof Invalid ? cause : new Invalid('crypto.malformed-der', { cause });
  }
}

function isNamed(certificate: X509Certificate, sid: Der | undefined): boolean {
  const { issuer, serial } = issuerAndSerial(certificate.raw);
  const [byIssuer, bySerial] = inside(sid, tags.sequence);
  return issuer.equals(byIssuer?.raw ?? Buffer.alloc(0)) && serial.equals(bySerial?.raw ?? Buffer.alloc(0));
}

/** Without this a certificate of the same key and another name could be put in its place. */
function checkNamedCertificate(signer: X509Certificate, second: Der | undefined, first: Der | undefined): void {
  const id = inside(inside(second ?? first, tags.sequence)[0], tags.sequence)[0];
  const parts = inside(id, tags.sequence);
  let algorithm = second ? 'sha256' : 'sha1';
  let at = 0;
  if (second && parts[0]?.tag === tags.sequence) {
    algorithm = digests[readOid(inside(parts[0], tags.sequence)[0])] ?? '';
    at = 1;
  }
  if (algorithm === '') throw new Invalid('crypto.cms-algorithm');
  const named = expectTag(parts[at], tags.octets).body;
  if (!createHash(algorithm).update(signer.raw).digest().equals(named)) throw new Invalid('crypto.cms-broken');
}

function isSigned(
  signer: X509Certificate,
  algorithm: Der | undefined,
  digest: string,
  bytes: Buffer,
  signature: Buffer,
): boolean {
  const name = readOid(inside(algorithm, tags.sequence)[0]);
  const key = signer.publicKey;
  if (key.asymmetricKeyType === 'ec' && ecdsa[name] === digest) return verify(digest, bytes, key, signature);
  const isRsa = key.asymmetricKeyType === 'rsa' && (name === oids.rsa || rsa[name] === digest);
  if (isRsa && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048) {
    return verify(digest, bytes, { key, padding: constants.RSA_PKCS1_PADDING }, signature);
  }
  throw new Invalid('crypto.cms-algorithm');
}

/** Whether a certificate may issue others, and sign now. */
function holdsAt(certificate: X509Certificate, at: number): boolean {
  return Date.parse(certificate.validFrom) <= at && at <= Date.parse(certificate.validTo);
}

/**
 * Follows a certificate to one of the reader's roots, each valid at a moment.
 * @throws Invalid `crypto.cms-untrusted`, `crypto.cms-out-of-time`
 */
export function checkChain(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  at: Instant,
): X509Certificate[] {
  const moment = Date.parse(at);
  const chain = [signer];
  let sawOutOfTime = false;
  for (let current = signer; chain.length <= 6;) {
    if (!holdsAt(current, moment)) sawOutOfTime = true;
    if (roots.some((root) => root.raw.equals(current.raw))) break;
    const isIssuer = (one: X509Certificate) =>
      one.ca && current.checkIssued(one) && current.verify(one.publicKey) && !chain.includes(one);
    const next = roots.find(isIssuer) ?? others.find(isIssuer);
    if (!next) throw new Invalid('crypto.cms-untrusted');
    chain.push(next);
    current = next;
  }
  if (!roots.some((root) => root.raw.equals(chain.at(-1)?.raw ?? Buffer.alloc(0))))
    throw new Invalid('crypto.cms-untrusted');
  if (sawOutOfTime) throw new Invalid('crypto.cms-out-of-time');
  return chain;
}
