import { createHash } from 'node:crypto';
import type { Tx } from '../../../../platform/db/index.ts';
import type { AccessClass, VerifyReport } from '../schema.ts';
import * as store from '../store.ts';
import { databaseStorage } from './database.ts';
import { decodePostings, idAt, markDead, openSegment, type Segment } from './segment.ts';

const mostFaults = 100;

/**
 * Compares the index with itself and with the units it was made of. The digest tells what is found, whatever parts it
 * is in: the same before and after a rebuild.
 */
export async function verifyIndex(tx: Tx): Promise<VerifyReport> {
  const faults: VerifyReport['faults'] = [];
  const fault = (code: string, id: string): void => void (faults.length < mostFaults && faults.push({ code, id }));
  // Nothing is written meanwhile: what is compared stands still.
  await store.lockParts(tx);
  await store.lockUnits(tx);
  const storage = databaseStorage(tx);
  const state = await storage.state();
  if (!state) return { ok: false, checkedUnits: 0, faults: [{ code: 'knowledge.index-missing', id: '' }], digest: '' };
  const row = (await store.findIndexRow(tx))!;
  const found = new Map<string, AccessClass>();
  const words = new Map<string, { units: number; frequency: number }>();
  let lengths = 0;
  for (const part of await store.listParts(tx)) {
    const columns = (await storage.columns([part.id])).get(part.id)!;
    const hash = createHash('sha256').update(columns);
    const segment = openPart(columns, part, state.marks, fault);
    for await (const { term, units, postings, positions } of store.walkPart(tx, part.id)) {
      hash.update(term).update(postings).update(positions);
      if (segment) countTerm(segment, part.access, term, postings, units, words);
    }
    if (hash.digest('hex') !== part.sha256) fault('knowledge.part-damaged', part.id);
    for (let unit = 0; segment && unit < segment.units; unit += 1) {
      if (segment.dead?.[unit] === 1) continue;
      const id = idAt(segment, unit);
      if (found.has(id)) fault('knowledge.unit-twice', id);
      found.set(id, part.access);
      for (const column of segment.lengths) lengths += column[unit]!;
    }
  }
  const digest = createHash('sha256').update(`${row.analysis} ${String(lengths)}\n`);
  let checked = 0;
  for await (const { id, access } of store.walkUnitIds(tx, row.through)) {
    checked += 1;
    if (found.get(id) !== access) fault('knowledge.unit-missing', id);
    found.delete(id);
    digest.update(`${access} ${id}\n`);
  }
  const gone = await store.changedSince(tx, [...found.keys()], row.through);
  for (const id of found.keys()) if (!gone.has(id)) fault('knowledge.unit-left', id);
  for (const term of [...words.keys()].sort()) {
    const { units, frequency } = words.get(term)!;
    digest.update(`${term} ${String(units)} ${String(frequency)}\n`);
  }
  return { ok: faults.length === 0, checkedUnits: checked, faults, digest: digest.digest('hex') };
}

function openPart(
  columns: Buffer,
  part: store.PartRow,
  marks: readonly { unit: string; revision: number }[],
  fault: (code: string, id: string) => void,
): Segment | undefined {
  try {
    const segment = openSegment(columns, part);
    for (const { unit, revision } of marks) if (revision > segment.through) markDead(segment, unit);
    return segment;
  } catch {
    fault('knowledge.part-damaged', part.id);
    return undefined;
  }
}

function countTerm(
  segment: Segment,
  access: AccessClass,
  term: string,
  postings: Buffer,
  units: number,
  words: Map<string, { units: number; frequency: number }>,
): void {
  const decoded = decodePostings(segment, postings, units);
  if (decoded.units.length === 0) return;
  const key = `${access} ${term}`;
  const sum = words.get(key) ?? { units: 0, frequency: 0 };
  sum.units += decoded.units.length;
  for (const frequency of decoded.frequencies) sum.frequency += frequency;
  words.set(key, sum);
}
