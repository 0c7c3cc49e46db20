import * as client from 'openid-client';
import { z } from 'zod';
import { secret } from '../../../platform/random.ts';
import { NotFound, Unavailable } from '../../../platform/errors.ts';
import { fail, ok, problem, sha256, type Problem, type Result } from '../../../platform/values/index.ts';
import { recordDenied } from '../../audit/index.ts';
import { deleteStep, findOidcPerson, findPerson, insertStep, lockStep } from '../store/index.ts';
import { cookie, endCookie, oidcCookie, readCookie } from './cookies.ts';
import { after, asIdentity, type IdentityNode, type OidcSettings } from './node.ts';
import { openSession, type Client } from './sessions.ts';
import { awaitCode, safeNext, type SignedIn } from './sign-in.ts';

const stepMillis = 10 * 60_000;
const Kept = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

const discovered = new WeakMap<OidcSettings, Promise<client.Configuration>>();

/** The provider's own description, fetched once; a failed attempt is not kept. */
async function configurationOf(settings: OidcSettings): Promise<client.Configuration> {
  let found = discovered.get(settings);
  if (!found) {
    found = client.discovery(
      new URL(settings.issuer),
      settings.clientId,
      { token_endpoint_auth_method: 'client_secret_basic' },
      client.ClientSecretBasic(settings.clientSecret),
      { execute: settings.allowPlainHttp ? [client.allowInsecureRequests] : [], timeout: 10 },
    );
    found.catch(() => discovered.delete(settings));
    discovered.set(settings, found);
  }
  try {
    return await found;
  } catch (cause) {
    throw new Unavailable('identity.provider-not-reached', { cause });
  }
}

function callbackAddress(node: IdentityNode): string {
  return `${node.origin}/sign-in/provider/callback`;
}

/** Prepares the way to the identity provider: its address with state, nonce and PKCE, and the cookie that binds them to this browser. */
export async function startProviderSignIn(
  node: IdentityNode,
  next: string | undefined,
): Promise<{ address: string; cookies: string[] }> {
  if (!node.oidc) throw new NotFound('identity.not-found');
  const configuration = await configurationOf(node.oidc);
  const kept = { state: secret(node.random), nonce: secret(node.random), verifier: secret(node.random, 48) };
  const token = secret(node.random);
  await asIdentity(node, (tx) =>
    insertStep(tx, sha256(token), {
      kind: 'oidc',
      personId: null,
      next: safeNext(next),
      dataSealed: node.seal(Buffer.from(JSON.stringify(kept))),
      createdAt: node.clock.now(),
    }),
  );
  const address = client.buildAuthorizationUrl(configuration, {
    redirect_uri: callbackAddress(node),
    scope: 'openid',
    state: kept.state,
    nonce: kept.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(kept.verifier),
    code_challenge_method: 'S256',
  });
  return { address: address.href, cookies: [cookie(oidcCookie, token, { maxAge: stepMillis / 1000, lax: true })] };
}

/** Says whether the provider itself has checked two factors. @source RFC 8176 */
function hasTwoFactors(amr: unknown): boolean {
  return Array.isArray(amr) && (amr.includes('mfa') || amr.includes('hwk'));
}

/**
 * The way back: checks state, nonce, PKCE, issuer, audience and signature, and finds the person by issuer and subject alone.
 * Where the provider does not say that it checked two factors, our own code is asked.
 * @param query query of the callback as received, without the question mark
 */
export async function finishProviderSignIn(
  node: IdentityNode,
  given: { cookieHeader: string; query: string },
  from: Client,
): Promise<Result<SignedIn, Problem>> {
  const refused = problem('identity.not-signed-in');
  const { oidc } = node;
  const token = readCookie(given.cookieHeader, oidcCookie);
  if (!oidc || token === undefined) return fail(refused);
  const step = await asIdentity(node, async (tx) => {
    const found = await lockStep(tx, sha256(token), 'oidc', after(node.clock.now(), -stepMillis));
    // One answer for one question: a second arrival finds nothing.
    await deleteStep(tx, sha256(token));
    return found;
  });
  if (!step?.dataSealed) return fail(refused);
  const kept = Kept.parse(JSON.parse(Buffer.from(node.open(step.dataSealed)).toString()));
  const configuration = await configurationOf(oidc);
  const claims = await client
    .authorizationCodeGrant(configuration, new URL(`${callbackAddress(node)}?${given.query}`), {
      expectedState: kept.state,
      expectedNonce: kept.nonce,
      pkceCodeVerifier: kept.verifier,
      idTokenExpected: true,
    })
    .then((tokens) => tokens.claims())
    .catch(() => undefined);
  return asIdentity(node, async (tx) => {
    const personId = claims && (await findOidcPerson(tx, claims.iss, claims.sub));
    const person = personId === undefined ? undefined : await findPerson(tx, personId);
    if (!claims || person?.status !== 'active') {
      await recordDenied(tx, { ...node, actor: { kind: 'public' } }, 'identity.sign-in', {
        kind: 'provider',
        id: oidc.issuer,
      });
      return fail(refused);
    }
    const away = endCookie(oidcCookie);
    if (!hasTwoFactors(claims.amr)) {
      const awaited = await awaitCode(tx, node, person.id, step.next);
      return ok({ ...awaited, cookies: [...awaited.cookies, away] });
    }
    const opened = await openSession(tx, node, person, 'oidc', from, false);
    return opened.ok ? ok({ cookies: [opened.value.cookie, away], next: step.next }) : opened;
  });
}
