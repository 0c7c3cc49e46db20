import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import {
  combineShares,
  encodeIdentity,
  kidOf,
  splitSecret,
  toRecipient,
  x25519Jwk,
} from '../../../platform/crypto/index.ts';
import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import { archiveStatus } from './archive-end.ts';
import { publishOwnKeys, type PublishParts } from './publish.ts';
import { actorId } from './roots.ts';
import { confirmArchive, insertArchiveKey, listArchiveKeys, trustChanged, type ArchiveKey } from './store/index.ts';

/** Three of five: two keepers may be away, and two alone cannot open anything. */
export const archiveSplit = { needed: 3, shares: 5 } as const;

const rawLength = 32;
/** PKCS#8 of an X25519 key up to its 32 bytes. @source RFC 8410 section 7 */
const pkcs8Head = Buffer.from('302e020100300506032b656e04220420', 'hex');

function publicOf(key: KeyObject): Buffer {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-rawLength);
}

function privateKeyOf(raw: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8Head, raw]), format: 'der', type: 'pkcs8' });
}

export interface MadeArchiveKey {
  key: ArchiveKey;
  /** One line each, for five keepers: said once and kept nowhere. */
  shares: string[];
}

/**
 * Makes an archive key of an own authority and splits it. The private key is forgotten with this call; nothing is sealed
 * to the key before shares gave it back before a second person.
 * @throws NotFound `trust.no-such-authority`, Conflict `trust.archive-waits` while one waits to be confirmed
 */
export async function makeArchiveKey(ctx: Context, parts: PublishParts, authority: string): Promise<MadeArchiveKey> {
  ctx.allow('exchange.manage-keys');
  if (!parts.own.authorities.includes(authority)) throw new NotFound('trust.no-such-authority');
  const { privateKey } = generateKeyPairSync('x25519');
  const raw = privateKey.export({ format: 'der', type: 'pkcs8' }).subarray(-rawLength);
  const publicKey = publicOf(privateKey);
  const kid = await kidOf(x25519Jwk(publicKey));
  const shares = splitSecret(raw, archiveSplit.needed, archiveSplit.shares, ctx.random);
  raw.fill(0);
  return ctx.transaction(async (tx) => {
    const now = ctx.clock.now();
    const waits = (await listArchiveKeys(tx)).some(
      (one) => one.authority === authority && archiveStatus(one, now) === 'waiting',
    );
    if (waits) throw new Conflict('trust.archive-waits');
    const made = {
      kid,
      authority,
      recipient: toRecipient(publicKey),
      ...archiveSplit,
      madeAt: now,
      madeBy: actorId(ctx),
    };
    await insertArchiveKey(tx, made);
    await recordAudit(tx, ctx, 'exchange.make-archive-key', { kind: 'key', id: kid }, { authority });
    const open = { confirmedAt: null, confirmedBy: null, withdrawnAt: null, endedAt: null };
    const unasked = { endProposedAt: null, endProposedBy: null, endReason: null };
    return { key: { ...made, ...open, ...unasked }, shares };
  });
}

/**
 * Shares, typed by their keepers before a second person, give the key back; then it is published, and whatever this
 * authority sends or gets from now on is sealed to it as well.
 * @throws Invalid `crypto.bad-share`, `crypto.too-few-shares`, `trust.archive-other-key`
 */
export async function confirmArchiveKey(
  ctx: Context,
  parts: PublishParts,
  kid: string,
  shares: readonly string[],
): Promise<void> {
  await ctx.transaction(async (tx) => {
    const key = (await listArchiveKeys(tx)).find((one) => one.kid === kid);
    if (!key) throw new NotFound('trust.no-such-key');
    ctx.allow('exchange.confirm-trust', { createdBy: key.madeBy });
    const status = archiveStatus(key, ctx.clock.now());
    if (status === 'withdrawn' || status === 'lapsed') throw new Conflict('trust.archive-not-waiting');
    if (status !== 'waiting') throw new Conflict('trust.archive-confirmed');
    const { recipient } = openShares(shares);
    if (recipient !== key.recipient) throw new Invalid('trust.archive-other-key');
    await confirmArchive(tx, kid, actorId(ctx), ctx.clock.now());
    await recordAudit(tx, ctx, 'exchange.confirm-archive-key', { kind: 'key', id: kid }, { authority: key.authority });
    await trustChanged(tx);
    await publishOwnKeys(tx, ctx, parts);
  });
}

/** The key that shares give back: its recipient, and the identity with which the `age` program opens sealed parts. */
export function openShares(shares: readonly string[]): { recipient: string; identity: string } {
  const raw = combineShares(shares);
  if (raw.length !== rawLength) throw new Invalid('crypto.bad-share');
  const recipient = toRecipient(publicOf(privateKeyOf(raw)));
  return { recipient, identity: encodeIdentity(raw) };
}
