import {
  addYears,
  problem,
  unknown,
  type PlainDate,
  type Problem,
  type StateCode,
} from '../../../platform/values/index.ts';
import type { Act, ActKind, ImportDiff, InstrumentId } from '../schema/index.ts';
import { blankAct } from './build.ts';
import { exactDay } from './effect.ts';
import type { Track, TreatyFacts } from './facts.ts';
import { foldName } from './states.ts';

/** A participant's row as a status table or a file in our own columns gives it. */
export interface TableRow {
  name: string;
  signature: PlainDate | null;
  definitive: boolean;
  action: PlainDate | null;
  kind: ActKind | null;
  marks: string;
}

export interface TableSource {
  instrument: InstrumentId;
  source: string;
  asOf: PlainDate;
}

/** Compares a table with what the data hold. Problems: unmapped names, dates out of range, older than the data. */
export function compareTable(
  facts: TreatyFacts,
  rows: readonly TableRow[],
  table: TableSource,
): { diff: ImportDiff; vanishedOf: number; problems: Problem[] } {
  const problems: Problem[] = [];
  const instrument = facts.instruments.get(table.instrument)!;
  const present = facts.completeForAll.get(table.instrument);
  if (present !== undefined && table.asOf < present)
    problems.push(problem('treaties.import-older', ['asOf'], { params: { present } }));
  const latest = addYears(table.asOf, 5);
  const mapped = new Map<StateCode, TableRow>();
  for (const row of rows) {
    const state = facts.states.byWord.get(foldName(row.name));
    if (state === undefined)
      problems.push(problem('treaties.import-unmapped', ['rows'], { params: { name: row.name } }));
    else mapped.set(state, row);
    for (const day of [row.signature, row.action]) {
      if (day !== null && (day < '1945-01-01' || day > latest))
        problems.push(problem('treaties.import-date', ['rows'], { params: { name: row.name, given: day } }));
    }
  }
  const diff: ImportDiff = { same: 0, added: [], corrections: [], toRead: [] };
  const shared = {
    source: table.source,
    asOf: table.asOf,
    authenticity: 'depositary' as const,
    note: null,
    effectOn: unknown('not-stated'),
    effectBasis: 'derived' as const,
  };
  const actOf = (state: StateCode, kind: ActKind, day: PlainDate, refersTo: string | null): Act => ({
    ...blankAct(instrument, state, { ...shared, kind, depositedOn: { date: day } }),
    refersTo,
  });
  for (const [state, row] of mapped) {
    const track = facts.tracks.get(table.instrument)?.get(state);
    if (row.marks !== '') diff.toRead.push({ state, marks: row.marks });
    if (row.signature !== null && track?.signedOn !== row.signature) {
      const known = track?.signed?.id ?? null;
      const act = actOf(state, row.definitive ? 'definitive-signature' : 'signature', row.signature, known);
      if (known === null) diff.added.push(act);
      else diff.corrections.push({ state, what: 'changed', act });
    }
    if (row.action === null || row.kind === null) {
      if (track && lastConsent(track)) vanish(diff, state, track, actOf, table.asOf);
      continue;
    }
    const known = track ? lastConsent(track) : null;
    if (known === null) diff.added.push(actOf(state, row.kind, row.action, null));
    else if (exactDay(known.depositedOn) === row.action) diff.same += 1;
    else diff.corrections.push({ state, what: 'changed', act: actOf(state, row.kind, row.action, known.id) });
  }
  let held = 0;
  for (const [state, track] of facts.tracks.get(table.instrument) ?? []) {
    if (track.spells.length === 0) continue;
    held += 1;
    if (!mapped.has(state) && !(state.length === 2)) vanish(diff, state, track, actOf, table.asOf);
  }
  return { diff, vanishedOf: held, problems };
}

function lastConsent(track: Track): Act | null {
  return track.spells.at(-1)?.act ?? null;
}

function vanish(
  diff: ImportDiff,
  state: StateCode,
  track: Track,
  actOf: (state: StateCode, kind: ActKind, day: PlainDate, refersTo: string | null) => Act,
  asOf: PlainDate,
): void {
  const known = lastConsent(track);
  if (known)
    diff.corrections.push({
      state,
      what: 'vanished',
      act: { ...actOf(state, 'correction', asOf, known.id), depositedOn: unknown('not-known') },
    });
}
