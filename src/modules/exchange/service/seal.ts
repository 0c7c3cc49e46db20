import { pipeline } from 'node:stream';
import { sealBytes, sealPart } from '../../../platform/crypto/index.ts';
import type { OutgoingContent } from '../../../platform/outbox/index.ts';
import { secret } from '../../../platform/random.ts';
import { canonical, sha256 } from '../../../platform/values/index.ts';
import { buildManifest, fillBytes, fillPart, longestInline, partName } from '../envelope.ts';
import { MessageId, type ManifestPart, type Part } from '../schema.ts';
import type { DeliveryParts } from './types.ts';

/** A sealed part that lies in the folder until the peer has all of it. */
export interface StagedPart {
  blobId: string;
  part: Part;
}

export interface SealedContent {
  parts: Part[];
  inline: Map<string, Buffer>;
  staged: StagedPart[];
}

/** The body as the second part of a message; files follow it. */
export const bodyPart = { name: partName(1), fileName: 'body.json', mediaType: 'application/json' } as const;

/**
 * Seals a message part by part: manifest, body, files. Small parts are kept at hand, others go to the folder as they are
 * sealed; plaintext rests nowhere.
 * @param recipients age recipients of receiver and sender
 */
export async function sealContent(
  parts: Pick<DeliveryParts, 'random' | 'folder'>,
  messageId: string,
  content: OutgoingContent,
  recipients: readonly string[],
): Promise<SealedContent> {
  const { random, folder } = parts;
  const body = Buffer.from(canonical(content.body), 'utf8');
  const listed: ManifestPart[] = [
    { ...bodyPart, plainLength: body.length, plainSha256: sha256(body), custodyRef: null },
    ...content.files.map((file, index) => ({
      name: partName(index + 2),
      fileName: file.fileName,
      mediaType: file.mediaType,
      plainLength: file.size,
      plainSha256: file.sha256,
      custodyRef: file.custodyRef,
    })),
  ];
  const manifest = buildManifest({
    messageId: MessageId.parse(messageId),
    conversationId: content.conversationId,
    from: content.from,
    to: content.to,
    subject: content.subject,
    nationalReferences: content.nationalReferences,
    parts: listed,
  });
  const sealed: SealedContent = { parts: [], inline: new Map(), staged: [] };
  let room = longestInline;

  function addSmall(name: string, plain: Buffer): boolean {
    const { bytes, length, headerSha256, payloadRoot } = sealBytes(plain, recipients, random);
    if (length > room) return false;
    room -= length;
    sealed.inline.set(name, bytes);
    sealed.parts.push({ name, mediaType: 'application/age', length, headerSha256, payloadRoot });
    return true;
  }

  async function addLarge(name: string, plain: Parameters<typeof sealPart>[0]): Promise<void> {
    const blobId = secret(random, 24);
    const { header, payload, done } = sealPart(plain, recipients, random);
    async function* pieces(): AsyncIterable<Uint8Array> {
      yield header;
      yield* payload as AsyncIterable<Uint8Array>;
    }
    try {
      await folder.write('out', blobId, pieces());
      const { length, headerSha256, payloadRoot, leaves } = await done;
      await folder.writeTree('out', blobId, leaves);
      const part: Part = { name, mediaType: 'application/age', length, headerSha256, payloadRoot };
      sealed.parts.push(part);
      sealed.staged.push({ blobId, part });
    } catch (error) {
      await folder.remove('out', blobId);
      throw error;
    }
  }

  try {
    for (const [name, plain] of [
      [partName(0), manifest],
      [bodyPart.name, fillBytes(body)],
    ] as const) {
      if (!addSmall(name, plain)) await addLarge(name, plain);
    }
    for (const [index, file] of content.files.entries()) {
      const filling = fillPart(file.size);
      pipeline(await file.open(), filling, () => undefined);
      await addLarge(partName(index + 2), filling);
    }
  } catch (error) {
    await dropStaged(parts, sealed);
    throw error;
  }
  return sealed;
}

/** Removes what was sealed for a message that does not leave. */
export async function dropStaged(parts: Pick<DeliveryParts, 'folder'>, sealed: SealedContent): Promise<void> {
  for (const { blobId } of sealed.staged) await parts.folder.remove('out', blobId);
}
