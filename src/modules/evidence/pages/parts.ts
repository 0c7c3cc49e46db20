import { NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import type { View } from '../../../web/index.ts';
import type { Context } from '../../identity/index.ts';
import { CaseFileId, EvidenceFileId } from '../schema.ts';
import type { Evidence } from '../service/index.ts';
import type { ListedRequest } from './case-file.tsx';

export interface EvidencePagesParts {
  evidence: Evidence;
  namesOf(tx: Tx, ids: readonly string[]): Promise<Map<string, string>>;
  /** Colleagues who may be made members. */
  people(ctx: Context): Promise<{ id: string; name: string }[]>;
  /** Requests of a case file, newest first. */
  listRequests(ctx: Context, view: View, id: CaseFileId): Promise<ListedRequest[]>;
  /** Largest file taken by a form without scripts, in MB. */
  limitMb: number;
  /** Largest file taken in slices, in MB. */
  sliceLimitMb: number;
}

export function caseFileId(params: Record<string, string>): CaseFileId {
  const read = CaseFileId.safeParse(params.id);
  if (!read.success) throw new NotFound('evidence.not-found');
  return read.data;
}

export function fileId(params: Record<string, string>): EvidenceFileId {
  const read = EvidenceFileId.safeParse(params.file);
  if (!read.success) throw new NotFound('evidence.not-found');
  return read.data;
}

export function caseFileHref(id: string, ...rest: string[]): string {
  return ['/case-files', id, ...rest].join('/');
}
