import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEvidence, type Evidence, type EvidenceParts } from '../../src/modules/evidence/index.ts';
import { createContext, type Actor, type Context, type Role } from '../../src/modules/identity/index.ts';
import { folderBlobs, type Blobs } from '../../src/platform/blobs/index.ts';
import { fakeClock } from '../../src/platform/clock.ts';
import { openFileKeyStore, type KeyStore } from '../../src/platform/crypto/index.ts';
import { createLog } from '../../src/platform/log.ts';
import { systemRandom } from '../../src/platform/random.ts';
import { Handling, stateCode } from '../../src/platform/values/index.ts';
import { testDatabase, type TestDatabase } from './database.ts';

export interface EvidenceDesk {
  folder: string;
  database: TestDatabase;
  clock: ReturnType<typeof fakeClock>;
  keys: KeyStore;
  blobs: Blobs;
  evidence: Evidence;
  handling: Handling;
  person(id: string, roles?: Role[], officeId?: string): Context;
  system(id: string): Context;
  /** The same node with other settings, or after a restart: nothing in memory goes along. */
  again(change?: Partial<EvidenceParts>): Evidence;
  close(): Promise<void>;
}

/** Evidence of one node over a real database and a real folder. */
export async function evidenceDesk(settings: Partial<EvidenceParts> = {}): Promise<EvidenceDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'comity-evidence-'));
  const clock = fakeClock('2026-05-14T12:00:00.000Z');
  const database = await testDatabase();
  const keys = await openFileKeyStore({
    folder: join(folder, 'keys'),
    passphraseFile: join(folder, 'passphrase'),
    clock,
    random: systemRandom,
    cost: 1024,
  });
  const blobs = settings.blobs ?? folderBlobs(join(folder, 'blobs'), systemRandom);
  const parts: EvidenceParts = { keys, blobs, random: systemRandom, maxFileBytes: 1 << 30, ...settings };
  const contextOf = (actor: Actor): Context =>
    createContext({
      db: database.db,
      actor,
      clock,
      random: systemRandom,
      log: createLog('silent'),
      state: stateCode('XA'),
      zone: 'UTC',
      profile: 'demo',
      locale: 'en',
    });
  return {
    folder,
    database,
    clock,
    keys,
    blobs,
    evidence: createEvidence(parts),
    handling: Handling.parse({ tlp: 'AMBER', originator: 'XA' }),
    person: (id, roles = ['prosecutor'], officeId = 'office-1') =>
      contextOf({ kind: 'person', id, name: 'Sample', officeId, authority: null, roles }),
    system: (id) => contextOf({ kind: 'system', id }),
    again: (change = {}) => createEvidence({ ...parts, ...change }),
    async close() {
      await database.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
