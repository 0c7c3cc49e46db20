import { Conflict, Invalid, NotFound } from '../../platform/errors.ts';
import { uuidv7 } from '../../platform/random.ts';
import { PlainDate, problem, sha256 } from '../../platform/values/index.ts';
import { recordAudit } from '../audit/index.ts';
import type { Context } from '../identity/index.ts';
import { readCsv } from './dataset.ts';
import { actorId, addVersion, allowSecondPerson, type LiveFacts } from './live.ts';
import { compareTable, type TableRow, type TreatyFacts } from './rules/index.ts';
import { ParticipationRow, type Agreement, type InstrumentId, type TreatyImport } from './schema/index.ts';
import { readStatusPage } from './status-page.ts';
import {
  findImport,
  findImportOfFile,
  insertActs,
  insertAgreement,
  insertDecision,
  insertImport,
  listImports,
  lockDataset,
} from './store/index.ts';

const largestFile = 50_000_000;
const lossLimit = 0.02;

export interface ProposedTable {
  instrument: InstrumentId;
  bytes: Uint8Array;
  fileName: string;
  asOf: string;
  source: string;
}

function rowsOf(table: ProposedTable): TableRow[] {
  const text = Buffer.from(table.bytes).toString('utf8');
  if (table.fileName.endsWith('.csv')) {
    return readCsv(text, table.fileName, ParticipationRow)
      .filter((row) => row.instrument === table.instrument)
      .map((row) => ({
        name: row.iso3,
        signature: row.signature_date,
        definitive: false,
        action: row.action_date,
        kind: row.action_kind,
        marks: '',
      }));
  }
  const page = readStatusPage(text);
  if (!page || page.rows.length === 0) throw new Invalid('treaties.import-no-table');
  if (page.unread.length > 0) {
    throw new Invalid('treaties.import-unread', {
      problems: page.unread.map((one) =>
        problem('treaties.import-unread', ['rows'], { params: { name: one.name, given: one.cell } }),
      ),
    });
  }
  return page.rows;
}

/**
 * Compares a saved status table with the data and keeps the difference for a second person. The same file again is
 * the same import. Throws `Invalid` with every unmapped name and every day out of range.
 */
export async function proposeImport(ctx: Context, live: LiveFacts, table: ProposedTable): Promise<TreatyImport> {
  ctx.allow('treaties.import');
  const asOf = PlainDate.safeParse(table.asOf);
  if (!asOf.success) throw new Invalid('treaties.bad-date', { params: { given: table.asOf, last: ctx.today() } });
  if (table.bytes.length > largestFile) throw new Invalid('treaties.import-too-large');
  const fileSha256 = sha256(table.bytes);
  await live.refresh(ctx);
  const known = await ctx.transaction((tx) => findImportOfFile(tx, table.instrument, fileSha256));
  if (known) return known;
  const { diff, problems } = compareTable(live.current(), rowsOf(table), {
    instrument: table.instrument,
    source: table.source,
    asOf: asOf.data,
  });
  if (problems.length > 0) throw new Invalid(problems[0]!.code, { problems, params: problems[0]!.params ?? {} });
  return ctx.transaction(async (tx) => {
    const at = ctx.clock.now();
    const found = {
      id: uuidv7(ctx.random, Date.parse(at)),
      instrument: table.instrument,
      source: table.source,
      asOf: asOf.data,
      fileSha256,
      diff,
      proposedBy: actorId(ctx),
    };
    await insertImport(tx, found, at);
    await recordAudit(tx, ctx, 'treaties.import', { kind: 'treaty-import', id: found.id });
    return { ...found, status: 'proposed' as const };
  });
}

/** Whether more than 2 % of the participants would be gone: a reason is then needed. */
export function losesTooMuch(facts: TreatyFacts, found: TreatyImport): boolean {
  const vanished = found.diff.corrections.filter((one) => one.what === 'vanished').length;
  const held = [...(facts.tracks.get(found.instrument)?.values() ?? [])].filter((track) => track.spells.length > 0);
  return vanished > held.length * lossLimit;
}

/**
 * Accepts an import as a second person: acts, coverage and dataset version in one transaction. Throws `Invalid`
 * `treaties.import-losses` when more than 2 % of the participants are gone and no reason is given.
 */
export async function acceptImport(
  ctx: Context,
  live: LiveFacts,
  id: string,
  losses?: { reason: string },
): Promise<TreatyImport> {
  await live.refresh(ctx);
  const accepted = await ctx.transaction(async (tx) => {
    await lockDataset(tx);
    const found = await findImport(tx, id);
    if (!found) throw new NotFound('treaties.no-such-import');
    allowSecondPerson(ctx, found.proposedBy);
    if (found.status === 'accepted') return found;
    if (found.status === 'refused') throw new Conflict('treaties.import-decided');
    if (losesTooMuch(live.current(), found) && !losses?.reason) {
      const vanished = found.diff.corrections.filter((one) => one.what === 'vanished').length;
      throw new Invalid('treaties.import-losses', { params: { count: vanished } });
    }
    const at = ctx.clock.now();
    const by = actorId(ctx);
    await insertDecision(tx, id, 'accepted', losses?.reason ?? null, by, at);
    await insertActs(tx, [...found.diff.added, ...found.diff.corrections.map((one) => one.act)], id, at, by);
    await addVersion(tx, live, { importId: id, content: `${found.instrument} ${found.fileSha256}`, by, at });
    await recordAudit(tx, ctx, 'treaties.accept-import', { kind: 'treaty-import', id });
    return { ...found, status: 'accepted' as const };
  });
  await live.refresh(ctx);
  return accepted;
}

export async function listTreatyImports(ctx: Context): Promise<TreatyImport[]> {
  ctx.allow('treaties.import');
  return ctx.transaction((tx) => listImports(tx));
}

/** Enters a treaty between States, or that there is none. The latest entry of an id counts; earlier ones stay. */
export async function enterAgreement(
  ctx: Context,
  live: LiveFacts,
  agreement: Omit<Agreement, 'enteredBy'>,
): Promise<void> {
  ctx.allow('treaties.edit-agreements');
  await ctx.transaction(async (tx) => {
    await lockDataset(tx);
    const at = ctx.clock.now();
    const by = actorId(ctx);
    const entered = { ...agreement, enteredBy: by };
    await insertAgreement(tx, uuidv7(ctx.random, Date.parse(at)), entered, at);
    await addVersion(tx, live, { importId: null, content: sha256(JSON.stringify(entered)), by, at });
    await recordAudit(tx, ctx, 'treaties.edit-agreements', { kind: 'agreement', id: agreement.id });
  });
  await live.refresh(ctx);
}
