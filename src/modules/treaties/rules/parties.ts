import { isInvented, type PlainDate, type StateCode } from '../../../platform/values/index.ts';
import type { CountBy, InstrumentId, PartiesAnswer, PartyCount, ShownAct, Status } from '../schema/index.ts';
import type { Track, TreatyFacts } from './facts.ts';
import { nameOn } from './states.ts';
import { statusOn } from './status.ts';

interface Row {
  state: StateCode;
  name: string;
  status: Status;
  act: ShownAct;
}

interface Tally {
  count: PartyCount;
  parties: Row[];
  undated: Row[];
}

/** Deposits known to the day, up to that day, of a participation that had not ended. */
function countedDeposit(track: Track, on: PlainDate): ShownAct | null {
  const spell = track.spells.findLast(
    (one) => one.deposit.first !== null && one.deposit.first === one.deposit.last && one.deposit.first <= on,
  );
  if (!spell) return null;
  if (spell.until && spell.until.last !== null && spell.until.last <= on) return null;
  return spell.shown;
}

function tally(facts: TreatyFacts, id: InstrumentId, on: PlainDate, by: CountBy): Tally {
  const count: PartyCount = {
    deposited: 0,
    inForce: 0,
    effectUnknown: 0,
    dateUnknown: 0,
    unknownStatus: 0,
    states: 0,
    organizations: 0,
  };
  const parties: Row[] = [];
  const undated: Row[] = [];
  for (const [state, entry] of facts.states.byCode) {
    // Invented States never enter a count of real ones.
    if (isInvented(state)) continue;
    const track = facts.tracks.get(id)?.get(state);
    const { status, acts } = statusOn(facts, id, state, on);
    if (status === 'unknown') count.unknownStatus += 1;
    if (!track) continue;
    const name = nameOn(facts.states, state, on);
    const deposit = countedDeposit(track, on);
    if (deposit) count.deposited += 1;
    if (status === 'party') count.inForce += 1;
    if (deposit && typeof deposit.effect !== 'string' && status === 'unknown') count.effectUnknown += 1;
    const undatedSpell = track.undated ? track.spells.find((spell) => spell.shown === track.undated) : undefined;
    const windowPassed =
      undatedSpell !== undefined &&
      (undatedSpell.deposit.last === null || undatedSpell.deposit.last <= on) &&
      (undatedSpell.deposit.first === null || undatedSpell.deposit.first <= on);
    if (undatedSpell && windowPassed) {
      count.dateUnknown += 1;
      undated.push({ state, name, status, act: undatedSpell.shown });
    }
    const listed = by === 'deposit' ? deposit : status === 'party' ? (acts[0] ?? null) : null;
    if (listed) {
      parties.push({ state, name, status, act: listed });
      if (entry.kind === 'organization') count.organizations += 1;
      else count.states += 1;
    }
  }
  return { count, parties, undated };
}

/** Parties on a day, by deposit or by entry into force. Organizations are counted apart (E10). */
export function partiesOn(facts: TreatyFacts, id: InstrumentId, on: PlainDate, by: CountBy): PartiesAnswer {
  const { count, parties, undated } = tally(facts, id, on, by);
  const order = (one: Row, other: Row) => (one.name < other.name ? -1 : 1);
  return {
    kind: 'treaties.parties',
    version: 1,
    instrument: id,
    on,
    by,
    count,
    asOf: facts.instruments.get(id)!.asOf,
    parties: parties.sort(order),
    undated: undated.sort(order),
    conflicts: [...(facts.tracks.get(id)?.values() ?? [])].flatMap((track) => track.conflicts),
  };
}

export function countParties(facts: TreatyFacts, id: InstrumentId, on: PlainDate): PartyCount {
  return tally(facts, id, on, 'deposit').count;
}

/** Participants that signed, whenever it was. */
export function countSignatories(facts: TreatyFacts, id: InstrumentId): number {
  return [...(facts.tracks.get(id)?.values() ?? [])].filter((track) => track.signedOn !== null).length;
}

/** One participant's position on a day, whatever it is. */
export interface Position {
  state: StateCode;
  kind: 'State' | 'organization';
  status: Status;
  since: PlainDate | null;
  /** Latest consent, or the signature; null when the data hold no act up to that day. */
  act: ShownAct | null;
}

/** Every State and organization of the data with its status on a day; invented States are left out. */
export function positionsOn(facts: TreatyFacts, id: InstrumentId, on: PlainDate): Position[] {
  return [...facts.states.byCode.values()]
    .filter((entry) => !isInvented(entry.code) && (entry.kind === 'State' || facts.tracks.get(id)?.has(entry.code)))
    .map((entry) => {
      const { status, since, acts } = statusOn(facts, id, entry.code, on);
      return { state: entry.code, kind: entry.kind, status, since, act: acts.at(-1) ?? null };
    });
}

/** Deposits and signatures year by year. `total` counts those who had deposited by the end of the year. */
export function yearlyTotals(
  facts: TreatyFacts,
  id: InstrumentId,
  until: PlainDate,
): { year: number; joined: number; total: number }[] {
  const days = [...facts.states.byCode.keys()]
    .filter((state) => !isInvented(state))
    .flatMap((state) => {
      const track = facts.tracks.get(id)?.get(state);
      const deposit = track ? countedDeposit(track, until)?.deposited : undefined;
      return typeof deposit === 'string' ? [deposit] : [];
    })
    .sort();
  if (days.length === 0) return [];
  const first = Number(days[0]!.slice(0, 4));
  const last = Number(until.slice(0, 4));
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const year = first + index;
    const upTo = days.filter((day) => Number(day.slice(0, 4)) <= year).length;
    return { year, joined: days.filter((day) => Number(day.slice(0, 4)) === year).length, total: upTo };
  });
}
