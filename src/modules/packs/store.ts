import type { Tx } from '../../platform/db/index.ts';
import type { Instant } from '../../platform/values/index.ts';
import type { Pack, PackManifest, PackStatus } from './schema.ts';

declare module '../../platform/db/tables.ts' {
  interface Tables {
    packs: {
      id: string;
      version: string;
      manifest: PackManifest;
      manifest_sha256: string;
      status: PackStatus;
      proposed_by: string;
      proposed_at: string;
      decided_by: string | null;
      decided_at: string | null;
    };
  }
}

export interface PackRow {
  pack: Pack;
  manifest: PackManifest;
  proposedBy: string;
}

export async function listPacks(tx: Tx): Promise<PackRow[]> {
  const rows = await tx.selectFrom('packs').selectAll().orderBy('id').orderBy('version').execute();
  return rows.map((row) => ({
    manifest: row.manifest,
    proposedBy: row.proposed_by,
    pack: {
      id: row.id,
      version: row.version,
      title: row.manifest.title,
      asOf: row.manifest.asOf,
      language: row.manifest.language,
      licence: row.manifest.licence,
      sources: row.manifest.sources,
      files: row.manifest.files.length,
      sha256: row.manifest_sha256 as Pack['sha256'],
      status: row.status,
      proposedAt: row.proposed_at,
      decidedAt: row.decided_at,
    },
  }));
}

export async function findPack(tx: Tx, id: string, version: string): Promise<PackRow | undefined> {
  return (await listPacks(tx)).find((row) => row.pack.id === id && row.pack.version === version);
}

export async function savePack(
  tx: Tx,
  manifest: PackManifest,
  sha256: string,
  status: PackStatus,
  by: string,
  at: Instant,
): Promise<void> {
  const decided =
    status === 'accepted' ? { decided_by: by, decided_at: at as string } : { decided_by: null, decided_at: null };
  const row = {
    id: manifest.id,
    version: manifest.version,
    // jsonb parameters travel as text: the driver would send an array as a PostgreSQL array.
    manifest,
    manifest_sha256: sha256,
    status,
    proposed_by: by,
    proposed_at: at,
    ...decided,
  };
  await tx
    .insertInto('packs')
    .values(row)
    .onConflict((conflict) => conflict.columns(['id', 'version']).doUpdateSet(row))
    .execute();
}

export async function decidePack(
  tx: Tx,
  id: string,
  version: string,
  status: PackStatus,
  by: string,
  at: Instant,
): Promise<void> {
  await tx
    .updateTable('packs')
    .set({ status, decided_by: by, decided_at: at })
    .where('id', '=', id)
    .where('version', '=', version)
    .execute();
}
