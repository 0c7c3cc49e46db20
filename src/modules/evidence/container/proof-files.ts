import type { Readable } from 'node:stream';
import type { JWK } from 'jose';
import { z } from 'zod';
import { flatJwsText, type FlatJws } from '../../../platform/crypto/index.ts';
import { canonical } from '../../../platform/values/index.ts';
import type { EvidenceFile, ListedCustody } from '../schema.ts';
import { fileOf, type ContainerFile } from './write.ts';

/** What is kept of one message, as whoever carries messages hands it over. */
export interface MessageProof {
  message: FlatJws;
  receipts: readonly FlatJws[];
  events: readonly FlatJws[];
  /** Entries of the sender's or receiver's log, with the way from each leaf to the root of `checkpoint`. Hex. */
  log: readonly { origin: string; index: number; size: number; entry: string; salt: string; path: readonly string[] }[];
  /** Signed note; null when the log has none yet. */
  checkpoint: string | null;
  /** Checkpoints with signatures of witnesses; one of a smaller size needs its proof in `consistency`. */
  cosignatures: readonly string[];
  /** That the log only grew, from an earlier size to that of `checkpoint`. Hex. */
  consistency?: readonly { from: number; to: number; hashes: readonly string[] }[];
  /** States of the log with RFC 3161 tokens over the text of their notes, DER in base64. */
  stamps?: readonly { checkpoint: string; token: string }[];
  keys: readonly { use: string; holder: string; kid: string; publicKey: JWK; certificates?: readonly string[] }[];
}

/** A sealed part of the message, as it crossed the border. */
export interface SealedPart {
  name: string;
  open(): Promise<Readable>;
}

/** A key as it stands in `keys.json`, for comparison with the reader's own. */
export const ListedKey = z.object({
  use: z.string(),
  holder: z.string(),
  kid: z.string(),
  publicKey: z.looseObject({ kty: z.string(), crv: z.string(), x: z.string(), y: z.string().optional() }),
  certificates: z.array(z.string()).optional(),
});
export type ListedKey = z.infer<typeof ListedKey>;

/** One step from a log entry to the root, in text that `sed` reads. */
export const logProofText = (one: MessageProof['log'][number]): string =>
  [
    'comity-log-proof/1',
    `origin ${one.origin}`,
    `index ${one.index}`,
    `size ${one.size}`,
    `salt ${one.salt}`,
    ...one.path.map((hash) => `path ${hash}`),
    '',
  ].join('\n');

export const grownText = (hashes: readonly string[]): string => hashes.map((hash) => `${hash}\n`).join('');

export interface ReadLogProof {
  origin: string;
  index: number;
  size: number;
  salt: Buffer;
  path: Buffer[];
}

export function readLogProof(text: string): ReadLogProof | undefined {
  const match =
    /^comity-log-proof\/1\norigin (\S+)\nindex (\d{1,15})\nsize (\d{1,15})\nsalt ([0-9a-f]{32,64})\n((?:path [0-9a-f]{64}\n)*)$/.exec(
      text,
    );
  if (!match) return undefined;
  const [, origin = '', index, size, salt = '', path = ''] = match;
  return {
    origin,
    index: Number(index),
    size: Number(size),
    salt: Buffer.from(salt, 'hex'),
    path: path
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Buffer.from(line.slice(5), 'hex')),
  };
}

const numbered = (index: number) => String(index + 1).padStart(3, '0');
const jose = 'application/jose+json';

/** Message, receipts, events, sealed parts and log, as files of a container. */
export function filesOfMessage(proof: MessageProof, parts: readonly SealedPart[]): ContainerFile[] {
  const jws = (name: string, one: FlatJws) => fileOf(name, jose, flatJwsText(one));
  return [
    jws('message.jws', proof.message),
    ...proof.receipts.map((one, index) => jws(index === 0 ? 'receipt.jws' : `receipt-${numbered(index)}.jws`, one)),
    ...proof.events.map((one, index) => jws(`events/${numbered(index)}.jws`, one)),
    ...parts.map((one) => ({ name: `parts/${one.name}.age`, mediaType: 'application/age', open: () => one.open() })),
    ...proof.log.flatMap((one, index) => [
      fileOf(`log/${numbered(index)}.entry`, 'application/json', one.entry),
      fileOf(`log/${numbered(index)}.proof`, 'text/plain', logProofText(one)),
    ]),
    ...(proof.checkpoint === null ? [] : [fileOf('log/checkpoint', 'text/plain', proof.checkpoint)]),
    ...proof.cosignatures.map((one, index) => fileOf(`log/cosignature-${numbered(index)}`, 'text/plain', one)),
    ...(proof.consistency ?? []).map((one) =>
      fileOf(`log/grown-from-${one.from}`, 'text/plain', grownText(one.hashes)),
    ),
    ...(proof.stamps ?? []).flatMap(({ checkpoint, token }) => {
      const name = `log/stamped-${checkpoint.split('\n')[1] ?? ''}`;
      return [
        fileOf(name, 'text/plain', checkpoint),
        fileOf(`${name}.tst`, 'application/vnd.etsi.timestamp-token', Buffer.from(token, 'base64')),
      ];
    }),
    fileOf('keys.json', 'application/json', canonical(proof.keys)),
  ];
}

/** A file of evidence in a container: plaintext, since whoever makes the pack discloses it. */
export interface DisclosedFile {
  file: EvidenceFile;
  custody: readonly ListedCustody[];
  open(): Promise<Readable>;
}

/** ASCII name that no system stumbles over; the name as given stands in `contents.json`. */
export function containerName(index: number, fileName: string): string {
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(fileName)?.[1];
  return `files/${numbered(index)}${extension ? `.${extension.toLowerCase()}` : ''}`;
}

const actTerms: Record<string, string> = {
  collected: 'collected',
  received: 'transferred',
  sealed: 'preserved',
  read: 'accessed',
  verified: 'verified',
  released: 'transferred',
  returned: 'returned',
  linked: 'copied',
  exported: 'copied',
  scanned: 'examined',
  'let-out': 'released',
};

/**
 * Custody in terms of the CASE and UCO ontologies. Each action also carries the record as it was hashed, so that the
 * chain can be computed again: SHA-256 over the canonical form of `{entry, previousHash}`.
 * @source CASE 1.4 `case-investigation:InvestigativeAction`; ISO/IEC 27037
 */
export function custodyJsonLd(disclosed: readonly DisclosedFile[]): string {
  return canonical({
    '@context': {
      'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
      'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
      'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
      'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
      'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
      comity: 'urn:comity:custody:1:',
    },
    '@graph': disclosed.flatMap(({ file, custody }, index) => [
      {
        '@id': `comity:${file.id}`,
        '@type': 'uco-observable:File',
        'uco-core:name': file.fileName,
        'comity:containerName': containerName(index, file.fileName),
        'comity:size': file.size,
        'uco-observable:hash': { 'uco-types:hashMethod': 'SHA256', 'uco-types:hashValue': file.sha256 },
        ...(file.source === null ? {} : { 'comity:givenBy': file.source }),
        ...(file.useLimitation === null ? {} : { 'comity:useLimitation': file.useLimitation }),
      },
      ...custody.map((one) => ({
        '@id': `comity:${file.id}/${one.entry.seq}`,
        '@type': 'case-investigation:InvestigativeAction',
        'uco-core:name': actTerms[one.entry.act] ?? one.entry.act,
        'uco-action:startTime': one.entry.at,
        'uco-action:performer': one.entry.by,
        'uco-action:object': `comity:${file.id}`,
        'comity:record': one,
      })),
    ]),
  });
}
