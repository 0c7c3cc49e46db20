import { Invalid, NotFound } from '../../../platform/errors.ts';
import { secret } from '../../../platform/random.ts';
import { fail, ok, problem, sha256, type Problem, type Result } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../context.ts';
import { admits } from '../decide.ts';
import { policy, type Permission } from '../policy.ts';
import { Preferences, type TokenShown } from '../schema.ts';
import {
  countRecoveryCodes,
  endToken,
  insertToken,
  listTokens,
  replaceRecoveryCodes,
  getPerson,
  setPreferences,
} from '../store/index.ts';
import { newRecoveryCodes, recoveryCodeSha256 } from './codes.ts';
import { after, newId } from './node.ts';

const dayMillis = 86_400_000;

function own(ctx: Context): { id: string; officeId: string } {
  ctx.allow('identity.own-account');
  if (ctx.actor.kind !== 'person') throw new NotFound('identity.not-found');
  return ctx.actor;
}

/** Permissions a token of the actor may carry: those the roles admit, without what asks a fresh second factor. */
export function possibleScopes(ctx: Context): Permission[] {
  return (Object.keys(policy) as Permission[]).filter((permission) => {
    const rule = policy[permission];
    const asksFresh = 'conditions' in rule && (rule.conditions as readonly string[]).includes('fresh');
    return (
      rule.roles !== 'public' && !permission.startsWith('identity.') && !asksFresh && admits(ctx.actor, permission)
    );
  });
}

export async function listOwnTokens(ctx: Context): Promise<TokenShown[]> {
  return ctx.transaction(async (tx) => {
    const rows = await listTokens(tx, own(ctx).id, ctx.clock.now());
    return rows.map(({ id, label, scopes, createdAt, expiresAt, lastUsedAt }) => ({
      id,
      label,
      scopes,
      createdAt,
      expiresAt,
      lastUsedAt,
    }));
  });
}

/** Makes an API token. Asks a fresh second factor. The token itself is answered once and never again. */
export async function makeToken(
  ctx: Context,
  given: { label: string; scopes: readonly string[]; days: number },
): Promise<Result<{ id: string; token: string }, Problem[]>> {
  return ctx.transaction(async (tx) => {
    const { id: personId, officeId } = own(ctx);
    ctx.allow('identity.change-factors');
    const possible = possibleScopes(ctx);
    const scopes = possible.filter((permission) => given.scopes.includes(permission));
    const problems: Problem[] = [];
    if (given.label.trim() === '') problems.push(problem('identity.token-label-missing', ['label']));
    if (scopes.length === 0 || scopes.length !== new Set(given.scopes).size)
      problems.push(problem('identity.token-scopes-wrong', ['scopes']));
    if (!Number.isInteger(given.days) || given.days < 1 || given.days > 365)
      problems.push(problem('identity.token-days-wrong', ['days']));
    if (problems.length > 0) return fail(problems);
    const token = `comity_${secret(ctx.random)}`;
    const id = newId(ctx);
    const at = ctx.clock.now();
    const expiresAt = after(at, given.days * dayMillis);
    await insertToken(tx, {
      id,
      personId,
      officeId,
      tokenSha256: sha256(token),
      label: given.label.trim().slice(0, 60),
      scopes,
      createdAt: at,
      expiresAt,
    });
    await recordAudit(tx, ctx, 'identity.make-token', { kind: 'token', id }, { scopes: scopes.join(' ') });
    return ok({ id, token });
  });
}

export async function endOwnToken(ctx: Context, id: string): Promise<void> {
  await ctx.transaction(async (tx) => {
    if (!(await endToken(tx, own(ctx).id, id, ctx.clock.now()))) throw new NotFound('identity.not-found');
    await recordAudit(tx, ctx, 'identity.end-token', { kind: 'token', id });
  });
}

export async function ownPreferences(ctx: Context): Promise<Preferences> {
  return ctx.transaction(async (tx) => (await getPerson(tx, own(ctx).id)).preferences);
}

export async function savePreferences(ctx: Context, given: unknown): Promise<Preferences> {
  return ctx.transaction(async (tx) => {
    const { id } = own(ctx);
    const parsed = Preferences.safeParse(given);
    if (!parsed.success) throw new Invalid('identity.preferences-wrong');
    const preferences = parsed.data;
    await setPreferences(tx, id, preferences);
    await recordAudit(tx, ctx, 'identity.save-preferences', { kind: 'person', id });
    return preferences;
  });
}

/** Ten new recovery codes; those before stop working. Asks a fresh second factor. */
export async function renewRecoveryCodes(ctx: Context): Promise<string[]> {
  return ctx.transaction(async (tx) => {
    const { id } = own(ctx);
    ctx.allow('identity.change-factors');
    const codes = newRecoveryCodes(ctx.random);
    await replaceRecoveryCodes(tx, id, codes.map(recoveryCodeSha256));
    await recordAudit(tx, ctx, 'identity.renew-recovery-codes', { kind: 'person', id });
    return codes;
  });
}

export async function recoveryCodesLeft(ctx: Context): Promise<number> {
  return ctx.transaction((tx) => countRecoveryCodes(tx, own(ctx).id));
}
