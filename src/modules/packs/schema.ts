import { z } from 'zod';
import { LanguageTag, PlainDate, Sha256 } from '../../platform/values/index.ts';

/** What a file of a reference pack holds. */
export const PackFileKind = z.enum([
  'treaty-text',
  'declarations',
  'resolution',
  'code-list',
  'schema',
  'questionnaire',
]);
export type PackFileKind = z.infer<typeof PackFileKind>;

const name = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** A path inside the pack: forward slashes, no way up, no absolute path. */
export const PackPath = z
  .string()
  .max(200)
  .refine(
    (path) => /^[\w.-]+(\/[\w.-]+)*$/.test(path) && !path.split('/').some((part) => part === '.' || part === '..'),
    {
      message: 'packs.bad-path',
    },
  );

export const PackFile = z.strictObject({ path: PackPath, kind: PackFileKind, sha256: Sha256 });

/** `pack.json`: what the pack is, whose words it holds, and under which licence. */
export const PackManifest = z.strictObject({
  kind: z.literal('reference-pack'),
  formatVersion: z.literal(1),
  id: z.string().max(60).regex(name, 'packs.bad-id'),
  // Becomes a folder name: `..` would be the folder of all packs.
  version: z
    .string()
    .max(30)
    .regex(/^[0-9A-Za-z][\w.-]*$/, 'packs.bad-version'),
  title: z.string().min(1).max(200),
  asOf: PlainDate,
  language: LanguageTag,
  licence: z.string().min(1).max(500),
  sources: z.array(z.string().min(1).max(500)).min(1, 'packs.no-source'),
  supersedes: z.array(z.string()).default([]),
  files: z.array(PackFile).min(1, 'packs.empty').max(5000),
});
export type PackManifest = z.infer<typeof PackManifest>;

/** `proposed` waits for a second person; `accepted` is read by every page; `removed` stays on the list. */
export const PackStatus = z.enum(['proposed', 'accepted', 'removed']);
export type PackStatus = z.infer<typeof PackStatus>;

export const Pack = z.object({
  id: z.string(),
  version: z.string(),
  title: z.string(),
  asOf: PlainDate,
  language: z.string(),
  licence: z.string(),
  sources: z.array(z.string()),
  files: z.number().int(),
  sha256: Sha256.describe('SHA-256 of pack.json'),
  status: PackStatus,
  proposedAt: z.string(),
  decidedAt: z.string().nullable(),
});
export type Pack = z.infer<typeof Pack>;
