import { Conflict, Invalid } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { problem, toInstant, type Instant } from '../../../platform/values/index.ts';
import type { Context } from '../../identity/index.ts';
import { caseFileLimits, type CaseFileId } from '../schema.ts';
import * as store from '../store/index.ts';
import * as rows from '../store/uploads.ts';
import { nameOf } from './rows.ts';

/** What a node takes at most; bytes. */
export interface IntakeLimits {
  file: number;
  caseFile: number;
  /** Of one person: added within a day, and announced. */
  person: number;
}

/** A refusal that names the limit in the unit people know. */
export function tooLarge(code: string, bytes: number): Invalid {
  const limit = Math.floor(bytes / 1_048_576);
  return new Invalid(code, { problems: [problem(code, ['file'], { params: { limit } })], params: { limit } });
}

export function emptyFile(): Invalid {
  return new Invalid('evidence.file-empty', { problems: [problem('evidence.file-empty', ['file'])] });
}

const day = 86_400_000;

export function dayBefore(now: Instant): Instant {
  return toInstant(new Date(Date.parse(now) - day));
}

/**
 * Refuses a file for which there is no room.
 * @param size bytes announced
 * @throws Conflict `evidence.too-many-files`; Invalid `evidence.file-too-large`, `evidence.over-case-quota`, `evidence.over-person-quota`
 */
export async function checkRoom(
  tx: Tx,
  ctx: Context,
  caseFileId: CaseFileId,
  size: number,
  limits: IntakeLimits,
): Promise<void> {
  const limit = caseFileLimits.files;
  if ((await store.countFiles(tx, caseFileId)) >= limit)
    throw new Conflict('evidence.too-many-files', { params: { limit } });
  if (size > limits.file) throw tooLarge('evidence.file-too-large', limits.file);
  if ((await rows.bytesOfCaseFile(tx, caseFileId)) + size > limits.caseFile)
    throw tooLarge('evidence.over-case-quota', limits.caseFile);
  const since = dayBefore(ctx.clock.now());
  if ((await rows.bytesOfPerson(tx, nameOf(ctx), since)) + size > limits.person)
    throw tooLarge('evidence.over-person-quota', limits.person);
}
