import { pipeline, type Readable } from 'node:stream';
import { openBytes, openPart } from '../../../platform/crypto/index.ts';
import { Invalid } from '../../../platform/errors.ts';
import type { IncomingFile, IncomingMessage } from '../../../platform/outbox/index.ts';
import { readManifest, stripBytes, stripPart, verifyMessage, type Signed } from '../envelope.ts';
import type { Manifest, ManifestPart, Message, TrustView } from '../schema.ts';
import type { BlobRow, InboxRow } from '../store/index.ts';
import { bodyPart } from './seal.ts';
import type { DeliveryParts } from './types.ts';

/** Sealed parts of a kept message: those that came inside, and those that lie in the folder. */
export interface SealedParts {
  message: Signed<Message>;
  read(name: string): Readable | Buffer;
}

interface KeptTransport {
  message: unknown;
  inline: { [name: string]: string };
}

function payloadOf(text: string): KeptTransport {
  const { payload } = JSON.parse(text) as { payload: string };
  return JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')) as KeptTransport;
}

/**
 * Reads a message that was received and kept, and verifies its authority's signature once more, as of its signing.
 * @throws Invalid with the code of the refusal
 */
export function readKept(
  parts: Pick<DeliveryParts, 'folder'>,
  transport: Buffer,
  blobs: readonly BlobRow[],
  trust: TrustView,
): SealedParts {
  const kept = payloadOf(transport.toString('utf8'));
  const message = verifyMessage(kept.message, trust, null);
  if (!message.ok) throw new Invalid(message.error);
  return {
    message: message.value,
    read(name) {
      const inline = kept.inline[name];
      if (inline !== undefined) return Buffer.from(inline, 'base64url');
      const blob = blobs.find((one) => one.part === name);
      if (!blob) throw new Invalid('exchange.part-mismatch');
      return parts.folder.read(blob.direction, blob.blob_id);
    },
  };
}

async function whole(source: Readable | Buffer): Promise<Buffer> {
  if (Buffer.isBuffer(source)) return source;
  const pieces: Buffer[] = [];
  for await (const piece of source) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** Largest body and manifest that are opened in memory. */
const mostInMemory = 64 * 1_048_576;

/**
 * Opens a kept message with the keys of its receiver and compares the manifest with what was signed.
 * @throws Invalid `exchange.manifest-mismatch`, `exchange.too-large`, or the code of a signature that does not hold
 * @throws Unavailable `crypto.no-reader`, `crypto.cannot-open`
 */
export async function openMessage(
  parts: Pick<DeliveryParts, 'keys' | 'folder'>,
  row: InboxRow,
  blobs: readonly BlobRow[],
  trust: TrustView,
): Promise<IncomingMessage> {
  const { keys } = parts;
  const sealed = readKept(parts, row.transport_bytes, blobs, trust);
  const message = sealed.message.value;
  // Keys that were rotated away stay in the store: what was sealed to them before still opens.
  const kids = (await keys.list()).filter((key) => key.algorithm === 'X25519').map((key) => key.kid);
  const [first, second] = message.parts;
  if (!first || !second || first.length + second.length > mostInMemory) throw new Invalid('exchange.too-large');
  const openWhole = async (name: string) => openBytes(await whole(sealed.read(name)), keys, kids);
  const manifest = readManifest(await openWhole(first.name), message);
  if (!manifest.ok) throw new Invalid(manifest.error);
  const body = await readBody(manifest.value, openWhole);
  const open = (part: ManifestPart) => async (): Promise<Readable> => {
    const stripped = stripPart(part);
    pipeline(openPart(sealed.read(part.name), keys, kids), stripped, () => undefined);
    return stripped;
  };
  return {
    id: row.message_id,
    kind: message.subjectKind,
    conversationId: message.conversationId,
    sequence: message.sequence,
    from: message.from,
    to: message.to,
    inReplyTo: message.inReplyTo,
    legalBasis: message.legalBasis,
    tlp: message.tlp,
    priority: message.priority,
    signedAt: message.signedAt,
    receivedAt: row.received_at,
    messageSha256: sealed.message.payloadSha256,
    signedBy: sealed.message.kid,
    subject: manifest.value.subject,
    nationalReferences: manifest.value.nationalReferences,
    body,
    files: manifest.value.parts.slice(1).map((part): IncomingFile => ({
      part: part.name,
      fileName: part.fileName,
      mediaType: part.mediaType,
      size: part.plainLength,
      sha256: part.plainSha256,
      custodyRef: part.custodyRef,
      open: open(part),
    })),
  };
}

async function readBody(
  manifest: Manifest,
  openWhole: (name: string) => Promise<Buffer>,
): Promise<{ [member: string]: unknown }> {
  const [part] = manifest.parts;
  if (part?.name !== bodyPart.name || part.mediaType !== bodyPart.mediaType)
    throw new Invalid('exchange.manifest-mismatch');
  try {
    const text = stripBytes(part, await openWhole(part.name)).toString('utf8');
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as { [member: string]: unknown };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && String(cause.code).startsWith('crypto.')) throw cause;
    throw new Invalid('exchange.manifest-mismatch', { cause });
  }
  throw new Invalid('exchange.manifest-mismatch');
}
