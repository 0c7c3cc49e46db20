import { z } from 'zod';
import { Hash, PlainDate, Sha256, StateCode } from '../../../platform/values/index.ts';
import { Act, ActKind, InstrumentId } from './act.ts';
import { CoverageRow } from './rows.ts';

/**
 * Body of the signed record `treaties-dataset/1`: the data files with their hashes, and what the owner accepted
 * beside them. Agreements between States are not in it: each node keeps its own.
 */
export const DatasetBody = z.strictObject({
  version: z.string().min(1).max(60),
  /** Day on which the owner made it. */
  asOf: PlainDate,
  files: z.array(
    z.strictObject({ path: z.string().regex(/^[A-Za-z-]+\.(csv|md)$/), sha256: Sha256, text: z.string() }),
  ),
  acts: z.array(Act),
  coverage: z.array(CoverageRow),
});
export type DatasetBody = z.infer<typeof DatasetBody>;

/** What a bundle changes, act by act; `vanishedOf` is how many acts there were before. */
export const BundleDiff = z.strictObject({
  same: z.number().int(),
  vanishedOf: z.number().int(),
  lines: z.array(
    z.strictObject({
      what: z.enum(['added', 'changed', 'vanished']),
      instrument: InstrumentId,
      state: StateCode,
      kind: ActKind,
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});
export type BundleDiff = z.infer<typeof BundleDiff>;

export const DatasetBundle = z.strictObject({
  id: z.uuid(),
  owner: z.string(),
  seq: z.number().int(),
  hash: Hash,
  jws: z.string(),
  root: z.strictObject({ kty: z.literal('EC'), crv: z.literal('P-256'), x: z.string(), y: z.string() }),
  body: DatasetBody,
  diff: BundleDiff.nullable(),
  lossesReason: z.string().nullable(),
  broughtBy: z.string(),
  status: z.enum(['proposed', 'accepted', 'refused', 'published']),
});
export type DatasetBundle = z.infer<typeof DatasetBundle>;
