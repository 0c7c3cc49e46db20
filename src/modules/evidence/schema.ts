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

/** What a file may be used for, as the State that gave it said. Nothing stated is null, never "free". */
export const UseLimitation = z.object({
  use: z
    .enum(['this-case', 'stated-purposes', 'with-consent'])
    .describe('Only the case it was given for; only the purposes in `words`; any other use after consent'),
  source: z.string().describe('Authority that gave it, `XB:central-authority`; its consent lifts the limit'),
  words: z.string().max(2000).optional(),
  instrument: z.string().max(40).optional(),
  article: z.string().max(60).optional(),
});
export type UseLimitation = z.infer<typeof UseLimitation>;

/** How a file was come by before it entered the node, as the officer states it. */
export const Collected = z.object({
  on: PlainDate,
  by: z.string().trim().min(1).max(200),
  how: z.string().trim().max(500).optional().describe('Place, device, tool'),
});
export type Collected = z.infer<typeof Collected>;

const stated = {
  fileName: z.string().describe('Safe to write to any disk'),
  givenName: z.string().describe('As typed or sent'),
  mediaType: z.string().describe('By content'),
  nameAgrees: z.boolean().describe('The name promises the same type as the content'),
  size: z.int().describe('Bytes of the plaintext'),
  sha256: Sha256.describe('Of the plaintext'),
};

/** What stands sealed beside a file. Version 1 is sealed under the case file's key itself. */
export const AboutFile = z.discriminatedUnion('version', [
  z.object({ kind: z.literal('evidence-file'), version: z.literal(1), ...stated }),
  z.object({
    kind: z.literal('evidence-file'),
    version: z.literal(2),
    ...stated,
    fileKey: z
      .base64()
      .describe('Key of this file alone; opening the file for another case seals it again, not the bytes'),
    sealedAs: EvidenceFileId.describe('Id the pieces are sealed for'),
    source: z.string().nullable().describe('Authority it came from; null: added by an officer here'),
    sourceRef: z.string().nullable().describe("What the source's custody record calls it"),
    useLimitation: UseLimitation.nullable(),
    collected: Collected.nullable(),
  }),
]);
export type AboutFile = z.infer<typeof AboutFile>;

/** What stands sealed beside a file on its way in. */
export const AboutUpload = z.object({
  kind: z.literal('evidence-upload'),
  version: z.literal(1),
  givenName: z.string(),
  fileKey: z.base64(),
  collected: Collected.nullable(),
});
export type AboutUpload = z.infer<typeof AboutUpload>;

/** A file on its way in, as its officer sees it. */
export const Upload = z.object({
  id: EvidenceFileId,
  fileName: z.string(),
  size: z.int().describe('Bytes announced'),
  received: z.int().describe('Bytes stored'),
  lastAt: Instant,
});
export type Upload = z.infer<typeof Upload>;

/** What a look into the content found beside a virus; each is a message key of this module. */
export const Finding = z.enum([
  'archive-encrypted',
  'archive-too-large',
  'archive-too-many',
  'archive-ratio',
  'archive-nested',
  'archive-unsafe-name',
  'archive-link',
  'archive-duplicate',
  'archive-overlap',
  'archive-broken',
  'archive-unknown',
  'two-kinds',
  'document-encrypted',
  'document-macros',
  'photo-place',
  'photo-author',
]);
export type Finding = z.infer<typeof Finding>;

export const EvidenceFile = z.object({
  ...stated,
  id: EvidenceFileId,
  caseFileId: CaseFileId,
  scan: ScanStatus,
  findings: z.array(Finding),
  source: z.string().nullable(),
  sourceRef: z.string().nullable(),
  useLimitation: UseLimitation.nullable(),
  collected: Collected.nullable(),
  linkedFrom: EvidenceFileId.nullable().describe('The same bytes in another case file'),
  addedBy: z.string(),
  addedAt: Instant,
});
export type EvidenceFile = z.infer<typeof EvidenceFile>;

/**
 * `collected`: before it entered the node, as stated; `received`: came into the node; `sealed`: all of it is in sealed storage;
 * `read`: opened by a person; `verified`: hash computed again; `released`: left with a message; `returned`: given back;
 * `linked`: opened for another case file; `exported`: went into a proof pack; `scanned`: looked at by the scanner;
 * `let-out`: two persons released it from quarantine.
 */
export const CustodyAct = z.enum([
  'collected',
  'received',
  'sealed',
  'read',
  'verified',
  'released',
  'returned',
  'linked',
  'exported',
  'scanned',
  'let-out',
]);
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
  outcome: z.enum(['whole', 'damaged', 'clean', 'quarantined', 'too-big-to-scan', 'scanner-down']).optional(),
  reference: z.string().optional().describe('What it left or came with'),
  party: z.string().optional().describe('Authority it came from or went to'),
  partyRef: z.string().optional().describe("What that authority's custody record calls it"),
});
export type CustodyEntry = z.infer<typeof CustodyEntry>;

export const ListedCustody = z.object({ entry: CustodyEntry, hash: Hash, previousHash: Hash.nullable() });
export type ListedCustody = z.infer<typeof ListedCustody>;

/** What a scanner says of a stream. `down`: no answer that can be relied on; never the same as clean. */
export type ScanAnswer =
  { status: 'clean' } | { status: 'found'; name: string } | { status: 'too-big' } | { status: 'down' };
