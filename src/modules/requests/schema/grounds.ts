import { z } from 'zod';

/**
 * Grounds on which help may be refused. What each says and where it stands is `definitions/grounds.json`. Bank secrecy,
 * a fiscal matter alone and no reason are no grounds: there is no value for them.
 * @source UNTOC art. 18(8), 18(21)-(23); UNCAC art. 46(8), 46(21)-(23); 1988 art. 7(5), 7(15)-(16)
 */
export const groundIds = [
  '18.21.a',
  '18.21.b',
  '18.21.c',
  '18.21.d',
  '18.9',
  '13.7',
  '16.7',
  '16.10',
  '16.14',
  'u46.9b',
  'u46.21.a',
  'u46.21.b',
  'u46.21.c',
  'u46.21.d',
  'u55.7',
  '88.7.15.a',
  '88.7.15.b',
  '88.7.15.c',
  '88.7.15.d',
  'agreement',
  'domestic',
] as const;
export const GroundId = z.enum(groundIds, 'requests.no-such-ground');
export type GroundId = z.infer<typeof GroundId>;

/** A ground as data. `consultation`: asked before refusing on it; `appropriate` only where appropriate, so it warns. */
export const GroundDefinition = z.strictObject({
  id: GroundId,
  instrument: z.string().nullable().describe('Depositary number; null for an agreement or domestic law'),
  article: z.string().nullable(),
  consultation: z.enum(['required', 'appropriate', 'none']),
  cites: z.boolean().describe('The provision must be cited'),
  types: z.array(z.string()).optional().describe('Only for these kinds of help'),
  source: z.string(),
});
export type GroundDefinition = z.infer<typeof GroundDefinition>;

/** One of the replies of T38. `side` is the requested State's. */
export const ReplyDefinition = z.strictObject({
  id: z.string(),
  required: z.array(z.string()),
  secondPerson: z.boolean(),
  source: z.string(),
});
export type ReplyDefinition = z.infer<typeof ReplyDefinition>;
