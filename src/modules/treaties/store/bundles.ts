import type { Tx } from '../../../platform/db/index.ts';
import { DatasetBundle } from '../schema/index.ts';

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    treaty_bundles: {
      id: string;
      owner: string;
      seq: number;
      hash: string;
      jws: string;
      root: string;
      body: string;
      diff: string | null;
      losses_reason: string | null;
      brought_by: string;
      brought_at: string;
    };
    treaty_bundle_decisions: {
      bundle_id: string;
      decision: 'accepted' | 'refused' | 'published';
      decided_by: string;
      decided_at: string;
    };
  }
}

export async function insertBundle(tx: Tx, bundle: Omit<DatasetBundle, 'status'>, at: string): Promise<void> {
  await tx
    .insertInto('treaty_bundles')
    .values({
      id: bundle.id,
      owner: bundle.owner,
      seq: bundle.seq,
      hash: bundle.hash,
      jws: bundle.jws,
      root: JSON.stringify(bundle.root),
      body: JSON.stringify(bundle.body),
      diff: bundle.diff === null ? null : JSON.stringify(bundle.diff),
      losses_reason: bundle.lossesReason,
      brought_by: bundle.broughtBy,
      brought_at: at,
    })
    .execute();
}

export async function insertBundleDecision(
  tx: Tx,
  id: string,
  decision: 'accepted' | 'refused' | 'published',
  by: string,
  at: string,
): Promise<void> {
  await tx
    .insertInto('treaty_bundle_decisions')
    .values({ bundle_id: id, decision, decided_by: by, decided_at: at })
    .execute();
}

function bundles(tx: Tx) {
  return tx
    .selectFrom('treaty_bundles')
    .leftJoin('treaty_bundle_decisions', 'treaty_bundle_decisions.bundle_id', 'treaty_bundles.id')
    .selectAll('treaty_bundles')
    .select('decision');
}

type BundleRow = Awaited<ReturnType<ReturnType<typeof bundles>['execute']>>[number];

function toBundle(row: BundleRow): DatasetBundle {
  return DatasetBundle.parse({
    id: row.id,
    owner: row.owner,
    seq: row.seq,
    hash: row.hash,
    jws: row.jws,
    root: row.root,
    body: row.body,
    diff: row.diff,
    lossesReason: row.losses_reason,
    broughtBy: row.brought_by,
    status: row.decision ?? 'proposed',
  });
}

/** Bundles that came from elsewhere, oldest first. */
export async function listBundles(tx: Tx): Promise<DatasetBundle[]> {
  const rows = await bundles(tx).orderBy('brought_at').orderBy('seq').execute();
  return rows.filter((row) => row.decision !== 'published').map(toBundle);
}

export async function findBundle(tx: Tx, id: string): Promise<DatasetBundle | undefined> {
  const row = await bundles(tx).where('treaty_bundles.id', '=', id).executeTakeFirst();
  return row && toBundle(row);
}

/** The newest bundle with this decision; `published` is the node's own newest. */
export async function findNewestBundle(tx: Tx, decision: 'accepted' | 'published'): Promise<DatasetBundle | undefined> {
  const row = await bundles(tx).where('decision', '=', decision).orderBy('seq', 'desc').limit(1).executeTakeFirst();
  return row && toBundle(row);
}

/** Bundles that this node published, in order, those after a number. */
export async function listPublished(tx: Tx, since: number): Promise<DatasetBundle[]> {
  const rows = await bundles(tx).where('decision', '=', 'published').where('seq', '>', since).orderBy('seq').execute();
  return rows.map(toBundle);
}
