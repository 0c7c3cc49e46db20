import { sql, type Generated, type Insertable } from 'kysely';
import type { Tx } from '../../../platform/db/index.ts';
import { Instant } from '../../../platform/values/index.ts';
import { Act, Agreement, ImportDiff, type InstrumentId, TreatyImport, type CoverageRow } from '../schema/index.ts';

interface ActRow {
  id: string;
  instrument: string;
  participant: string;
  kind: string;
  done_on: string;
  deposited_on: string;
  effect_on: string;
  effect_basis: string;
  territory: string | null;
  provisions: string;
  effect_on_provision: string;
  prevents_relations: boolean | null;
  read_by: string | null;
  confirmed_by: string | null;
  text: string | null;
  language: string | null;
  translation_of: string | null;
  refers_to: string | null;
  source: string;
  source_locator: string | null;
  as_of: string;
  authenticity: string;
  note: string | null;
  import_id: string | null;
  recorded_at: string;
  recorded_by: string;
}

declare module '../../../platform/db/tables.ts' {
  interface Tables {
    treaty_acts: ActRow;
    treaty_imports: {
      id: string;
      instrument: string;
      source: string;
      as_of: string;
      file_sha256: string;
      diff: string;
      proposed_by: string;
      proposed_at: string;
    };
    treaty_import_decisions: {
      import_id: string;
      decision: 'accepted' | 'refused';
      reason: string | null;
      decided_by: string;
      decided_at: string;
    };
    treaty_agreements: { entry: string; id: string; body: string; entered_by: string; entered_at: string };
    treaty_dataset_versions: {
      seq: Generated<string>;
      version: string;
      sha256: string;
      import_id: string | null;
      made_by: string;
      made_at: string;
    };
  }
}

function toRow(act: Act, importId: string | null, at: string, by: string): Insertable<ActRow> {
  return {
    id: act.id,
    instrument: act.instrument,
    participant: act.participant,
    kind: act.kind,
    done_on: JSON.stringify(act.doneOn),
    deposited_on: JSON.stringify(act.depositedOn),
    effect_on: JSON.stringify(act.effectOn),
    effect_basis: act.effectBasis,
    territory: act.territory === null ? null : JSON.stringify(act.territory),
    provisions: JSON.stringify(act.provisions),
    effect_on_provision: act.effectOnProvision,
    prevents_relations: act.preventsRelations,
    read_by: act.readBy,
    confirmed_by: act.confirmedBy,
    text: act.text,
    language: act.language,
    translation_of: act.translationOf,
    refers_to: act.refersTo,
    source: act.source,
    source_locator: act.sourceLocator,
    as_of: act.asOf,
    authenticity: act.authenticity,
    note: act.note,
    import_id: importId,
    recorded_at: at,
    recorded_by: by,
  };
}

function fromRow(row: ActRow): Act {
  return Act.parse({
    id: row.id,
    instrument: row.instrument,
    participant: row.participant,
    kind: row.kind,
    doneOn: row.done_on,
    depositedOn: row.deposited_on,
    effectOn: row.effect_on,
    effectBasis: row.effect_basis,
    territory: row.territory,
    provisions: row.provisions,
    effectOnProvision: row.effect_on_provision,
    preventsRelations: row.prevents_relations,
    readBy: row.read_by,
    confirmedBy: row.confirmed_by,
    text: row.text,
    language: row.language,
    translationOf: row.translation_of,
    refersTo: row.refers_to,
    source: row.source,
    sourceLocator: row.source_locator,
    asOf: row.as_of,
    authenticity: row.authenticity,
    note: row.note,
    recordedAt: Instant.parse(row.recorded_at),
    recordedBy: row.recorded_by,
  });
}

export async function insertActs(
  tx: Tx,
  acts: readonly Act[],
  importId: string | null,
  at: string,
  by: string,
): Promise<void> {
  if (acts.length > 0)
    await tx
      .insertInto('treaty_acts')
      .values(acts.map((act) => toRow(act, importId, at, by)))
      .execute();
}

/** Every act recorded here, oldest first. */
export async function listActs(tx: Tx): Promise<Act[]> {
  const rows = await tx.selectFrom('treaty_acts').selectAll().orderBy('recorded_at').orderBy('id').execute();
  return rows.map(fromRow);
}

/** Serializes changes of the dataset: two acceptances follow each other. */
export async function lockDataset(tx: Tx): Promise<void> {
  // Append-only tables grant no row lock to the application; an advisory lock needs no grant.
  await sql`SELECT pg_advisory_xact_lock(hashtext('treaties.dataset'))`.execute(tx);
}

export async function insertImport(tx: Tx, found: Omit<TreatyImport, 'status'>, at: string): Promise<void> {
  await tx
    .insertInto('treaty_imports')
    .values({
      id: found.id,
      instrument: found.instrument,
      source: found.source,
      as_of: found.asOf,
      file_sha256: found.fileSha256,
      diff: JSON.stringify(found.diff),
      proposed_by: found.proposedBy,
      proposed_at: at,
    })
    .execute();
}

function imports(tx: Tx) {
  return tx
    .selectFrom('treaty_imports')
    .leftJoin('treaty_import_decisions', 'treaty_import_decisions.import_id', 'treaty_imports.id')
    .select(['treaty_imports.id', 'instrument', 'source', 'as_of', 'file_sha256', 'diff', 'proposed_by', 'decision'])
    .orderBy('proposed_at');
}

type ImportRow = Awaited<ReturnType<ReturnType<typeof imports>['execute']>>[number];

function toImport(row: ImportRow): TreatyImport {
  return TreatyImport.parse({
    id: row.id,
    instrument: row.instrument,
    source: row.source,
    asOf: row.as_of,
    fileSha256: row.file_sha256,
    diff: ImportDiff.parse(row.diff),
    status: row.decision ?? 'proposed',
    proposedBy: row.proposed_by,
  });
}

export async function listImports(tx: Tx): Promise<TreatyImport[]> {
  return (await imports(tx).execute()).map(toImport);
}

export async function findImport(tx: Tx, id: string): Promise<TreatyImport | undefined> {
  const row = await imports(tx).where('treaty_imports.id', '=', id).executeTakeFirst();
  return row && toImport(row);
}

export async function findImportOfFile(
  tx: Tx,
  instrument: InstrumentId,
  sha256: string,
): Promise<TreatyImport | undefined> {
  const row = await imports(tx)
    .where('instrument', '=', instrument)
    .where('file_sha256', '=', sha256)
    .executeTakeFirst();
  return row && toImport(row);
}

export async function insertDecision(
  tx: Tx,
  importId: string,
  decision: 'accepted' | 'refused',
  reason: string | null,
  by: string,
  at: string,
): Promise<void> {
  await tx
    .insertInto('treaty_import_decisions')
    .values({ import_id: importId, decision, reason, decided_by: by, decided_at: at })
    .execute();
}

export interface DatasetVersion {
  seq: string;
  version: string;
  sha256: string;
}

export async function findDatasetVersion(tx: Tx): Promise<DatasetVersion | undefined> {
  return tx
    .selectFrom('treaty_dataset_versions')
    .select(['seq', 'version', 'sha256'])
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}

export async function insertDatasetVersion(
  tx: Tx,
  made: { version: string; sha256: string; importId: string | null; by: string; at: string },
): Promise<void> {
  await tx
    .insertInto('treaty_dataset_versions')
    .values({
      version: made.version,
      sha256: made.sha256,
      import_id: made.importId,
      made_by: made.by,
      made_at: made.at,
    })
    .execute();
}

export async function insertAgreement(tx: Tx, entry: string, agreement: Agreement, at: string): Promise<void> {
  await tx
    .insertInto('treaty_agreements')
    .values({
      entry,
      id: agreement.id,
      body: JSON.stringify(agreement),
      entered_by: agreement.enteredBy,
      entered_at: at,
    })
    .execute();
}

/** The latest entry of every agreement. */
export async function listAgreements(tx: Tx): Promise<Agreement[]> {
  const rows = await tx
    .selectFrom('treaty_agreements')
    .select(['id', 'body'])
    .orderBy('entered_at')
    .orderBy('entry')
    .execute();
  return [...new Map(rows.map((row) => [row.id, Agreement.parse(row.body)])).values()];
}

/** Until when each accepted table of the depositary is complete. */
export async function listImportedCoverage(tx: Tx): Promise<CoverageRow[]> {
  const accepted = (await listImports(tx)).filter((one) => one.status === 'accepted');
  return accepted.map((one) => ({
    instrument: one.instrument,
    participant: '*',
    kinds: 'signature;consent',
    complete_until: one.asOf,
    source: one.source,
    why: 'whole table accepted by a second person',
  }));
}
