import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JWK } from 'jose';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import { Unavailable } from '../errors.ts';
import { secret, type Random } from '../random.ts';
import type { KeyStore } from './keys.ts';
import { sha256, toInstant, type Instant, type Sha256 } from '../values/index.ts';

/** One DER element: tag, length, contents. */
function der(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(contents);
  const length: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
  const head = body.length < 0x80 ? [body.length] : [0x80 | length.length, ...length];
  return Buffer.concat([Buffer.from([tag, ...head]), body]);
}

function wholeNumber(bytes: Uint8Array): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const short = start < 0 ? Buffer.from([0]) : Buffer.from(bytes.slice(start));
  return der(0x02, (short[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.from([0]), short]) : short);
}

function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const arcs = [first * 40 + second, ...rest].flatMap((arc) => {
    const pieces = [arc % 128];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) pieces.unshift(0x80 | (left % 128));
    return pieces;
  });
  return der(0x06, Buffer.from(arcs));
}

const sequence = (...contents: readonly Uint8Array[]) => der(0x30, ...contents);
const commonName = (name: string) =>
  sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(name, 'utf8')))));
const moment = (at: Instant) => der(0x18, Buffer.from(`${at.replaceAll(/[-T:]/g, '').slice(0, 14)}Z`, 'ascii'));
const extension = (id: string, critical: boolean, value: Uint8Array) =>
  sequence(objectId(id), ...(critical ? [der(0x01, Buffer.from([0xff]))] : []), der(0x04, value));

/** Two 32-byte halves, as JWS writes an ES256 signature, in the DER form that certificates and CMS use. */
export function toDerSignature(raw: Uint8Array): Buffer {
  return sequence(wholeNumber(raw.slice(0, 32)), wholeNumber(raw.slice(32)));
}

export interface CertificateContent {
  /** Common names. */
  subject: string;
  issuer: string;
  /** P-256. */
  publicKey: JWK;
  /** 16 bytes. */
  serial: Uint8Array;
  from: Instant;
  until: Instant;
  /** `tls`: server and client; `sign`: an authority's documents; `ca`: issues others; `stamp`: time stamps and nothing else. */
  use: 'tls' | 'sign' | 'ca' | 'stamp';
  dnsNames?: readonly string[];
}

/**
 * Writes an X.509 certificate over a P-256 key.
 * @param signBytes ES256 by the issuer: 64 bytes r and s, as a key store gives them
 * @returns DER
 * @source RFC 5280
 */
export async function buildCertificate(
  content: CertificateContent,
  signBytes: (bytes: Uint8Array) => Promise<Uint8Array>,
): Promise<Buffer> {
  const { kty, crv, x, y } = content.publicKey;
  const spki = createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }).export({ format: 'der', type: 'spki' });
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const usage = { tls: 0x80, sign: 0xc0, ca: 0x06, stamp: 0xc0 }[content.use];
  const unusedBits = content.use === 'ca' ? 1 : content.use === 'tls' ? 7 : 6;
  const names = content.dnsNames ?? [];
  const extensions = [
    extension('2.5.29.19', true, content.use === 'ca' ? sequence(der(0x01, Buffer.from([0xff]))) : sequence()),
    extension('2.5.29.15', true, der(0x03, Buffer.from([unusedBits, usage]))),
    ...(content.use === 'tls'
      ? [extension('2.5.29.37', false, sequence(objectId('1.3.6.1.5.5.7.3.1'), objectId('1.3.6.1.5.5.7.3.2')))]
      : []),
    ...(content.use === 'stamp' ? [extension('2.5.29.37', true, sequence(objectId('1.3.6.1.5.5.7.3.8')))] : []),
    ...(names.length > 0
      ? [extension('2.5.29.17', false, sequence(...names.map((name) => der(0x82, Buffer.from(name, 'ascii')))))]
      : []),
  ];
  const signed = sequence(
    der(0xa0, wholeNumber(Buffer.from([2]))),
    wholeNumber(Buffer.from([content.serial[0]! & 0x7f, ...content.serial.slice(1)])),
    algorithm,
    commonName(content.issuer),
    sequence(moment(content.from), moment(content.until)),
    commonName(content.subject),
    spki,
    der(0xa3, sequence(...extensions)),
  );
  const signature = toDerSignature(await signBytes(signed));
  return sequence(signed, algorithm, der(0x03, Buffer.from([0]), signature));
}

export function toPem(certificate: Uint8Array): string {
  const lines =
    Buffer.from(certificate)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** SHA-256 of a certificate's or key's SubjectPublicKeyInfo: what a node entry pins. */
export function spkiSha256(certificatePem: string | Uint8Array): Sha256 {
  const spki = new X509Certificate(certificatePem).publicKey.export({ format: 'der', type: 'spki' });
  return createHash('sha256').update(spki).digest('hex') as Sha256;
}

/** A node's own key for TLS, with the certificate that carries its public part. */
export interface TlsIdentity {
  keyPem: string;
  certPem: string;
  spkiSha256: Sha256;
  /** Of the certificate; peers look at the key alone. */
  until: Instant;
}

export interface TlsIdentityOptions {
  /** Seals the private key at rest. */
  keys: Pick<KeyStore, 'ensure' | 'wrap' | 'unwrap'>;
  /** Where `FILE.json` stands, in mode 0600. */
  folder: string;
  /** Of the file; another name is another key, as in a rotation. */
  file?: string;
  /** Common name. */
  name: string;
  dnsNames?: readonly string[];
  clock: Clock;
  random: Random;
}

const StoredIdentity = z.strictObject({
  kind: z.literal('tls-identity'),
  version: z.literal(1),
  certificate: z.string(),
  sealedKey: z.strictObject({ kid: z.string(), bytes: z.string() }),
});
type StoredIdentity = z.infer<typeof StoredIdentity>;

const lifeMs = 10 * 365 * 86_400_000;

/**
 * The node's TLS key and self-signed certificate, made when there is none. TLS needs its key in the memory of the
 * process, so it is no key of the key store, which only seals it at rest; it protects the way, never the content.
 * @throws Unavailable `crypto.key-store-unreadable`
 */
export async function openTlsIdentity(options: TlsIdentityOptions): Promise<TlsIdentity> {
  const { folder, file = 'tls', clock, random } = options;
  const path = join(folder, `${file}.json`);
  const place = `tls/${file}`;
  const { kid } = await options.keys.ensure('tls/wrap', 'A256GCM');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readIfThere(path)) === undefined) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const from = clock.now();
    const certificate = await buildCertificate(
      {
        subject: options.name,
        issuer: options.name,
        publicKey: pair.publicKey.export({ format: 'jwk' }) as JWK,
        serial: random.bytes(16),
        from,
        until: toInstant(new Date(Date.parse(from) + lifeMs)),
        use: 'tls',
        dnsNames: options.dnsNames ?? [],
      },
      async (bytes) => sign('sha256', bytes, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }),
    );
    const key = await options.keys.wrap(kid, pair.privateKey.export({ format: 'der', type: 'pkcs8' }), place);
    const stored: StoredIdentity = {
      kind: 'tls-identity',
      version: 1,
      certificate: Buffer.from(certificate).toString('base64'),
      sealedKey: { kid, bytes: Buffer.from(key).toString('base64') },
    };
    await writeOnce(path, JSON.stringify(stored, null, 2), random);
  }
  try {
    const stored = StoredIdentity.parse(JSON.parse((await readIfThere(path)) ?? ''));
    const certPem = toPem(Buffer.from(stored.certificate, 'base64'));
    const key = await options.keys.unwrap(stored.sealedKey.kid, Buffer.from(stored.sealedKey.bytes, 'base64'), place);
    const keyPem = createPrivateKey({ key: Buffer.from(key), format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString();
    const until = toInstant(new Date(new X509Certificate(certPem).validTo));
    return { keyPem, certPem, spkiSha256: spkiSha256(certPem), until };
  } catch (cause) {
    throw new Unavailable('crypto.key-store-unreadable', { params: { file: path }, cause });
  }
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Unavailable('crypto.key-store-unreadable', { params: { file }, cause: error });
  }
}

/** A file that another process made meanwhile stays. */
async function writeOnce(file: string, text: string, random: Random): Promise<void> {
  const draft = `${file}.${secret(random, 9)}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await link(draft, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
}

/** Thumbprint of a certificate, as `x5t#S256` holds it. */
export function certificateSha256(certificate: Uint8Array): Sha256 {
  return sha256(certificate);
}
