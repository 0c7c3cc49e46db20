import { z } from 'zod';
import { Handling, Hash, Instant, PlainDate, Sha256 } from '../../platform/values/index.ts';

export const CaseFileId = z.uuid().brand<'CaseFileId'>();
export type CaseFileId = z.infer<typeof CaseFileId>;

export const EvidenceFileId = z.uuid().brand<'EvidenceFileId'>();
export type EvidenceFileId = z.infer<typeof EvidenceFileId>;

/** A person who may know of a case file, `[from, until)`. */
export const Member = z.object({
  personId: z.string(),
  from: Instant,
  until: Instant.nullable(),
});
export type Member = z.infer<typeof Member>;

/** An office's own file on a matter. What two authorities exchange about it is a conversation, a decided case is `knowledge`. */
export const CaseFile = z.object({
  id: CaseFileId,
  number: z.string().describe("The office's own number"),
  title: z.string().nullable().describe('Null when the data key was destroyed'),
  officeId: z.string(),
  handling: Handling,
  members: z.array(Member),
  retainUntil: PlainDate.nullable().describe('Day on which a person looks whether the file may go'),
  onHold: z.boolean(),
  createdBy: z.string(),
  createdAt: Instant,
  version: z.int(),
  erased: z.boolean().describe('The data key was destroyed'),
});
export type CaseFile = z.infer<typeof CaseFile>;

export const caseFileLimits = { number: 60, title: 300, members: 200, files: 2000, fileName: 200 } as const;

/** What an officer gives to open a case file. */
export const NewCaseFile = z.strictObject({
  number: z
    .string()
    .trim()
    .max(caseFileLimits.number, 'evidence.number-too-long')
    .optional()
    .describe('Empty: the node gives the next one'),
  title: z.string().trim().min(1, 'evidence.no-title').max(caseFileLimits.title, 'evidence.title-too-long'),
  handling: Handling,
  members: z
    .array(z.string().min(1).max(100))
    .max(caseFileLimits.members)
    .default([])
    .describe('Persons beside the one who opens it'),
  retainUntil: PlainDate.optional(),
});
export type NewCaseFile = z.input<typeof NewCaseFile>;

export const CaseFileChange = z.strictObject({
  version: z.int().describe('Version the change was made on'),
  title: z.string().trim().min(1, 'evidence.no-title').max(caseFileLimits.title, 'evidence.title-too-long').optional(),
  handling: Handling.optional(),
  retainUntil: PlainDate.nullable().optional(),
  onHold: z.boolean().optional(),
});
export type CaseFileChange = z.infer<typeof CaseFileChange>;

export const ScanStatus = z.enum(['not-scanned', 'clean', 'quarantined', 'too-big-to-scan', 'scanner-down']);
export type ScanStatus = z.infer<typeof ScanStatus>;

/** What stands sealed beside a file. */
export const AboutFile = z.object({
  kind: z.literal('evidence-file'),
  version: z.literal(1),
  fileName: z.string().describe('Safe to write to any disk'),
  givenName: z.string().describe('As typed or sent'),
  mediaType: z.string().describe('By content'),
  nameAgrees: z.boolean().describe('The name promises the same type as the content'),
  size: z.int().describe('Bytes of the plaintext'),
  sha256: Sha256.describe('Of the plaintext'),
});
export type AboutFile = z.infer<typeof AboutFile>;

export const EvidenceFile = AboutFile.omit({ kind: true, version: true }).extend({
  id: EvidenceFileId,
  caseFileId: CaseFileId,
  scan: ScanStatus,
  addedBy: z.string(),
  addedAt: Instant,
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

/** `received`: came into the node; `read`: opened by a person; `verified`: hash computed again; `released`: left with a request. */
export const CustodyAct = z.enum(['received', 'read', 'verified', 'released']);
export type CustodyAct = z.infer<typeof CustodyAct>;

export const CustodyEntry = z.object({
  kind: z.literal('custody-entry'),
  version: z.literal(1),
  fileId: EvidenceFileId,
  seq: z.int(),
  act: CustodyAct,
  at: Instant,
  by: z.string().describe('Person, or system: and a name'),
  office: z.string().nullable(),
  blobSha256: Sha256.describe('Of the sealed bytes: ties the entry to them without naming the content'),
  outcome: z.enum(['whole', 'damaged']).optional(),
  reference: z.string().optional().describe('What it left with'),
});
export type CustodyEntry = z.infer<typeof CustodyEntry>;

export const ListedCustody = z.object({ entry: CustodyEntry, hash: Hash, previousHash: Hash.nullable() });
export type ListedCustody = z.infer<typeof ListedCustody>;
