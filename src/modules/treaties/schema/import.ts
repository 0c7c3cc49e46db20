import { z } from 'zod';
import { PlainDate, Sha256, StateCode } from '../../../platform/values/index.ts';
import { Act, InstrumentId } from './act.ts';

/** What a status table of the depositary says that the data do not, each with the act it would add. */
export const ImportDiff = z.strictObject({
  same: z.number().int(),
  added: z.array(Act),
  /** A row that differs, or is gone: the act points to the one it corrects. Never an overwrite. */
  corrections: z.array(z.strictObject({ state: StateCode, what: z.enum(['changed', 'vanished']), act: Act })),
  /** Footnote marks to be read for `provisions.csv`. */
  toRead: z.array(z.strictObject({ state: StateCode, marks: z.string() })),
});
export type ImportDiff = z.infer<typeof ImportDiff>;

export const TreatyImport = z.strictObject({
  id: z.uuid(),
  instrument: InstrumentId,
  source: z.string(),
  asOf: PlainDate,
  fileSha256: Sha256,
  diff: ImportDiff,
  status: z.enum(['proposed', 'accepted', 'refused']),
  proposedBy: z.string(),
});
export type TreatyImport = z.infer<typeof TreatyImport>;
