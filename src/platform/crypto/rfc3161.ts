import { type X509Certificate } from 'node:crypto';
import { Invalid, Unavailable } from '../errors.ts';
import { Sha256, toInstant, type Instant } from '../values/index.ts';
import {
  expectTag,
  hexOfInteger,
  inside,
  integer,
  nothing,
  octets,
  oid,
  readDer,
  readOid,
  readTime,
  sequence,
  tags,
  truth,
  type Der,
} from './asn1.ts';
import { checkChain, oids, openCms } from './cms.ts';

/** A question to a time-stamp authority, DER. */
export function buildStampRequest({ imprint, nonce, policy }: StampQuestion): Buffer {
  return sequence(
    integer(1),
    sequence(sequence(oid(oids.sha256), nothing()), octets(Buffer.from(imprint, 'hex'))),
    ...(policy === undefined ? [] : [oid(policy)]),
    integer(nonce),
    truth(true),
  );
}

export interface StampQuestion {
  imprint: Sha256;
  /** Eight random bytes or more. */
  nonce: Uint8Array;
  /** Policy asked for; any of the authority's unless told. */
  policy?: string;
}

export function readStampRequest(der: Uint8Array): { imprint: string; nonce: string | null; policy: string | null } {
  const [, imprint, ...rest] = inside(readDer(der), tags.sequence);
  const [algorithm, hash] = inside(imprint, tags.sequence);
  if (readOid(inside(algorithm, tags.sequence)[0]) !== oids.sha256) throw new Invalid('crypto.cms-algorithm');
  const policy = rest.find((one) => one.tag === tags.oid);
  const nonce = rest.find((one) => one.tag === tags.integer);
  return {
    imprint: expectTag(hash, tags.octets).body.toString('hex'),
    policy: policy ? readOid(policy) : null,
    nonce: nonce ? hexOfInteger(nonce) : null,
  };
}

/**
 * The token of an authority's answer.
 * @throws Invalid `crypto.stamp-refused` with the authority's status
 */
export function readStampResponse(der: Uint8Array): Buffer {
  const [status, token] = inside(readDer(der), tags.sequence);
  const granted = hexOfInteger(inside(status, tags.sequence)[0]);
  if ((granted !== '00' && granted !== '01') || !token) {
    throw new Invalid('crypto.stamp-refused', { params: { detail: granted } });
  }
  return token.raw;
}

export interface TimeStamp {
  at: Instant;
  policy: string;
  imprint: Sha256;
  serial: string;
  signer: X509Certificate;
  /** Until when the certificate that signed the stamp is valid: renew before. */
  until: Instant;
}

/**
 * Checks a token: signature, imprint, nonce, policy, and that its signer was allowed to stamp at the time it states.
 * @param roots the reader's own; none are taken from the token
 * @throws Invalid `crypto.stamp-other-imprint`, `-other-nonce`, `-other-policy`, `-not-for-stamps`, `crypto.cms-*`
 * @source RFC 3161
 */
export function openTimeStamp(
  token: Uint8Array,
  expected: {
    imprint: Sha256;
    roots: readonly X509Certificate[];
    nonce?: Uint8Array;
    policies?: readonly string[];
  },
): TimeStamp {
  const opened = openCms(token);
  if (opened.type !== oids.tstInfo || !opened.enclosed) throw new Invalid('crypto.malformed-der');
  const [, policyPart, imprintPart, serial, genTime, ...rest] = inside(readDer(opened.enclosed), tags.sequence);
  const policy = readOid(policyPart);
  const [algorithm, hash] = inside(imprintPart, tags.sequence);
  const stated = expectTag(hash, tags.octets).body.toString('hex');
  if (readOid(inside(algorithm, tags.sequence)[0]) !== oids.sha256 || stated !== expected.imprint)
    throw new Invalid('crypto.stamp-other-imprint');
  if (expected.nonce) {
    const nonce = rest.find((one: Der) => one.tag === tags.integer);
    const asked = hexOfInteger(readDer(integer(expected.nonce)));
    if (!nonce || hexOfInteger(nonce) !== asked) throw new Invalid('crypto.stamp-other-nonce');
  }
  if (expected.policies && !expected.policies.includes(policy)) throw new Invalid('crypto.stamp-other-policy');
  if (!isForStampsOnly(opened.signer)) throw new Invalid('crypto.stamp-not-for-stamps');
  const at = toInstant(new Date(readTime(genTime)));
  checkChain(opened.signer, opened.certificates, expected.roots, at);
  return {
    at,
    policy,
    imprint: Sha256.parse(stated),
    serial: hexOfInteger(serial),
    signer: opened.signer,
    until: toInstant(new Date(Date.parse(opened.signer.validTo))),
  };
}

/** The certificate carries the one purpose, marked critical. @source RFC 3161 section 2.3 */
function isForStampsOnly(certificate: X509Certificate): boolean {
  // `keyUsage` of node holds extended usages by their dotted names.
  if (certificate.keyUsage?.length !== 1 || certificate.keyUsage[0] !== '1.3.6.1.5.5.7.3.8') return false;
  const body = inside(inside(readDer(certificate.raw), tags.sequence)[0], tags.sequence);
  const list = inside(inside(body.find((one) => one.tag === 0xa3))[0], tags.sequence);
  const extended = list.map((one) => inside(one, tags.sequence)).find(([name]) => readOid(name) === '2.5.29.37');
  return extended?.[1]?.tag === tags.boolean && extended[1].body[0] === 0xff;
}

export interface StampAuthority {
  /** Asks once. @throws Unavailable `crypto.stamp-unreachable`; Invalid as `openTimeStamp` */
  stamp(imprint: Sha256): Promise<{ token: Buffer; stamp: TimeStamp }>;
}

export interface StampAuthorityOptions {
  url: string;
  roots: readonly X509Certificate[];
  policies?: readonly string[];
  nonce(): Uint8Array;
  /** Milliseconds for one question; 20 s unless told. */
  timeout?: number;
}

const mostAnswer = 200_000;

/** A time-stamp authority by HTTP; every answer is checked before it counts. */
export function stampAuthority({
  url,
  roots,
  policies,
  nonce,
  timeout = 20_000,
}: StampAuthorityOptions): StampAuthority {
  return {
    async stamp(imprint) {
      const asked = { imprint, nonce: nonce(), ...(policies?.[0] === undefined ? {} : { policy: policies[0] }) };
      let answer: Buffer;
      try {
        const response = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/timestamp-query', accept: 'application/timestamp-reply' },
          body: new Uint8Array(buildStampRequest(asked)),
          redirect: 'error',
          signal: AbortSignal.timeout(timeout),
        });
        if (!response.ok) throw new Error(`status ${response.status}`);
        answer = Buffer.from(await response.arrayBuffer());
        if (answer.length > mostAnswer) throw new Error('too long');
      } catch (cause) {
        throw new Unavailable('crypto.stamp-unreachable', { cause });
      }
      const token = readStampResponse(answer);
      return { token, stamp: openTimeStamp(token, { ...asked, roots, ...(policies ? { policies } : {}) }) };
    },
  };
}
