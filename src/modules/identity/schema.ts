import { z } from 'zod';
import { Instant, TextIn } from '../../platform/values/index.ts';
import { hasHiddenCharacters } from '../../platform/values/index.ts';

export const PersonName = z
  .string()
  .trim()
  .min(1, 'identity.name-missing')
  .max(200, 'identity.name-too-long')
  .refine((text) => !hasHiddenCharacters(text), { message: 'identity.name-hidden-characters' });

/** Name typed at sign-in: letters, digits, and . _ - @ +; work e-mails fit. */
export const SignInName = z
  .string()
  .trim()
  .regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}._@+-]{1,99}$/u, 'identity.sign-in-name-wrong');

export const PersonStatus = z.enum(['invited', 'active', 'suspended']);

export const Holding = z.object({
  id: z.string(),
  officeId: z.string(),
  role: z.string(),
  from: Instant,
  until: Instant.nullable(),
});
export type Holding = z.infer<typeof Holding>;

export const Person = z.object({
  id: z.string(),
  name: z.string(),
  signInName: z.string(),
  email: z.string().nullable(),
  status: PersonStatus,
  holdings: z.array(Holding),
});
export type Person = z.infer<typeof Person>;

export const Office = z.object({ id: z.string(), name: TextIn, authority: z.string().nullable() });
export type Office = z.infer<typeof Office>;

export const Preferences = z.strictObject({
  locale: z.enum(['en', 'ar']),
  theme: z.enum(['system', 'light', 'dark']),
  density: z.enum(['comfortable', 'compact']),
});
export type Preferences = z.infer<typeof Preferences>;

export const SessionMethod = z.enum(['passkey', 'password-totp', 'password-recovery', 'oidc', 'demo-link']);
export type SessionMethod = z.infer<typeof SessionMethod>;

/** A session as its owner sees it. */
export const SessionShown = z.object({
  id: z.string(),
  method: SessionMethod,
  createdAt: Instant,
  lastSeenAt: Instant,
  address: z.string(),
  userAgent: z.string(),
  current: z.boolean(),
});
export type SessionShown = z.infer<typeof SessionShown>;

export const PasskeyShown = z.object({
  id: z.string(),
  label: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable(),
  locked: z.boolean(),
});
export type PasskeyShown = z.infer<typeof PasskeyShown>;

export const TokenShown = z.object({
  id: z.string(),
  label: z.string(),
  scopes: z.array(z.string()),
  createdAt: Instant,
  expiresAt: Instant,
  lastUsedAt: Instant.nullable(),
});
export type TokenShown = z.infer<typeof TokenShown>;

export const Proposal = z.object({
  id: z.string(),
  kind: z.enum(['grant-role', 'reset-factors']),
  personId: z.string(),
  officeId: z.string().nullable(),
  role: z.string().nullable(),
  proposedBy: z.string(),
  proposedAt: Instant,
});
export type Proposal = z.infer<typeof Proposal>;
