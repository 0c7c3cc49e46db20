import { createHmac, hkdfSync } from 'node:crypto';
import { dataKeyLength, seal, unseal, type KeyStore } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import type { Random } from '../../platform/random.ts';
import { findSecret, insertSecret } from './store.ts';

/** What seals and hashes the rows of this module. It lives in memory only while a transaction works. */
export interface Sealer {
  seal(value: unknown, about: string): Buffer;
  /** @throws Unavailable `crypto.cannot-open` */
  open(sealed: Uint8Array, about: string): unknown;
  /** Bytes that stand for a text without telling it. */
  hash(key: string): Buffer;
}

const wrapPlace = 'mandates_secret/wrapped_key';
const hashLength = 32;

/** The node's own key for texts and judgements: made at the first use and wrapped by the key store. */
export async function openSealer(tx: Tx, keys: KeyStore, random: Random): Promise<Sealer> {
  let found = await findSecret(tx);
  if (!found) {
    const { kid } = await keys.ensure('mandates/readings', 'A256GCM');
    const wrapped = Buffer.from(await keys.wrap(kid, random.bytes(dataKeyLength), wrapPlace));
    // Two that begin at once both take the row of the first.
    found = await insertSecret(tx, { id: 1, wrapping_kid: kid, wrapped_key: wrapped });
  }
  const root = await keys.unwrap(found.wrapping_kid, found.wrapped_key, wrapPlace);
  const derive = (purpose: string) =>
    Buffer.from(hkdfSync('sha256', root, '', `comity mandates ${purpose}`, dataKeyLength));
  const [sealing, hashing] = [derive('seal'), derive('hash')];
  return {
    seal: (value, about) => seal(sealing, Buffer.from(JSON.stringify(value), 'utf8'), about, random),
    open: (sealed, about) => JSON.parse(unseal(sealing, sealed, about).toString('utf8')),
    hash: (key) => createHmac('sha256', hashing).update(key, 'utf8').digest().subarray(0, hashLength),
  };
}
