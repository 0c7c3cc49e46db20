import { dataKeyLength, seal, unseal, unsealStream, type KeyStore } from '../../platform/crypto/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { NotFound, Unavailable } from '../../platform/errors.ts';
import type { Random } from '../../platform/random.ts';
import type { Transform } from 'node:stream';
import type { CaseFileId } from './schema.ts';
import { findCaseFile, type CaseFileRow } from './store/index.ts';

const wrapLabel = 'case-files/wrap';

/**
 * Seals what belongs to a case file under its data key. Other modules use it for their own sealed columns.
 * `about` names the place, `requests/<id>/document`: what was sealed for one place does not open at another.
 * Throws NotFound `evidence.not-found` when the actor may not know of the file, Unavailable `evidence.erased` when its key was destroyed.
 */
export interface Sealer {
  seal(tx: Tx, caseFileId: CaseFileId, bytes: Uint8Array, about: string): Promise<Buffer>;
  open(tx: Tx, caseFileId: CaseFileId, sealed: Uint8Array, about: string): Promise<Buffer>;
}

/** A case file's key in the hand, for as long as one use case runs. */
export interface OpenedKey {
  seal(bytes: Uint8Array, about: string): Buffer;
  open(sealed: Uint8Array, about: string): Buffer;
  opening(about: string): Transform;
}

export interface CaseFileKeys extends Sealer {
  /** A new data key, wrapped: goes into the row of the case file. */
  create(caseFileId: CaseFileId): Promise<{ kid: string; wrapped: Buffer; key: OpenedKey }>;
  of(row: Pick<CaseFileRow, 'id' | 'wrapping_kid' | 'wrapped_key'>): Promise<OpenedKey>;
}

export function createCaseFileKeys(keys: KeyStore, random: Random): CaseFileKeys {
  const wrapPlace = (id: CaseFileId) => `case_files/${id}/wrapped_key`;
  function inHand(id: CaseFileId, dataKey: Uint8Array): OpenedKey {
    const place = (about: string) => `case_files/${id}/${about}`;
    return {
      seal: (bytes, about) => seal(dataKey, bytes, place(about), random),
      open: (sealed, about) => unseal(dataKey, sealed, place(about)),
      opening: (about) => unsealStream(dataKey, place(about)),
    };
  }
  async function of(row: Pick<CaseFileRow, 'id' | 'wrapping_kid' | 'wrapped_key'>): Promise<OpenedKey> {
    if (!row.wrapped_key) throw new Unavailable('evidence.erased');
    return inHand(row.id, await keys.unwrap(row.wrapping_kid, row.wrapped_key, wrapPlace(row.id)));
  }
  async function find(tx: Tx, id: CaseFileId): Promise<OpenedKey> {
    const row = await findCaseFile(tx, id);
    if (!row) throw new NotFound('evidence.not-found');
    return of(row);
  }
  return {
    async create(caseFileId) {
      const { kid } = await keys.ensure(wrapLabel, 'A256GCM');
      const dataKey = random.bytes(dataKeyLength);
      const wrapped = Buffer.from(await keys.wrap(kid, dataKey, wrapPlace(caseFileId)));
      return { kid, wrapped, key: inHand(caseFileId, dataKey) };
    },
    of,
    seal: async (tx, caseFileId, bytes, about) => (await find(tx, caseFileId)).seal(bytes, about),
    open: async (tx, caseFileId, sealed, about) => (await find(tx, caseFileId)).open(sealed, about),
  };
}
