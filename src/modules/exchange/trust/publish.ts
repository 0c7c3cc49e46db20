import { toRecipient, type KeyStore } from '../../../platform/crypto/index.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Tx } from '../../../platform/db/index.ts';
import { Conflict } from '../../../platform/errors.ts';
import { addYears, canonical, PlainDate } from '../../../platform/values/index.ts';
import { findEntry, publishSecureAddress, type AuthoritiesNeeds, type SecureAddress } from '../../authorities/index.ts';
import type { Context } from '../../identity/index.ts';
import type { OwnKeyRow, OwnNode } from './schema.ts';
import { listArchiveKeys, listOwnKeys, type ArchiveKey } from './store/index.ts';

/** @source exchange.md section 10 */
const archiveYears = 10;

/** What publishing of own keys needs. */
export interface PublishParts {
  keys: KeyStore;
  own: OwnNode;
  clock: Clock;
  directory: AuthoritiesNeeds;
}

function publicKeys(rows: readonly OwnKeyRow[], id: string): Pick<SecureAddress, 'signingKeys' | 'sealingKeys'> {
  const day = (at: string) => PlainDate.parse(at.slice(0, 10));
  const said = (row: OwnKeyRow, kind: string, key: string) => ({
    key,
    kind,
    validFrom: day(row.validFrom),
    validUntil: row.validUntil && day(row.validUntil),
    fingerprint: row.kid,
  });
  const of = (use: OwnKeyRow['use']) => rows.filter((row) => row.holder === id && row.use === use && row.publicKey);
  return {
    signingKeys: of('authority-sign').map((row) => {
      const { kty, crv, x, y } = row.publicKey ?? {};
      return said(row, 'ES256', canonical({ kty, crv, x, y }));
    }),
    sealingKeys: of('authority-seal').map((row) =>
      said(row, 'age-x25519', toRecipient(Buffer.from(row.publicKey?.x ?? '', 'base64url'))),
    ),
  };
}

/** An archive key is one more key to seal to: whoever sends needs to know nothing else of it. */
function archiveKey({ kid, recipient, confirmedAt, madeAt }: ArchiveKey): SecureAddress['sealingKeys'][number] {
  const validFrom = PlainDate.parse((confirmedAt ?? madeAt).slice(0, 10));
  const validUntil = addYears(validFrom, archiveYears);
  return { key: recipient, kind: 'age-x25519', validFrom, validUntil, fingerprint: kid };
}

/** Says the keys of the own authorities in the directory, so that others seal to them and verify them. */
export async function publishOwnKeys(tx: Tx, ctx: Context, parts: PublishParts): Promise<void> {
  const rows = await listOwnKeys(tx);
  const archives = (await listArchiveKeys(tx)).filter((key) => key.confirmedAt !== null && key.endedAt === null);
  for (const id of parts.own.authorities) {
    // A fresh node has no entry yet; its keys are said once it has one.
    if (!(await findEntry(tx, id, ctx.today()))) continue;
    const keys = publicKeys(rows, id);
    const sealingKeys = [...keys.sealingKeys, ...archives.filter((key) => key.authority === id).map(archiveKey)];
    const address = { nodeId: parts.own.node, ...keys, sealingKeys };
    const done = await publishSecureAddress(tx, ctx, parts.directory, id, address);
    if (!done.ok) throw new Conflict('trust.entry-not-published', { params: { authority: id }, problems: done.error });
  }
}
