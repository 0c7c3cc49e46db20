import { createHash } from 'node:crypto';
import { Invalid } from '../../../../platform/errors.ts';
import type { Tx } from '../../../../platform/db/index.ts';
import { sha256 } from '../../../../platform/values/index.ts';
import { analysisVersion } from '../analysis/index.ts';
import { SearchUnit, type AccessClass } from '../schema.ts';
import * as store from '../store.ts';
import { buildSegment, type BuiltSegment } from './build.ts';
import { databaseStorage } from './database.ts';
import { idAt, openSegment, markDead } from './segment.ts';

const perBatch = 10_000;
/** Units of one part at most: what is joined grows no further. */
export const largestPart = 50_000;
/** Parts of one size that are joined to one. */
const joined = 8;

// As JSON escapes them: NUL, which the database refuses, and halves of a character.
const uncleanText = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/;

function hashUnit(unit: SearchUnit): string {
  const text = JSON.stringify(unit);
  if (uncleanText.test(text)) throw new Invalid('knowledge.text-unclean', { params: { unit: unit.id } });
  return sha256(text);
}

/** Writes what differs; what changes its class is hidden until it is indexed anew. */
export async function putUnits(tx: Tx, source: string, given: readonly SearchUnit[]): Promise<number> {
  if (given.length === 0) return 0;
  await store.lockUnits(tx);
  const units = given.map((one) => {
    const unit = SearchUnit.parse(one);
    return { unit, sha256: hashUnit(unit) };
  });
  let changedCount = 0;
  for (let from = 0; from < units.length; from += perBatch) {
    const batch = units.slice(from, from + perBatch);
    const known = await store.findUnitHashes(
      tx,
      batch.map(({ unit }) => unit.id),
    );
    const changed = batch.filter(({ unit, sha256: hash }) => known.get(unit.id)?.sha256 !== hash);
    if (changed.length === 0) continue;
    changedCount += changed.length;
    await store.writeUnits(tx, source, changed);
    const moved = changed.filter(({ unit }) => {
      const before = known.get(unit.id);
      return before !== undefined && before.access !== unit.access;
    });
    await store.markMoved(
      tx,
      moved.map(({ unit }) => unit.id),
    );
  }
  return changedCount;
}

export async function removeUnits(tx: Tx, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  await store.lockUnits(tx);
  const removed = await store.deleteUnits(tx, ids);
  await store.markGone(tx, ids);
  return removed;
}

async function writeBuilt(tx: Tx, access: AccessClass, through: number, built: BuiltSegment): Promise<void> {
  const hash = createHash('sha256').update(built.columns);
  let bytes = built.columns.length;
  for (const { term, postings, positions } of built.terms) {
    hash.update(term).update(postings).update(positions);
    bytes += term.length + postings.length + positions.length;
  }
  await store.writePart(tx, { ...built, access, through, bytes, sha256: hash.digest('hex') });
}

/** Indexes what changed since, in parts of its own, and joins small parts. @returns how many units were indexed */
export async function indexChanged(tx: Tx): Promise<number> {
  const state = await store.findIndexRow(tx);
  if (state?.analysis !== analysisVersion) return rebuildAll(tx);
  const rows = await store.listChanged(tx, state.through, perBatch);
  if (rows.length === 0) return 0;
  const through = rows.at(-1)!.revision;
  // What stood in the index before does so twice otherwise.
  await store.markIndexed(
    tx,
    rows.filter(({ firstRevision }) => firstRevision <= state.through),
  );
  const byAccess = new Map<AccessClass, SearchUnit[]>();
  for (const { unit } of rows) {
    const own = byAccess.get(unit.access);
    if (own) own.push(unit);
    else byAccess.set(unit.access, [unit]);
  }
  for (const [access, units] of byAccess) await writeBuilt(tx, access, through, buildSegment(units));
  await store.setIndexed(tx, through);
  await joinSmall(tx, through);
  await store.dropOldMarks(tx);
  return rows.length;
}

async function joinSmall(tx: Tx, through: number): Promise<void> {
  const parts = await store.listParts(tx);
  const levels = new Map<string, store.PartRow[]>();
  for (const part of parts) {
    if (part.units >= largestPart) continue;
    const level = `${part.access} ${String(Math.floor(Math.log10(Math.max(1, part.units))))}`;
    levels.set(level, [...(levels.get(level) ?? []), part]);
  }
  for (const same of levels.values()) if (same.length >= joined) await join(tx, same, through);
}

async function join(tx: Tx, parts: readonly store.PartRow[], through: number): Promise<void> {
  const { access } = parts[0]!;
  const ids = await livingIds(tx, parts);
  const living = [...ids].sort();
  await store.deleteParts(
    tx,
    parts.map(({ id }) => id),
  );
  for (let from = 0; from < living.length; from += largestPart) {
    const units = await store.listByIds(tx, living.slice(from, from + largestPart), access, through);
    if (units.length > 0) await writeBuilt(tx, access, through, buildSegment(units));
  }
}

async function livingIds(tx: Tx, parts: readonly store.PartRow[]): Promise<Set<string>> {
  const storage = databaseStorage(tx);
  const state = await storage.state();
  const columns = await storage.columns(parts.map(({ id }) => id));
  const found = new Set<string>();
  for (const part of parts) {
    const segment = openSegment(columns.get(part.id)!, part);
    for (const { unit, revision } of state?.marks ?? []) if (revision > segment.through) markDead(segment, unit);
    for (let unit = 0; unit < segment.units; unit += 1) if (segment.dead?.[unit] !== 1) found.add(idAt(segment, unit));
  }
  return found;
}

/** Builds every part anew from the units and puts them in place of those there were; others see it at the commit. */
export async function rebuildAll(tx: Tx, onProgress: (share: number) => void = () => undefined): Promise<number> {
  const through = await store.latestRevision(tx);
  const before = await store.listParts(tx);
  const classes = await store.listClasses(tx);
  const all = classes.reduce((sum, { units }) => sum + units, 0);
  let done = 0;
  for (const { access } of classes) {
    let after = '';
    for (;;) {
      const units = await store.listOfClass(tx, access, after, through, largestPart);
      if (units.length === 0) break;
      await writeBuilt(tx, access, through, buildSegment(units));
      done += units.length;
      onProgress(all === 0 ? 1 : done / all);
      if (units.length < largestPart) break;
      after = units.at(-1)!.id;
    }
  }
  await store.deleteParts(
    tx,
    before.map(({ id }) => id),
  );
  await store.setIndexed(tx, through);
  await store.dropOldMarks(tx);
  return done;
}
