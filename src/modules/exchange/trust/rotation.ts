import { Conflict, Invalid, NotFound } from '../../../platform/errors.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Instant, PlainDate, toInstant } from '../../../platform/values/index.ts';
import { recordAudit } from '../../audit/index.ts';
import type { Context } from '../../identity/index.ts';
import type { KeyRevocation, KeyUse } from '../schema.ts';
import { algorithmOf, ensureOwn, keyInUse, labelOf, labels, recordSigner } from './own.ts';
import { appendOwnRecord, publishOwnEntry } from './own-entry.ts';
import { publishOwnKeys, type PublishParts } from './publish.ts';
import { actorId } from './roots.ts';
import type { OwnKeyRow } from './schema.ts';
import { changeOwnKey, insertOwnKey, listOwnKeys, listSignedWith, trustChanged } from './store/index.ts';

const dayMs = 86_400_000;
/** Others hear of a key this many days before it is used, and take the old one this many days longer. */
export const announceDays = 30;
export const overlapDays = 30;
/** How long keys are used, in days. */
export const lifeDays: Readonly<Partial<Record<KeyUse, number>>> = {
  'node-sign': 365,
  'authority-sign': 730,
  'authority-seal': 730,
};

function after(at: Instant, days: number): Instant {
  return toInstant(new Date(Date.parse(at) + days * dayMs));
}

function dayStart(at: Instant): Instant {
  return Instant.parse(`${at.slice(0, 10)}T00:00:00.000Z`);
}

export interface KeyAge {
  key: OwnKeyRow;
  inUse: boolean;
  /** Not used yet. */
  announced: boolean;
  /** Day by which its successor has to be in use. */
  changeBy: PlainDate | null;
  /** Its successor is announced. */
  hasSuccessor: boolean;
}

/** Own keys with their age and next change, in order of holder and use. */
export function keyAges(rows: readonly OwnKeyRow[], now: Instant): KeyAge[] {
  return rows.map((key) => {
    const life = lifeDays[key.use];
    const inUse = keyInUse(rows, key.use, key.holder, now)?.kid === key.kid;
    const hasSuccessor = rows.some(
      (one) =>
        one.use === key.use && one.holder === key.holder && one.validFrom > key.validFrom && one.revokedAt === null,
    );
    const end = key.validUntil ?? (life === undefined ? null : after(key.validFrom, life));
    return {
      key,
      inUse,
      announced: key.validFrom > now,
      changeBy: end === null ? null : PlainDate.parse(end.slice(0, 10)),
      hasSuccessor,
    };
  });
}

async function makeKey(
  tx: Tx,
  ctx: Context,
  parts: PublishParts,
  use: Exclude<KeyUse, 'tls' | 'log'>,
  holder: string,
  validFrom: Instant,
): Promise<OwnKeyRow> {
  const made = await parts.keys.rotate(labelOf(parts.own, use, holder), algorithmOf[use]);
  const row = {
    kid: made.kid,
    use,
    holder,
    publicKey: made.publicKey ?? {},
    validFrom,
    validUntil: null,
    madeAt: ctx.clock.now(),
  };
  await insertOwnKey(tx, row, actorId(ctx));
  return { ...row, revokedAt: null };
}

async function say(tx: Tx, ctx: Context, parts: PublishParts, use: KeyUse): Promise<void> {
  await trustChanged(tx);
  if (use === 'node-sign') await publishOwnEntry(tx, parts);
  else await publishOwnKeys(tx, ctx, parts);
}

/**
 * Makes the next key of a holder and announces it: others know it before it is used, and take the old one for thirty
 * days after. Keys of authorities change at the beginning of a day, as their entries say days.
 * @param from when it comes into use; thirty days from now unless told
 * Throws `Invalid` `trust.announced-too-late`, `NotFound` `trust.no-such-key`, `Conflict` `trust.already-announced`
 */
export async function announceKey(
  ctx: Context,
  parts: PublishParts,
  use: Exclude<KeyUse, 'tls' | 'log'>,
  holder: string,
  from?: Instant,
): Promise<OwnKeyRow> {
  return ctx.transaction(async (tx) => {
    ctx.allow('exchange.manage-keys');
    const now = ctx.clock.now();
    const rows = await listOwnKeys(tx);
    const current = keyInUse(rows, use, holder, now);
    if (!current) throw new NotFound('trust.no-such-key');
    if (rows.some((row) => row.use === use && row.holder === holder && row.validFrom > now && row.revokedAt === null))
      throw new Conflict('trust.already-announced');
    const earliest = after(now, announceDays);
    if (from !== undefined && from < earliest)
      throw new Invalid('trust.announced-too-late', { params: { days: announceDays } });
    const wanted = from ?? earliest;
    // A day that has begun would be less than the time others were promised.
    const validFrom = use === 'node-sign' || dayStart(wanted) === wanted ? wanted : after(dayStart(wanted), 1);
    const made = await makeKey(tx, ctx, parts, use, holder, validFrom);
    await changeOwnKey(tx, current.kid, { validUntil: after(validFrom, overlapDays) });
    await say(tx, ctx, parts, use);
    await recordAudit(
      tx,
      ctx,
      'exchange.announce-key',
      { kind: 'key', id: made.kid },
      { use, holder, from: validFrom },
    );
    return made;
  });
}

/**
 * Takes an own key back: what it signed from `since` on counts no more, here and, once they hear it, everywhere. A key
 * in use gets a successor at once. A delegate is taken back by the root, which must be in the key store for that.
 */
export async function revokeKey(
  ctx: Context,
  parts: PublishParts,
  kid: string,
  how: { since: Instant; reason: KeyRevocation['reason'] },
): Promise<{ successor: string | null }> {
  return ctx.transaction(async (tx) => {
    ctx.allow('exchange.manage-keys');
    const now = ctx.clock.now();
    if (how.since > now) throw new Invalid('trust.future-day');
    const delegate = await parts.keys.find(labels.delegate);
    if (delegate?.kid === kid) return revokeDelegate(tx, ctx, parts, kid, how);
    const rows = await listOwnKeys(tx);
    const key = rows.find((row) => row.kid === kid);
    if (!key) throw new NotFound('trust.no-such-key');
    if (key.revokedAt !== null) throw new Conflict('trust.key-was-revoked');
    await appendOwnRecord(tx, parts, {
      kind: 'key-revocation',
      recordId: kid,
      body: { key: kid, use: key.use, since: how.since, reason: how.reason },
    });
    await changeOwnKey(tx, kid, { revokedAt: how.since });
    let successor: string | null = null;
    if (key.use === 'node-sign' || key.use === 'authority-sign' || key.use === 'authority-seal') {
      const left = await listOwnKeys(tx);
      if (!keyInUse(left, key.use, key.holder, now)) {
        const validFrom = key.use === 'node-sign' ? now : dayStart(now);
        successor = (await makeKey(tx, ctx, parts, key.use, key.holder, validFrom)).kid;
      }
      await say(tx, ctx, parts, key.use);
    }
    const { reason } = how;
    await recordAudit(
      tx,
      ctx,
      'exchange.revoke-key',
      { kind: 'key', id: kid },
      { use: key.use, reason, successor: successor ?? '' },
    );
    return { successor };
  });
}

async function revokeDelegate(
  tx: Tx,
  ctx: Context,
  parts: PublishParts,
  kid: string,
  how: { since: Instant; reason: KeyRevocation['reason'] },
): Promise<{ successor: string }> {
  const content = {
    kind: 'key-revocation' as const,
    recordId: kid,
    body: { key: kid, use: 'delegate', since: how.since, reason: how.reason },
  };
  await appendOwnRecord(tx, parts, content, 'root');
  const next = await parts.keys.rotate(labels.delegate, 'ES256');
  await ensureOwn(tx, parts);
  parts.directory.signer = await recordSigner(tx, parts);
  await trustChanged(tx);
  await recordAudit(
    tx,
    ctx,
    'exchange.revoke-key',
    { kind: 'key', id: kid },
    { use: 'delegate', reason: how.reason, successor: next.kid },
  );
  return { successor: next.kid };
}

/** What a key signed here from a moment on, the newest first: what has to be looked at when it turns out compromised. */
export async function signedSince(
  ctx: Context,
  kid: string,
  since: Instant,
  page: Parameters<typeof listSignedWith>[3],
): ReturnType<typeof listSignedWith> {
  ctx.allow('exchange.read-queue');
  return ctx.transaction((tx) => listSignedWith(tx, kid, since, page));
}
