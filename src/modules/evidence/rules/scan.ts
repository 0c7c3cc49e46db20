import type { Finding, ScanAnswer, ScanStatus } from '../schema.ts';

/** What goes beyond own limits: no scanner's word counts then. */
const beyond: readonly Finding[] = [
  'archive-too-large',
  'archive-too-many',
  'archive-ratio',
  'archive-nested',
  'archive-overlap',
];

/** What no scanner can have seen through. */
const closed: readonly Finding[] = [
  'archive-encrypted',
  'archive-broken',
  'archive-unknown',
  'two-kinds',
  'document-encrypted',
];

/**
 * Decides how a file stands after it was looked at. A virus that was found counts whatever else holds; "clean" counts
 * only for what own limits let through and the scanner could read.
 * @param answer undefined: nothing was sent, the file is larger than the scanner takes
 * @returns `again`: the scanner is to be asked later
 */
export function decideScan({
  hasScanner,
  answer,
  findings,
}: {
  hasScanner: boolean;
  answer: ScanAnswer | undefined;
  findings: readonly Finding[];
}): { scan: ScanStatus; again: boolean } {
  if (answer?.status === 'found') return { scan: 'quarantined', again: false };
  if (findings.some((one) => beyond.includes(one))) return { scan: 'too-big-to-scan', again: false };
  if (!hasScanner) return { scan: 'not-scanned', again: false };
  if (!answer || answer.status === 'too-big') return { scan: 'too-big-to-scan', again: false };
  if (answer.status === 'down') return { scan: 'scanner-down', again: true };
  // What is closed to it passes any scanner: that says nothing.
  if (findings.some((one) => closed.includes(one))) return { scan: 'not-scanned', again: false };
  return { scan: 'clean', again: false };
}
