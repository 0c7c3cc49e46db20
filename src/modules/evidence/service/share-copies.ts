import { buffer } from 'node:stream/consumers';
import { Conflict } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { mostInMemory, withoutMetadata } from '../archive/photo.ts';
import type { EvidenceFile, EvidenceFileId } from '../schema.ts';
import type { FileUses } from './files.ts';
import type { UploadUses } from './uploads.ts';

export interface ShareCopyUses {
  /**
   * A second file with the same picture and nothing told about it: neither place nor author. The original stays
   * as it is; the audit says which copy is of which file.
   * @throws Conflict `evidence.no-share-copy`
   */
  makeShareCopy(ctx: Context, id: EvidenceFileId): Promise<EvidenceFile>;
}

function copyName(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? `${name.slice(0, dot)}-share${name.slice(dot)}` : `${name}-share`;
}

export function shareCopyUses(
  uses: Pick<FileUses, 'getFile' | 'readFile'> & Pick<UploadUses, 'addFile'>,
): ShareCopyUses {
  return {
    async makeShareCopy(ctx, id) {
      const file = await uses.getFile(ctx, id);
      // What another State gave for one use alone is shared as it came, or not at all.
      if (file.size > mostInMemory || file.useLimitation !== null) throw new Conflict('evidence.no-share-copy');
      const { bytes } = await uses.readFile(ctx, id);
      const clean = withoutMetadata(await buffer(bytes));
      if (!clean) throw new Conflict('evidence.no-share-copy');
      const copy = await uses.addFile(ctx, file.caseFileId, {
        fileName: copyName(file.fileName),
        bytes: clean,
        ...(file.collected ? { collected: file.collected } : {}),
      });
      await ctx.transaction((tx) =>
        recordAudit(tx, ctx, 'evidence.share-copy', { kind: 'evidence-file', id: copy.id }, { of: id }),
      );
      return copy;
    },
  };
}
