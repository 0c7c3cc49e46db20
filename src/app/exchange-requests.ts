import { isSignedBy, readCompact } from '../platform/crypto/index.ts';
import type { Tx } from '../platform/db/index.ts';
import { fail, ok, type Instant, type StateCode } from '../platform/values/index.ts';
import type { Evidence } from '../modules/evidence/index.ts';
import type { TrustView } from '../modules/exchange/index.ts';
import { listOffices, listPeople, type Context, type Role } from '../modules/identity/index.ts';
import type { Carrying } from '../modules/requests/index.ts';

/** `typ` of the signature over a request or reply: it passes for nothing else. */
export const contentSignatureType = 'comity-request+jws';

/** Who learns of what comes in: registrars and officers of the central authority. */
const deskRoles: readonly Role[] = ['registrar', 'central-authority-officer'];

/** Office that acts for an authority here, and who of it learns of a request at once. */
async function deskOf(
  tx: Tx,
  authority: string,
  at: Instant,
): Promise<{ officeId: string; members: string[] } | undefined> {
  const office = (await listOffices(tx)).find((one) => one.authority === authority);
  if (!office) return undefined;
  const members = (await listPeople(tx, at))
    .filter(
      (person) =>
        person.status !== 'suspended' &&
        person.holdings.some(
          (held) =>
            held.officeId === office.id && held.from <= at && (deskRoles as readonly string[]).includes(held.role),
        ),
    )
    .map((person) => person.id);
  return members.length > 0 ? { officeId: office.id, members } : undefined;
}

/** What requests need to cross the border, from the modules around them. */
export function carryingFor(parts: {
  evidence: Evidence;
  node: () => Context;
  loadTrust: (tx: Tx) => Promise<TrustView>;
  toAlpha2: (state: StateCode) => string;
  recall?: Carrying['recall'];
  recordAccess?: Carrying['recordAccess'];
}): Carrying {
  const { evidence, node, loadTrust, toAlpha2, recall, recordAccess } = parts;
  return {
    evidence,
    node,
    toAlpha2,
    deskOf,
    async verifyContent(tx, { authority, canonical, jws, at }) {
      const [header = '', , signature = ''] = jws.split('.');
      const whole = `${header}.${Buffer.from(canonical, 'utf8').toString('base64url')}.${signature}`;
      const read = readCompact(whole, contentSignatureType);
      if (!read) return fail('requests.not-signed');
      const found = (await loadTrust(tx)).authorityKey(authority, read.kid, at);
      if (found.finding !== 'valid' || !isSignedBy(whole, found.publicKey))
        return fail('requests.signature-not-of-authority');
      return ok({ kid: read.kid });
    },
    mayReach: async (tx, authority) => (await loadTrust(tx)).nodeOf(authority) !== undefined,
    ...(recall ? { recall } : {}),
    ...(recordAccess ? { recordAccess } : {}),
  };
}
