import type { X509Certificate } from 'node:crypto';
import {
  checkChain,
  isJwsSignedBy,
  isNoteSignedBy,
  cosignedAt,
  openCms,
  openTimeStamp,
  readCheckpoint,
  readJws,
  readNote,
  type TreeHead,
} from '../../../platform/crypto/index.ts';
import { ComityError } from '../../../platform/errors.ts';
import { problem, sha256, type Instant, type Problem } from '../../../platform/values/index.ts';
import { leafData, verifyConsistency, verifyInclusion } from '../../audit/index.ts';
import { checkCustody } from '../rules/index.ts';
import { ListedCustody } from '../schema.ts';
import type { MiddleReader } from '../storage.ts';
import { ListedKey, readLogProof } from './proof-files.ts';
import { BadContainer, openContainer, type Manifest, type OpenedContainer } from './read.ts';

/** What the reader brings: nothing that counts is taken from the container. */
export interface Trusted {
  /** Roots of States whose signatures count. */
  roots: readonly X509Certificate[];
  stampRoots: readonly X509Certificate[];
  now: Instant;
}

export interface ContainerReport {
  /** `holds`: every check that could be made holds. */
  status: 'holds' | 'broken';
  signer: string | null;
  signedAt: Instant | null;
  /** Times that authorities vouch for, oldest first. */
  stamps: { at: Instant; policy: string; until: Instant }[];
  /** Stamp again before this moment. */
  renewBefore: Instant | null;
  files: number;
  findings: Problem[];
}

const stampGrace = 5 * 60_000;

/** Checks everything in a container; what cannot be checked is said, and what is wrong makes it broken. */
export async function verifyContainer(reader: MiddleReader, trusted: Trusted): Promise<ContainerReport> {
  const findings: Problem[] = [];
  const say = (code: string, name: string, severity: Problem['severity'] = 'block') =>
    void findings.push(problem(code, [name], { severity, params: { file: name } }));
  const report: ContainerReport = {
    status: 'broken',
    signer: null,
    signedAt: null,
    stamps: [],
    renewBefore: null,
    files: 0,
    findings,
  };
  let opened: OpenedContainer;
  try {
    opened = await openContainer(reader);
  } catch (error) {
    if (!(error instanceof BadContainer)) throw error;
    say(error.code, '');
    return report;
  }
  report.files = opened.entries.filter((one) => !one.name.startsWith('META-INF/') && one.name !== 'mimetype').length;
  checkLists(opened, say);
  await checkStamps(opened, trusted, report, say);
  await checkSignatures(opened, trusted, report, say);
  await checkContent(opened, trusted, say);
  report.status = findings.some((one) => one.severity === 'block') ? 'broken' : 'holds';
  return report;
}

type Say = (code: string, name: string, severity?: Problem['severity']) => void;

const isStamp = (one: Manifest) => one.proof.endsWith('.tst');

/** Every digest in every manifest, and completeness both ways. */
function checkLists({ manifests, digests, entries }: OpenedContainer, say: Say): void {
  for (const manifest of manifests) {
    const listed = new Set<string>();
    for (const { name, digest } of manifest.references) {
      if (listed.has(name)) say('evidence.container-listed-twice', name);
      listed.add(name);
      const found = digests.get(name);
      if (found === undefined) say('evidence.container-missing', name);
      else if (found !== digest) say('evidence.container-differs', name);
    }
    if (!digests.has(manifest.proof)) say('evidence.container-missing', manifest.proof);
  }
  const signed = new Set(
    manifests.filter((one) => !isStamp(one)).flatMap((one) => one.references.map((ref) => ref.name)),
  );
  const proofs = new Set(manifests.flatMap((one) => [one.name, one.proof]));
  for (const { name } of entries) {
    if (name === 'mimetype') continue;
    if (name.startsWith('META-INF/') ? !proofs.has(name) : !signed.has(name)) say('evidence.container-unlisted', name);
  }
  const used = manifests.map((one) => one.proof);
  for (const name of used.filter((one, index) => used.indexOf(one) !== index))
    say('evidence.container-listed-twice', name);
}

async function checkStamps(
  opened: OpenedContainer,
  trusted: Trusted,
  report: ContainerReport,
  say: Say,
): Promise<void> {
  const stamps = opened.manifests.filter(isStamp);
  if (stamps.length === 0) say('evidence.container-no-stamp', '', 'warn');
  for (const { name, proof } of stamps) {
    if (!opened.digests.has(proof)) continue;
    try {
      const stamp = openTimeStamp(await opened.bytesOf(proof), {
        imprint: sha256(await opened.bytesOf(name)),
        roots: trusted.stampRoots,
      });
      report.stamps.push({ at: stamp.at, policy: stamp.policy, until: stamp.until });
    } catch (error) {
      if (!(error instanceof ComityError)) throw error;
      say('evidence.container-bad-stamp', proof);
    }
  }
  report.stamps.sort((a, b) => (a.at < b.at ? -1 : 1));
  // A stamp vouches as long as its certificate, and longer under a later stamp made before that end.
  for (const [index, stamp] of report.stamps.entries()) {
    const next = report.stamps[index + 1];
    if (stamp.until < (next?.at ?? trusted.now)) say('evidence.container-stamp-lapsed', stamp.at);
  }
  report.renewBefore = report.stamps.at(-1)?.until ?? null;
}

/** Each signature, with the key valid as of the signing: the first stamp is the latest that signing can have been. */
async function checkSignatures(
  opened: OpenedContainer,
  trusted: Trusted,
  report: ContainerReport,
  say: Say,
): Promise<void> {
  const signatures = opened.manifests.filter((one) => !isStamp(one));
  if (signatures.length === 0) say('evidence.container-no-signature', '');
  for (const { name, proof } of signatures) {
    if (!opened.digests.has(proof)) continue;
    try {
      const cms = openCms(await opened.bytesOf(proof), await opened.bytesOf(name));
      report.signer = cms.signer.subject.replace(/^CN=/, '');
      report.signedAt = cms.signedAt;
      const first = report.stamps[0]?.at;
      if (first && cms.signedAt && Date.parse(cms.signedAt) > Date.parse(first) + stampGrace)
        say('evidence.container-signed-late', proof);
      checkChain(cms.signer, cms.certificates, trusted.roots, first ?? cms.signedAt ?? trusted.now);
    } catch (error) {
      if (!(error instanceof ComityError)) throw error;
      const codes: Record<string, string> = {
        'crypto.cms-untrusted': 'evidence.container-untrusted',
        'crypto.cms-out-of-time': 'evidence.container-key-not-valid',
      };
      say(codes[error.code] ?? 'evidence.container-bad-signature', proof);
    }
  }
}

async function checkContent(opened: OpenedContainer, trusted: Trusted, say: Say): Promise<void> {
  const names = opened.entries.map((one) => one.name);
  const text = async (name: string) => (await opened.bytesOf(name)).toString('utf8');
  const keys = names.includes('keys.json') ? parsed(ListedKey.array(), await text('keys.json')) : [];
  if (!keys) say('evidence.container-bad-message', 'keys.json');
  let messageSha256: string | undefined;
  /** What a log entry can name: the message, and what was stated about it. */
  const spoken: { sha256: string; text: string }[] = [];
  for (const name of names.filter((one) => one.endsWith('.jws'))) {
    const type = name === 'message.jws' ? 'message' : name.startsWith('receipt') ? 'receipt' : 'event';
    const read = readJws(json(await text(name)), `comity-${type}+jws`);
    const key = read.ok ? keys?.find((one) => one.kid === read.value.header.kid) : undefined;
    if (!read.ok || !key || !isJwsSignedBy(read.value, key.publicKey)) say('evidence.container-bad-message', name);
    else spoken.push({ sha256: sha256(read.value.payload), text: read.value.payload.toString('utf8') });
    if (type === 'message' && read.ok) messageSha256 = sha256(read.value.payload);
  }
  const named = spoken.filter((one) => one.sha256 === messageSha256 || one.text.includes(messageSha256 ?? ' '));
  await checkLog(
    opened,
    names,
    keys ?? [],
    messageSha256 === undefined ? undefined : named.map((one) => one.sha256),
    trusted,
    say,
  );
  if (names.includes('custody.jsonld')) checkCustodyFile(json(await text('custody.jsonld')), opened, say);
}

async function checkLog(
  opened: OpenedContainer,
  names: readonly string[],
  keys: readonly ListedKey[],
  /** Undefined: no message came along. */
  spoken: readonly string[] | undefined,
  trusted: Trusted,
  say: Say,
): Promise<void> {
  const proofs = names.filter((one) => /^log\/\d+\.proof$/.test(one));
  if (proofs.length === 0) {
    if (spoken !== undefined) say('evidence.container-no-log', '', 'warn');
    return;
  }
  if (!names.includes('log/checkpoint')) return say('evidence.container-bad-log-proof', 'log/checkpoint');
  const note = readNote((await opened.bytesOf('log/checkpoint')).toString('utf8'));
  const head = note && readCheckpoint(note.text);
  const logKeys = keys.filter((one) => one.use === 'log');
  const noteKeys = (origin: string) => logKeys.map((one) => ({ name: origin, publicKey: one.publicKey }));
  if (!note || !head || !noteKeys(head.origin).some((key) => isNoteSignedBy(note, key)))
    return say('evidence.container-bad-log-proof', 'log/checkpoint');
  let namesMessage = false;
  for (const name of proofs) {
    const proof = readLogProof((await opened.bytesOf(name)).toString('utf8'));
    const entryName = name.replace(/proof$/, 'entry');
    if (!proof || !names.includes(entryName) || proof.origin !== head.origin || proof.size !== head.size) {
      say('evidence.container-bad-log-proof', name);
      continue;
    }
    const entry = (await opened.bytesOf(entryName)).toString('utf8');
    if (!verifyInclusion(leafData(proof.salt, entry), proof.index, proof.size, proof.path, head.root))
      say('evidence.container-bad-log-proof', name);
    if (spoken?.some((one) => entry.includes(one))) namesMessage = true;
  }
  if (spoken !== undefined && !namesMessage) say('evidence.container-log-other-message', 'message.jws');
  const cosigned = names.filter((one) => one.startsWith('log/cosignature-'));
  if (cosigned.length === 0) say('evidence.container-no-witness', '', 'warn');
  for (const name of cosigned) {
    const other = readNote((await opened.bytesOf(name)).toString('utf8'));
    const seen = other && readCheckpoint(other.text);
    const isGood =
      other !== undefined &&
      seen?.origin === head.origin &&
      logKeys.some((one) => cosignedAt(other, { name: one.holder, publicKey: one.publicKey }) !== undefined) &&
      (await grewFrom(opened, seen, head));
    if (!isGood) say('evidence.container-bad-cosignature', name);
  }
  for (const name of names.filter((one) => /^log\/stamped-\d+$/.test(one))) {
    const bytes = await opened.bytesOf(name);
    const other = readNote(bytes.toString('utf8'));
    const seen = other && readCheckpoint(other.text);
    const isGood =
      other !== undefined &&
      seen?.origin === head.origin &&
      noteKeys(head.origin).some((key) => isNoteSignedBy(other, key)) &&
      (await grewFrom(opened, seen, head)) &&
      (await isStamped(opened, `${name}.tst`, bytes, trusted));
    if (!isGood) say('evidence.container-bad-stamp', name);
  }
}

async function isStamped(opened: OpenedContainer, token: string, over: Buffer, trusted: Trusted): Promise<boolean> {
  if (!opened.digests.has(token)) return false;
  try {
    openTimeStamp(await opened.bytesOf(token), { imprint: sha256(over), roots: trusted.stampRoots });
    return true;
  } catch (error) {
    if (!(error instanceof ComityError)) throw error;
    return false;
  }
}

/** Whether what a witness saw is the beginning of what the checkpoint states. */
async function grewFrom(opened: OpenedContainer, seen: TreeHead, head: TreeHead): Promise<boolean> {
  if (seen.size === head.size) return seen.root.equals(head.root);
  const name = `log/grown-from-${seen.size}`;
  if (!opened.digests.has(name)) return false;
  const lines = (await opened.bytesOf(name)).toString('utf8').split('\n').filter(Boolean);
  const path = lines.map((line) => Buffer.from(line, 'hex'));
  return verifyConsistency(seen.size, seen.root, head.size, head.root, path);
}

/** The chain of each file, computed again, and the hash of each disclosed file against its record. */
function checkCustodyFile(document: unknown, opened: OpenedContainer, say: Say): void {
  const graph = (document as { '@graph'?: unknown })?.['@graph'];
  const nodes = Array.isArray(graph) ? (graph as Record<string, unknown>[]) : undefined;
  if (!nodes) return say('evidence.container-bad-custody', 'custody.jsonld');
  const chains = new Map<string, ListedCustody[]>();
  for (const node of nodes) {
    if (node['@type'] === 'uco-observable:File') {
      const name = String(node['comity:containerName']);
      const hash = (node['uco-observable:hash'] as Record<string, unknown> | undefined)?.['uco-types:hashValue'];
      if (opened.digests.get(name) !== Buffer.from(String(hash), 'hex').toString('base64'))
        say('evidence.container-differs', name);
      continue;
    }
    const listed = ListedCustody.safeParse(node['comity:record']);
    if (!listed.success) return say('evidence.container-bad-custody', 'custody.jsonld');
    const chain = chains.get(listed.data.entry.fileId) ?? [];
    chains.set(listed.data.entry.fileId, [...chain, listed.data]);
  }
  for (const chain of chains.values())
    if (checkCustody(chain).length > 0) say('evidence.container-bad-custody', 'custody.jsonld');
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parsed<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  text: string,
): T | undefined {
  const read = schema.safeParse(json(text));
  return read.success ? read.data : undefined;
}
