import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Blobs } from '../platform/blobs/index.ts';
import {
  buildCertificateRequest,
  developmentSigner,
  developmentStampAuthority,
  stampAuthority,
  toPem,
  type DevelopmentSigner,
  type KeyStore,
} from '../platform/crypto/index.ts';
import { Unavailable } from '../platform/errors.ts';
import { addJob, later, type JobHandler } from '../platform/jobs/index.ts';
import type { Tx } from '../platform/db/index.ts';
import { findNewestCheckpoint, findOrigin } from '../modules/audit/index.ts';
import { clamd, createEvidence, EvidenceFileId, type Evidence, type ProofParts } from '../modules/evidence/index.ts';
import { createContext, type Context } from '../modules/identity/index.ts';
import type { Node } from './node.ts';

const megabyte = 1_048_576;

/** Forms without scripts are held in memory: larger files go in slices. */
export const plainFormMb = 64;

const signLabel = 'authority/sign';
const certificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The certificates of a file: the signer's own first, the root last. */
async function chainOf(path: string): Promise<X509Certificate[]> {
  return ((await readFile(path, 'utf8')).match(certificates) ?? []).map((pem) => new X509Certificate(pem));
}

function signerOf(keys: KeyStore, kid: string, chain: readonly X509Certificate[]): DevelopmentSigner {
  const root = chain.at(-1);
  if (!root) throw new Unavailable('evidence.no-certificate');
  return {
    root,
    signer: { certificates: chain.slice(0, -1).map((one) => one.raw), sign: (bytes) => keys.sign(kid, bytes) },
  };
}

/** Certificates for demonstration, made once and kept beside the keys. */
async function keptDevelopmentSigner(
  node: Node,
  keys: KeyStore,
  given: { label: string; name: string; use: 'sign' | 'stamp' },
): Promise<DevelopmentSigner> {
  const path = join(node.config.dataFolder, 'keys', `${given.label.replaceAll('/', '-')}.pem`);
  const { kid } = await keys.ensure(given.label, 'ES256');
  if (!existsSync(path)) {
    const made = await developmentSigner({ keys, clock: node.clock, random: node.random }, given);
    const chain = [...made.signer.certificates, made.root.raw].map(toPem).join('');
    await writeFile(path, chain, { flag: 'wx', mode: 0o600 }).catch(() => undefined);
  }
  return signerOf(keys, kid, await chainOf(path));
}

async function officeSigner(node: Node, keys: KeyStore): Promise<DevelopmentSigner> {
  const { config } = node;
  if (config.COMITY_CERTIFICATE_FILE === '') {
    if (config.COMITY_PROFILE !== 'demo') throw new Unavailable('evidence.no-certificate');
    return keptDevelopmentSigner(node, keys, {
      label: signLabel,
      name: config.COMITY_AUTHORITY || config.COMITY_STATE,
      use: 'sign',
    });
  }
  const { kid, publicKey } = await keys.ensure(signLabel, 'ES256');
  const chain = await chainOf(config.COMITY_CERTIFICATE_FILE);
  // A certificate of another key would make every pack broken.
  if (chain[0]?.publicKey.export({ format: 'jwk' }).x !== publicKey?.x)
    throw new Unavailable('evidence.no-certificate');
  return signerOf(keys, kid, chain);
}

async function stampsOf(node: Node, keys: KeyStore): Promise<ProofParts['stamps']> {
  const { config, clock, random } = node;
  if (config.COMITY_STAMP_URL !== '') {
    const roots = await chainOf(config.COMITY_STAMP_ROOT_FILE);
    const [root] = roots;
    if (!root) throw new Unavailable('evidence.no-certificate');
    const authority = stampAuthority({ url: config.COMITY_STAMP_URL, roots, nonce: () => random.bytes(8) });
    return { authority, root };
  }
  // Nobody but the node itself vouches for this time: for demonstration only.
  if (config.COMITY_PROFILE !== 'demo') return undefined;
  const made = await keptDevelopmentSigner(node, keys, {
    label: 'development/stamps',
    name: 'Development time stamps',
    use: 'stamp',
  });
  return { authority: developmentStampAuthority(made, { clock, random }), root: made.root };
}

/** For the State's own issuer: the file it gives back goes to COMITY_CERTIFICATE_FILE, with its root last. */
async function certificateRequestOf(node: Node, keys: KeyStore): Promise<string> {
  const { kid, publicKey } = await keys.ensure(signLabel, 'ES256');
  const subject = node.config.COMITY_AUTHORITY || node.config.COMITY_STATE;
  return buildCertificateRequest({ subject, publicKey: publicKey ?? {} }, (bytes) => keys.sign(kid, bytes));
}

const scanJob = 'evidence.scan';
const tidyJob = { kind: 'evidence.tidy', key: 'hourly' };
const stampJob = { kind: 'evidence.stamp', key: 'each-minute' };
const hour = 3_600_000;
const minute = 60_000;

/** Evidence of a node, with its scanner, certificate and time stamps as the settings say. */
export async function openNodeEvidence(
  node: Node,
  keys: KeyStore,
  blobs: Blobs,
  findMessage?: ProofParts['findMessage'],
): Promise<Evidence> {
  const { config } = node;
  const stamps = await stampsOf(node, keys);
  return createEvidence({
    keys,
    blobs,
    random: node.random,
    maxFileBytes: config.COMITY_MAX_FILE_MB * megabyte,
    maxCaseFileBytes: config.COMITY_CASE_FILE_QUOTA_MB * megabyte,
    maxPersonBytes: config.COMITY_PERSON_QUOTA_MB * megabyte,
    proof: {
      signer: () => officeSigner(node, keys),
      certificateRequest: () => certificateRequestOf(node, keys),
      ...(stamps ? { stamps } : {}),
      ...(findMessage ? { findMessage } : {}),
    },
    ...(config.COMITY_CLAMD === ''
      ? {}
      : { scanner: clamd({ address: config.COMITY_CLAMD, limit: config.COMITY_CLAMD_LIMIT_MB * megabyte }) }),
    onFile: (tx, file) => addJob(tx, node, { kind: scanJob, key: file.id, payload: { file: file.id } }),
  });
}

/** Looks into files, removes uploads left alone, asks for time stamps. */
export function evidenceJobs(node: Node, evidence: Evidence): Record<string, JobHandler> {
  const { clock } = node;
  const ctx: Context = createContext({
    db: node.database.db,
    actor: { kind: 'system', id: 'evidence' },
    clock,
    random: node.random,
    log: node.log,
    state: node.config.COMITY_STATE,
    zone: node.config.COMITY_TIME_ZONE,
    profile: node.config.COMITY_PROFILE,
    locale: 'en',
  });
  return {
    async [scanJob](tx, payload) {
      const file = EvidenceFileId.parse(payload.file);
      if (await evidence.scanFile(ctx, file)) return;
      await addJob(tx, node, { kind: scanJob, key: file, payload, runAt: later(clock.now(), 5 * minute) });
    },
    async [tidyJob.kind](tx) {
      await evidence.sweepUploads(ctx);
      await addJob(tx, node, { ...tidyJob, runAt: later(clock.now(), hour) });
    },
    async [stampJob.kind](tx) {
      const origin = await findOrigin(tx);
      const state = origin === undefined ? undefined : await findNewestCheckpoint(tx, 'exchange', origin);
      if (state) await evidence.askForState(tx, state, clock.now());
      await evidence.stampNext(ctx);
      await addJob(tx, node, { ...stampJob, runAt: later(clock.now(), minute) });
    },
  };
}

/** Asked for at each start: nothing changes when they wait already. */
export async function startEvidenceJobs(tx: Tx, node: Node): Promise<void> {
  await addJob(tx, node, tidyJob);
  await addJob(tx, node, stampJob);
}
