import type { X509Certificate } from 'node:crypto';
import { Readable } from 'node:stream';
import type { CmsSigner, StampAuthority, TimeStamp } from '../../../platform/crypto/index.ts';
import { NotFound, Unavailable } from '../../../platform/errors.ts';
import { canonical } from '../../../platform/values/index.ts';
import type { Random } from '../../../platform/random.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import {
  containerName,
  custodyJsonLd,
  filesOfMessage,
  type DisclosedFile,
  type MessageProof,
  type SealedPart,
} from '../container/proof-files.ts';
import { verifyScript } from '../container/script.ts';
import { fileOf, writeContainer, type ContainerFile } from '../container/write.ts';
import type { CaseFileId, EvidenceFileId } from '../schema.ts';
import type { CaseFileKeys } from '../sealer.ts';
import type { SealedStore } from '../storage.ts';
import * as store from '../store/index.ts';
import { getAllowed } from './case-files.ts';
import { refuseQuarantined } from './files.ts';
import { aboutOf, getReadable, sealOf, storedOf, toFile, touch } from './rows.ts';

/** A message with what proves it; `caseFileId` decides who may have it, null where no case file is known. */
export interface FoundMessage {
  proof: MessageProof;
  parts: SealedPart[];
  caseFileId: CaseFileId | null;
}

/** What a node needs to make containers. Without it there are none. */
export interface ProofParts {
  /** Signs for the authority, with its certificate. @throws Unavailable when there is no certificate */
  signer(): Promise<{ signer: CmsSigner; root: X509Certificate }>;
  stamps?: { authority: StampAuthority; root: X509Certificate };
  /** PKCS#10, PEM, for the key that `signer` uses. */
  certificateRequest?(): Promise<string>;
  findMessage?(ctx: Context, messageId: string): Promise<FoundMessage | undefined>;
}

export interface ProofPack {
  fileName: string;
  bytes: Readable;
  files: number;
  /** Null: not yet time-stamped. */
  stamp: TimeStamp | null;
}

export interface ProofUses {
  /** A container of files with their custody, that anyone can check. Each file gets a custody entry. */
  exportFiles(ctx: Context, ids: readonly EvidenceFileId[]): Promise<ProofPack>;
  /** The authority that stamps containers again, if there is one. @throws Unavailable `evidence.no-stamps` */
  stampAuthority(): StampAuthority;
  /** Roots that others check our containers against. @throws Unavailable `evidence.no-certificate` */
  proofRoots(): Promise<{ state: X509Certificate; stamps: X509Certificate | null }>;
  /** What the State's own issuer makes a certificate from, PEM. @throws Unavailable `evidence.no-certificate` */
  certificateRequest(): Promise<string>;
  /** A container of one message: signed and sealed as it crossed, receipts, events, log. */
  exportMessage(ctx: Context, messageId: string): Promise<ProofPack>;
}

export function proofUses(
  keys: CaseFileKeys,
  sealed: SealedStore,
  random: Random,
  parts: ProofParts | undefined,
): ProofUses {
  async function pack(
    ctx: Context,
    name: string,
    about: Record<string, unknown>,
    files: readonly ContainerFile[],
  ): Promise<ProofPack> {
    if (!parts) throw new Unavailable('evidence.no-certificate');
    const { signer, root } = await parts.signer();
    const contents = { kind: 'proof-pack', version: 1, madeAt: ctx.clock.now(), state: ctx.state, ...about };
    const all = [
      ...files,
      fileOf('contents.json', 'application/json', canonical(contents)),
      fileOf('trust/state-root.pem', 'application/x-pem-file', root.toString()),
      ...(parts.stamps ? [fileOf('trust/tsa-root.pem', 'application/x-pem-file', parts.stamps.root.toString())] : []),
      fileOf('VERIFY.txt', 'text/plain', verifyScript),
    ];
    const made = await writeContainer(all, signer, ctx.clock.now(), parts.stamps?.authority);
    return {
      fileName: `${name}.asice`,
      bytes: Readable.from(made.bytes, { objectMode: false }),
      files: made.files,
      stamp: made.stamp,
    };
  }

  return {
    stampAuthority() {
      if (!parts?.stamps) throw new Unavailable('evidence.no-stamps');
      return parts.stamps.authority;
    },

    async proofRoots() {
      if (!parts) throw new Unavailable('evidence.no-certificate');
      return { state: (await parts.signer()).root, stamps: parts.stamps?.root ?? null };
    },

    async certificateRequest() {
      if (!parts?.certificateRequest) throw new Unavailable('evidence.no-certificate');
      return parts.certificateRequest();
    },

    async exportFiles(ctx, ids) {
      if (!parts) throw new Unavailable('evidence.no-certificate');
      const disclosed = await ctx.transaction(async (tx) => {
        const found: DisclosedFile[] = [];
        for (const id of ids) {
          const { row, key } = await getReadable(tx, ctx, keys, id);
          await getAllowed(tx, ctx, 'evidence.export', row.case_file_id);
          await refuseQuarantined(tx, row);
          const seal = sealOf(row, aboutOf(row, key), key, random);
          await touch(tx, ctx, row, 'exported');
          await recordAudit(tx, ctx, 'evidence.export', { kind: 'evidence-file', id }, { caseFile: row.case_file_id });
          found.push({
            file: toFile(row, key),
            custody: await store.listCustodyRows(tx, id),
            open: async () => sealed.read(seal, await sealed.pieces(storedOf(row))),
          });
        }
        return found;
      });
      const listed = disclosed.map(({ file }, index) => ({
        name: containerName(index, file.fileName),
        fileName: file.fileName,
        mediaType: file.mediaType,
        size: file.size,
        sha256: file.sha256,
        source: file.source,
        useLimitation: file.useLimitation,
      }));
      const files: ContainerFile[] = disclosed.map(({ file, open }, index) => ({
        name: containerName(index, file.fileName),
        mediaType: file.mediaType,
        open,
      }));
      return pack(ctx, `proof-${ids[0] ?? 'empty'}`, { files: listed }, [
        ...files,
        fileOf('custody.jsonld', 'application/ld+json', custodyJsonLd(disclosed)),
      ]);
    },

    async exportMessage(ctx, messageId) {
      ctx.allow('exchange.read-proof');
      const found = await parts?.findMessage?.(ctx, messageId);
      if (!found) throw new NotFound('evidence.no-message');
      const { caseFileId } = found;
      await ctx.transaction(async (tx) => {
        if (caseFileId !== null) await getAllowed(tx, ctx, 'evidence.export', caseFileId);
        await recordAudit(tx, ctx, 'evidence.export', { kind: 'message', id: messageId });
      });
      return pack(ctx, `proof-${messageId}`, { messageId }, filesOfMessage(found.proof, found.parts));
    },
  };
}
